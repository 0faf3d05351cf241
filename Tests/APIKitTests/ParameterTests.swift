import PatchbayHTTP
import PatchbayStore
import Testing

@testable import PatchbayAPIKit

/// What query parameters take, and what becomes of the rest.
@Suite struct ParameterTests {
    /// The value of a text, or the reason why it is none.
    private func read<Value>(_ parameter: Parameter<Value>, _ text: String) -> String {
        do throws(Parameter<Value>.Refusal) {
            return "\(try parameter.read(PercentEncoded(text, plusIsBlank: true)))"
        } catch {
            return error.reason
        }
    }

    @Test(
        arguments: [
            ("0", 0, 0, 0), ("7", 7, 7, 7), ("007", 7, 7, 7), ("-0", nil, nil, 0), ("-1", nil, nil, -1),
            ("2147483647", 2_147_483_647, 2_147_483_647, 2_147_483_647),
            ("2147483648", nil, 2_147_483_648, 2_147_483_648),
            ("9223372036854775807", nil, .max, .max), ("9223372036854775808", nil, nil, nil),
            ("-9223372036854775808", nil, nil, .min), ("-9223372036854775809", nil, nil, nil),
            ("00000000000000000000000000000007", 7, 7, 7), ("", nil, nil, nil), ("-", nil, nil, nil),
            ("--1", nil, nil, nil),
            ("%2B1", nil, nil, nil), ("+1", nil, nil, nil), ("1+", nil, nil, nil), ("%201", nil, nil, nil),
            ("1%0A", nil, nil, nil),
            ("1.0", nil, nil, nil), ("1e1", nil, nil, nil), ("0x1", nil, nil, nil), ("1_0", nil, nil, nil),
            ("1,0", nil, nil, nil),
            ("%D9%A1", nil, nil, nil), ("%EF%BC%91", nil, nil, nil), ("1%CC%81", nil, nil, nil),
            ("1%00", nil, nil, nil),
            ("%31", 1, 1, 1), ("%E2%88%921", nil, nil, nil), ("1%", nil, nil, nil),
        ] as [(String, Int64?, Int64?, Int64?)]
    )
    func `An integer is one by its form`(text: String, digits32: Int64?, digits64: Int64?, signed64: Int64?) {
        let encoded = PercentEncoded(text, plusIsBlank: true).text
        #expect(IntegerForm.digits32.integer(encoded) == digits32)
        #expect(IntegerForm.digits64.integer(encoded) == digits64)
        #expect(IntegerForm.signed64.integer(encoded) == signed64)
        let parameter = Parameter<Int64?>.integer("n", form: .signed64)
        let isTooLarge = ["9223372036854775808", "-9223372036854775809"].contains(text)
        let reason = isTooLarge ? "must be an integer of 64 bits" : "must be an integer"
        #expect(read(parameter, text) == (signed64.map { "Optional(\($0))" } ?? reason))
    }

    @Test(arguments: [
        ("0", "must be 1 … 100", "1", "must be 1 … 100", "1"), ("1", "1", "1", "1", "1"),
        ("100", "100", "100", "100", "100"),
        ("101", "must be 1 … 100", "must be 1 … 100", "100", "100"),
        (
            "x", "must be an integer", "must be an integer",
            "must be an integer", "must be an integer"
        ), ("-5", "must be 1 … 100", "1", "must be 1 … 100", "1"),
    ])
    func `Beyond its range an integer is refused or becomes another`(
        text: String,
        refused: String,
        below: String,
        above: String,
        both: String
    ) {
        let parameter = { (below: Otherwise<Int64>, above: Otherwise<Int64>) in
            Parameter.integer("n", default: 10, in: 1...100, form: .signed64, below: below, above: above)
        }
        #expect(read(parameter(.refused, .refused), text) == refused)
        #expect(read(parameter(.becomes(1), .refused), text) == below)
        #expect(read(parameter(.refused, .becomes(100)), text) == above)
        #expect(read(parameter(.becomes(1), .becomes(100)), text) == both)
    }

    @Test(arguments: [
        ("9223372036854775808", "100", "must be 1 … 100"), ("-9223372036854775809", "1", "must be 1 … 100"),
        ("x", "7", "7"), ("1.5", "7", "7"), ("", "7", "7"), ("50", "50", "50"),
    ])
    func `What does not fit is the nearest that does, or refused; what is no integer may be another`(
        text: String,
        taken: String,
        refused: String
    ) {
        let parameter = { (takes: Bool) in
            Parameter.integer(
                "n",
                default: 10,
                in: 1...100,
                form: .signed64,
                below: .becomes(1),
                above: .becomes(100),
                takesTooLarge: takes,
                malformed: .becomes(7),
            )
        }
        #expect(read(parameter(true), text) == taken)
        #expect(read(parameter(false), text) == refused)
    }

