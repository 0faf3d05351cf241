public import Patchbay
internal import Synchronization

/// A server that all tests of a process share, which starts when the first of them asks for it.
public final class SharedServer: Sendable {
    /// Why there is no server.
    public struct NotStarted: Error, Sendable, CustomStringConvertible {
        /// The reason.
        public let description: String

        init(_ reason: String) {
            description = "Patchbay's server cannot start: \(reason)"
        }
    }

    /// One with the bundled seeds.
    public static let bundled = SharedServer { try Emulator(seeds: .bundled) }

    private let make: @Sendable () throws -> Emulator
    private let started = Mutex<Result<EmulatorServer, NotStarted>?>(nil)
    /// The last exchange of no tenant that a test has been told of.
    private let told = Mutex<Int64>(0)

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
    /// - Throws: why the first start failed, to everybody who asks.
    public func server() throws(NotStarted) -> EmulatorServer {
        let result = started.withLock { started in
            let result = started ?? start()
            started = result
            return result
        }
        return try result.get()
    }

    /// What is made of errors is not for those who threw them: one of an expectation would be taken for one that has been recorded.
    private func start() -> Result<EmulatorServer, NotStarted> {
        do {
            let server = EmulatorServer(try make())
            guard server.emulator.isReady else {
                return .failure(NotStarted("it has no data, as with Emulator(seeds: .bundled)"))
            }
            try server.start()
            return .success(server)
        } catch {
            return .failure(NotStarted("\(error)"))
        }
    }

    /// Takes those exchanges that nobody has been told of.
    func untold(_ exchanges: [Int64]) -> Set<Int64> {
        told.withLock { told in
            let new = exchanges.filter { $0 > told }
            told = max(told, new.max() ?? 0)
            return Set(new)
        }
    }
}
