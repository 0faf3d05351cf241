import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayJSON
import Testing

/// The pages in `docs/apis`: one for each API, all alike, and nothing of the API is missing there.
///
/// `DocumentedCommandTests` runs their commands.
struct APIPageTests {
    private static let folder = packageRoot.appending(path: "docs/apis")

    private static let headings = [
        "Point a client at it", "Try it", "What is there", "Lists", "Errors", "States", "Quirks", "Limits",
    ]

    @Test func `there is a page for every API, and no other`() throws {
        let names = try Catalogue.services().map { "\($0.name).md" }
        let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path(percentEncoded: false))
        #expect(files.sorted() == names.sorted())
    }

    @Test(arguments: try services())
    func `a page has the headings of all others, in their order`(_ api: String) throws {
        let lines = try Self.lines(api)
        #expect(lines.filter { $0.hasPrefix("## ") } == Self.headings.map { "## \($0)" })
        #expect(lines.first?.hasPrefix("# ") == true)
    }

    @Test(arguments: try services())
    func `a page names every operation`(_ api: String) throws {
        let service = try #require(try Catalogue.services().first { $0.name == api })
        let words = Set(try Self.lines(api).flatMap { $0.split { " `|,;()".contains($0) } }.map(String.init))
        for route in service.routes {
            #expect(words.contains(route.operation), "\(route.operation)")
        }
    }

    @Test(arguments: try services())
    func `a page names every quirk with all its readings, the decided one first`(_ api: String) throws {
        let service = try #require(try Catalogue.services().first { $0.name == api })
        let rows = try Self.lines(api).filter { $0.hasPrefix("| `\(api).") }
        #expect(rows.count == service.quirks.count)
        for quirk in service.quirks {
            let row = try #require(rows.first { $0.hasPrefix("| `\(quirk.name)` | ") }, "\(quirk.name)")
            let places = quirk.readings.map { row.range(of: "`\($0.name)`")?.lowerBound }
            for (reading, place) in zip(quirk.readings, places) {
                #expect(place != nil, "\(quirk.name)=\(reading.name)")
            }
            #expect(places.compactMap(\.self).min() == places.first, "\(quirk.name)")
        }
    }

    @Test(arguments: try services())
    func `errors of a page can be asked for by their names, and have the status that is said`(_ api: String) throws {
        let answer = try RunningServer().get("/_patchbay/routes?api=\(api)").text
        let body = answer.split(separator: "\r\n\r\n", maxSplits: 1).last.map { Array($0.utf8) } ?? []
        let errors = try #require(try JSON(parsing: body)["apis"]?[0]?["errors"]?.arrayValue)
        let rows = try Self.lines(api).drop { $0 != "## Errors" }.prefix { $0 != "## States" }
            .filter { $0.hasPrefix("| ") }.dropFirst()
        #expect(!rows.isEmpty)
        for row in rows {
            let cells = row.components(separatedBy: " | ")
            let statuses = cells[0].split { !$0.isNumber }.compactMap { Int64($0) }
            // Names stand between backticks, so that they are every other piece.
            for (number, name) in cells[1].components(separatedBy: "`").enumerated() where number % 2 == 1 {
                let error = errors.first { $0["name"]?.stringValue == name }
                // What the API has no error for is a gateway's page, and goes by its status.
                let status = error.map { $0["status"]?.int64Value } ?? Int64(name)
                #expect(status.map(statuses.contains) == true, "\(name)")
            }
        }
    }

    private static func services() throws -> [String] { try Catalogue.services().map(\.name) }

    private static func lines(_ api: String) throws -> [Substring] {
        let text = try String(contentsOf: folder.appending(path: "\(api).md"), encoding: .utf8)
        return text.split(separator: "\n")
    }
}
