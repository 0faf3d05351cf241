import PatchbayCSystem
import PatchbayHTTP

@testable import PatchbayServer

/// A blocking client that does exactly what a test says, sensible or not.
struct Client: ~Copyable {
    private let socket: Descriptor
    private var buffer: [UInt8] = []

    /// What came back: the status code, the head as text, and the body.
    struct Answer: Sendable {
        var code: Int
        var head: String
        var body: [UInt8]
    }

    struct Failure: Error {
        var call: String
        var code: Int32
    }

    /// Connects to a server on this machine.
    ///
    /// - Parameters:
    ///   - port: The server's port.
    ///   - receiveBuffer: How much the kernel may hold for us, when a slow reader is wanted.
    ///   - host: The server's address.
    ///   - prepare: Called with the socket before it is connected.
    /// - Throws: When nobody listens there.
    init(
        port: UInt16,
        receiveBuffer: Int32? = nil,
        host: String = "127.0.0.1",
        prepare: (Int32) -> Void = { _ in }
    )
        throws
    {
        let address = try SocketAddress(host: host, port: port)
        socket = try Self.connected(to: address, receiveBuffer: receiveBuffer, prepare: prepare)
    }

    private static func connected(
        to address: SocketAddress,
        receiveBuffer: Int32?,
        prepare: (Int32) -> Void
    ) throws
        -> Descriptor
    {
        let socket = Descriptor(owning: PatchbayCSystem.socket(address.family, system_stream_type(), 0))
        let number = socket.number
        if let receiveBuffer { _ = system_set_option(number, SOL_SOCKET, SO_RCVBUF, receiveBuffer) }
        _ = system_set_option(number, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(number, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        prepare(number)
        guard address.withPointer({ connect(number, $0, $1) }) == 0 else {
            throw Failure(call: "connect", code: system_errno())
        }
        return socket
    }

    func send(_ text: String) throws {
        try send(Array(text.utf8))
    }

    func send(_ bytes: [UInt8]) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                system_send(socket.number, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            guard count > 0 else { throw Failure(call: "send", code: system_errno()) }
            offset += count
        }
    }

    /// Ends our direction.
    func finishSending() {
        shutdown(socket.number, Int32(SHUT_WR))
    }

    /// Makes the close a reset.
    func resetOnClose() {
        _ = system_reset_on_close(socket.number)
    }

    /// Receives some bytes; false at the end of the stream.
    mutating func receive() throws -> Bool {
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(socket.number, &piece, piece.count, 0)
        guard count >= 0 else { throw Failure(call: "recv", code: system_errno()) }
        buffer += piece[..<count]
        return count > 0
    }

    /// Whether nothing more comes.
    mutating func isAtEnd() throws -> Bool {
        if !buffer.isEmpty { return false }
        return try !receive()
    }

    /// Everything up to the end of the stream.
    mutating func rest() throws -> String {
        while try receive() {}
        defer { buffer = [] }
        return String(decoding: buffer, as: UTF8.self)
    }

    /// Everything up to the end of the connection, and whether that is a reset.
    mutating func outcome() throws -> (text: String, isReset: Bool) {
        var isReset = false
        do {
            while try receive() {}
        } catch let failure as Failure where failure.code == ECONNRESET {
            isReset = true
        }
        defer { buffer = [] }
        return (String(decoding: buffer, as: UTF8.self), isReset)
    }

    /// The sizes of the pieces in which so many bytes come.
    mutating func pieces(of count: Int) throws -> [Int] {
        var sizes: [Int] = []
        while buffer.count < count {
            let before = buffer.count
            guard try receive() else { throw Failure(call: "end of stream", code: 0) }
            sizes.append(buffer.count - before)
        }
        buffer.removeSubrange(..<count)
        return sizes
    }

    /// The next answer; one to HEAD has no body whatever its length says.
    mutating func answer(toHead: Bool = false) throws -> Answer {
        let end = Array("\r\n\r\n".utf8)
        while true {
            if let place = buffer.indices.first(where: { buffer[$0...].starts(with: end) }) {
                let head = String(decoding: buffer[..<(place + 2)], as: UTF8.self)
                buffer.removeSubrange(..<(place + 4))
                let code = Int(head.dropFirst(9).prefix(3)) ?? 0
                return Answer(code: code, head: head, body: toHead ? [] : try take(Self.length(head)))
            }
            guard try receive() else { throw Failure(call: "end of stream", code: 0) }
        }
    }

    /// The next bytes.
    mutating func take(_ count: Int) throws -> [UInt8] {
        while buffer.count < count {
            guard try receive() else { throw Failure(call: "end of stream", code: 0) }
        }
        defer { buffer.removeSubrange(..<count) }
        return Array(buffer[..<count])
    }

    private static func length(_ head: String) -> Int {
        for line in head.split(separator: "\r\n") where line.lowercased().hasPrefix("content-length: ") {
            return Int(line.dropFirst(16)) ?? 0
        }
        return 0
    }
}

/// A server for one test, stopped when the test is over.
final class Running: Sendable {
    let server: Server

    var port: UInt16 { server.address.port }

    init(
        _ adjust: (inout ServerOptions) -> Void = { _ in },
        handler: @escaping @Sendable (Request) -> Response = echo
    ) throws {
        var options = ServerOptions()
        options.stopGrace = .seconds(2)
        options.drainTimeout = .milliseconds(500)
        adjust(&options)
        server = Server(options: options, handler: handler)
        try server.bind()
        try server.start()
    }

    deinit {
        server.stop()
        server.waitUntilStopped()
    }

    /// Waits until a condition holds, for at most five seconds.
    static func eventually(_ condition: () -> Bool) -> Bool {
        for _ in 0..<500 {
            if condition() { return true }
            usleep(10_000)
        }
        return condition()
    }
}

/// Answers with what was asked: "METHOD path?query host body".
@Sendable func echo(_ request: Request) -> Response {
    let text = "\(request.method) \(request.target.path) \(request.host ?? "-") "
    return Response(status: .ok, headers: [("X-Remote", request.remote)], body: Array(text.utf8) + request.body)
}

func get(_ path: String, _ fields: String = "") -> String {
    "GET \(path) HTTP/1.1\r\nHost: test\r\n\(fields)\r\n"
}
