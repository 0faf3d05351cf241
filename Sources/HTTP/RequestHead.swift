/// The request line and the header section of a request: everything but its body.
///
/// Requests with the same bytes may share one (``KnownHeads``).
public final class RequestHead: Sendable {
    /// What is to be done.
    public let method: Method
    /// What it is to be done to.
    public let target: Target
    /// The version in the request line.
    public let version: Version
    /// The header section.
    public let headers: RequestHeaders
    /// Whether the client wants the connection to go on (RFC 9112, section 9.3).
    public let keepAlive: Bool
    /// Where a handler may leave what it wants to find again at the next request with this head; `nil` for one that has not
    /// come twice.
    public let memory: Memory?
    /// How the body is delimited.
    let content: Framing.Body
    /// Whether the client waits before it sends the body.
    let expectsContinue: Bool

    init(line: RequestLine, headers: RequestHeaders, content: Framing.Body, keepAlive: Bool, expectsContinue: Bool) {
        method = line.method
        target = line.target
        version = line.version
        self.headers = headers
        self.keepAlive = keepAlive
        memory = nil
        self.content = content
        self.expectsContinue = expectsContinue
    }

    /// The same head with room for a memory.
    init(keeping head: RequestHead) {
        method = head.method
        target = head.target
        version = head.version
        headers = head.headers
        keepAlive = head.keepAlive
        memory = Memory()
        content = head.content
        expectsContinue = head.expectsContinue
    }

    /// How many bytes it has, with the empty line at its end.
    var size: Int { headers.size + 2 }
}