    @Test func `A parameter follows all the quirks that it depends on`() throws {
        let low = Quirk("a.low", "", ("1", ""), ("0", ""))
        let high = Quirk("a.high", "", ("100", ""), ("5", ""))
        let parameter = Parameter<Int64>.following { quirks in
            let range = (Int64(quirks[low]) ?? 0)...(Int64(quirks[high]) ?? 0)
            return .integer("n", default: 3, in: range, form: .digits64)
        }
        for (settings, range) in [([], "1 … 100"), (["a.low=0"], "0 … 100"), (["a.low=0", "a.high=5"], "0 … 5")] {
            let quirks = try Readings(settings, among: [low, high])
            #expect(parameter.taken(by: quirks).description.range == range)
            #expect(quirks.areStandard == settings.isEmpty)
        }
    }

    @Test func `An integer is described`() {
        let plain = Parameter.integer("n", default: 10, in: 1...100, form: .digits32).description
        #expect(plain.name == "n")
        #expect(plain.type == "integer")
        #expect(plain.standard == "10")
        #expect(plain.range == "1 … 100")
        #expect(plain.otherwise == "refused")
        let open = Parameter.integer(
            "n",
            default: 0,
            in: 0 ... .max,
            form: .signed64,
            below: .becomes(0),
            above: .becomes(9)
        )
        #expect(open.description.range == "≥ 0")
        #expect(open.description.otherwise == "less becomes 0, else more becomes 9, else refused")
    }

    @Test(arguments: [
        ("red", "1", "1"), ("RED", "must be one of red, green", "1"), ("Green", "must be one of red, green", "2"),
        ("green", "2", "2"), ("", "must be one of red, green", "must be one of red, green"),
        ("red+", "must be one of red, green", "must be one of red, green"), ("%72ed", "1", "1"),
        ("re%CC%81d", "must be one of red, green", "must be one of red, green"),
    ])
    func `A choice is one of its words`(text: String, exact: String, anyCase: String) {
        let words = [(word: "red", meaning: 1), (word: "green", meaning: 2)]
        #expect(read(Parameter.choice("c", default: 0, words), text) == exact)
        #expect(read(Parameter.choice("c", default: 0, words, ignoringCase: true), text) == anyCase)
    }

    @Test func `A word is compared byte by byte`() {
        // For Swift the Kelvin sign and "K" are the same text.
        let parameter = Parameter<String?>.choice("c", ["BEDROCK"])
        #expect(read(parameter, "BEDROC%E2%84%AA") == "must be one of BEDROCK")
        #expect(read(parameter, "BEDROCK") == #"Optional("BEDROCK")"#)
    }

    @Test(arguments: [
        ("true", true), ("TRUE", true), ("True", true), ("false", false), ("1", false), ("", false), ("true+", false),
        ("yes", false),
    ])
    func `A flag is on for true only`(text: String, isOn: Bool) {
        #expect(read(Parameter.flag("f", default: true), text) == "\(isOn)")
    }

    @Test(arguments: [
        ("", #"Optional("")"#), ("a+b%2B", #"Optional("a b+")"#),
        ("%F0%9F%98%80%F0%9F%98%80%F0%9F%98%80", #"Optional("😀😀😀")"#), ("abcd", "must have at most 3 characters"),
    ])
    func `A text is bounded by its characters`(text: String, value: String) {
        #expect(read(Parameter<String?>.text("t", atMost: text.hasPrefix("a+") ? 4 : 3), text) == value)
        #expect(!read(Parameter<String?>.text("t"), text).hasPrefix("must"))
    }

    enum FirstOrAbsent: Asking {
        static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)
    }

    enum LastAndEmpty: Asking {
        static let queryRules = QueryRules(repeated: .last, emptyIsAbsent: false)
    }

    @Test(arguments: [
        ("", "10", "10"), ("?n=5", "5", "5"), ("?n=5&n=6", "5", "6"), ("?n=5&n=x", "5", "n:x"),
        ("?n=x&n=6", "n:x", "6"),
        ("?n=", "10", "n:"), ("?n", "10", "n:"), ("?n=&n=6", "10", "6"), ("?n=6&n=", "6", "n:"), ("?N=5", "10", "10"),
        ("?%6E=5", "5", "5"), ("?m=5", "10", "10"), ("?n=%35", "5", "5"), ("?n=5&", "5", "5"), ("?&n=5", "5", "5"),
        ("?n==5", "n:=5", "n:=5"),
    ])
    func `The API's rules decide between several and about empty ones`(
        query: String,
        first: String,
        last: String
    ) throws {
        #expect(try Service(FirstOrAbsent.self).answer("GET /base/a\(query)").body == first)
        #expect(try Service(LastAndEmpty.self).answer("GET /base/a\(query)").body == last)
    }
}

/// An API whose one endpoint answers with the value of its parameter.
protocol Asking: Sketch {}

extension Asking {
    static var rows: [(method: PatchbayHTTP.Method, pattern: String)] { [] }

    static var endpoints: [Endpoint<Self>] {
        let number = Parameter.integer("n", default: 10, in: 1...100, form: .digits32)
        return [
            Endpoint(.get, "/a", operation: "a", documentation: "") { call throws(SketchFailure) in
                do throws(SketchFailure) {
                    return Reply(body: Array("\(try call.query(number))".utf8))
                } catch {
                    guard case .badParameter(let name, let value, _) = error.problem else { throw error }
                    return Reply(body: Array("\(name):\(value)".utf8))
                }
            }
        ]
    }
}
