import PatchbayHTTP
import PatchbayStore
import Testing

@testable import PatchbayAPIKit

/// Identifiers, clocks, and texts as they stand in URLs.
@Suite struct IdentifierTests {
    @Test func `A hundred thousand identifiers are all different, in each of their forms`() {
        let identifiers = Identifiers()
        let made = (0..<100_000).map { _ in identifiers.next() }
        #expect(Set(made).count == made.count)
        #expect(Set(made.map(\.high)).count == made.count)
        #expect(Set(made.prefix(10_000).map(\.uuid)).count == 10_000)
    }

    @Test func `A run repeats itself, and another seed does not repeat it`() {
        let sequence = { (seed: UInt64) in
            let identifiers = Identifiers(seed: seed)
            return (0..<10).map { _ in identifiers.next().hexadecimal }
        }
        #expect(sequence(0) == sequence(0))
        #expect(sequence(1) != sequence(0))
    }

    @Test func `An identifier is written as digits and as a UUID of version 4`() {
        let identifiers = Identifiers()
        for _ in 0..<1_000 {
            let identifier = identifiers.next()
            let digits = identifier.hexadecimal
            #expect(digits.utf8.count == 32)
            #expect(digits.allSatisfy { "0123456789abcdef".contains($0) })
            #expect(identifier.short == digits.prefix(16))
            let parts = identifier.uuid.split(separator: "-", omittingEmptySubsequences: false)
            #expect(parts.map(\.count) == [8, 4, 4, 4, 12])
            #expect(parts[2].first == "4")
            #expect("89ab".contains(parts[3].first ?? " "))
            #expect(digits.hasPrefix(parts[0] + parts[1]))
            #expect(digits.hasSuffix(parts[4]))
        }
    }

    @Test func `The smallest numbers keep their zeros`() {
        #expect(Identifier(high: 0, low: 0).hexadecimal == String(repeating: "0", count: 32))
        #expect(Identifier(high: 0x1f, low: .max).hexadecimal == "000000000000001fffffffffffffffff")
        #expect(Identifier(high: 0, low: 0).uuid == "00000000-0000-4000-8000-000000000000")
        #expect(Identifier(high: .max, low: .max).uuid == "ffffffff-ffff-4fff-bfff-ffffffffffff")
    }

    @Test func `Further identifiers of an exchange differ from it and from each other`() {
        let identifier = Identifiers().next()
        #expect(identifier.further(0) == identifier.further)
        #expect(Set((0..<1_000).map(identifier.further(_:)) + [identifier]).count == 1_001)
    }

    @Test(arguments: [
        ("", ""), ("aZ0-._~", "aZ0-._~"), ("a b", "a%20b"), ("a/b?c=d&e#f", "a%2Fb%3Fc%3Dd%26e%23f"),
        ("é😀", "%C3%A9%F0%9F%98%80"),
        ("%41+", "%2541%2B"), ("\0\u{7F}", "%00%7F"),
    ])
    func `A text is escaped for a URL, and read back`(text: String, encoded: String) {
        #expect(URLText.encoded(text) == encoded)
        #expect(PercentEncoded(encoded).decoded == text)
    }

    @Test(arguments: [
        ("", ""), ("plain", "plain"), ("|", "http://h:1"), ("a|b", "ahttp://h:1b"), ("||", "http://h:1http://h:1"),
        ("|x|", "http://h:1xhttp://h:1"), ("é\u{FDCF}|\u{FDF0}", "é\u{FDCF}http://h:1\u{FDF0}"),
        ("\u{F000}|", "\u{F000}http://h:1"),
    ])
    func `Marks are replaced by the origin and nothing else is`(text: String, replaced: String) {
        let bytes = Array(text.replacing("|", with: OriginMark.text).utf8)
        var body = Array("[".utf8)
        OriginMark.append(bytes, origin: "http://h:1", to: &body)
        #expect(String(decoding: body, as: UTF8.self) == "[" + replaced)
    }

    @Test func `A clock tells the time that it was given, or the machine's`() {
        let moment = DigestTests.moment
        #expect(Clock.frozen(at: moment).now == moment)
        let (first, second) = (Clock.system.now, Clock.system.now)
        #expect(first <= second)
        #expect(first.seconds > 1_700_000_000)
    }

    @Test func `Numbers of samples have their places`() {
        #expect(Sample.digits(257, 5) == "00257")
        #expect(Sample.digits(257, 2) == "257")
        #expect(Sample.uuid("8000", 7) == "00000000-0000-4000-8000-000000000007")
    }
}
