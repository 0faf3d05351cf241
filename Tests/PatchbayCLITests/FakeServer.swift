import Foundation
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Something that listens and is no server of ours.
final class FakeServer: Sendable {
    /// What it does with those who connect.
    enum Behaviour: CaseIterable {
        /// Sends a byte now and then.
        case dribbles
        /// Closes at once.
        case closes
        /// Says nothing.
        case keepsSilent
        /// Answers in a language of its own.
        case babbles
        /// Takes nobody more: its queue is full.
        case isFull
    }

    let port: UInt16
    private let listener: Int32
    private let clients = Mutex<[Int32]>([])

    init(_ behaviour: Behaviour) throws {
        listener = socket(AF_INET, streamType, 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutableBytes(of: &address) { bytes in
            bytes.withMemoryRebound(to: sockaddr.self) {
                bind(listener, $0.baseAddress, length) == 0 && listen(listener, behaviour == .isFull ? 0 : 16) == 0
                    && getsockname(listener, $0.baseAddress, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else {
            close(listener)
            throw Program.Failure(description: "nothing can listen: \(String(cString: strerror(errno)))")
        }
        guard behaviour != .isFull else {
            fill(address)
            return
        }
        Thread.detachNewThread { [weak self] in
            while case let client = accept(listener, nil, nil), client >= 0 {
                guard let self else { break }
                serve(client, behaviour)
            }
        }
    }

    deinit {
        // Ends the wait for clients as well.
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        clients.withLock { for client in $0 { close(client) } }
    }

    private func serve(_ client: Int32, _ behaviour: Behaviour) {
        switch behaviour {
        case .closes: close(client)
        case .keepsSilent, .isFull: clients.withLock { $0.append(client) }
        case .babbles:
            clients.withLock { $0.append(client) }
            send(client, "220 mail.example ESMTP ready\r\n", 30, Int32(MSG_NOSIGNAL))
        case .dribbles:
            for byte in Array("HTTP/1.1 200 OK\r\n".utf8) {
                var byte = byte
                guard send(client, &byte, 1, Int32(MSG_NOSIGNAL)) == 1 else { break }
                usleep(700_000)
            }
            close(client)
        }
    }

    /// Connects until nobody more is let in.
    private func fill(_ address: sockaddr_in) {
        for _ in 0..<4 {
            let client = socket(AF_INET, streamType, 0)
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            var address = address
            withUnsafeBytes(of: &address) { bytes in
                _ = bytes.withMemoryRebound(to: sockaddr.self) {
                    connect(client, $0.baseAddress, socklen_t(bytes.count))
                }
            }
            clients.withLock { $0.append(client) }
        }
        usleep(50_000)
    }
}
