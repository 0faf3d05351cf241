import PatchbayJSON
import Testing

@Suite struct ValueTests {
    @Test(
        arguments: [
            ("12", 12), ("-0", 0), ("9223372036854775807", .max), ("-9223372036854775808", .min),
            ("9223372036854775808", nil), ("1.0", nil), ("1e2", nil),
        ] as [(String, Int64?)]
    )
    func `An integer is one by its text`(text: String, value: Int64?) throws {
        #expect(try JSON(parsing: text).int64Value == value)
    }

    @Test(arguments: [
        ("1.0", true), ("-1e-9", true), ("01", false), (" 1", false), ("+1", false), ("", false), ("[]", false),
    ])
    func `A number can be made of any text the grammar allows`(text: String, isNumber: Bool) {
        #expect((JSON.Number(text: text)?.text == text) == isNumber)
    }

    @Test func `Numbers come from and go to doubles when finite`() {
        #expect(JSON.Number(2.5)?.text == "2.5")
        #expect(JSON.Number(.infinity) == nil)
        #expect(JSON.Number(.nan) == nil)
        #expect(JSON.Number(text: "1e400")?.double == nil)
        #expect(JSON.Number(text: "-1.5e1")?.double == -15)
    }

    @Test func `Accessors answer for their own kind only`() {
        let value: JSON = ["n": nil, "b": true, "i": 1, "s": "x", "a": [1, 2], "o": [:]]
        #expect(value["n"]?.isNull == true)
        #expect(value["b"]?.boolValue == true)
        #expect(value["i"]?.int64Value == 1)
        #expect(value["s"]?.stringValue == "x")
        #expect(value["a"]?.arrayValue == [1, 2])
        #expect(value["o"]?.objectValue == [:])
        #expect(value["a"]?[1] == 2)
        #expect(value["a"]?[2] == nil)
        #expect(value["a"]?[-1] == nil)
        #expect(value["absent"] == nil)
        #expect(value["n"] != nil)
        #expect(value[0] == nil)
        #expect(value["s"]?.int64Value == nil)
        #expect(value["i"]?.stringValue == nil)
        #expect(value["o"]?.isNull == false)
    }

    @Test func `Equality is equality of text`() throws {
        #expect(try JSON(parsing: "1") != JSON(parsing: "1.0"))
        #expect(["a": 1, "b": 2] as JSON != ["b": 2, "a": 1])
        #expect("\u{E9}" as JSON != "e\u{301}")
        #expect([["a": 1]] as JSON == [["a": 1]])
    }

    @Test func `Sorting by name is deep, bytewise and keeps duplicates in order`() throws {
        let value = try JSON(parsing: #"{"b":[{"d":1,"c":2}],"é":3,"a":4,"Z":5,"b":6}"#)
        #expect(value.sortedByName().text == #"{"Z":5,"a":4,"b":[{"c":2,"d":1}],"b":6,"é":3}"#)
    }
}

@Suite struct ObjectTests {
    @Test func `Setting replaces in place, appends or removes`() {
        var object: JSON.Object = ["a": 1, "b": 2, "c": 3]
        object["b"] = "x"
        object["d"] = nil
        object["e"] = .null
        object["a"] = nil
        #expect(object.description == #"{"b":"x","c":3,"e":null}"#)
        #expect(object.keys == ["b", "c", "e"])
        #expect(object.map(\.name) == object.keys)
        #expect(object.count == 3)
        #expect(JSON.Object().isEmpty)
    }

    @Test(arguments: [("x", #"{"b":0,"a":"x","c":0}"#), (nil, #"{"b":0,"c":0}"#)] as [(JSON?, String)])
    func `The first of duplicates answers and setting leaves no others`(value: JSON?, text: String) throws {
        var object = try #require(JSON(parsing: #"{"b":0,"a":1,"a":2,"c":0,"a":3}"#).objectValue)
        #expect(object["a"] == 1)
        #expect(object.duplicateNames == ["a"])
        object["a"] = value
        #expect(object.description == text)
        #expect(object.duplicateNames.isEmpty)
    }

    @Test func `Names are compared by code unit`() throws {
        let object: JSON.Object = ["\u{E9}": 1, "e\u{301}": 2]
        #expect(object["\u{E9}"] == 1)
        #expect(object["e\u{301}"] == 2)
        #expect(object.duplicateNames.isEmpty)
    }

    @Test func `Objects are made of pairs and of other objects' members`() {
        let object = JSON.Object([("a", 1), ("b", 2)])
        #expect(object == ["a": 1, "b": 2])
        #expect(JSON.Object(members: object.filter { $0.name == "b" }) == ["b": 2])
        #expect(object != ["a": 1])
    }

    @Test func `Duplicates in a wide object are found quickly`() {
        let object = JSON.Object((0..<50_000).map { ("n\($0 % 49_998)", 0) })
        #expect(object.duplicateNames == ["n0", "n1"])
    }
}

@Suite struct PointerTests {
    /// The document and the answers of RFC 6901 section 5.
    @Test(
        arguments: [
            ("/foo", ["bar", "baz"]), ("/foo/0", "bar"), ("/", 0), ("/a~1b", 1), ("/c%d", 2), ("/e^f", 3), ("/g|h", 4),
            ("/i\\j", 5), ("/k\"l", 6), ("/ ", 7), ("/m~0n", 8), ("/foo/2", nil), ("/foo/-", nil), ("/foo/01", nil),
            ("/foo/+1", nil), ("/foo/", nil), ("/foo/0/x", nil), ("/nothing", nil), ("/foo/99999999999999999999", nil),
        ] as [(String, JSON?)]
    )
    func `A pointer leads to its value`(text: String, value: JSON?) throws {
        let document: JSON = [
            "foo": ["bar", "baz"], "": 0, "a/b": 1, "c%d": 2, "e^f": 3, "g|h": 4, "i\\j": 5, "k\"l": 6, " ": 7,
            "m~n": 8,
        ]
        let pointer = try JSON.Pointer(parsing: text)
        #expect(document[pointer] == value)
        #expect(pointer.description == text)
        #expect(document[JSON.Pointer()] == document)
    }

    @Test func `A pointer is built step by step`() throws {
        let pointer = JSON.Pointer().appending("a").appending("b/c").appending(0).appending("~1é")
        #expect(pointer.description == "/a/b~1c/0/~01é")
        #expect(try JSON.Pointer(parsing: pointer.description) == pointer)
        #expect(try JSON.Pointer(parsing: "").tokens.isEmpty)
        #expect(try JSON.Pointer(parsing: "/").tokens == [""])
    }

    @Test(arguments: [
        ("a", 0, "expected a slash"), ("/a~", 3, "expected 0 or 1 after a tilde"),
        ("/~2", 2, "expected 0 or 1 after a tilde"),
    ])
    func `A broken pointer is refused with place and reason`(text: String, offset: Int, reason: String) {
        let error = #expect(throws: JSON.ParseError.self) { try JSON.Pointer(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.reason == reason)
    }
}
