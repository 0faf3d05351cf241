import Foundation
import PatchbayJSON
import SeededGenerator
import Testing

@testable import PatchbayStore

/// Listings that are kept and mended, against the same question asked of SQLite anew, while all kinds of things happen.
@Suite(.timeLimit(.minutes(5)))
struct ListingMendingTests {
    /// What stands in rooms: its weight, by which it is ordered without an index, may be missing.
    fileprivate static let chairs = Collection(
        "chairs",
        in: "test",
        under: House.rooms,
        key: "id",
        members: [
            Member("id", .text(.nonempty)), Member("weight", .integer(0...9), .optional),
            Member("colour", .choice(["red", "green"])),
        ],
        filters: ["colour"],
        orders: [.init("id"), .init("weight", "id", isIndexed: false)],
    )

    fileprivate static let houses = ["a", "b", "c", "d"]
    fileprivate static let names = (0..<12).map { "r\($0)" } + ["é", "e\u{301}", "Z"]

    /// What happens to a store, and what is asked of it.
    fileprivate struct Run {
        let store: Store
        var generator: SeededGenerator
        var snapshots: [Snapshot] = []
        var transactions = 0

        fileprivate init(seed: UInt64, file: String?, _ limits: Listings.Limits) throws {
            generator = SeededGenerator(seed: seed)
            store = try Store([chairs], file: file, limits)
            let rows = (1...9).map { House.room("r\($0)", $0, created: "2026-01-02T03:04:0\($0 % 3)Z") }
            let content = #"{"houses":[{"id":"a","rooms":[\#(rooms(rows))]},{"id":"b"}]}"#
            try store.load([House.file(content)])
        }
    }

    struct TakenBack: Error {}

    @Test(arguments: [(UInt64.random(in: 0...(.max)), false), (UInt64.random(in: 0...(.max)), true), (1, false)])
    func `Whatever happens, lists are what SQLite says`(seed: UInt64, isFile: Bool) throws {
        let folder = try Scratch()
        for round: UInt64 in 0..<(isFile ? 2 : 12) {
            let limits = [
                Listings.Limits(bytes: 1 << 20, block: 1, changes: 1_000),
                Listings.Limits(bytes: 1 << 20, block: 3, changes: 12),
                Listings.Limits(bytes: 20_000, rowBytes: 64 << 10, block: 2, changes: 1_000),
                Listings.Limits(),
            ][Int(round % 4)]
            let file = isFile ? folder.path("\(round).db") : nil
            var run = try Run(seed: seed &+ round, file: file, limits)
            for step in 0..<(isFile ? 40 : 150) {
                let what = try run.change()
                for _ in 0..<6 { try run.ask("seed \(seed), round \(round), step \(step), \(what)") }
            }
            #expect(run.transactions > 0)
        }
    }
}

private func rooms(_ rows: [String]) -> String { rows.joined(separator: ",") }

// What happens.
extension ListingMendingTests.Run {
    fileprivate typealias Tests = ListingMendingTests

    private mutating func any<Element>(_ elements: [Element]) -> Element {
        elements[Int.random(in: 0..<elements.count, using: &generator)]
    }

    private mutating func room() throws -> JSON.Object {
        let second = Int.random(in: 0..<4, using: &generator)
        let text = House.room(
            any(Tests.names),
            Int.random(in: 1...30, using: &generator),
            type: any(["kitchen", "bedroom", "hall"]),
            created: "2026-01-02T03:04:0\(second)Z",
        )
        var room = try JSON(parsing: text).objectValue ?? [:]
        room["size"] = ["floor": .number(JSON.Number(Int64.random(in: -1...1, using: &generator)))]
        return room
    }

    private mutating func chair() -> JSON.Object {
        var chair: JSON.Object = [
            "id": .string(any(Tests.names)), "colour": .string(any(["red", "green"])),
        ]
        if Bool.random(using: &generator) {
            chair["weight"] = .number(JSON.Number(Int64.random(in: 0...3, using: &generator)))
        }
        return chair
    }

