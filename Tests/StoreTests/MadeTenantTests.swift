import PatchbayJSON
import Testing

@testable import PatchbayStore

/// Tenants that are copies of others.
@Suite struct MadeTenantTests {
    private let store: Store
    private static let first = "11111111111111111111111a"
    private static let second = "22222222222222222222222b"
    private static let seed = """
        {"houses":[
          {"id":"\(first)","rooms":[\(House.room("one", 1)),\(House.room("of \(first)", 2, type: "kitchen"))]},
          {"id":"\(second)","colour":"red","rooms":[\(House.room("one", 3)),\(House.room("two", 4))]}
        ]}
        """

    init() throws {
        store = try Self.store()
    }

    private static func store(file: String? = nil) throws -> Store {
        let store = try Store([House.rooms], file: file)
        if try store.isEmpty { try store.load([House.file(seed)]) }
        return store
    }

    private static func tenant(_ label: String, from sources: [String] = [first]) -> MadeTenant {
        MadeTenant(label, Root(House.houses, label), from: sources, for: ["test"])
    }

    private static func content(_ store: Store, of house: String? = nil) throws -> [[String]] {
        try [House.houses, House.rooms].flatMap { collection in
            try store.documents(in: collection).filter { house == nil || $0.keys[0] == house }
                .map { $0.keys + [JSON.object($0.document).text] }
        }
    }

    /// The names of a house's rooms, and what lists show of them.
    private static func rooms(_ store: Store, of house: String) throws -> (names: [String], shown: [JSON]) {
        let row = try #require(try store.find(House.houses, [house]))
        var query = Query(House.rooms, under: row, limit: 100)
        let names = try store.page(query).texts("name")
        query.view = "short"
        return (names, try store.page(query).rows)
    }

    private static func add(_ name: String, _ number: Int, to house: String, in store: Store) throws {
        try store.write { rows in
            let parent = try #require(try rows.find(House.houses, [house]))
            let document = try #require(try JSON(parsing: House.room(name, number)).objectValue)
            try rows.insert(document, into: House.rooms, under: parent)
        }
    }

    @Test func `A copy has its source's rows, with its own identifier wherever the source's stands`() throws {
        #expect(try store.make([Self.tenant("t")]) == Making(rows: [3], hasReplaced: false))
        let (names, shown) = try Self.rooms(store, of: "t")
        #expect(names == ["one", "of t"])
        #expect(shown == [["t", "one"], ["t", "of t"]])
        #expect(try store.find(House.rooms, ["t", "of t"]) != nil)
        #expect(try store.find(House.rooms, ["t", "of \(Self.first)"]) == nil)
        #expect(try store.madeTenants() == [Self.tenant("t")])
    }

    @Test func `What happens to a copy happens to no other`() throws {
        try store.make([Self.tenant("t")])
        try store.make([Self.tenant("u")])
        let others = try Self.content(store, of: Self.first) + Self.content(store, of: "u")
        try Self.add("new", 9, to: "t", in: store)
        try store.write { rows in
            let one = try #require(try rows.find(House.rooms, ["t", "one"]))
            try rows.delete(one, from: House.rooms)
        }
        _ = try store.reset([Root(House.houses, "u")])
        #expect(try Self.rooms(store, of: "t").names == ["of t", "new"])
        #expect(try Self.content(store, of: Self.first) + Self.content(store, of: "u") == others)
    }

