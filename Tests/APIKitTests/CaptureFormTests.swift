import PatchbayJSON
import Testing

@testable import PatchbayAPIKit

/// The forms of path parameters, as their schemas have them.
@Suite struct CaptureFormTests {
    private static let identifier: JSON.Object = ["type": "string", "pattern": "^[a-f0-9]{24}$"]
    private static let account: JSON.Object = ["type": "string", "pattern": "^[A-Za-z0-9_-]{1,3}$"]
    private static let text: JSON.Object = ["type": "string", "minLength": 1, "maxLength": 3]

    @Test(arguments: [
        (identifier, "0123456789abcdef01234567", true), (identifier, "0123456789abcdef0123456", false),
        (identifier, "0123456789abcdef012345678", false), (identifier, "0123456789ABCDEF01234567", false),
        (identifier, "0123456789abcdef0123456é", false), (identifier, "", false), (account, "a-Z", true),
        (account, "_0", true), (account, "a.b", false), (account, "", false), (account, "abcd", false),
        (text, "é", true), (text, "ééé", true), (text, "éééé", false), (text, "", false), (text, "abcd", false),
    ])
    func `A text has a form or not`(schema: JSON.Object, text: String, isOfForm: Bool) throws {
        #expect(try #require(CaptureForm(schema)).matches(text) == isOfForm)
    }

    @Test(
        arguments: [
            ["type": "string"], ["type": "integer", "minimum": 1], ["type": "string", "minLength": 1],
            ["pattern": "^a|b$"], ["pattern": "^[^a]{1,2}$"], ["pattern": "^[a]{2,1}$"], ["pattern": "^[z-a]{1,2}$"],
            ["pattern": "^x[a-z]{1,2}$"],
        ] as [JSON.Object]
    )
    func `What is no such form is not compared`(schema: JSON.Object) {
        #expect(CaptureForm(schema) == nil)
    }
}
