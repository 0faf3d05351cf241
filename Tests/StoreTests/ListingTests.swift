import PatchbayJSON
import SeededGenerator
import Testing

@testable import PatchbayStore

/// Lists against a plain model of them: the same rows, the same order, the same totals.
@Suite struct ListingTests {
    /// A row as the model has it.
    struct Room {
        var name: String
        var number: Int
        var type: String
        var created: String
        var floor: Int

        var json: String {
            #"{"name":\#(JSON.string(name).text),"number":\#(number),"type":"\#(type)","created":"\#(created)","size":{"floor":\#(floor)}}"#
        }
    }

    /// What is asked.
    struct Question {
        var order = "created"
        var direction = Query.Direction.ascending
        var type: String?
        var floor: Int?

        func query(_ house: RowID, limit: Int64) -> Query {
            var query = Query(House.rooms, under: house, limit: limit)
            query.order = order
            query.direction = direction
            if let type { query.filters.append(("type", .text(type))) }
            if let floor { query.filters.append(("size.floor", .integer(Int64(floor)))) }
            return query
        }

        func answer(_ rooms: [Room]) -> [String] {
            let matching = rooms.filter { (type == nil || $0.type == type) && (floor == nil || $0.floor == floor) }
            let ascending = matching.sorted { left, right in
                if order == "created", left.created != right.created { return left.created < right.created }
                if order == "created" { return left.number < right.number }
                return left.name.utf8.lexicographicallyPrecedes(right.name.utf8)
            }
            return (direction == .ascending ? ascending : ascending.reversed()).map(\.name)
        }
    }

    private static func rooms(_ generator: inout SeededGenerator) -> [Room] {
        var names: Set<[UInt8]> = []
        var rooms: [Room] = []
        for number in Array(1...Int.random(in: 1...60, using: &generator)).shuffled(using: &generator) {
            var name = ""
            for _ in 0...Int.random(in: 0..<4, using: &generator) {
                name +=
                    ["a", "B", "b", "é", "e\u{301}", "z", "漢", "😀", "-", "\u{FFFD}", "~", "\"", "\\"]
                    .randomElement(using: &generator) ?? ""
            }
            guard names.insert(Array(name.utf8)).inserted else { continue }
            rooms.append(
                Room(
                    name: name,
                    number: number,
                    type: ["kitchen", "bedroom", "hall"].randomElement(using: &generator) ?? "hall",
                    created: "2026-01-02T03:04:0\(Int.random(in: 0..<4, using: &generator))Z",
                    floor: Int.random(in: -1...1, using: &generator),
                )
            )
        }
        return rooms
    }

    private static func question(_ generator: inout SeededGenerator) -> Question {
        Question(
            order: ["created", "name"].randomElement(using: &generator) ?? "name",
            direction: [.ascending, .descending].randomElement(using: &generator) ?? .ascending,
            type: [nil, "kitchen", "hall", "none"].randomElement(using: &generator) ?? nil,
            floor: [nil, nil, 0, 1, 7].randomElement(using: &generator) ?? nil,
        )
    }

