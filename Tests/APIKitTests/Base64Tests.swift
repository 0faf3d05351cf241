import Foundation
import SeededGenerator
import Testing

@testable import PatchbayAPIKit

/// Base64, both alphabets.
@Suite struct Base64Tests {
    /// The vectors of RFC 4648, section 10.
    @Test(arguments: [
        ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
    ])
    func `The vectors of the RFC hold both ways`(text: String, encoded: String) {
        #expect(Base64.encode(Array(text.utf8)) == encoded)
        #expect(Base64.decode(encoded) == Array(text.utf8))
        let unpadded = String(encoded.prefix { $0 != "=" })
        #expect(Base64.encode(Array(text.utf8), .url) == unpadded)
        #expect(Base64.decode(unpadded, .url) == Array(text.utf8))
    }

    @Test func `The alphabets differ in two characters`() {
        #expect(Base64.encode([0xFB, 0xFF, 0xBF]) == "+/+/")
        #expect(Base64.encode([0xFB, 0xFF, 0xBF], .url) == "-_-_")
        #expect(Base64.decode("-_-_") == nil)
        #expect(Base64.decode("+/+/", .url) == nil)
    }

    @Test(arguments: [
        // No padding, too much, in the middle; bits set that belong to no byte; other characters.
        "Zg", "Zg=", "Zg===", "Zm9v=", "Zm9v====", "=", "====", "Z", "Zm9vY", "Zg==Zg==", "Z=g=", "Zh==", "Zm9=",
        "Zm 9v",
        "Zm9v\n", " Zm9v", "Zm9\u{301}v", "Zm９v", "Zm9v\0",
    ])
    func `What the encoder would not write is refused`(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test(arguments: ["Zg==", "Zh", "Z", "Zm9vY", "Zm9="])
    func `So is it in the alphabet for URLs`(text: String) {
        #expect(Base64.decode(text, .url) == nil)
    }

    @Test(arguments: [UInt64.random(in: 0...(.max))])
    func `Random bytes survive, and are written as Foundation does`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for length in 0..<200 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let text = Base64.encode(bytes)
            #expect(text == Data(bytes).base64EncodedString(), "seed \(seed)")
            #expect(Base64.decode(text) == bytes, "seed \(seed)")
            #expect(Base64.decode(Base64.encode(bytes, .url), .url) == bytes, "seed \(seed)")
        }
    }
}
