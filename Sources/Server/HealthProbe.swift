internal import PatchbayCSystem

/// Asks a server on this machine for one path, as a container's health check does.
public struct HealthProbe: Sendable {
    private let host: String
    private let port: UInt16
    private let timeout: Duration

    /// Names the server.
    ///
    /// - Parameters:
    ///   - host: an address, or "localhost".
    ///   - port: the port.
    ///   - timeout: how long the answer may take.
    public init(host: String, port: UInt16, timeout: Duration = .seconds(3)) {
        self.host = host
        self.port = port
        self.timeout = timeout
    }

    /// The status code that the server answers a GET with.
    ///
    /// - Throws: `ServerError` when there is no server, or no answer in time.
    public func status(of path: String) throws(ServerError) -> Int {
        let address = try SocketAddress(host: host, port: port)
        let socket = Descriptor(owning: socket(address.family, system_stream_type(), 0))
        guard socket.number >= 0 else { throw .last("socket") }
        let deadline = system_nanoseconds(CLOCK_MONOTONIC) + timeout.nanoseconds
        // For the connection too: a server whose queue is full leaves those who come without a word.
        var patience = timeval()
        patience.tv_sec = Int(timeout.components.seconds)
        setsockopt(socket.number, SOL_SOCKET, SO_SNDTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        guard address.withPointer({ connect(socket.number, $0, $1) }) == 0 else {
            let isLate = system_errno() == EINPROGRESS
            throw isLate ? .system(call: "connect", code: ETIMEDOUT) : .last("connect")
        }
        let authority = SocketAddress.authority(host: host, port: port)
        let request = Array("GET \(path) HTTP/1.1\r\nHost: \(authority)\r\nConnection: close\r\n\r\n".utf8)
        guard system_send(socket.number, request, request.count) == request.count else { throw .last("send") }
        return try Self.code(in: Self.answer(from: socket, before: deadline))
    }

    private static func answer(
        from socket: borrowing Descriptor,
        before deadline: Int64,
    ) throws(ServerError) -> [UInt8] {
        var answer: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 1_024)
        // "HTTP/1.1 200" is all that is looked at.
        while answer.count < 12 {
            var request = pollfd(fd: socket.number, events: Int16(POLLIN), revents: 0)
            let rest = max(0, deadline - system_nanoseconds(CLOCK_MONOTONIC)) / 1_000_000
            guard poll(&request, 1, Int32(rest)) > 0 else { throw .system(call: "recv", code: ETIMEDOUT) }
            let count = recv(socket.number, &chunk, chunk.count, 0)
            guard count >= 0 else { throw .last("recv") }
            guard count > 0 else { throw .system(call: "recv", code: ECONNRESET) }
            answer += chunk[..<count]
        }
        return answer
    }

    private static func code(in answer: [UInt8]) throws(ServerError) -> Int {
        guard let code = Int(String(decoding: answer[9..<12], as: UTF8.self)) else {
            throw .system(call: "recv", code: EPROTO)
        }
        return code
    }
}
