import PatchbayJSON
import PatchbayStore
import Testing

/// What members accept, in the form in which they keep it, and the place and reason of what they refuse.
@Suite struct MemberTests {
    /// Checks one member `m` of a kind by loading a seed.
    private func outcome(
        _ value: String?,
        _ kind: Member.Kind,
        presence: Member.Presence = .required,
        nullable: Bool = false
    )
        throws -> String
    {
        let collection = Collection(
            "rows",
            in: "test",
            key: "id",
            members: [Member("id", .text(.any)), Member("m", kind, presence, nullable: nullable)],
        )
        let store = try Store([collection])
        let content = #"{"rows":[{\#(value.map { #""m":\#($0),"# } ?? "")"id":"r"}]}"#
        do {
            try store.load([SeedFile(name: "f", collections: [collection], content: Array(content.utf8))])
        } catch let error as SeedError {
            let finding = try #require(error.findings.first)
            return "\(finding.place.replacing("/rows/0", with: "")) \(finding.reason)"
        }
        let row = try #require(try store.find(collection, ["r"]))
        return try store.document(collection, row)?["m"]?.text ?? "nothing"
    }

    static let short = Member.TextForm("a short word", maximumLength: 3)
    static let pair = Member.Kind.object([Member("a", .boolean), Member("b", .integer(0...9), .optional)])
    static let shapes = Member.Kind.either([
        [Member("left", .text(.any))], [Member("right", .text(.any)), Member("more", .boolean)],
    ])

