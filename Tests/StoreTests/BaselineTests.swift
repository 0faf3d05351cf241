import PatchbayJSON
import SeededGenerator
import Testing

@testable import PatchbayStore

/// How a store goes back to its seeds.
@Suite struct BaselineTests {
    private let store: Store
    private static let seed = """
        {"houses":[
          {"id":"a","rooms":[\(House.room("one", 1)),\(House.room("two", 2, type: "kitchen"))]},
          {"id":"b","rooms":[\(House.room("one", 3))]}
        ]}
        """

    init() throws {
        store = try Store([House.rooms])
        try store.load([House.file(Self.seed)])
    }

    private static func content(_ store: Store) throws -> [[String]] {
        try [House.houses, House.rooms].flatMap { collection in
            let rows = try store.documents(in: collection).map { $0.keys + [JSON.object($0.document).text] }
            return rows.sorted { $0.lexicographicallyPrecedes($1) }
        }
    }

    private static func document(_ name: String, _ number: Int) throws -> JSON.Object {
        try JSON(parsing: House.room(name, number)).objectValue ?? [:]
    }

    @Test func `A store that was not changed has nothing to go back from`() throws {
        #expect(try store.reset() == Reset())
    }

    @Test func `Rows that came go, rows that went come back, and rows that changed change back`() throws {
        let before = try Self.content(store)
        try store.write { rows in
            let house = try #require(try rows.find(House.houses, ["a"]))
            try rows.insert(try Self.document("three", 9), into: House.rooms, under: house)
            let one = try #require(try rows.find(House.rooms, ["a", "one"]))
            try rows.update(one, in: House.rooms, to: try Self.document("uno", 7))
            try rows.insert(["id": "c"], into: House.houses, under: nil)
            let other = try #require(try rows.find(House.houses, ["b"]))
            try rows.delete(other, from: House.houses)
        }
        let reversals = try store.reset().reversals
        #expect(
            reversals == [
                Reversal(collection: "houses", removed: 1, restored: 1),
                Reversal(collection: "rooms", removed: 1, restored: 1, reverted: 1),
            ]
        )
        #expect(try Self.content(store) == before)
        #expect(try store.reset() == Reset())
    }

    @Test func `Rows that have taken each other's names get their own back`() throws {
        let before = try Self.content(store)
        try store.write { rows in
            let one = try #require(try rows.find(House.rooms, ["a", "one"]))
            let two = try #require(try rows.find(House.rooms, ["a", "two"]))
            try rows.update(one, in: House.rooms, to: try Self.document("other", 8))
            try rows.update(two, in: House.rooms, to: try Self.document("one", 1))
            try rows.update(one, in: House.rooms, to: try Self.document("two", 2))
        }
        #expect(try store.reset().reversals == [Reversal(collection: "rooms", reverted: 2)])
        #expect(try Self.content(store) == before)
    }

    @Test func `One root goes back, and the others stay as they are`() throws {
        try store.write { rows in
            for house in ["a", "b"] {
                let room = try #require(try rows.find(House.rooms, [house, "one"]))
                try rows.delete(room, from: House.rooms)
            }
        }
        #expect(try store.reset([Root(House.houses, "a")]).reversals == [Reversal(collection: "rooms", restored: 1)])
        #expect(try store.find(House.rooms, ["a", "one"]) != nil)
        #expect(try store.find(House.rooms, ["b", "one"]) == nil)
        #expect(try store.reset([Root(House.houses, "nobody")]).reversals == [])
    }

    @Test func `A row that went is never taken for one that came elsewhere meanwhile`() throws {
        let before = try Self.content(store)
        try store.write { rows in
            let newest = try #require(try rows.find(House.rooms, ["b", "one"]))
            try rows.delete(newest, from: House.rooms)
        }
        try store.write { rows in
            let house = try #require(try rows.find(House.houses, ["a"]))
            try rows.insert(try Self.document("three", 9), into: House.rooms, under: house)
        }
        #expect(try store.reset([Root(House.houses, "b")]).reversals == [Reversal(collection: "rooms", restored: 1)])
        #expect(try store.find(House.rooms, ["a", "three"]) != nil)
        #expect(try store.reset([Root(House.houses, "a")]).reversals == [Reversal(collection: "rooms", removed: 1)])
        #expect(try Self.content(store) == before)
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8])
    func `Whatever happened, the seeds are there again`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let before = try Self.content(store)
        let page = try page()
        for _ in 0..<3 {
            for _ in 0..<40 { try? happen(&generator) }
            _ = try store.reset()
            #expect(try Self.content(store) == before)
        }
        let again = try self.page()
        #expect(again.bytes == page.bytes && again.total == page.total)
    }

    private func page() throws -> Page {
        let house = try #require(try store.find(House.houses, ["a"]))
        return try store.page(Query(House.rooms, under: house, limit: 10))
    }

    /// Something that may be refused.
    private func happen(_ generator: inout SeededGenerator) throws {
        let house = ["a", "b", "c"].randomElement(using: &generator) ?? "a"
        let name = ["one", "two", "three", "four"].randomElement(using: &generator) ?? "one"
        let number = Int.random(in: 1...6, using: &generator)
        let what = Int.random(in: 0..<12, using: &generator)
        try store.write { rows in
            switch what {
            case 0...4:
                guard let parent = try rows.find(House.houses, [house]) else { return }
                try rows.insert(try Self.document(name, number), into: House.rooms, under: parent)
            case 5...7:
                guard let row = try rows.find(House.rooms, [house, name]) else { return }
                try rows.update(row, in: House.rooms, to: try Self.document("two", number))
            case 8...9:
                guard let row = try rows.find(House.rooms, [house, name]) else { return }
                try rows.delete(row, from: House.rooms)
            case 10:
                guard let row = try rows.find(House.houses, [house]) else { return }
                try rows.delete(row, from: House.houses)
            default: try rows.insert(["id": .string(house)], into: House.houses, under: nil)
            }
        }
    }
}