    /// Does something, and says what.
    fileprivate mutating func change() throws -> String {
        let what = Int.random(in: 0..<16, using: &generator)
        switch what {
        case 0..<9: return try "a transaction of \(transact())"
        case 9: _ = try store.reset()
        case 10: _ = try store.reset([Root(House.houses, any(Tests.houses))])
        case 11: try makeTenant()
        case 12: _ = try store.dropTenants(any(["x", "y"]))
        case 13:
            let house = any(Tests.houses + ["all", "all"])
            let roots = house == "all" ? nil : [Root(House.houses, house)]
            snapshots.append(try store.save("s", of: roots, version: "1", at: Timestamp(seconds: 0)).snapshot)
        case 14:
            guard !snapshots.isEmpty else { return "nothing" }
            // One of a root that has gone is refused, and leaves things as they are.
            do { _ = try store.restore(any(snapshots)) } catch is SQLiteError {}
        default: try loadSeeds()
        }
        return "\(what)"
    }

    private mutating func makeTenant() throws {
        let label = any(["x", "y"])
        let tenant = MadeTenant(label, Root(House.houses, "made-\(label)"), from: [any(["a", "b"])], for: [])
        do { try store.make([tenant]) } catch is TenantRefusal {}
    }

    private mutating func loadSeeds() throws {
        let room = JSON.object(try room()).text
        let content = #"{"houses":[{"id":"\#(any(Tests.houses))","rooms":[\#(room)]}]}"#
        do { try store.load([House.file(content)]) } catch is SeedError {}
    }

    /// Some changes that are kept together, or taken back.
    private mutating func transact() throws -> Int {
        let count = Int.random(in: 1...5, using: &generator) * (Int.random(in: 0..<6, using: &generator) == 0 ? 6 : 1)
        let isTakenBack = Int.random(in: 0..<5, using: &generator) == 0
        let steps = try (0..<count).map { _ in
            (
                what: Int.random(in: 0..<12, using: &generator), house: any(Tests.houses), name: any(Tests.names),
                chair: any(Tests.names), room: try room(), new: chair()
            )
        }
        transactions += 1
        do {
            try store.write { rows in
                for step in steps {
                    let house = try rows.find(House.houses, [step.house])
                    let room = try rows.find(House.rooms, [step.house, step.name])
                    let chair = try rows.find(Tests.chairs, [step.house, step.name, step.chair])
                    do {
                        switch (step.what, house, room, chair) {
                        case (0, let house?, _, _): try rows.delete(house, from: House.houses)
                        case (0..<3, nil, _, _):
                            try rows.insert(["id": .string(step.house)], into: House.houses, under: nil)
                        case (1..<4, _, let room?, _): try rows.delete(room, from: House.rooms)
                        case (4..<6, _, let room?, _): try rows.update(room, in: House.rooms, to: step.room)
                        case (6..<9, _, let room?, nil): try rows.insert(step.new, into: Tests.chairs, under: room)
                        case (6..<8, _, _, let chair?): try rows.update(chair, in: Tests.chairs, to: step.new)
                        case (8, _, _, let chair?): try rows.delete(chair, from: Tests.chairs)
                        case (_, let house?, _, _): try rows.insert(step.room, into: House.rooms, under: house)
                        default: break
                        }
                    } catch let error as SQLiteError where error.isUniqueViolation {
                        // One statement is taken back, and the others go on.
                    }
                }
                if isTakenBack { throw Tests.TakenBack() }
            }
        } catch is ListingMendingTests.TakenBack {}
        return count
    }
}

