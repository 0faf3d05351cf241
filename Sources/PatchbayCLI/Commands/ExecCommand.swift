import ArgumentParser
import Patchbay
import PatchbayServer

/// Serves while a command runs, and ends as the command does.
struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec",
        abstract: "Run a command with a server of its own.",
        discussion: """
            The server takes a free port, unless --port names one, and the command finds it in the variables that \
            `patchbay env` prints; what would lead it elsewhere is unset. It stops when the command ends, whose exit code \
            is this one's: 128 and the signal's number when a signal ended it, 127 when there is no such command, 126 when \
            it cannot be run, 5 when it succeeded and --strict found requests that do not keep to their contract.
            """,
    )

    @OptionGroup var options: ServeOptions

    @Argument(parsing: .postTerminator, help: "The command with its arguments, behind --.")
    var command: [String]

    func run() throws {
        var environment = processEnvironment()
        // Several may run at once, and what the command prints is what is looked for.
        environment["PATCHBAY_PORT"] = "0"
        if environment["PATCHBAY_LOG_LEVEL", default: ""].isEmpty { environment["PATCHBAY_LOG_LEVEL"] = "warning" }
        let configuration = try ServeConfiguration(options, environment: environment)
        try Serving.run(configuration, carryOut)
    }

    private func carryOut(_ serving: inout Serving) throws {
        let child = ChildProcess(command)
        try serving.start()
        try StopSignals.watch { signal, _ in
            // Nobody has to wait for seeds whose command will not run.
            if !child.pass(on: signal) { ExitCode.leaveAtOnce(withCodeOf: 128 + signal) }
        }
        try serving.load()
        let (host, port) = serving.server.address
        let address = (host: ServerAddress.reachable(host), port: port)
        let code = child.run(in: try ClientEnvironment.environment(processEnvironment(), at: address))
        serving.server.stop()
        serving.finish()
        guard code == 0 else { ExitCode.leave(withCodeOf: code) }
        if Serving.hasDiverged(serving.emulator) { throw Divergence() }
    }
}
