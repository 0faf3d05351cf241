import APIKit
import ArgumentParser
import Logging
import Patchbay
import Server
import Store

/// Serves the emulated APIs until it is asked to stop.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the emulated APIs (the default).",
    )

    @OptionGroup var options: ServeOptions

    func run() throws {
        let configuration = try ServeConfiguration(options, environment: processEnvironment())
        do {
            try serve(configuration)
        } catch let error as SQLiteError {
            guard let file = configuration.storeFile else { throw error }
            throw StoreFileError(description: "\(file): cannot be the store: \(error.message)")
        }
    }

    private func serve(_ configuration: ServeConfiguration) throws {
        let logger = configuration.logger
        StopSignals.block()
        let emulator = try Emulator(
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
        let server = EmulatorServer(
            emulator,
            options: configuration.server,
            observe: logger.logLevel <= .debug ? Self.observer(logger) : nil,
        )
        let isNew = try emulator.world.store.isEmpty
        if emulator.world.store.isReadOnly {
            logger.warning("the store cannot be written to: it is served for reading, and every write is refused")
        }
        // What the program carries is there before anybody could be told to wait for it.
        var rows = try configuration.isThereAtOnce ? emulator.load(configuration.seeds, isServedNext: true) : 0
        if configuration.isThereAtOnce { Server.returnFreeMemory() }
        try server.start()
        // One left by a run that was killed would say that this one is ready.
        configuration.readyFile?.remove()
        Self.announce("Listening on \(server.url)", logger)
        try StopSignals.watch { isRepeated in
            // Who asks twice does not want to wait for what is in flight, and seeds need not be loaded to the end.
            if isRepeated || !emulator.world.isReady {
                configuration.readyFile?.remove()
                ExitCode.leaveAtOnce(with: Self.hasDiverged(emulator) ? .divergence : .done)
            }
            server.stop()
        }
        if let snapshot = configuration.snapshot {
            rows = try emulator.load(snapshot: snapshot)
        } else if !configuration.isThereAtOnce {
            rows = try emulator.load(configuration.seeds)
        }
        if !isNew, case .directories = configuration.seeds {
            logger.warning("the store has data already: the seeds were checked, but not loaded")
        }
        try configuration.readyFile?.write(server.url)
        if !configuration.isThereAtOnce { Server.returnFreeMemory() }
        Self.announce("Ready.", logger)
        logger.info("serving", metadata: ["url": "\(server.url)", "rows": "\(rows)", "version": "\(Patchbay.version)"])
        server.waitUntilStopped()
        configuration.readyFile?.remove()
        do {
            try emulator.close()
        } catch let error as StoreFileError {
            logger.warning("what was written last may not be in the store at the next start: \(error)")
        } catch {
            logger.warning("some of the store stands beside its file until the next start: \(error)")
        }
        logger.info("stopped")
        if Self.hasDiverged(emulator) { throw Divergence() }
    }

    /// Tells whoever started the program, who may have no room for it or have gone.
    private static func announce(_ line: String, _ logger: Logger) {
        guard let reason = PatchbayCLI.announce(line) else { return }
        logger.warning("\"\(line)\" cannot be written to standard output: \(reason)")
    }

    /// Whether there were requests that were to keep to their contract, and did not.
    private static func hasDiverged(_ emulator: Emulator) -> Bool {
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
