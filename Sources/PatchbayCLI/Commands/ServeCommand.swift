import ArgumentParser
import Logging
import Patchbay
import Server

/// Serves the emulated APIs until it is asked to stop.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the emulated APIs (the default).",
    )

    @OptionGroup var options: ServeOptions

    func run() throws {
        let configuration = try ServeConfiguration(options, environment: processEnvironment())
        let logger = configuration.logger
        StopSignals.block()
        let emulator = try Emulator(
            authentication: configuration.authentication,
            publicURL: configuration.publicURL,
            file: configuration.storeFile,
        )
        let server = EmulatorServer(emulator, options: configuration.server, observe: Self.observer(logger))
        try server.start()
        // One left by a run that was killed would say that this one is ready.
        configuration.readyFile.map(ReadyFile.remove)
        announce("Listening on \(server.url)")
        try StopSignals.watch { count in
            // Who asks twice does not want to wait for what is in flight.
            if count > 1 {
                configuration.readyFile.map(ReadyFile.remove)
                ExitCode.leave(with: .done)
            }
            server.stop()
        }
        let rows = try emulator.load(configuration.seeds)
        try configuration.readyFile.map { try ReadyFile.write($0, content: server.url + "\n") }
        announce("Ready.")
        logger.info("serving", metadata: ["url": "\(server.url)", "rows": "\(rows)", "version": "\(Patchbay.version)"])
        server.waitUntilStopped()
        configuration.readyFile.map(ReadyFile.remove)
        logger.info("stopped")
    }

    /// Logs exchanges where somebody asked for that, and always those that nothing matched.
    private static func observer(_ logger: Logger) -> @Sendable (ObservedExchange) -> Void {
        { exchange in
            let metadata: Logger.Metadata = [
                "method": "\(exchange.method)", "path": "\(exchange.path)", "status": "\(exchange.status)",
            ]
            if let unmatched = exchange.unmatched {
                logger.warning("unmatched request: \(unmatched)", metadata: metadata)
            } else {
                logger.debug("request", metadata: metadata)
            }
        }
    }
}