    @Test func `A copy goes back to what it was when it was made`() throws {
        try store.make([Self.tenant("t")])
        let made = try Self.content(store, of: "t")
        try Self.add("new", 9, to: "t", in: store)
        try store.write { rows in
            let house = try #require(try rows.find(House.houses, ["t"]))
            try rows.update(house, in: House.houses, to: ["id": "t", "colour": "green"])
        }
        let reset = try store.reset([Root(House.houses, "t")])
        #expect(
            reset.reversals == [Reversal(collection: "houses", reverted: 1), Reversal(collection: "rooms", removed: 1)]
        )
        #expect(try Self.content(store, of: "t") == made)
    }

    @Test func `A copy is of what its source goes back to, whatever became of that`() throws {
        try store.make([Self.tenant("t")])
        let made = try Self.content(store, of: "t")
        let shown = try Self.rooms(store, of: "t").shown
        _ = try store.dropTenants("t")
        try Self.add("late", 8, to: Self.first, in: store)
        try store.write { rows in
            let one = try #require(try rows.find(House.rooms, [Self.first, "one"]))
            try rows.delete(one, from: House.rooms)
            let other = try #require(try rows.find(House.rooms, [Self.first, "of \(Self.first)"]))
            let document = try #require(try JSON(parsing: House.room("one", 7)).objectValue)
            try rows.update(other, in: House.rooms, to: document)
            let house = try #require(try rows.find(House.houses, [Self.first]))
            try rows.update(house, in: House.houses, to: ["id": .string(Self.first), "colour": "green"])
        }
        let source = try Self.content(store, of: Self.first)
        #expect(try store.make([Self.tenant("t")]) == Making(rows: [3], hasReplaced: false))
        #expect(try Self.content(store, of: "t") == made)
        #expect(try Self.rooms(store, of: "t").shown == shown)
        #expect(try store.reset([Root(House.houses, "t")]) == Reset())
        #expect(try Self.content(store, of: Self.first) == source)
        #expect(try store.make([Self.tenant("u", from: [Self.second, Self.first])]).rows == [4])
    }

    @Test func `A source that is gone is copied as it would come back`() throws {
        try store.write { rows in
            let house = try #require(try rows.find(House.houses, [Self.first]))
            try rows.delete(house, from: House.houses)
        }
        #expect(try store.canCopy(House.houses, Self.first))
        #expect(try !store.canCopy(House.houses, "nobody"))
        #expect(try store.make([Self.tenant("t")]) == Making(rows: [3], hasReplaced: false))
        #expect(try Self.rooms(store, of: "t").names == ["one", "of t"])
        #expect(try store.reset().dropped == [Self.tenant("t")])
        #expect(try Self.rooms(store, of: Self.first).names.first == "one")
    }

    @Test func `A source that came since goes back to nothing, and is copied as it is`() throws {
        try store.write { rows in
            let house = try rows.insert(["id": "new", "colour": "white"], into: House.houses, under: nil)
            let document = try #require(try JSON(parsing: House.room("only", 9)).objectValue)
            try rows.insert(document, into: House.rooms, under: house)
        }
        #expect(try store.canCopy(House.houses, "new"))
        #expect(try store.make([Self.tenant("t", from: ["new"])]).rows == [2])
        #expect(try Self.rooms(store, of: "t").names == ["only"])
    }

    @Test func `A copy of a copy is of what that was made as`() throws {
        try store.make([Self.tenant("t")])
        let made = try Self.rooms(store, of: "t").names.count
        try Self.add("new", 9, to: "t", in: store)
        #expect(try store.make([Self.tenant("u", from: ["t"])]).rows == [made + 1])
    }

    @Test func `Back to the seeds, copies are gone, and the answer names them`() throws {
        let seeds = try Self.content(store)
        try store.make([Self.tenant("u")])
        try store.make([Self.tenant("t")])
        try Self.add("new", 9, to: "t", in: store)
        try Self.add("new", 9, to: Self.second, in: store)
        let reset = try store.reset()
        #expect(
            reset
                == Reset(
                    reversals: [Reversal(collection: "rooms", removed: 1)],
                    dropped: [Self.tenant("t"), Self.tenant("u")]
                )
        )
        #expect(try Self.content(store) == seeds)
        #expect(try store.madeTenants().isEmpty)
        #expect(try store.reset() == Reset())
    }

    @Test func `Several sources become one, and the first comes first`() throws {
        let making = try store.make([Self.tenant("t", from: [Self.second, Self.first])])
        #expect(making.rows == [4])
        #expect(try Self.rooms(store, of: "t").names == ["of t", "one", "two"])
        let house = try #require(try store.find(House.houses, ["t"]))
        #expect(try store.document(House.houses, house)?["colour"] == "red")
    }

    @Test func `Making it again makes it anew, whatever it was made of`() throws {
        try store.make([Self.tenant("t")])
        try Self.add("new", 9, to: "t", in: store)
        #expect(try store.make([Self.tenant("t", from: [Self.second])]) == Making(rows: [3], hasReplaced: true))
        #expect(try Self.rooms(store, of: "t").names == ["one", "two"])
        #expect(try store.reset([Root(House.houses, "t")]) == Reset())
        #expect(try store.madeTenants() == [Self.tenant("t", from: [Self.second])])
    }

    @Test func `What was dropped is gone, and leaves nothing behind`() throws {
        let seeds = try Self.content(store)
        try store.make([Self.tenant("t")])
        try Self.add("new", 9, to: "t", in: store)
        let dropped = try store.dropTenants("t")
        #expect(dropped.tenants == [Self.tenant("t")])
        #expect(
            dropped.removed == [Reversal(collection: "houses", removed: 1), Reversal(collection: "rooms", removed: 3)]
        )
        #expect(try Self.content(store) == seeds)
        #expect(try store.reset() == Reset())
        #expect(try store.dropTenants("t").tenants.isEmpty)
        #expect(try store.make([Self.tenant("t")]) == Making(rows: [3], hasReplaced: false))
    }

    @Test func `What cannot be made leaves everything as it was`() throws {
        try store.make([Self.tenant("t")])
        let before = try Self.content(store)
        #expect(throws: TenantRefusal.taken(Root(House.houses, Self.first))) {
            try store.make([MadeTenant("t", Root(House.houses, Self.first), from: [Self.second], for: [])])
        }
        #expect(throws: TenantRefusal.noSource(Root(House.houses, "nobody"))) {
            try store.make([Self.tenant("t", from: [Self.first, "nobody"])])
        }
        #expect(throws: TenantRefusal.taken(Root(House.houses, "t"))) {
            try store.make([MadeTenant("other", Root(House.houses, "t"), from: [Self.first], for: [])])
        }
        #expect(throws: Violation.self) { try store.make([Self.tenant("")]) }
        #expect(try Self.content(store) == before)
        #expect(try store.madeTenants() == [Self.tenant("t")])
    }

    @Test func `One that is there is not made again`() throws {
        #expect(try store.makeIfMissing(Self.tenant("t")))
        #expect(try !store.makeIfMissing(Self.tenant("t")))
        #expect(try !store.makeIfMissing(MadeTenant("x", Root(House.houses, Self.first), from: [Self.second], for: [])))
    }

    @Test func `A file keeps what was made, and what it goes back to`() throws {
        let folder = try Scratch()
        do {
            let store = try Self.store(file: folder.path("store.db"))
            try store.make([Self.tenant("t")])
            try Self.add("new", 9, to: "t", in: store)
            try store.checkpoint()
        }
        let store = try Self.store(file: folder.path("store.db"))
        #expect(try store.madeTenants() == [Self.tenant("t")])
        #expect(try store.reset([Root(House.houses, "t")]).reversals == [Reversal(collection: "rooms", removed: 1)])
        #expect(try store.reset().dropped == [Self.tenant("t")])
    }

    @Test func `No row gets a number that another one had`() throws {
        try store.make([Self.tenant("t")])
        let first = try #require(try store.find(House.rooms, ["t", "one"]))
        _ = try store.dropTenants("t")
        try Self.add("new", 9, to: Self.second, in: store)
        try store.make([Self.tenant("t")])
        let again = try #require(try store.find(House.rooms, ["t", "one"]))
        let new = try #require(try store.find(House.rooms, [Self.second, "new"]))
        #expect(new.number > first.number)
        #expect(again.number > new.number)
    }

    @Test func `A first write that is taken back does not keep the later ones from being kept in mind`() throws {
        struct TakenBack: Error {}
        #expect(throws: TakenBack.self) { try store.write { _ in throw TakenBack() } }
        try Self.add("new", 9, to: Self.first, in: store)
        #expect(try store.reset().reversals == [Reversal(collection: "rooms", removed: 1)])
    }
}
