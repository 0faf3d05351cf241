import ArgumentParser
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP

/// Lists what is emulated, from the endpoint tables.
struct RoutesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "routes",
        abstract: "List the emulated operations.",
    )

    @Flag(help: "Write the page docs/coverage.md: operations and their parameters.")
    var markdown = false

    func run() throws {
        let services = try Catalogue.services()
        print(markdown ? Self.page(services) : Self.table(services.flatMap(\.routes)))
    }

    private static func table(_ routes: [RouteDescription]) -> String {
        let rows = routes.map { [$0.api, $0.method.name, $0.operation, $0.path] }
        let widths = (0..<3).map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let padded = zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
            return (padded + [row[3]]).joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func page(_ services: [Service]) -> String {
        var lines = [
            "# What is emulated", "",
            "Written by `make docs` from the endpoint tables (`patchbay routes --markdown`); `make check` fails when it is",
            "out of date. Everything here is documentation-derived: it follows the vendors' documents, not their services.",
        ]
        for service in services {
            lines += ["", "## \(service.title)", "", "`\(service.name)`, below `\(service.basePath)`"]
            for route in service.routes {
                lines += ["", "### \(route.operation)", "", "`\(route.method.name) \(route.path)`", ""]
                lines += ["[The vendor's page](\(route.documentation))"]
                guard !route.parameters.isEmpty else { continue }
                lines.append("")
                lines += ["| parameter | type | default | values | anything else |", "|---|---|---|---|---|"]
                lines += route.parameters.map(row)
            }
        }
        return lines.joined(separator: "\n")
    }

    private static func row(_ parameter: ParameterDescription) -> String {
        let cells = [parameter.type, parameter.standard ?? "", parameter.range ?? "", parameter.otherwise]
        return "| `\(parameter.name)` | \(cells.joined(separator: " | ")) |"
    }
}