    @Test(arguments: [UInt64.random(in: 0...(.max)), 1, 2])
    func `Random lists have the rows and totals of the model`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<8 {
            let rooms = Self.rooms(&generator)
            let (store, house) = try House.store(rooms.map(\.json))
            for _ in 0..<40 {
                let question = Self.question(&generator)
                let expected = question.answer(rooms)
                let limits: [Int64] = [0, 1, 2, 7, 100, Int64(Int32.max)]
                let limit = limits.randomElement(using: &generator) ?? 1
                let random = Int64.random(in: 0...70, using: &generator)
                let offsets: [Int64] = [0, 0, 1, Int64(expected.count), random, .max]
                let offset = offsets.randomElement(using: &generator) ?? 0
                var query = question.query(house, limit: limit)
                query.start = .offset(offset)
                let page = try store.page(query)
                let window = Array(expected.dropFirst(Int(min(offset, 1_000))).prefix(Int(limit)))
                #expect(try page.texts("name") == window, "seed \(seed), \(question), \(offset), \(limit)")
                #expect(page.count == window.count, "seed \(seed)")
                #expect(page.total == Int64(expected.count), "seed \(seed), \(question)")
                #expect(page.continuation == nil, "seed \(seed)")
            }
        }
    }

    @Test(arguments: [UInt64.random(in: 0...(.max)), 3])
    func `Pages put together are the list, by offset and by key`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<8 {
            let rooms = Self.rooms(&generator)
            let (store, house) = try House.store(rooms.map(\.json))
            var question = Self.question(&generator)
            let size = Int64.random(in: 1...9, using: &generator)
            var query = question.query(house, limit: size)
            var found: [String] = []
            for offset in stride(from: 0, to: Int64(rooms.count + 1), by: Int(size)) {
                query.start = .offset(offset)
                found += try store.page(query).texts("name")
            }
            #expect(found == question.answer(rooms), "seed \(seed), \(question), \(size)")

            question.order = "name"
            query = question.query(house, limit: size)
            var last: [String]?
            var pages = 0
            found = []
            repeat {
                query.start = .after(last)
                let page = try store.page(query)
                #expect(page.total == Int64(question.answer(rooms).count), "seed \(seed), \(question)")
                found += try page.texts("name")
                if let continuation = page.continuation { #expect(found.last == continuation.last, "seed \(seed)") }
                last = page.continuation
                pages += 1
            } while last != nil && pages < 100
            #expect(found == question.answer(rooms), "seed \(seed), \(question), \(size)")
            #expect(pages == max(1, (found.count + Int(size) - 1) / Int(size)), "seed \(seed)")
        }
    }

    @Test func `A page by key goes on behind a row that is gone`() throws {
        let (store, house) = try House.store((1...5).map { House.room("r\($0)", $0) })
        var query = Query(House.rooms, under: house, limit: 2)
        query.order = "name"
        query.start = .after(["r2"])
        let gone = try #require(try store.find(House.rooms, ["h", "r2"]))
        try store.write { try $0.delete(gone, from: House.rooms) }
        let page = try store.page(query)
        #expect(try page.texts("name") == ["r3", "r4"])
        #expect(page.total == 4)
        #expect(page.continuation == ["r4"])
    }

    @Test func `A view shows what it rendered, and the list of another parent is apart`() throws {
        let store = try Store([House.rooms])
        let rooms = [House.room("a", 1), House.room("b", 2)]
        try store.load([
            House.file(#"{"houses":[{"id":"h","rooms":[\#(rooms[0])]},{"id":"i","rooms":[\#(rooms[1])]}]}"#)
        ])
        for (house, shown) in [("h", #"["h","a"]"#), ("i", #"["i","b"]"#)] {
            var query = Query(House.rooms, under: try #require(try store.find(House.houses, [house])), limit: 9)
            query.view = "short"
            #expect(try store.page(query).bytes == Array(shown.utf8))
        }
    }

    @Test func `Totals and rows are those of now after every write`() throws {
        let (store, house) = try House.store([House.room("a", 1)])
        let query = Query(House.rooms, under: house, limit: 9)
        #expect(try store.page(query).total == 1)
        #expect(try store.find(House.rooms, ["h", "b"]) == nil)
        try store.load([House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("b", 2))]}]}"#)])
        #expect(try store.page(query).total == 2)
        let row = try #require(try store.find(House.rooms, ["h", "b"]))
        try store.write { try $0.delete(row, from: House.rooms) }
        #expect(try store.page(query).total == 1)
        #expect(try store.find(House.rooms, ["h", "b"]) == nil)
        #expect(try store.document(House.rooms, row) == nil)
    }

    @Test func `Filters that look alike are not the same`() throws {
        let notes = Collection(
            "notes",
            in: "test",
            under: House.houses,
            key: "id",
            members: [Member("id", .text(.any)), Member("text", .text(.any))],
            filters: ["text"],
            orders: [.init("id")],
        )
        let store = try Store([notes])
        let content =
            #"{"houses":[{"id":"h","notes":[{"id":"1","text":"\u00e9"},{"id":"2","text":"e\u0301"},{"id":"3","text":"\u00e9"}]}]}"#
        try store.load([SeedFile(name: "f", collections: [House.houses, notes], content: Array(content.utf8))])
        let house = try #require(try store.find(House.houses, ["h"]))
        for (text, total) in [("\u{E9}", 2), ("e\u{301}", 1), ("\u{E9}", 2), ("e", 0)] as [(String, Int64)] {
            var query = Query(notes, under: house, limit: 9)
            query.filters = [("text", .text(text))]
            #expect(try store.page(query).total == total)
        }
    }

    @Test func `A part of a text can be looked for, in either case`() throws {
        let rooms = [House.room("a", 1, type: "bedroom"), House.room("b", 2), House.room("c", 3, type: "bedroom")]
        let (store, house) = try House.store(rooms)
        for (value, names) in [
            (.containing("ROOM"), ["a", "c"]), (.text("room"), []), (.containing("hall"), ["b"]),
            (.text("hall"), ["b"]),
            (.containing("bed%"), []), (.containing("\0"), []), (.containing(""), ["a", "b", "c"]),
        ] as [(Query.FilterValue, [String])] {
            var query = Query(House.rooms, under: house, limit: 9)
            query.filters = [("type", value)]
            let page = try store.page(query)
            #expect(try page.texts("name") == names)
            #expect(page.total == names.count)
        }
    }

    @Test func `The largest number is that of all rows, or of those of a parent`() throws {
        let (store, house) = try House.store([House.room("a", 7), House.room("b", 3)])
        try store.load([House.file(#"{"houses":[{"id":"i","rooms":[\#(House.room("c", 9))]},{"id":"j"}]}"#)])
        let empty = try #require(try store.find(House.houses, ["j"]))
        let largest = try store.write { rows in
            [
                try rows.largest("number", in: House.rooms), try rows.largest("number", in: House.rooms, under: house),
                try rows.largest("size.floor", in: House.rooms, under: house),
                try rows.largest("number", in: House.rooms, under: empty),
            ]
        }
        #expect(largest == [9, 7, 0, nil])
    }

    @Test func `Nothing is kept of the lists below rows that have gone`() throws {
        let (store, house) = try House.store([House.room("a", 1)])
        _ = try store.page(Query(House.rooms, under: house, limit: 1))
        for number in 0..<10 {
            let passing = try store.write { rows in
                try rows.insert(["id": .string("passing-\(number)")], into: House.houses, under: nil)
            }
            for type in ["hall", "kitchen"] {
                var query = Query(House.rooms, under: passing, limit: 1)
                query.filters = [("type", .text(type))]
                _ = try store.page(query)
            }
            #expect(store.database.listings.count == 3)
            try store.write { try $0.delete(passing, from: House.houses) }
            #expect(store.database.listings.count == 1)
        }
    }

    @Test func `Dropping a row drops everything below it`() throws {
        let (store, house) = try House.store([House.room("a", 1), House.room("b", 2)])
        try store.write { try $0.delete(house, from: House.houses) }
        #expect(try store.isEmpty)
        #expect(try store.documents(in: House.rooms).isEmpty)
    }
}