    static let values: [(value: String, kind: Member.Kind, outcome: String)] = [
        (#""""#, .text(.any), #""""#), (#""x\u0000y""#, .text(.any), #""x\u0000y""#),
        ("1", .text(.any), "/m is a number where text belongs"), ("null", .text(.any), "/m is null where text belongs"),
        (#""""#, .text(.nonempty), #"/m "" is not text that is not empty"#),
        (#""abc""#, .text(short), #""abc""#), (#""😀é—""#, .text(short), #""😀é—""#),
        (#""abcd""#, .text(short), "/m is longer than 3 characters"),
        (#""e\u0301e\u0301""#, .text(short), "/m is longer than 3 characters"),
        ("[]", .text(short), "/m is an array where a short word belongs"),
        (
            #""0191dce4-9ab4-7fce-b660-8e5dec5172da""#, .text(.uuid),
            #""0191dce4-9ab4-7fce-b660-8e5dec5172da""#
        ),
        (
            #""0191DCE4-9ab4-7fce-b660-8e5dec5172da""#, .text(.uuid),
            #"/m "0191DCE4-9ab4-7fce-b660-8e5dec5172da" is not a lower-case UUID"#
        ),
        (
            #""0191dce49-ab4-7fce-b660-8e5dec5172da""#, .text(.uuid),
            #"/m "0191dce49-ab4-7fce-b660-8e5dec5172da" is not a lower-case UUID"#
        ),
        (#""0af""#, .text(.hexadecimal(3)), #""0af""#),
        (#""0aF""#, .text(.hexadecimal(3)), #"/m "0aF" is not 3 lower-case hexadecimal digits"#),
        (#""0a""#, .text(.hexadecimal(3)), #"/m "0a" is not 3 lower-case hexadecimal digits"#),
        (#""012""#, .text(.decimal(3)), #""012""#), (#""٣٣٣""#, .text(.decimal(3)), #"/m "٣٣٣" is not 3 digits"#),
        ("0", .integer(0...9), "0"), ("-0", .integer(0...9), "0"), ("9", .integer(0...9), "9"),
        ("10", .integer(0...9), "/m 10 is not an integer from 0 to 9"),
        ("-1", .integer(0...9), "/m -1 is not an integer from 0 to 9"),
        ("1.0", .integer(0...9), "/m 1.0 is not an integer from 0 to 9"),
        ("1e0", .integer(0...9), "/m 1e0 is not an integer from 0 to 9"),
        ("9223372036854775807", .integer(.min ... .max), "9223372036854775807"),
        ("-9223372036854775808", .integer(.min ... .max), "-9223372036854775808"),
        (
            "9223372036854775808", .integer(0 ... .max),
            "/m 9223372036854775808 is not an integer from 0 to 9223372036854775807"
        ),
        (#""1""#, .integer(0...9), "/m is text where an integer belongs"),
        ("true", .boolean, "true"), ("0", .boolean, "/m is a number where true or false belongs"),
        (#""true""#, .boolean, "/m is text where true or false belongs"),
        (#""2026-01-02T03:04:05Z""#, .timestamp(fractionDigits: 0), #""2026-01-02T03:04:05Z""#),
        (#""2026-01-02T05:04:05.000+02:00""#, .timestamp(fractionDigits: 0), #""2026-01-02T03:04:05Z""#),
        (#""2026-01-02T03:04:05.120Z""#, .timestamp(fractionDigits: 6), #""2026-01-02T03:04:05.12Z""#),
        (#""2026-01-02T03:04:05.123456Z""#, .timestamp(fractionDigits: 6), #""2026-01-02T03:04:05.123456Z""#),
        (#""2026-01-02T03:04:05.1234Z""#, .timestamp(fractionDigits: 3), #""2026-01-02T03:04:05.123Z""#),
        (#""2026-01-02T03:04:05.0Z""#, .timestamp(fractionDigits: 6), #""2026-01-02T03:04:05Z""#),
        (#""2026-01-02T05:04:05.5+02:00""#, .timestamp(fractionDigits: 6), #""2026-01-02T03:04:05.5Z""#),
        (#""2026-01-02T03:04:05+00:00""#, .timestamp(fractionDigits: 0), #""2026-01-02T03:04:05Z""#),
        (
            #""2026-01-02T03:04:05.5Z""#, .timestamp(fractionDigits: 0),
            #"/m "2026-01-02T03:04:05.5Z" has a fraction of a second, and this API knows whole seconds only"#
        ),
        (
            #""yesterday""#, .timestamp(fractionDigits: 6),
            #"/m "yesterday" is not an RFC 3339 time such as 2026-01-02T03:04:05Z"#
        ),
        ("1", .timestamp(fractionDigits: 6), "/m is a number where an RFC 3339 time belongs"),
        (#""red""#, .choice(["red", "green"]), #""red""#),
        (#""gren""#, .choice(["red", "green"]), #"/m "gren" is none of red, green, did you mean "green"?"#),
        (#""RED""#, .choice(["red", "green"]), #"/m "RED" is none of red, green, did you mean "red"?"#),
        (#""blue""#, .choice(["red", "green"]), #"/m "blue" is none of red, green"#),
        ("{}", .choice(["red", "green"]), "/m is an object where one of red, green belongs"),
        (#"{"b":1,"a":true}"#, pair, #"{"a":true,"b":1}"#), (#"{"a":false}"#, pair, #"{"a":false}"#),
        ("{}", pair, #"/m has no member "a""#), ("[]", pair, "/m is an array where an object belongs"),
        (#"{"a":true,"b":10}"#, pair, "/m/b 10 is not an integer from 0 to 9"),
        (#"{"a":true,"bb":1}"#, pair, #"/m/bb is not a member here, did you mean "b"?"#),
        (#"{"a":true,"x/y~z":1}"#, pair, "/m/x~1y~0z is not a member here"),
        (#"{"a":true,"a":true}"#, pair, "/m/a stands here twice"),
        ("[]", .list(of: pair), "[]"), (#"[{"a":true}]"#, .list(of: pair), #"[{"a":true}]"#),
        (#"[{"a":true},{"a":1}]"#, .list(of: pair), "/m/1/a is a number where true or false belongs"),
        ("[[],[1]]", .list(of: .list(of: .boolean)), "/m/1/0 is a number where true or false belongs"),
        ("{}", .list(of: pair), "/m is an object where an array belongs"),
        (#"{"left":"x"}"#, shapes, #"{"left":"x"}"#),
        (#"{"more":true,"right":"x"}"#, shapes, #"{"right":"x","more":true}"#),
        (#"{"right":"x"}"#, shapes, #"/m has no member "more""#),
        (#"{"left":1}"#, shapes, "/m/left is a number where text belongs"),
        ("7", shapes, "/m is a number where an object belongs"),
    ]

    @Test(arguments: values)
    func `A value is kept or refused`(value: String, kind: Member.Kind, outcome: String) throws {
        #expect(try self.outcome(value, kind) == outcome)
    }

    @Test func `A long text is shortened in an error`() throws {
        let text = String(repeating: "x", count: 1_000)
        #expect(try outcome("\"\(text)\"", .choice(["a"])) == "/m \"\(text.prefix(80))…\" is none of a")
    }

    @Test func `Presence decides about absent members and null`() throws {
        #expect(try outcome(nil, .boolean) == #" has no member "m""#)
        #expect(try outcome(nil, .boolean, presence: .optional) == "nothing")
        #expect(try outcome(nil, .boolean, presence: .standard(true)) == "true")
        #expect(try outcome("false", .boolean, presence: .standard(true)) == "false")
        #expect(try outcome("null", .boolean, presence: .optional) == "/m is null where true or false belongs")
        #expect(try outcome("null", .boolean, nullable: true) == "null")
        #expect(try outcome("1", .boolean, nullable: true) == "/m is a number where true or false belongs")
        #expect(try outcome(nil, .boolean, presence: .standard(.null), nullable: true) == "null")
    }

    @Test func `What is left out may follow from what is there`() throws {
        let derived = Member.Presence.derived { .string("of " + ($0["id"]?.stringValue ?? "")) }
        #expect(try outcome(nil, .text(.any), presence: derived) == #""of r""#)
        #expect(try outcome(#""own""#, .text(.any), presence: derived) == #""own""#)
        #expect(try outcome(nil, .integer(0...9), presence: derived) == "/m is text where an integer belongs")
    }

    @Test func `What is taken may have members besides`() {
        let members = [Member("a", .boolean), Member("b", .integer(0...9), .optional)]
        #expect(members.takenSchema["required"] == ["a"])
        #expect(members.takenSchema["additionalProperties"] == nil)
        #expect(members.shownSchema["additionalProperties"] == false)
    }
}
