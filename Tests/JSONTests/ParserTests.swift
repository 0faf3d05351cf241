import PatchbayJSON
import Testing

@Suite struct ParserTests {
    @Test(
        arguments: [
            ("null", nil), (" true\r\n\t ", true), ("false", false), ("0", 0), ("-12", -12), ("\"\"", ""),
            ("[]", []), ("[ ]", []), ("{}", [:]), ("{ }", [:]), ("[1, [2],{}]", [1, [2], [:]]),
            (#"{"b":1,"a":{"c":null}}"#, ["b": 1, "a": ["c": nil]]),
        ] as [(String, JSON)]
    )
    func `A text becomes its value`(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(arguments: [
        (#""a\"b\\c\/d""#, "a\"b\\c/d"), (#""\b\f\n\r\t""#, "\u{8}\u{C}\n\r\t"),
        (#""\u0041\u00e9\u00E9\u20ac""#, "Aéé€"),
        (#""\ud83d\ude00!""#, "😀!"), (#""\udbff\udfff""#, "\u{10FFFF}"), (#""x\u0000y""#, "x\0y"),
        ("\"naïve — 漢字 😀, long enough for a word\"", "naïve — 漢字 😀, long enough for a word"),
        (#""é\né""#, "é\né"), ("\"\u{7F}\"", "\u{7F}"),
    ])
    func `A string is unescaped`(text: String, string: String) throws {
        #expect(try JSON(parsing: text).stringValue == string)
    }

    @Test(arguments: [
        "0", "-0", "1.0", "1.50", "1e5", "1E+05", "-1.2e-3", "422321321312321321", "123456789012345678901",
    ])
    func `A number keeps its text`(text: String) throws {
        #expect(try JSON(parsing: text).numberValue?.text == text)
        #expect(try JSON(parsing: "[\(text)]").text == "[\(text)]")
    }

    @Test(arguments: [
        ("", 0, "unexpected end of input"), ("  ", 2, "unexpected end of input"), ("[1", 2, "unexpected end of input"),
        ("{\"a\"", 4, "unexpected end of input"), ("{\"a\":", 5, "unexpected end of input"),
        ("tru", 3, "unexpected end of input"), ("-", 1, "unexpected end of input"),
        ("1.", 2, "unexpected end of input"),
        ("[", 1, "unexpected end of input"), ("{", 1, "unexpected end of input"), ("[1,", 3, "unexpected end of input"),
        ("nul!", 0, "expected a value"), ("NaN", 0, "expected a value"), ("+1", 0, "expected a value"),
        (".5", 0, "expected a value"), ("'a'", 0, "expected a value"), ("[,1]", 1, "expected a value"),
        ("// x\n1", 0, "expected a value"), ("\u{C}1", 0, "expected a value"), ("]", 0, "expected a value"),
        ("[1,]", 2, "trailing comma"), ("[1 , ]", 3, "trailing comma"), ("{\"a\":1,}", 6, "trailing comma"),
        ("[1 2]", 3, "expected a comma or a closing bracket"), ("[1}", 2, "expected a comma or a closing bracket"),
        ("{\"a\":1]", 6, "expected a comma or a closing brace"),
        ("{\"a\":1 \"b\"", 7, "expected a comma or a closing brace"),
        ("{a:1}", 1, "expected a member name in double quotes"),
        ("{\"a\" 1}", 5, "expected a colon after the member name"),
        ("01", 0, "leading zero in a number"), ("-00.5", 1, "leading zero in a number"),
        ("-a", 1, "expected a digit"), ("1.e5", 2, "expected a digit"), ("1e+x", 3, "expected a digit"),
        ("1 2", 2, "unexpected text after the value"), ("nullx", 4, "unexpected text after the value"),
        ("[]]", 2, "unexpected text after the value"), ("1\0", 1, "unexpected text after the value"),
        ("\"abc", 0, "unterminated string"), ("\"abc\\", 0, "unterminated string"),
        ("[\"a\\n", 1, "unterminated string"),
        ("\"a\nb\"", 2, "control character in a string (has to be escaped)"),
        ("\"\\n\u{1F}\"", 3, "control character in a string (has to be escaped)"),
        ("\"\\x\"", 1, "unknown escape in a string"), ("\"\\U0041\"", 1, "unknown escape in a string"),
        ("\"\\u12\"", 1, "expected four hexadecimal digits after \\u"),
        ("\"\\u12g4\"", 1, "expected four hexadecimal digits after \\u"),
        ("\"\\ud800\"", 1, "lone surrogate in a string"), ("\"\\udc00x\"", 1, "lone surrogate in a string"),
        ("\"\\ud800\\u0041\"", 1, "lone surrogate in a string"), ("\"\\ud800\\n\"", 1, "lone surrogate in a string"),
        ("\u{FEFF}1", 0, "byte order mark before the value (RFC 8259 section 8.1 forbids it)"),
    ])
    func `A broken text is refused with place and reason`(text: String, offset: Int, reason: String) {
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: text) }
        #expect(error?.offset == offset)
        #expect(error?.reason == reason)
    }

    @Test(
        arguments: [
            ([0x80], 1), ([0x41, 0xC3], 2), ([0xC0, 0x80], 1), ([0xED, 0xA0, 0x80], 1), ([0xF4, 0x90, 0x80, 0x80], 1),
            ([0xC3, 0xA9, 0xFF], 3), ([0x5C, 0x6E, 0xC3, 0xA9, 0xE2, 0x82], 5), ([0xFF, 0x5C, 0x6E], 1),
        ] as [([UInt8], Int)]
    )
    func `Invalid UTF-8 is refused at its offset`(content: [UInt8], offset: Int) {
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: [0x22] + content + [0x22]) }
        #expect(error?.offset == offset)
        #expect(error?.reason == "invalid UTF-8 in a string")
    }

    @Test func `Line and column are counted in bytes from one`() {
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: "{\n  \"é\": 1,\n  \"é\": x\n}") }
        #expect(error == JSON.ParseError(offset: 21, line: 3, column: 9, reason: "expected a value"))
        #expect(error?.description == "line 3, column 9: expected a value")
    }

