import Foundation
import PatchbayJSON
import SeededGenerator

@testable import PatchbayStore

/// A small world of its own: houses with rooms, each of one of two types.
enum House {
    static let houses = Collection(
        "houses",
        in: "test",
        key: "id",
        members: [Member("id", .text(.nonempty)), Member("colour", .text(.any), .standard("white"))],
    )

    static let rooms = Collection(
        "rooms",
        in: "test",
        under: houses,
        key: "name",
        members: [
            Member("name", .text(.nonempty)),
            Member("number", .integer(1...1_000_000)),
            Member("type", .choice(["kitchen", "bedroom", "hall"])),
            Member("created", .timestamp(fractionDigits: 0)),
            Member("note", .text(.any), .optional),
            Member("size", .object([Member("floor", .integer(-10...10))]), .standard(["floor": 0])),
        ],
        filters: ["type", "size.floor"],
        orders: [.init("created", "number"), .init("name")],
        unique: ["number"],
        views: [
            .init("short") { document, path in [.string(path[0]), document["name"] ?? nil] }
        ],
    )

    static func file(_ content: String, name: String = "a.json") -> SeedFile {
        SeedFile(name: name, collections: [houses, rooms], content: Array(content.utf8))
    }

    /// A room as a seed file has it.
    static func room(
        _ name: String,
        _ number: Int,
        type: String = "hall",
        created: String = "2026-01-02T03:04:05Z"
    ) -> String {
        #"{"name":\#(JSON.string(name).text),"number":\#(number),"type":"\#(type)","created":"\#(created)"}"#
    }

    /// A store with the rooms of one house.
    static func store(_ rooms: [String] = [], file path: String? = nil) throws -> (store: Store, house: RowID) {
        let store = try Store([Self.rooms], file: path)
        try store.load([file(#"{"houses":[{"id":"h","rooms":[\#(rooms.joined(separator: ","))]}]}"#)])
        guard let house = try store.find(houses, ["h"]) else { throw Missing() }
        return (store, house)
    }

    struct Missing: Error {}
}

extension Page {
    /// The rows as JSON.
    var rows: [JSON] {
        get throws { try JSON(parsing: Array("[".utf8) + bytes + Array("]".utf8)).arrayValue ?? [] }
    }

    /// A member of each row.
    func texts(_ name: String) throws -> [String] { try rows.compactMap { $0[name]?.stringValue } }
}

/// What loading some seed files finds, one line each.
func findings(_ files: [SeedFile], in store: Store? = nil) throws -> [String] {
    do {
        try (store ?? Store([House.rooms])).load(files)
        return []
    } catch let error as SeedError {
        return error.findings.map(\.description)
    }
}

/// A folder of its own, removed when nobody uses it any more.
final class Scratch: Sendable {
    let root: String

    init() throws {
        root = NSTemporaryDirectory() + "/patchbay-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: root, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: root)
    }

    func path(_ name: String) -> String { root + "/" + name }

    func bytes(_ name: String) -> Data? { FileManager.default.contents(atPath: path(name)) }

    /// All files, by their names.
    var content: [String: Data?] { Dictionary(uniqueKeysWithValues: names.map { ($0, bytes($0)) }) }

    /// The names of the files.
    var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: root)) ?? []).sorted() }
}
