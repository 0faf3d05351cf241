/// Why bytes are not an acceptable request, and the status that says so to the client.
///
/// The parser cannot find the next message after one of these, so the connection ends with the answer
/// (RFC 9112, section 9.6).
public struct ParseError: Error, Sendable, Equatable, CustomStringConvertible {
    /// 400, 413, 414, 417, 431, 501 or 505.
    public let status: Status
    /// One sentence for the client's developer, without a full stop.
    public let reason: String

    /// Makes an error that is to be answered with the status.
    public init(_ status: Status, _ reason: String) {
        self.status = status
        self.reason = reason
    }

    /// The status line's text and the reason.
    public var description: String { "\(status): \(reason)" }

    static func malformed(_ reason: String) -> ParseError {
        ParseError(.badRequest, reason)
    }
}
