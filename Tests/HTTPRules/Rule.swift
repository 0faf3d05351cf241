/// A rule for those who read requests, and requests that show whether it is kept.
///
/// The parser's tests and the server's read the same ones: what is refused in memory is refused on the wire, and nothing behind it is
/// answered.
package struct Rule: Sendable, CustomStringConvertible {
    /// What becomes of the requests.
    package enum Verdict: Sendable {
        /// Each is one request, and what follows it is the next one.
        case taken
        /// Each is answered with the status, and nothing that follows is read.
        case refused(Int)
    }

    /// Where it stands: "RFC 9112, 6.1".
    package let section: String
    /// What it says of those who read requests, or what we have chosen where they may choose.
    package let sentence: String
    package let verdict: Verdict
    package let requests: [[UInt8]]

    package var description: String { "\(section): \(sentence)" }

    /// All that can be shown by what is received; RFC 9110 is what HTTP means and RFC 9112 how it is written.
    package static let all = semantics + lines + bodies
}

extension Rule {
    /// A rule that is shown by whole requests, each character of which is a byte.
    init(_ section: String, _ sentence: String, _ verdict: Verdict, requests: [String]) {
        self.section = section
        self.sentence = sentence
        self.verdict = verdict
        self.requests = requests.map { $0.unicodeScalars.map { UInt8($0.value) } }
    }

    /// A rule that is shown by request lines.
    init(_ section: String, _ sentence: String, _ verdict: Verdict, lines: [String]) {
        self.init(section, sentence, verdict, requests: lines.map { "\($0)\r\nHost: a\r\n\r\n" })
    }

    /// A rule that is shown by header fields.
    init(_ section: String, _ sentence: String, _ verdict: Verdict, fields: [String], body: String = "") {
        self.init(
            section,
            sentence,
            verdict,
            requests: fields.map { "POST / HTTP/1.1\r\nHost: a\r\n\($0)\r\n\r\n\(body)" }
        )
    }

    /// A rule that is shown by chunked bodies.
    init(_ section: String, _ sentence: String, _ verdict: Verdict, chunks: [String]) {
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.init(section, sentence, verdict, requests: chunks.map { head + $0 })
    }

    static func long(_ count: Int) -> String { String(repeating: "a", count: count) }
}