// What is asked.
extension ListingMendingTests.Run {
    fileprivate mutating func ask(_ when: String) throws {
        let isRoom = Bool.random(using: &generator)
        let house = any(Tests.houses + ["made-x", "made-y"])
        let keys = isRoom ? [house] : [house, any(Tests.names)]
        let collection = isRoom ? House.rooms : Tests.chairs
        guard let parent = try store.find(isRoom ? House.houses : House.rooms, keys) else { return }
        var query = Query(collection, under: parent, limit: any([0, 1, 2, 5, 40, 500]))
        let orders = isRoom ? [["created", "number"], ["name"]] : [["id"], ["weight", "id"]]
        let columns = any(orders)
        let order = columns[0]
        query.order = order
        query.direction = any([.ascending, .descending])
        query.filters = any(isRoom ? Self.roomFilters : Self.chairFilters)
        let offset: Int64 = any([0, 0, 1, 3, 8, .max])
        query.start = .offset(offset)
        let listed = try store.page(query)
        let all = try Self.keys(query, columns, in: store)
        let window = all.dropFirst(Int(min(offset, 1_000))).prefix(Int(query.limit))
        #expect(listed.total == Int64(all.count), "\(when), \(query)")
        #expect(try listed.texts(collection.key) == Array(window), "\(when), \(query)")
        try compareRows(query, Array(window), when)
        // Pages are only asked for behind texts.
        guard ["name", "id"].contains(order), query.limit > 0 else { return }
        // The whole list again, page by page.
        query.start = .after(nil)
        var found: [String] = []
        var pages = 0
        repeat {
            let page = try store.page(query)
            found += try page.texts(collection.key)
            query.start = .after(page.continuation)
            pages += page.continuation == nil ? 1_000 : 1
        } while pages < 100
        #expect(found == Array(all.prefix(pages == 100 ? found.count : .max)), "\(when), \(query)")
    }

    /// Compares what a page shows of rows with some keys with what is in the database.
    private mutating func compareRows(_ query: Query, _ keys: [String], _ when: String) throws {
        var query = query
        let collection = query.collection
        query.view = any([nil, collection.views.first?.name])
        let column = query.view == nil ? "document" : collection.views[0].column
        let shown = String(decoding: try store.page(query).bytes, as: UTF8.self)
        let texts = try store.read { reader in
            let statement = try reader.connection.statement(
                "SELECT \(column) FROM \(collection.table) WHERE +parent = ?1 AND +\"\(collection.key)\" = ?2"
            )
            return try keys.map { key in
                try statement.bind(.integer(query.parent.number), at: 1)
                try statement.bind(.text(key), at: 2)
                defer { statement.reset() }
                return try statement.step() ? statement.text(0) ?? "" : ""
            }
        }
        #expect(shown == texts.joined(separator: ","), "\(when), \(query)")
    }

    private static let roomFilters: [[(member: String, value: Query.FilterValue)]] = [
        [], [], [("type", .text("hall"))], [("type", .containing("ROOM"))], [("size.floor", .integer(1))],
        [("type", .text("kitchen")), ("size.floor", .integer(0))], [("name", .text("r1"))],
        [("name", .text("e\u{301}"))], [("number", .integer(3)), ("type", .text("hall"))],
        [("type", .text(String(repeating: "x", count: 300)))],
    ]

    private static let chairFilters: [[(member: String, value: Query.FilterValue)]] = [
        [], [("colour", .text("red"))], [("id", .containing("r"))], [("id", .text("r2"))],
    ]

    /// The keys of the rows that a query is about, as SQLite finds and sorts them without any help.
    private static func keys(_ query: Query, _ columns: [String], in store: Store) throws -> [String] {
        let word = query.direction == .ascending ? "ASC" : "DESC"
        let conditions = query.filters.enumerated().map { number, filter in
            if case .containing = filter.value {
                return " AND instr(lower(\"\(filter.member)\"), lower(?\(number + 2)))"
            }
            return " AND +\"\(filter.member)\" = ?\(number + 2)"
        }
        return try store.read { reader in
            let statement = try reader.connection.statement(
                "SELECT \"\(query.collection.key)\" FROM \(query.collection.table) WHERE +parent = ?1"
                    + "\(conditions.joined()) ORDER BY \(columns.map { "+\"\($0)\" \(word)" }.joined(separator: ", "))"
            )
            try statement.bind(.integer(query.parent.number), at: 1)
            for (number, filter) in query.filters.enumerated() { try statement.bind(filter.value.sql, at: number + 2) }
            defer { statement.reset() }
            var keys: [String] = []
            while try statement.step() { keys.append(statement.text(0) ?? "") }
            return keys
        }
    }
}
