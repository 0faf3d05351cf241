import PatchbayJSON
import Testing

@testable import PatchbayStore

/// What is made of a declaration.
@Suite struct CollectionTests {
    @Test func `The lineage begins at the root, and a store adds the parents`() throws {
        #expect(House.rooms.lineage.map(\.name) == ["houses", "rooms"])
        #expect(try Store([House.rooms]).collections.map(\.name) == ["houses", "rooms"])
        #expect(try Store([House.rooms, House.houses, House.rooms]).collections.count == 2)
    }

    @Test func `Keys and unique members have a unique index, orders and filters one that ends in a tie-breaker`() {
        let schema = House.rooms.schema
        for index in [
            #"UNIQUE INDEX test_rooms_unique0 ON test_rooms (parent, "name")"#,
            #"UNIQUE INDEX test_rooms_unique1 ON test_rooms (parent, "number")"#,
            #"INDEX test_rooms_order0 ON test_rooms (parent, "created", "number")"#,
            #"INDEX test_rooms_filter0 ON test_rooms (parent, "type", "created", "number")"#,
            #"INDEX test_rooms_filter1 ON test_rooms (parent, "size.floor", "created", "number")"#,
        ] {
            #expect(schema.contains(index))
        }
        let pairs = Collection("pairs", in: "test", key: "id", members: [], uniqueTogether: [["a", "b"]]).schema
        #expect(pairs.contains(#"UNIQUE INDEX test_pairs_unique1 ON test_pairs (parent, "a", "b")"#))
        // The order by the key alone is the unique index itself.
        #expect(!schema.contains("test_rooms_order1"))
        #expect(House.houses.orders.isEmpty)
        #expect(!House.houses.schema.contains("_order"))
    }

    @Test(arguments: [
        ("created", Query.Direction.ascending, nil, "test_rooms_order0"),
        ("created", .descending, nil, "test_rooms_order0"),
        ("name", .ascending, nil, "test_rooms_unique0"), ("created", .descending, "type", "test_rooms_filter0"),
        ("created", .ascending, "size.floor", "test_rooms_filter1"),
    ])
    func `A page is read along an index, without sorting`(
        order: String,
        direction: Query.Direction,
        filter: String?,
        index: String
    ) throws {
        let connection = try Connection(location: ":memory:", readOnly: false)
        for collection in House.rooms.lineage { try connection.execute(collection.schema) }
        let members = try #require(House.rooms.orders.first { $0.members.first == order }?.members)
        let sorting = members.map { "\"\($0)\"" + (direction == .ascending ? "" : " DESC") }.joined(separator: ", ")
        let condition = filter.map { " AND \"\($0)\" = ?2" } ?? ""
        let plan = try connection.statement(
            "EXPLAIN QUERY PLAN SELECT document FROM test_rooms WHERE parent = ?1\(condition) ORDER BY \(sorting) LIMIT 5"
        )
        var steps: [String] = []
        while try plan.step() { steps.append(plan.text(3) ?? "") }
        #expect(steps.count == 1)
        #expect(steps.first?.contains("USING INDEX \(index) ") == true)
    }

    @Test func `The value of a member decides about further members`() throws {
        let shapes = Collection(
            "shapes",
            in: "test",
            key: "id",
            members: [Member("id", .text(.any)), Member("kind", .choice(["disc", "box"]))],
            variants: .init(
                by: "kind",
                [
                    ("disc", [Member("radius", .integer(0...9))]),
                    ("box", [Member("width", .integer(0...9)), Member("kind", .choice(["disc", "box"]))]),
                ],
            ),
        ) { $0["radius"]?.int64Value == 0 ? Violation(at: JSON.Pointer(["radius"]), "is nothing") : nil }
        let load = { (row: String) in
            let content = Array("{\"shapes\":[\(row)]}".utf8)
            return try findings([SeedFile(name: "f", collections: [shapes], content: content)], in: Store([shapes]))
        }
        #expect(try load(#"{"id":"a","kind":"disc","radius":1}"#) == [])
        #expect(try load(#"{"id":"a","kind":"box","width":1}"#) == [])
        #expect(try load(#"{"id":"a","kind":"box","radius":1}"#) == ["f: /shapes/0/radius is not a member here"])
        #expect(try load(#"{"id":"a","kind":"disc","radius":0}"#) == ["f: /shapes/0/radius is nothing"])
        #expect(try load(#"{"id":"a","radius":1}"#) == [#"f: /shapes/0 has no member "kind""#])
        #expect(
            try load(#"{"id":"a","kind":"bx"}"#) == [
                #"f: /shapes/0/kind "bx" is none of disc, box, did you mean "box"?"#
            ]
        )
    }

    @Test func `A deciding member with a standard value may be left out`() throws {
        let kind = Member("kind", .choice(["disc", "box"]), .standard("box"))
        let shapes = Collection(
            "shapes",
            in: "test",
            key: "id",
            members: [Member("id", .text(.any)), kind],
            variants: .init(
                by: "kind",
                [("disc", [Member("radius", .integer(0...9))]), ("box", [Member("width", .integer(0...9)), kind])],
            ),
            filters: ["kind"],
        )
        let load = { (row: String, store: Store) in
            try findings(
                [SeedFile(name: "f", collections: [shapes], content: Array("{\"shapes\":[\(row)]}".utf8))],
                in: store
            )
        }
        let store = try Store([shapes])
        #expect(try load(#"{"id":"a","width":1},{"id":"b","kind":"disc","radius":2}"#, store) == [])
        #expect(
            try store.documents(in: shapes).map(\.document) == [
                ["id": "a", "width": 1, "kind": "box"], ["id": "b", "kind": "disc", "radius": 2],
            ]
        )
        #expect(try load(#"{"id":"c","radius":1}"#, store) == ["f: /shapes/0/radius is not a member here"])
        #expect(try load(#"{"id":"c","kind":null,"width":1}"#, store).count == 1)
        #expect(try load(#"{"id":"c"}"#, store) == [#"f: /shapes/0 has no member "width""#])
    }

    @Test func `An API may write what no seed may hold`() throws {
        let name = { (pattern: String) in Member.TextForm(pattern) { $0.allSatisfy(pattern.contains) } }
        let things = Collection(
            "things",
            in: "test",
            key: "name",
            members: [Member("name", .text(name("ab")))],
            written: [Member("name", .text(name("abAB")))],
        )
        #expect(try things.checked(["name": "AB"], as: .written) == ["name": "AB"])
        #expect(throws: Violation.self) { try things.checked(["name": "AB"]) }
        #expect(throws: Violation.self) { try things.checked(["name": "C"], as: .written) }
    }

    @Test func `What is secret is withheld, where it is there`() {
        let things = Collection("things", in: "test", key: "name", members: [], secrets: ["key", "inner.key"])
        let document: JSON.Object = ["name": "x", "key": "s", "inner": ["key": ["s"], "other": 1]]
        let shown: JSON.Object = ["name": "x", "key": "<withheld>", "inner": ["key": "<withheld>", "other": 1]]
        #expect(things.withoutSecrets(document) == shown)
        #expect(things.withoutSecrets(["name": "x"]) == ["name": "x"])
    }
}
