import PatchbayJSON
import Testing

@testable import TestKit

/// A runner that overlooks something passes every vector: here it has to see.
struct TemplateTests {
    static let holding: [(template: JSON, value: JSON?)] = [
        (["a": 1, "b": ["x"]], ["b": ["x"], "a": 1]),
        (["$contains": "b"], "abc"),
        (["$excludes": "secret"], ["a": "plain"]),
        (["$matches": "^[0-9]+$"], "12"),
        (["$matches": "^12$"], 12),
        (["$count": 2], [1, 2]),
        (["$each": 1], [1, 1]),
        (["$count": 2, "$each": ["$contains": "a"]], ["ab", "ca"]),
        (["$from": "c09", "$to": "c11"], ["c09", "c10", "c11"]),
        (["$from": "c2", "$to": "c1"], ["c2", "c1"]),
        (["$keys": ["a", "b"]], ["a": 1, "b": 2]),
        (["$not": "a"], "b"),
        (["$absent": true], nil),
        (["$header": "X-One"], "1"),
        (["$fresh": true], "new"),
    ]

    static let failing: [(template: JSON, value: JSON?)] = [
        (["a": 1], ["a": 1, "b": 2]),
        (["a": 1, "b": 2], ["a": 1]),
        ([1], [1, 2]),
        (1, "1"),
        (["a": ["$contains": "x"]], ["a": "y"]),
        ("a", nil),
        (["$contains": "x"], "abc"),
        (["$excludes": "secret"], ["a": "a secret"]),
        (["$matches": "^[0-9]+$"], "12a"),
        (["$matches": "."], nil),
        (["$matches": "("], "("),
        (["$count": 2], [1]),
        (["$count": 2], "ab"),
        (["$each": 1], [1, 2]),
        (["$count": 2, "$each": ["$contains": "a"]], ["ab"]),
        (["$from": "c09", "$to": "c11"], ["c09", "c11"]),
        (["$from": "c09", "$to": "d11"], []),
        (["$keys": ["a", "b"]], ["b": 2, "a": 1]),
        (["$not": "a"], "a"),
        (["$absent": true], .null),
        (["$header": "X-One"], "2"),
        (["$header": "X-Two"], "2"),
    ]

    @Test(arguments: holding)
    func `what is as it should be`(template: JSON, value: JSON?) throws {
        let mismatches = try mismatches(template, value)
        #expect(mismatches == [])
    }

    @Test(arguments: failing)
    func `what is not as it should be`(template: JSON, value: JSON?) throws {
        let mismatches = try mismatches(template, value)
        #expect(mismatches != [])
    }

    @Test func `what was there before is not fresh`() throws {
        var run = Run(listener: "")
        let template = try Template(["$fresh": true])
        #expect(template.mismatches("a", at: "X", in: &run) == [])
        #expect(template.mismatches("a", at: "Y", in: &run) == [])
        #expect(template.mismatches("a", at: "X", in: &run) != [])
    }

    @Test func `an operator that does not exist is an error`() {
        #expect(throws: FormatError.self) { try Template(["a": [["$contians": "x"]]]) }
    }

    @Test func `words are replaced, and unknown ones are errors`() throws {
        var words = Words()
        try words.define(["P": "p", "L": "/v1/{P}"])
        #expect(try words.expand("{L}?{a*3}{{/next}{listener}{\"x\":1}") == "/v1/p?aaa{{/next}{listener}{\"x\":1}")
        #expect(throws: FormatError.self) { try words.expand("{Q}") }
    }

    private func mismatches(_ template: JSON, _ value: JSON?) throws -> [String] {
        var run = Run(listener: "")
        run.answer = Answer(Array("HTTP/1.1 200 OK\r\nX-One: 1\r\n\r\n".utf8), toHead: false)
        return try Template(template).mismatches(value, at: "body", in: &run)
    }
}
