import ArgumentParser
import Patchbay
import PatchbayAPIKit

/// Lists where the vendors' documents leave more than one reading, and which ones can be chosen.
struct QuirksCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quirks",
        abstract: "List the readings of the vendors' documents that can be chosen with --quirk.",
    )

    @Flag(help: "Write the page docs/quirks.md.")
    var markdown = false

    func run() throws {
        let services = try Catalogue.services()
        print(markdown ? Self.page(services) : services.flatMap(\.quirks).map(Self.text).joined(separator: "\n\n"))
    }

    private static func text(_ quirk: Quirk) -> String {
        let readings = quirk.readings.enumerated().map { number, reading in
            "  \(quirk.name)=\(reading.name)\(number == 0 ? " (default)" : "")  \(reading.says)"
        }
        return ([quirk.name + ": " + quirk.passage] + readings).joined(separator: "\n")
    }

    private static func page(_ services: [Service]) -> String {
        var lines = [
            "# Quirks", "",
            "Where a vendor's documents leave more than one reading, one was decided on, and another can be chosen at start:",
            "`patchbay serve --quirk atlas.includeCount=zero`, or `PATCHBAY_QUIRKS=atlas.includeCount=zero,apig.order=oldest`.",
            "The first reading of each is the decided one. A contract is this project's own description of an API, from which its",
            "vectors are taken; the sentence behind its name says what it found. Written by `make docs` (`patchbay quirks --markdown`).",
        ]
        for service in services {
            lines += ["", "## \(service.title)"]
            for quirk in service.quirks {
                lines += ["", "### `\(quirk.name)`", "", quirk.passage, ""]
                lines += quirk.readings.enumerated().map { number, reading in
                    "- `\(reading.name)`\(number == 0 ? " (default)" : ""): \(reading.says)"
                }
            }
        }
        return lines.joined(separator: "\n")
    }
}