    @Test func `Bytes, buffers, spans and strings parse alike`() throws {
        let text = #"{"a":[1,"é"]}"#
        let bytes = Array(text.utf8)
        let value = try JSON(parsing: text)
        #expect(try JSON(parsing: bytes) == value)
        #expect(try JSON(parsing: bytes.span) == value)
        #expect(try bytes.withUnsafeBufferPointer { try JSON(parsing: $0) } == value)
        #expect(throws: JSON.ParseError.self) { try JSON(parsing: UnsafeBufferPointer(start: nil, count: 0)) }
    }

    @Test func `A special byte is found at every distance from the start`() throws {
        for length in 0..<40 {
            let plain = String(repeating: "x", count: length)
            #expect(try JSON(parsing: "\"\(plain)\"").stringValue == plain)
            #expect(try JSON(parsing: "\"\(plain)\\n\(plain)\"").stringValue == "\(plain)\n\(plain)")
            #expect(try JSON(parsing: "\"\(plain)é\(plain)\"").stringValue == "\(plain)é\(plain)")
            #expect(throws: JSON.ParseError.self) { try JSON(parsing: "\"\(plain)\u{1F}\(plain)\"") }
        }
    }
}

@Suite struct NestingTests {
    static func nested(_ depth: Int, _ open: String, _ close: String) -> String {
        String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
    }

    @Test(arguments: [("[", "]"), ("{\"a\":", "}"), ("[{\"a\":", "}]")])
    func `The deepest value can be read, written, hashed and released`(open: String, close: String) throws {
        let depth = JSON.Limits.deepest / (open.hasPrefix("[{") ? 2 : 1)
        let text = Self.nested(depth, open, close)
        let value = try JSON(parsing: text)
        #expect(value.text == text)
        #expect(value.hashValue == value.sortedByName().hashValue)
        var pretty: [UInt8] = []
        value.writePretty(into: &pretty)
        #expect(try JSON(parsing: pretty) == value)
    }

    @Test(arguments: [513, 100_000], [("[", "]"), ("{\"a\":", "}")])
    func `Deeper is refused`(depth: Int, brackets: (String, String)) {
        let text = Self.nested(depth, brackets.0, brackets.1)
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: text) }
        #expect(error?.reason == "nesting deeper than 512")
        #expect(error?.offset == 512 * brackets.0.utf8.count)
    }

    @Test func `The limit can be lowered but not raised`() throws {
        #expect(JSON.Limits(depth: 1_000_000) == .default)
        #expect(try JSON(parsing: "[[]]", limits: JSON.Limits(depth: 2)) == [[]])
        let error = #expect(throws: JSON.ParseError.self) { try JSON(parsing: "[[]]", limits: JSON.Limits(depth: 1)) }
        #expect(error?.description == "line 1, column 2: nesting deeper than 1")
        #expect(try JSON(parsing: "1", limits: JSON.Limits(depth: -1)) == 1)
    }

    @Test func `Siblings do not count as nesting`() throws {
        let text = "[" + Array(repeating: "[{}]", count: 2000).joined(separator: ",") + "]"
        #expect(try JSON(parsing: text).arrayValue?.count == 2000)
    }
}
