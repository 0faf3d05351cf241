import PatchbayCSystem
import PatchbayHTTP
import PatchbayServer

@testable import Patchbay

// Which of the two modules a type of <netinet/in.h> belongs to depends on what was compiled before.
#if canImport(Glibc)
import Glibc
#endif

/// An emulator behind a socket for one test, stopped when the test is over.
final class Served: Sendable {
    let emulator: Emulator
    let server: EmulatorServer
    let port: UInt16

    init(_ emulator: Emulator, _ adjust: (inout ServerOptions) -> Void = { _ in }) throws {
        self.emulator = emulator
        var options = ServerOptions(port: 0, loops: 2)
        options.stopGrace = .seconds(2)
        adjust(&options)
        server = EmulatorServer(emulator, options: options)
        try server.start()
        port = server.url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    }

    deinit {
        server.stop()
        server.waitUntilStopped()
    }
}

/// A connection on which a test sees every byte and how it ends.
struct Wire: ~Copyable {
    struct Failure: Error {
        var call: String
        var code: Int32
    }

    private let socket: Int32
    private var buffer: [UInt8] = []

    /// Connects, and asks.
    ///
    /// - Parameters:
    ///   - port: where the server is.
    ///   - receiveBuffer: how much the kernel may hold for us, when a slow reader is wanted.
    ///   - request: the request's first line without the version, and its header lines.
    /// - Throws: when nobody listens there.
    init(port: UInt16, receiveBuffer: Int32? = nil, _ request: [String]) throws {
        socket = PatchbayCSystem.socket(AF_INET, system_stream_type(), 0)
        if let receiveBuffer { _ = system_set_option(socket, SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw Failure(call: "connect", code: system_errno()) }
        try send(request)
    }

    deinit {
        close(socket)
    }

    /// Asks.
    func send(_ request: [String]) throws {
        try send(Self.text(request))
    }

    /// A request's text, of its first line without the version, and its header lines.
    static func text(_ request: [String]) -> String {
        let lines = ["\(request[0]) HTTP/1.1", "Host: localhost"] + request.dropFirst()
        return lines.joined(separator: "\r\n") + "\r\n\r\n"
    }

    /// Sends a text, in one piece.
    func send(_ text: String) throws {
        let bytes = Array(text.utf8)
        let count = bytes.withUnsafeBytes { system_send(socket, $0.baseAddress, $0.count) }
        guard count == bytes.count else { throw Failure(call: "send", code: system_errno()) }
    }

    private mutating func receive() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(socket, &piece, piece.count, 0)
        guard count >= 0 else { throw Failure(call: "recv", code: system_errno()) }
        buffer += piece[..<count]
        return count > 0
    }

    /// What comes up to the end of a separator, which is not part of it.
    mutating func text(to separator: String) throws -> String {
        let end = Array(separator.utf8)
        while true {
            if let place = Self.place(of: end, in: buffer) {
                defer { buffer.removeSubrange(..<(place + end.count)) }
                return String(decoding: buffer[..<place], as: UTF8.self)
            }
            guard try receive() else { throw Failure(call: "end of stream", code: 0) }
        }
    }

    private static func place(of end: [UInt8], in bytes: [UInt8]) -> Int? {
        bytes.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count, let base = bytes.baseAddress,
                let found = memchr(base + start, Int32(end[0]), bytes.count - start)
            {
                start = base.distance(to: UnsafeRawPointer(found))
                if bytes[start...].starts(with: end) { return start }
                start += 1
            }
            return nil
        }
    }

    /// Everything up to the end of the connection, and whether that is a reset.
    mutating func outcome() throws -> (bytes: [UInt8], isReset: Bool) {
        var isReset = false
        do {
            while try receive() {}
        } catch let failure as Failure where failure.code == ECONNRESET {
            isReset = true
        }
        defer { buffer = [] }
        return (buffer, isReset)
    }
}
