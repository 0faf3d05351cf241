internal import Synchronization

/// The counts that came with each nonce of HTTP Digest, for services that take none twice (RFC 7616, section 3.4).
///
/// It is memory of one process: behind several, a client may be asked for a fresh nonce.
public final class NonceCounts: Sendable {
    private let counts = Mutex<[String: UInt32]>([:])
    /// How many nonces are kept before all are forgotten.
    private static let mostKept = 4_096

    /// Starts without any.
    public init() {}

    /// Whether a count is larger than all before it, for the same nonce.
    public func takes(_ count: UInt32, of nonce: String) -> Bool {
        counts.withLock { counts in
            if counts.count >= Self.mostKept { counts.removeAll() }
            guard count > counts[nonce, default: 0] else { return false }
            counts[nonce] = count
            return true
        }
    }
}
