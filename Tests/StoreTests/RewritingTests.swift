import Testing

@testable import PatchbayStore

/// How an identifier is put where another one stands.
@Suite struct RewritingTests {
    private static let id = "5356823b3794dee37132bb7b"

    @Test(arguments: [
        (#"{"id":"ID"}"#, #"{"id":"NEW"}"#),
        (#"["ID","ID","x"]"#, #"["NEW","NEW","x"]"#),
        (
            #"{"self":"/groups/ID/peers/1112222b3bf99403840e8934"}"#,
            #"{"self":"/groups/NEW/peers/1112222b3bf99403840e8934"}"#
        ),
        (#"{"crn":"crn://organization=ID/environment=ID"}"#, #"{"crn":"crn://organization=NEW/environment=NEW"}"#),
        (#"{"name":"project-ID_2"}"#, #"{"name":"project-NEW_2"}"#),
        ("ID", "NEW"),
    ])
    func `A long identifier is replaced wherever it stands for itself`(text: String, expected: String) {
        #expect(Self.rewritten(text, Self.id) == expected)
    }

    @Test(arguments: [
        #"{"id":"xID"}"#, #"{"id":"IDx"}"#, #"{"id":"00ID00"}"#, #"{"id":"5356823b3794dee37132bb7"}"#, "", "5",
        #"{"id":"5356823B3794DEE37132BB7B"}"#,
    ])
    func `A part of another text is left`(text: String) {
        #expect(Self.rewritten(text, Self.id) == nil)
    }

    @Test(arguments: [
        (#"{"id":"p1","note":"p1 is p1","of":["p1"]}"#, #"{"id":"NEW","note":"p1 is p1","of":["NEW"]}"#),
        (#""p1""#, #""NEW""#),
    ])
    func `A short identifier is replaced only where it is a whole value`(text: String, expected: String) {
        #expect(Self.rewritten(text, "p1") == expected)
    }

    @Test(arguments: [#"{"p1":1}"#, #"{"n":"a/p1"}"#, "p1", #"{"n":"p12"}"#])
    func `A short identifier in other texts and as a name is left`(text: String) {
        #expect(Self.rewritten(text, "p1") == nil)
    }

    private static func rewritten(_ text: String, _ id: String) -> String? {
        let bytes = Array(text.replacing("ID", with: id).utf8)
        let changed = Rewriting.rewritten(bytes, replacing: Array(id.utf8), with: Array("NEW".utf8))
        return changed.map { String(decoding: $0, as: UTF8.self) }
    }
}
