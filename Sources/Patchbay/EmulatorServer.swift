internal import PatchbayAPIKit
internal import PatchbayHTTP
public import PatchbayServer
internal import Synchronization

/// An emulator behind a socket.
public final class EmulatorServer: Sendable {
    /// What is served.
    public let emulator: Emulator
    let server: Server

    /// Prepares a server for an emulator.
    ///
    /// - Parameters:
    ///   - emulator: what is served.
    ///   - options: where, and how; on a free port of 127.0.0.1 unless said otherwise.
    ///   - observe: called with every exchange before its answer leaves; `nil` when nobody looks.
    public init(
        _ emulator: Emulator,
        options: ServerOptions = ServerOptions(),
        observe: (@Sendable (_ exchange: ObservedExchange) -> Void)? = nil,
    ) {
        self.emulator = emulator
        let refuse: Server.RefusalHandler = { emulator.refuse($0, path: $1) }
        // By the first loop for all: they share the connection to the database, and what it keeps, until two ask at once.
        let isWarm = Mutex(false)
        let prepare: @Sendable () -> Void = {
            isWarm.withLock { isWarm in
                guard emulator.world.isReady, !isWarm else { return }
                emulator.warmUp()
                isWarm = true
            }
        }
        let server = Server(options: options, refusal: refuse, preparation: prepare) { request in
            let response = emulator.respond(to: request)
            observe?(
                ObservedExchange(
                    method: request.method.name,
                    path: request.target.path,
                    status: response.status.code,
                    unmatched: response.headers.first { $0.name == "X-Patchbay-Unmatched" }?.value,
                )
            )
            return response
        }
        self.server = server
        emulator.world.countConnections { [weak server] in server?.connectionCount ?? 0 }
    }

    /// Takes the address and begins to answer.
    ///
    /// Until `Emulator.load` is done, the emulated APIs answer 503.
    ///
    /// - Throws: `ServerError` when the address cannot be had.
    public func start() throws(ServerError) {
        try server.bind()
        try server.start()
    }

    /// The address and port where the server listens, when it has started.
    public var address: (host: String, port: UInt16) { server.address }

    /// Where the server listens, when it has started: `http://127.0.0.1:4747`.
    public var url: String { Self.url(of: address) }

    /// The URL of a server at an address and port.
    package static func url(of address: (host: String, port: UInt16)) -> String {
        let (host, port) = address
        return "http://" + (host.contains(":") ? "[\(host)]" : host) + ":\(port)"
    }

    /// Stops accepting, finishes what is in flight, and lets `waitUntilStopped` return.
    public func stop() {
        server.stop()
    }

    /// Returns when the server has stopped.
    public func waitUntilStopped() {
        server.waitUntilStopped()
    }
}

/// What a log says of an exchange.
public struct ObservedExchange: Sendable {
    /// The request's method.
    public var method: String
    /// The request's path, without the query, which may hold a secret.
    public var path: String
    /// The answer's status.
    public var status: Int
    /// Why nothing matched the request, when nothing did.
    public var unmatched: String?
}
