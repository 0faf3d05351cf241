import ArgumentParser
import Patchbay

/// The command line's root: `serve` when no verb is given.
@main
struct PatchbayCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "patchbay",
        abstract: "A local emulator of five cloud \"list connections\" APIs.",
        discussion: """
            Without arguments it serves all five APIs from the seeds it carries, on http://127.0.0.1:4747.

            Exit codes: 0 stopped on request, 1 failure while running, 2 usage, 3 seed or configuration invalid, \
            4 address unavailable, 5 divergence found (--strict).
            """,
        version: Emulator.version,
        subcommands: [
            ServeCommand.self, ExecCommand.self, EnvCommand.self, SeedCommand.self, RoutesCommand.self,
            QuirksCommand.self,
            LifecyclesCommand.self, HealthcheckCommand.self,
            VersionCommand.self,
        ],
        defaultSubcommand: ServeCommand.self,
    )

    static func main() {
        openStandardDescriptors()
        ExitCode.leave(with: ExitCode.result(of: Array(CommandLine.arguments.dropFirst())))
    }
}
