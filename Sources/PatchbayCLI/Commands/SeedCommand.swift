import ArgumentParser
import Patchbay
import PatchbayAPIKit
import PatchbayStore

/// Checks and makes seed files.
struct SeedCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed",
        abstract: "Check or generate seed files.",
        subcommands: [Check.self, Generate.self, Image.self],
    )

    /// Checks directories of seeds as `serve` would, without serving.
    struct Check: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "check",
            abstract: "Check directories of seeds, as serve does at its start.",
        )

        @Argument(
            help: ArgumentHelp("Directories of seeds, checked together.", valueName: "dir"),
            completion: .directory
        )
        var directories: [String]

        func run() throws {
            guard !directories.contains("") else {
                throw UsageError(description: "directories: \"\" is not a directory")
            }
            let rows = try Emulator().load(.directories(directories))
            print("\(directories.joined(separator: ", ")): \(rows) rows, no errors")
        }
    }

    /// Writes made-up seeds, the same for the same number of rows.
    struct Generate: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "generate",
            abstract: "Write made-up seeds: equal numbers of rows make equal files.",
        )

        @Option(
            help: ArgumentHelp("API to generate seeds for; may be repeated. (default: all)", valueName: "name"),
            completion: .shellCommand("patchbay routes | cut -d ' ' -f 1 | sort -u"),
        )
        var api: [String] = []

        @Option(
            parsing: .unconditional,
            help: ArgumentHelp("Rows of the first list; a second list is empty.", valueName: "count"),
        )
        var rows: Int

        @Option(
            help: ArgumentHelp("Directory to write to; each API has its folder there.", valueName: "dir"),
            completion: .directory,
        )
        var out: String

        func run() throws {
            guard rows >= 0 else { throw UsageError(description: "--rows: \"\(rows)\" is not a number from 0") }
            guard Setting.path(out) != nil else {
                throw UsageError(description: "--out: \"\(out)\" is not the name of a directory, in UTF-8")
            }
            let services = try Catalogue.services()
            let chosen = try api.isEmpty ? services : api.map { try Self.service(named: $0, among: services) }
            for service in chosen { print(try SampleWriter.write(service, rows: rows, into: out)) }
        }

        private static func service(named name: String, among services: [Service]) throws(UsageError) -> Service {
            if let service = services.first(where: { $0.name == name }) { return service }
            let names = services.map(\.name)
            let suggestion = Nearest.suggestion(for: name, in: names)
            let list = names.joined(separator: ", ")
            throw UsageError(description: "--api: \"\(name)\" is none of \(list)\(suggestion)")
        }
    }

    /// Writes the bundled seeds as they are carried beside their files, for those who build the program.
    struct Image: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "image",
            abstract: "Write the bundled seeds as the program carries them to start faster.",
            shouldDisplay: false,
        )

        @Option(help: ArgumentHelp("File to write to.", valueName: "file"))
        var out: String

        func run() throws {
            try SampleWriter.write(try Seeds.makeImage(), to: out)
        }
    }
}
