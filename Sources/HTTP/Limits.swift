/// How much a server takes from its clients before it says no.
public struct Limits: Sendable {
    /// Bytes in a request line, line end excluded; beyond it 414 (RFC 9112, section 3).
    public var requestLine = 32 * 1024
    /// Bytes in a request line and header section together, and in a trailer section; beyond it 431 (RFC 6585, section 5).
    public var head = 128 * 1024
    /// Fields in one header section, and in a trailer section; beyond it 431.
    public var headerCount = 200
    /// Bytes in a decoded request body; beyond it 413.
    public var body = 16 * 1024 * 1024
    /// Bytes in one chunk-size line with its extensions; beyond it 400 (RFC 9112, section 7.1.1).
    public var chunkLine = 4 * 1024
    /// Connections open at one time; further ones are answered 503.
    public var connections = 20_000
    /// Bytes of answers after which other connections are served before the next pipelined request of one.
    public var pipelinedOutput = 256 * 1024
    /// Pipelined requests after which other connections are served before the next one.
    public var pipelinedRequests = 16
    /// Bytes read and thrown away after a last answer, so that the close does not destroy it (RFC 9112, section 9.6): more than
    /// a body that is refused for its size has, as a rule.
    public var drain = 64 * 1024 * 1024

    /// The defaults.
    public init() {}

    /// None, for what was within some when it came.
    static let none: Self = {
        var limits = Self()
        (limits.requestLine, limits.head, limits.headerCount, limits.body) = (.max, .max, .max, .max)
        return limits
    }()
}
