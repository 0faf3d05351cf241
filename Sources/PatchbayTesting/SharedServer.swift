public import Patchbay
internal import Synchronization

/// A server that all tests of a process share, which starts when the first of them asks for it.
public final class SharedServer: Sendable {
    /// One with the bundled seeds.
    public static let bundled = SharedServer { try Emulator(seeds: .bundled) }

    private let make: @Sendable () throws -> Emulator
    private let started = Mutex<Result<EmulatorServer, any Error>?>(nil)

    /// Prepares a server.
    ///
    ///     let ours = SharedServer { try Emulator(seeds: .directories([folder]), isStrict: true) }
    ///
    /// - Parameter make: makes what is served, once.
    public init(_ make: @escaping @Sendable () throws -> Emulator) {
        self.make = make
    }

    /// The server, on a free port of 127.0.0.1, which is there until the process ends.
    ///
    /// - Throws: what made the first start fail, to everybody who asks.
    public func server() throws -> EmulatorServer {
        try started.withLock { started in
            let result = started ?? Result { try start() }
            started = result
            return try result.get()
        }
    }

    private func start() throws -> EmulatorServer {
        let server = EmulatorServer(try make())
        try server.start()
        return server
    }
}
