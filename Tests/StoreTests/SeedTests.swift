import PatchbayJSON
import PatchbayStore
import Testing

/// Seed files are taken as a whole, or refused with file, place and reason.
@Suite struct SeedTests {
    static let good =
        #"{"$schema":"./x.json","houses":[{"id":"g","rooms":[\#(House.room("a", 1)),\#(House.room("b", 2))]},{"id":"i"}]}"#

    @Test func `Right files are loaded and their rows counted`() throws {
        let store = try Store([House.rooms])
        #expect(try store.isEmpty)
        #expect(try store.load([House.file(Self.good), House.file("{}"), House.file(#"{"houses":[]}"#)]) == 4)
        #expect(try !store.isEmpty)
        let counts = try store.counts(of: House.rooms, in: House.houses)
        #expect(counts.map(\.keys) == [["g"], ["i"]])
        #expect(counts.map(\.count) == [2, 0])
        let documents = try store.documents(in: House.rooms)
        #expect(documents.map(\.keys) == [["g", "a"], ["g", "b"]])
        #expect(
            documents.first?.document.description
                == #"{"name":"a","number":1,"type":"hall","created":"2026-01-02T03:04:05Z","size":{"floor":0}}"#
        )
        #expect(
            try store.documents(in: House.houses).map(\.document) == [
                ["id": "g", "colour": "white"], ["id": "i", "colour": "white"],
            ]
        )
    }

    static func house(_ rooms: String) -> String { #"{"houses":[{"id":"h","rooms":[\#(rooms)]}]}"# }

    /// A file's content and the one thing that is found in it.
    static let wrong: [(content: String, finding: String)] = [
        ("", "line 1, column 1: unexpected end of input"),
        ("{\n  \"houses\": [\n    nonsense", "line 3, column 5: expected a value"),
        ("{\"houses\":[],}", "line 1, column 13: trailing comma"),
        ("[]", "is an array where an object belongs"),
        ("7", "is a number where an object belongs"),
        ("null", "is null where an object belongs"),
        (#"{"house":[]}"#, #"/house is unknown here, did you mean "houses"?"#),
        (#"{"rooms":[]}"#, "/rooms is unknown here"),
        (#"{"a/b~c":[]}"#, "/a~1b~0c is unknown here"),
        (#"{"houses":{}}"#, "/houses is an object where an array of rows belongs"),
        (#"{"houses":null}"#, "/houses is null where an array of rows belongs"),
        (#"{"houses":[],"houses":[{"id":"h"}]}"#, "/houses stands here twice"),
        (#"{"houses":[7]}"#, "/houses/0 is a number where an object belongs"),
        (#"{"houses":[{"id":"h"},{}]}"#, #"/houses/1 has no member "id""#),
        (#"{"houses":[{"id":""}]}"#, #"/houses/0/id "" is not text that is not empty"#),
        // SQLite reads the text of a JSON string up to its first NUL.
        (#"{"houses":[{"id":"a\u0000b"}]}"#, "/houses/0/id holds a NUL character, which no key can"),
        (#"{"houses":[{"id":"h","color":"red"}]}"#, #"/houses/0/color is not a member here, did you mean "colour"?"#),
        (#"{"houses":[{"id":"h","id":"i"}]}"#, "/houses/0/id stands here twice"),
        (#"{"houses":[{"id":"h","rooms":"none"}]}"#, "/houses/0/rooms is text where an array of rows belongs"),
        (#"{"houses":[{"id":"h","rooms":[],"rooms":[]}]}"#, "/houses/0/rooms stands here twice"),
        (house(#"{"name":"a"}"#), #"/houses/0/rooms/0 has no member "number""#),
        (
            house(House.room("a", 1, type: "kitchn")),
            #"/houses/0/rooms/0/type "kitchn" is none of kitchen, bedroom, hall, did you mean "kitchen"?"#
        ),
        (house(House.room("a", 0)), "/houses/0/rooms/0/number 0 is not an integer from 1 to 1000000"),
        (
            house(House.room("a", 1) + "," + House.room("a", 2)),
            "/houses/0/rooms/1/name is the same as in another row of rooms"
        ),
        (
            house(House.room("a", 1) + "," + House.room("b", 1)),
            "/houses/0/rooms/1/number is the same as in another row of rooms"
        ),
        (
            house(#"{"name":"a","number":1,"type":"hall","created":"2026-01-02T03:04:05Z","size":{"floor":11}}"#),
            "/houses/0/rooms/0/size/floor 11 is not an integer from -10 to 10"
        ),
        (
            house(#"{"name":"a","number":1,"type":"hall","created":"2026-01-02T03:04:05Z","size":{"flor":1}}"#),
            #"/houses/0/rooms/0/size/flor is not a member here, did you mean "floor"?"#
        ),
        (
            #"{"houses":[{"id":"h"},{"id":"h","colour":"red"}]}"#,
            #"/houses/1/id "h" stands elsewhere with other members"#
        ),
    ]

    @Test(arguments: wrong)
    func `A wrong file is refused with place and reason, and nothing is loaded`(content: String, finding: String) throws
    {
        let store = try Store([House.rooms])
        #expect(try findings([House.file(content, name: "bad.json")], in: store) == ["bad.json: \(finding)"])
        #expect(
            try findings([House.file(Self.good), House.file(content, name: "bad.json")], in: store).first
                == "bad.json: \(finding)"
        )
        #expect(try store.isEmpty)
        try store.load([House.file(Self.good)])
        let before = try store.documents(in: House.rooms).map(\.document)
        #expect(try !findings([House.file(#"{"houses":[{"id":"new"}]}"#), House.file(content)], in: store).isEmpty)
        #expect(try store.documents(in: House.rooms).map(\.document) == before)
        #expect(try store.find(House.houses, ["new"]) == nil)
    }

    @Test(arguments: wrong)
    func `A wrong file is found without a store`(content: String, finding: String) {
        // What only shows beside other rows is found when they are added.
        guard !finding.contains("is the same as in another row"), !finding.contains("stands elsewhere") else { return }
        let error = #expect(throws: SeedError.self) {
            try Store.check([House.file(Self.good), House.file(content, name: "bad.json")])
        }
        #expect(error?.findings.map(\.description) == ["bad.json: \(finding)"])
        #expect(throws: Never.self) { try Store.check([House.file(Self.good), House.file("{}")]) }
    }

    @Test(arguments: [0xFF, 0xC0, 0x80])
    func `Bytes that are no UTF-8 are refused`(byte: UInt8) throws {
        let content = Array(#"{"houses":[{"id":""#.utf8) + [byte] + Array(#""}]}"#.utf8)
        let file = SeedFile(name: "f", collections: [House.houses], content: content)
        #expect(try findings([file]) == ["f: line 1, column 19: invalid UTF-8 in a string"])
    }

    @Test func `All findings of all files are told in order`() throws {
        let first = House.file(#"{"houses":[{"id":1},{"id":"h","rooms":[{},7]}]}"#, name: "1.json")
        let second = House.file("{", name: "2.json")
        #expect(
            try findings([first, second, House.file(Self.good)]) == [
                "1.json: /houses/0/id is a number where text that is not empty belongs",
                #"1.json: /houses/1/rooms/0 has no member "name""#,
                "1.json: /houses/1/rooms/1 is a number where an object belongs",
                "2.json: line 1, column 2: unexpected end of input",
            ]
        )
    }

    @Test(arguments: [
        #"{"houses":[\#(Array(repeating: "7", count: 50).joined(separator: ","))]}"#,
        house(Array(repeating: "7", count: 50).joined(separator: ",")),
        "{\((0..<50).map { #""n\#($0)":1"# }.joined(separator: ","))}",
        #"{"houses":[\#((0..<50).map { #"{"id":"h\#($0)","rooms":7}"# }.joined(separator: ","))]}"#,
    ])
    func `At most twenty findings are told`(content: String) throws {
        #expect(try findings([House.file(content)]).count == SeedError.mostFindings)
        #expect(try findings([House.file(content), House.file(content)]).count == SeedError.mostFindings)
        #expect(try findings([House.file("["), House.file(content)]).count == SeedError.mostFindings)
        #expect(SeedError.mostFindings == 20)
    }

    @Test func `A parent in two files with the same members is one row`() throws {
        let store = try Store([House.rooms])
        let first = House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("a", 1))]}]}"#)
        let second = House.file(#"{"houses":[{"rooms":[\#(House.room("b", 2))],"colour":"white","id":"h"}]}"#)
        #expect(try store.load([first, second]) == 3)
        #expect(try store.documents(in: House.rooms).map(\.keys) == [["h", "a"], ["h", "b"]])
    }

    @Test func `A parent in two files with other members is refused`() throws {
        let first = House.file(#"{"houses":[{"id":"h"}]}"#)
        let second = House.file(#"{"houses":[{"id":"h","colour":"red"}]}"#, name: "b.json")
        #expect(try findings([first, second]) == [#"b.json: /houses/0/id "h" stands elsewhere with other members"#])
    }

    @Test func `A row twice over two files is refused, and the same key below another parent is not`() throws {
        let file = House.file(Self.house(House.room("a", 1)))
        #expect(try findings([file, file]).count == 1)
        let other = House.file(#"{"houses":[{"id":"i","rooms":[\#(House.room("a", 1))]}]}"#)
        #expect(try findings([file, other]) == [])
    }

    @Test(arguments: ["ünïcödé", "e\u{301}", "\u{E9}", "a'b\"c", "a.b", "%", "漢字😀", " ", "x\ny"])
    func `Any key finds its row`(key: String) throws {
        let store = try Store([House.rooms])
        let document: JSON = [
            "houses": [["id": .string(key), "rooms": .array([try JSON(parsing: House.room(key, 1))])]]
        ]
        try store.load([House.file(document.text)])
        let room = try #require(try store.find(House.rooms, [key, key]))
        #expect(try store.document(House.rooms, room)?["name"] == .string(key))
        #expect(try store.counts(of: House.rooms, in: House.houses).first?.keys == [key])
        #expect(try store.find(House.rooms, [key, key + "x"]) == nil)
        #expect(try store.find(House.rooms, [key]) == nil)
    }

    @Test func `Keys that look alike are not the same`() throws {
        let keys = ["e\u{301}", "\u{E9}", "E", "e", "K", "\u{212A}", "a"]
        let store = try Store([House.rooms])
        let houses = keys.map { JSON.object(["id": .string($0)]) }
        try store.load([House.file(JSON.object(["houses": .array(houses)]).text)])
        let rows = try keys.map { try store.find(House.houses, [$0]) }
        #expect(Set(rows).count == keys.count)
    }

    @Test func `A JSON Schema tells the members, the rows below and the variants`() throws {
        let schema = SeedFile.schema(title: "T", collections: [House.houses, House.rooms])
        #expect(schema["title"] == "T")
        let house = try #require(schema[try JSON.Pointer(parsing: "/properties/houses/items")])
        #expect(house["required"] == ["id"])
        #expect(house["additionalProperties"] == false)
        #expect(house["properties"]?["colour"] == ["type": "string", "default": "white"])
        let room = try #require(house[try JSON.Pointer(parsing: "/properties/rooms/items")])
        #expect(room["required"] == ["name", "number", "type", "created"])
        #expect(room["properties"]?["type"] == ["enum": ["kitchen", "bedroom", "hall"]])
        #expect(room["properties"]?["number"] == ["type": "integer", "minimum": 1, "maximum": 1_000_000])
    }
}
