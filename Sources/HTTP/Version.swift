/// The two protocol versions that are spoken (RFC 9112, section 2.3); a parser refuses the others.
public enum Version: Sendable, CustomStringConvertible {
    /// HTTP/1.0: one request per connection unless asked otherwise.
    case http10
    /// HTTP/1.1: connections persist unless asked otherwise.
    case http11

    /// The version as it stands in a request line.
    public var description: String {
        switch self {
        case .http10: "HTTP/1.0"
        case .http11: "HTTP/1.1"
        }
    }
}
