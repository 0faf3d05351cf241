internal import Patchbay
internal import Synchronization
internal import Testing

/// What the tenant of a test is called: its name as far as a label can have it, and what tells it from others.
///
/// It is the same in each run, and so are the identifiers that follow from it.
struct TestLabel {
    let text: String

    /// How much of a test's name is in its label.
    private static let length = 40
    /// Cases that cannot be told apart.
    private static let unknown = Atomic(0)

    init(_ test: Test, _ testCase: Test.Case?) {
        let name = test.id.nameComponents.last ?? test.name
        let words = name.split { !($0.isASCII && ($0.isLetter || $0.isNumber)) }
        let begin = words.joined(separator: "-").prefix(Self.length)
        // A test within the scope of another trait has a tenant already.
        let place = [test.sourceLocation.fileID, TestTenant.scoped?.label ?? ""]
        let whole = ([test.id.moduleName] + test.id.nameComponents + place + Self.arguments(testCase)).joined(
            separator: "/"
        )
        text = "\(begin.isEmpty ? "test" : begin)-\(Self.digest(whole))"
    }

    /// What tells a case from the others of its test.
    ///
    /// Their arguments are in no public interface, but in what the case says of itself.
    private static func arguments(_ testCase: Test.Case?) -> [String] {
        guard let testCase, testCase.isParameterized else { return [] }
        let pieces = String(reflecting: testCase).split(separator: "ID(bytes: [").dropFirst()
        guard !pieces.isEmpty else { return ["\(unknown.add(1, ordering: .relaxed).newValue)"] }
        let again = pieces.last?.split(separator: "discriminator: ").last?.prefix { $0.isNumber } ?? ""
        return pieces.map { String($0.prefix { $0 != "]" }) } + [String(again)]
    }

    private static func digest(_ text: String) -> String {
        // FNV-1a, 64 bits (https://datatracker.ietf.org/doc/html/draft-eastlake-fnv): Swift's own hashes differ from run to run.
        let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return String(hash, radix: 36)
    }
}
