import Logging
import Patchbay
import PatchbayAPIKit
import PatchbayServer
import PatchbayStore

/// A server that is as flags and variables say, from its start to its end.
struct Serving {
    let configuration: ServeConfiguration
    let logger: Logger
    let emulator: Emulator
    let server: EmulatorServer
    /// How many rows were loaded.
    private(set) var rows = 0
    private let isNew: Bool

    /// Prepares a server and does something with it.
    ///
    /// - Throws: what the body throws; `StoreFileError` in place of what SQLite says of the store's file.
    static func run(_ configuration: ServeConfiguration, _ body: (inout Self) throws -> Void) throws {
        do {
            var serving = try Self(configuration)
            try body(&serving)
        } catch let error as SQLiteError {
            guard let file = configuration.storeFile else { throw error }
            throw StoreFileError(description: "\(file): cannot be the store: \(error.message)")
        }
    }

    private init(_ configuration: ServeConfiguration) throws {
        let logger = configuration.logger
        StopSignals.block()
        self.configuration = configuration
        self.logger = logger
        emulator = try Emulator(
            authentication: configuration.authentication,
            quirks: configuration.quirks,
            publicURL: configuration.publicURL,
            adminToken: configuration.adminToken,
            file: configuration.storeFile,
            pace: configuration.pace,
            journal: configuration.journal,
            isStrict: configuration.isStrict,
            notice: { logger.warning("\($0)") },
            opensTenants: configuration.opensTenants,
            report: { logger.error("\($0)") },
        )
        server = EmulatorServer(
            emulator,
            options: configuration.server,
            observe: logger.logLevel <= .debug ? Self.observer(logger) : nil,
        )
        isNew = try emulator.world.store.isEmpty
        if emulator.world.store.isReadOnly {
            logger.warning("the store cannot be written to: it is served for reading, and every write is refused")
        }
    }

    /// Takes the address and begins to answer.
    mutating func start() throws {
        // What the program carries is there before anybody could be told to wait for it.
        if configuration.isThereAtOnce {
            rows = try emulator.load(configuration.seeds, isServedNext: true)
            Server.returnFreeMemory()
        }
        try server.start()
        // One left by a run that was killed would say that this one is ready.
        configuration.readyFile?.remove()
    }

    /// Loads what is served, where it is not there yet, and says in the ready file that it is.
    mutating func load() throws {
        if !configuration.isThereAtOnce { try loadSeeds() }
        try configuration.readyFile?.write(server.url)
    }

    private mutating func loadSeeds() throws {
        if let snapshot = configuration.snapshot {
            rows = try emulator.load(snapshot: snapshot)
        } else {
            rows = try emulator.load(configuration.seeds)
        }
        if !isNew, case .directories = configuration.seeds {
            logger.warning("the store has data already: the seeds were checked, but not loaded")
        }
        Server.returnFreeMemory()
    }

    /// Waits until the server has stopped, and brings what was written into the store's file.
    func finish() {
        server.waitUntilStopped()
        configuration.readyFile?.remove()
        do {
            try emulator.close()
        } catch let error as StoreFileError {
            logger.warning("what was written last may not be in the store at the next start: \(error)")
        } catch {
            logger.warning("some of the store stands beside its file until the next start: \(error)")
        }
    }

    /// Whether there were requests that were to keep to their contract, and did not.
    static func hasDiverged(_ emulator: Emulator) -> Bool {
        emulator.world.isStrict && emulator.world.diagnostics.hasFound
    }

    /// Logs exchanges where somebody asked for that; what is found of them is told by `notice`.
    private static func observer(_ logger: Logger) -> @Sendable (ObservedExchange) -> Void {
        { exchange in
            logger.debug("request", metadata: metadata(exchange))
        }
    }

    private static func metadata(_ exchange: ObservedExchange) -> Logger.Metadata {
        var metadata: Logger.Metadata = [
            "method": "\(exchange.method)", "path": "\(exchange.path)", "status": "\(exchange.status)",
        ]
        if let unmatched = exchange.unmatched { metadata["unmatched"] = "\(unmatched)" }
        return metadata
    }
}
