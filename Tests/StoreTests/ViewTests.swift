import PatchbayJSON
import Testing

@testable import PatchbayStore

/// What views show of rows.
@Suite struct ViewTests {
    @Test(
        arguments: [
            (["a": 1, "b": ["c": [true, "d"]]], .member("a"), "1"),
            (["a": 1, "b": ["c": [true, "d"]]], .member("b"), #"{"c":[true,"d"]}"#),
            (["a": 1, "b": ["c": [true, "d"]]], .member("b.c"), #"[true,"d"]"#),
            // What is not there is null, wherever the path ends.
            (["a": 1], .member("b"), "null"), (["a": 1], .member("b.c"), "null"), (["a": 1], .member("a.c"), "null"),
            (["a": ["b": 1]], .member("a.c"), "null"),
            (["a": "x\n"], .same(["y\"", nil]), #"["y\"",null]"#),
            (["a": "x\n"], .made { .array([$0["a"] ?? nil]) }, #"["x\n"]"#),
            (["a": 1], [:], "{}"),
            (
                ["a": 1, "b": "x"],
                ["b": .member("b"), "c": ["d": "e", "f": [:], "g": .member("a")], "h": .made { _ in false }],
                #"{"b":"x","c":{"d":"e","f":{},"g":1},"h":false}"#
            ),
        ] as [(JSON.Object, Collection.Template, String)]
    )
    func `A template has the row's own values where they belong`(
        document: JSON.Object,
        template: Collection.Template,
        shown: String
    ) {
        let view = Collection.View("view") { _ in template }
        #expect(String(decoding: view.shown(document, below: []), as: UTF8.self) == shown)
    }

    @Test func `A view knows the keys of the rows above`() {
        let document: JSON.Object = ["a": 1]
        let common = Collection.View("view") { path in ["place": .same(.string(path.joined(separator: "/")))] }
        #expect(common.shown(document, below: ["b", "c"]) == Array(#"{"place":"b/c"}"#.utf8))
        let own = Collection.View("view") { document, path in [.string(path[1]), document["a"] ?? nil] }
        #expect(own.shown(document, below: ["b", "c"]) == Array(#"["c",1]"#.utf8))
    }
}
