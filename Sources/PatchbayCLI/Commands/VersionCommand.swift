import ArgumentParser
import Patchbay

/// Says which version this is.
struct VersionCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "version", abstract: "Print the version.")

    func run() {
        print(Emulator.version)
    }
}
