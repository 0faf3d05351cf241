/// One request message, complete with its body (RFC 9112, section 2.1).
public struct Request: Sendable {
    /// The request line and the header section.
    public let head: RequestHead
    /// The content with the transfer coding removed.
    public var body: [UInt8]
    /// The address and port that accepted the connection, "127.0.0.1:4747"; empty in memory.
    public var local: String = ""
    /// The client's address, "127.0.0.1"; empty in memory.
    public var remote: String = ""
    /// The number of the event loop that received it, by which loops can be given what they need not share; 0 in memory.
    public var loop = 0

    /// What is to be done.
    public var method: Method { head.method }
    /// What it is to be done to.
    public var target: Target { head.target }
    /// The version in the request line.
    public var version: Version { head.version }
    /// The header section.
    public var headers: RequestHeaders { head.headers }
    /// Whether the client wants the connection to go on (RFC 9112, section 9.3).
    public var keepAlive: Bool { head.keepAlive }

    /// The authority the client means: of an absolute-form target, else of the Host field, as received.
    ///
    /// Nil for HTTP/1.0 without Host and for an empty Host (RFC 9112, section 3.3).
    public var host: String? {
        if let authority = target.authority { return authority }
        guard let host = headers["host"], !host.isEmpty else { return nil }
        return host
    }

    init(head: RequestHead, body: [UInt8]) {
        self.head = head
        self.body = body
    }

    /// Parses a text that is exactly one complete request, for use without a connection.
    public init(parsing text: String, limits: Limits = Limits()) throws(ParseError) {
        var parser = RequestParser(limits: limits)
        parser.append(Array(text.utf8))
        guard let request = try parser.next() else {
            throw .malformed("the text ends before the request is complete")
        }
        guard !parser.isInRequest else {
            throw .malformed("the text goes on after the request")
        }
        self = request
    }
}
