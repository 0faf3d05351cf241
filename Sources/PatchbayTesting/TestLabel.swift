internal import Synchronization
internal import Testing

/// What the tenant of a test is called: its name as far as a label can have it, and what tells it from others.
struct TestLabel {
    let text: String

    /// The cases of a test with arguments run at once, and say nothing of which they are.
    private static let cases = Atomic(0)
    /// How much of a test's name is in its label.
    private static let length = 40

    init(_ test: Test, isOneOfMany: Bool) {
        let name = test.id.nameComponents.last ?? test.name
        let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let begin = words.joined(separator: "-").prefix(Self.length)
        let number = isOneOfMany ? "-\(Self.cases.add(1, ordering: .relaxed).newValue)" : ""
        text = "\(begin.isEmpty ? "test" : begin)-\(Self.digest(test))\(number)"
    }

    /// Tells tests apart that have the same name in different suites, and is the same in each run.
    private static func digest(_ test: Test) -> String {
        let whole = ([test.id.moduleName] + test.id.nameComponents).joined(separator: "/")
        // FNV-1a, 64 bits (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv): Swift's own hashes differ from run to run.
        let hash = whole.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}
