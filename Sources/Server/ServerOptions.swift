import PatchbayCSystem
public import PatchbayHTTP

/// Where a server listens, and how patient it is.
public struct ServerOptions: Sendable {
    /// An IPv4 or IPv6 literal, or "localhost", which means 127.0.0.1.
    public var host = "127.0.0.1"
    /// The port; 0 takes a free one.
    public var port: UInt16 = 0
    /// Event loops, each with a thread of its own; one for each core unless said otherwise.
    public var loops = Self.coreCount
    /// How much is taken from clients.
    public var limits = Limits()
    /// How long a connection may be silent between requests, and a client may refuse to read its answer.
    public var idleTimeout = Duration.seconds(75)
    /// How long a head may take from its first byte; beyond it 408 (RFC 9110, section 15.5.9).
    public var headerTimeout = Duration.seconds(15)
    /// How long a body may pause; beyond it 408.
    public var bodyTimeout = Duration.seconds(30)
    /// How long a closed connection's late bytes are read, so that the close does not destroy the last answer.
    public var drainTimeout = Duration.seconds(2)
    /// How long `stop()` waits for what is in flight.
    public var stopGrace = Duration.seconds(10)
    /// How long `stop()` waits for the next request on connections without any.
    public var freshGrace = Duration.milliseconds(100)
    /// How long accepting pauses when the system is out of descriptors or memory.
    public var acceptPause = Duration.milliseconds(100)
    /// Connections that the kernel may hold ready while the loops are busy.
    public var backlog: Int32 = 4096

    /// How many cores this machine has.
    public static var coreCount: Int { Int(system_core_count()) }

    /// Whether a text is something that can be listened on: an IPv4 or IPv6 literal, or "localhost".
    public static func isHost(_ text: String) -> Bool { (try? SocketAddress(host: text, port: 0)) != nil }

    /// The defaults.
    public init() {}

    /// The defaults, at another place.
    public init(host: String = "127.0.0.1", port: UInt16, loops: Int = Self.coreCount) {
        self.host = host
        self.port = port
        self.loops = loops
    }
}
