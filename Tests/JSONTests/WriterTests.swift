import PatchbayJSON
import SeededGenerator
import Testing

@Suite struct WriterTests {
    @Test(
        arguments: [
            (nil, "null"), (true, "true"), (false, "false"), (-7, "-7"), ([], "[]"), ([:], "{}"),
            ([1, "a", nil], #"[1,"a",null]"#), (["b": [1, 2], "a": ["c": false]], #"{"b":[1,2],"a":{"c":false}}"#),
            (.number(JSON.Number(.max as Int64)), "9223372036854775807"),
        ] as [(JSON, String)]
    )
    func `Compact text has no white space`(value: JSON, text: String) {
        #expect(value.text == text)
        #expect(value.compact() == Array(text.utf8))
    }

    @Test(arguments: [
        ("", #""""#), ("a\"b\\c", #""a\"b\\c""#), ("\u{8}\u{C}\n\r\t", #""\b\f\n\r\t""#),
        ("\0\u{1}\u{B}\u{1F}", #""\u0000\u0001\u000b\u001f""#), ("/&<>'", "\"/&<>'\""),
        ("é漢😀\u{2028}\u{7F}", "\"é漢😀\u{2028}\u{7F}\""),
        ("a long plain stretch\nand another", #""a long plain stretch\nand another""#),
    ])
    func `Only what has to be is escaped`(string: String, text: String) {
        var output: [UInt8] = Array("x".utf8)
        JSON.writeString(string, into: &output)
        #expect(String(decoding: output, as: UTF8.self) == "x" + text)
        #expect(JSON.string(string).text == text)
    }

    @Test(arguments: [UInt64.random(in: 0...UInt64.max)])
    func `Strings are written as byte after byte would be`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let characters: [Character] = ["a", "Z", "0", " ", "/", "\"", "\\", "\n", "\u{1}", "\u{1F}", "é", "漢", "😀"]
        let plain: [Character] = ["a", "Z", "0", " ", "/", "é", "漢", "😀"]
        for length in 0..<400 {
            let alphabet = Bool.random(using: &generator) ? plain : characters
            let string = String((0..<length % 40).map { _ in alphabet.randomElement(using: &generator) ?? "a" })
            var expected = Array("\"".utf8)
            for scalar in string.unicodeScalars {
                switch scalar {
                case "\"": expected += "\\\"".utf8
                case "\\": expected += "\\\\".utf8
                case "\n": expected += "\\n".utf8
                case "\u{1}": expected += "\\u0001".utf8
                case "\u{1F}": expected += "\\u001f".utf8
                default: expected += String(scalar).utf8
                }
            }
            expected += "\"".utf8
            #expect(JSON.string(string).compact() == expected, "seed \(seed)")
            let object = JSON.object(JSON.Object(members: [(name: string, value: nil), (name: "a", value: true)]))
            #expect(object.compact() == Array("{".utf8) + expected + #":null,"a":true}"#.utf8, "seed \(seed)")
        }
    }

    @Test(
        arguments: [
            (
                [
                    "links": [["href": "x", "rel": "self"]], "results": [], "totalCount": 0,
                ],
                """
                {
                  "links" : [ {
                    "href" : "x",
                    "rel" : "self"
                  } ],
                  "results" : [ ],
                  "totalCount" : 0
                }
                """
            ),
            ([:], "{ }"), ([], "[ ]"), (1, "1"), ([1, [2, 3], []], "[ 1, [ 2, 3 ], [ ] ]"),
            (
                [["a": [:]], ["b": ["c": "\n"]]],
                """
                [ {
                  "a" : { }
                }, {
                  "b" : {
                    "c" : "\\n"
                  }
                } ]
                """
            ),
        ] as [(JSON, String)]
    )
    func `Pretty text is laid out as Jackson lays it out`(value: JSON, text: String) throws {
        var output: [UInt8] = []
        value.writePretty(into: &output)
        #expect(String(decoding: output, as: UTF8.self) == text)
        #expect(try JSON(parsing: output) == value)
    }
}

@Suite struct RandomTests {
    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `Whatever is written reads back the same`(seed: UInt64) throws {
        print("round trip seed", seed)
        var random = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let value = random.json(depth: 4)
            let compact = value.compact()
            let read = try JSON(parsing: compact)
            var pretty: [UInt8] = []
            value.writePretty(into: &pretty)
            try #require(read == value)
            try #require(read.hashValue == value.hashValue)
            try #require(read.compact() == compact)
            try #require(JSON(parsing: pretty) == value)
        }
    }

    @Test(arguments: [1, UInt64.random(in: .min ... .max)])
    func `Damaged text parses or is refused inside its bounds`(seed: UInt64) throws {
        print("mutation seed", seed)
        var random = SeededGenerator(seed: seed)
        let marks = Array("\"\\{}[],:-0eE.tfnu/ \n".utf8)
        for _ in 0..<4000 {
            var bytes = random.json(depth: 3).compact()
            for _ in 0..<Int.random(in: 1...3, using: &random) where !bytes.isEmpty {
                let position = Int.random(in: bytes.indices, using: &random)
                switch UInt8.random(in: 0..<4, using: &random) {
                case 0: bytes[position] ^= 1 << UInt8.random(in: 0..<8, using: &random)
                case 1: bytes[position] = marks.randomElement(using: &random) ?? 0
                case 2: bytes.removeSubrange(position...)
                default: bytes.insert(.random(in: .min ... .max, using: &random), at: position)
                }
            }
            switch Result(catching: { () throws(JSON.ParseError) in try JSON(parsing: bytes) }) {
            case .success(let value): try #require(JSON(parsing: value.compact()) == value)
            case .failure(let error): try #require((0...bytes.count).contains(error.offset))
            }
        }
    }
}
