import APIKit
import ArgumentParser
internal import HTTP
import Patchbay

/// Lists what is emulated, from the endpoint tables.
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "List the emulated operations.",
    )

    func run() throws {
        let rows = try Catalogue.services().flatMap(\.routes).map { [$0.api, $0.method.name, $0.operation, $0.path] }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        for row in rows {
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            print((padded + [row[3]]).joined(separator: "  "))
        }
    }
}
