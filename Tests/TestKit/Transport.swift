internal import Patchbay
internal import PatchbayAPIKit
internal import PatchbayCSystem
internal import PatchbayHTTP
internal import PatchbayServer
internal import PatchbayStore

// Which of the two modules a type of <netinet/in.h> belongs to depends on what was compiled before.
#if canImport(Glibc)
internal import Glibc
#endif

/// How a request reaches an emulator.
public enum Transport: String, Sendable, CaseIterable, CustomStringConvertible {
    /// By a call, as embedded.
    case memory
    /// Over a connection, as served.
    case socket

    /// The case's name.
    public var description: String { rawValue }

    func link(to emulator: Emulator) throws -> any Link {
        switch self {
        case .memory: MemoryLink(emulator)
        case .socket: try SocketLink(emulator)
        }
    }
}

/// An emulator that can be asked.
protocol Link {
    /// The address that takes the requests: `127.0.0.1:4747`.
    var listener: String { get }

    /// Sends a request's text and reads the answer.
    func exchange(_ text: String, isHead: Bool) throws -> Answer

    func close()
}

/// No complete answer came.
struct LinkFailure: Error {
    var reason: String

    init(_ reason: String) {
        self.reason = reason
    }
}

/// Requests and responses are texts here too: the parser and the writer are part of what is tested.
private struct MemoryLink: Link {
    let listener = "127.0.0.1:8080"
    private let emulator: Emulator

    init(_ emulator: Emulator) {
        self.emulator = emulator
    }

    func exchange(_ text: String, isHead: Bool) throws -> Answer {
        let response: Response
        var findings: [Finding] = []
        let context: ResponseWriter.Context
        var parser = RequestParser()
        parser.append(Array(text.utf8))
        do {
            guard var request = try parser.next() else { throw LinkFailure("the request is incomplete") }
            request.local = listener
            request.remote = "127.0.0.1"
            let world = emulator.world
            let service = world.services.first { $0.owns(request.target.segments) }
            findings = service?.findings(request, world) ?? []
            response = emulator.respond(to: request)
            context = ResponseWriter.Context(
                method: request.method,
                version: request.version,
                keepAlive: request.keepAlive,
            )
        } catch let error as ParseError {
            guard let refused = emulator.refuse(error, path: parser.pathInProgress) else { throw error }
            response = refused
            context = ResponseWriter.Context(method: parser.methodInProgress)
        }
        let date = HTTPDate(secondsSince1970: Int(emulator.world.clocks.now().seconds))
        var bytes: [UInt8] = []
        ResponseWriter.append(response, context: context, date: date, to: &bytes)
        guard var answer = Answer(bytes, toHead: isHead) else { throw LinkFailure("the response is incomplete") }
        answer.findings = findings
        return answer
    }

    func close() {}
}

/// A server on a free port and, for each request, a connection.
private struct SocketLink: Link {
    private let server: EmulatorServer
    private let port: UInt16

    var listener: String { "127.0.0.1:\(port)" }

    init(_ emulator: Emulator) throws {
        server = EmulatorServer(emulator, options: ServerOptions(port: 0, loops: 1))
        try server.start()
        port = server.url.split(separator: ":").last.flatMap { UInt16($0) } ?? 0
    }

    func exchange(_ text: String, isHead: Bool) throws -> Answer {
        let socket = PatchbayCSystem.socket(AF_INET, system_stream_type(), 0)
        defer { PatchbayCSystem.close(socket) }
        try connect(socket)
        try send(Array(text.utf8), to: socket)
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            if let answer = Answer(bytes, toHead: isHead) { return answer }
            let count = recv(socket, &piece, piece.count, 0)
            guard count > 0 else { throw LinkFailure("the connection ended after \(bytes.count) bytes") }
            bytes += piece[..<count]
        }
    }

    func close() {
        server.stop()
        server.waitUntilStopped()
    }

    private func connect(_ socket: Int32) throws {
        var patience = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        let outcome = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                PatchbayCSystem.connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard outcome == 0 else { throw LinkFailure("no connection: error \(system_errno())") }
    }

    private func send(_ bytes: [UInt8], to socket: Int32) throws {
        var offset = 0
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                system_send(socket, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            guard count > 0 else { throw LinkFailure("nothing can be sent: error \(system_errno())") }
            offset += count
        }
    }
}
