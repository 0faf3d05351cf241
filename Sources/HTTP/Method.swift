/// What a request asks to be done (RFC 9110, section 9).
///
/// Any token is a method: which ones exist is the router's business, not the parser's.
public struct Method: Hashable, Sendable, CustomStringConvertible {
    /// The token as sent; methods are case-sensitive (RFC 9110, section 9.1).
    public let name: String

    /// Wraps a method token.
    public init(_ name: String) {
        self.name = name
    }

    /// The token as sent.
    public var description: String { name }

    /// Read (RFC 9110, section 9.3.1).
    public static let get = Method("GET")
    /// Read without the content (RFC 9110, section 9.3.2).
    public static let head = Method("HEAD")
    /// Submit (RFC 9110, section 9.3.3).
    public static let post = Method("POST")
    /// Replace (RFC 9110, section 9.3.4).
    public static let put = Method("PUT")
    /// Change in part (RFC 5789).
    public static let patch = Method("PATCH")
    /// Remove (RFC 9110, section 9.3.5).
    public static let delete = Method("DELETE")
    /// Ask for the communication options (RFC 9110, section 9.3.7).
    public static let options = Method("OPTIONS")
    /// Ask a proxy for a tunnel (RFC 9110, section 9.3.6).
    public static let connect = Method("CONNECT")
    /// Echo the request (RFC 9110, section 9.3.8).
    public static let trace = Method("TRACE")
}
