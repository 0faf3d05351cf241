import ArgumentParser
import Logging
import Patchbay
import PatchbayAPIKit
import PatchbayServer

/// Serves the emulated APIs until it is asked to stop.
struct ServeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the emulated APIs until asked to stop.",
        discussion:
            "This is what patchbay does when no subcommand is given. Each flag has a twin in the environment: --log-level is PATCHBAY_LOG_LEVEL.",
    )

    @OptionGroup var options: ServeOptions

    func run() throws {
        let configuration = try ServeConfiguration(options, environment: processEnvironment())
        try Serving.run(configuration, Self.serve)
    }

    private static func serve(_ serving: inout Serving) throws {
        let (configuration, logger, emulator, server) =
            (serving.configuration, serving.logger, serving.emulator, serving.server)
        try serving.start()
        announce("Listening on \(server.url)", logger)
        try StopSignals.watch { _, isRepeated in
            // Who asks twice does not want to wait for what is in flight, and seeds need not be loaded to the end.
            if isRepeated || !emulator.world.isReady {
                configuration.readyFile?.remove()
                ExitCode.leaveAtOnce(with: Serving.hasDiverged(emulator) ? .divergence : .done)
            }
            server.stop()
        }
        try serving.load()
        announce("Ready.", logger)
        let metadata: Logger.Metadata = [
            "url": "\(server.url)", "rows": "\(serving.rows)", "version": "\(Emulator.version)",
        ]
        logger.info("serving", metadata: metadata)
        serving.finish()
        logger.info("stopped")
        if Serving.hasDiverged(emulator) { throw Divergence() }
    }

    /// Tells whoever started the program, who may have no room for it or have gone.
    private static func announce(_ line: String, _ logger: Logger) {
        guard let reason = PatchbayCLI.announce(line) else { return }
        logger.warning("\"\(line)\" cannot be written to standard output: \(reason)")
    }
}
