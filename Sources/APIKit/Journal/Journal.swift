internal import HTTP
public import Store
internal import Synchronization

/// What was asked and answered, tenant by tenant: the newest exchanges of each, and how many older ones were let go.
public final class Journal: Sendable {
    /// How many exchanges are kept of each tenant; none when 0.
    public let capacity: Int
    private let state = Mutex(State())
    private let followers = JournalFollowers()

    /// So many tenants are kept apart before the one that was first heard of is forgotten: paths may name any number of
    /// tenants that do not exist.
    private static let mostTenants = 4_096
    /// How many bytes the exchanges of one tenant may have, and those of all.
    package static let most = (ofTenant: 32 << 20, ofAll: 256 << 20)

    private struct State {
        var rings: [Root?: Ring] = [:]
        /// The tenants in the order in which they were first heard of.
        var order = Queue<Root?>()
        var last: UInt64 = 0
        /// The newest entry that was let go with its tenant, and how many of the kind there were.
        var lastForgotten: UInt64 = 0
        var forgotten: UInt64 = 0
        /// How many were let go in all, cleared or not.
        var dropped: UInt64 = 0
        var bytes = 0

        /// Counts an entry that is not kept at all.
        mutating func pass() {
            forgotten += 1
            dropped += 1
            lastForgotten = last
        }

        mutating func append(_ entry: JournalEntry, capacity: Int) {
            let root = entry.root
            // One look at the table where the tenant is known, which is nearly always so.
            if let change = rings[root]?.append(entry, capacity: capacity, most: Journal.most.ofTenant) {
                dropped += change.dropped
                bytes += change.bytes
            } else {
                if order.count == Journal.mostTenants { forgetFirst() }
                order.append(root)
                var ring = Ring()
                bytes += ring.append(entry, capacity: capacity, most: Journal.most.ofTenant).bytes
                rings[root] = ring
            }
            while bytes > Journal.most.ofAll, order.count > 1 { forgetFirst() }
        }

        private mutating func forgetFirst() {
            guard let first = order.popFirst(), let ring = rings.removeValue(forKey: first) else { return }
            forgotten += ring.dropped + UInt64(ring.count)
            dropped += UInt64(ring.count)
            bytes -= ring.bytes
            lastForgotten = max(lastForgotten, ring.lastDropped, ring.last?.number ?? 0)
        }
    }

    /// The entries of a tenant.
    private struct Ring {
        private var entries = Queue<JournalEntry>()
        private(set) var bytes = 0
        private(set) var dropped: UInt64 = 0
        private(set) var lastDropped: UInt64 = 0

        var count: Int { entries.count }
        var last: JournalEntry? { entries.last }
        var inOrder: [JournalEntry] { entries.elements }

        /// Takes an entry in, and lets as many of the oldest go as there is no room for.
        ///
        /// - Returns: how many were let go, and how many bytes more are kept.
        mutating func append(_ entry: JournalEntry, capacity: Int, most: Int) -> (dropped: UInt64, bytes: Int) {
            let before = (dropped: dropped, bytes: bytes)
            while count == capacity || bytes + entry.size > most, let oldest = entries.popFirst() {
                lastDropped = oldest.number
                bytes -= oldest.size
                dropped += 1
            }
            bytes += entry.size
            entries.append(entry)
            return (dropped - before.dropped, bytes - before.bytes)
        }

        func entry(_ number: UInt64) -> JournalEntry? { entries.first { $0.number == number } }
    }

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes an exchange down.
    ///
    /// - Returns: its number.
    @discardableResult
    func record(_ entry: JournalEntry) -> UInt64 {
        let told = state.withLock { state in
            state.last += 1
            entry.number = state.last
            if capacity > 0 { state.append(entry, capacity: capacity) } else { state.pass() }
            // Asked for here, so that nobody misses a number who began to follow before it.
            return followers.current
        }
        for follower in told { follower.take(entry) }
        return entry.number
    }

    /// Tells somebody of every exchange from now on.
    package func follow(_ follower: any JournalFollower) {
        state.withLock { state in
            follower.begin(after: state.last)
            followers.add(follower)
        }
    }

    /// Tells somebody of no further exchange.
    package func unfollow(_ follower: any JournalFollower) { followers.remove(follower) }

    /// Whether anybody is told of exchanges.
    package var isFollowed: Bool { !followers.current.isEmpty }

    /// What is known of some tenants' exchanges.
    public struct Extract: Sendable {
        /// Those that are kept, the oldest first.
        public var entries: [JournalEntry]
        /// How many were let go since the journal was last cleared.
        public var dropped: UInt64
        /// The number of the newest that was let go; 0 when all are there.
        public var lastDropped: UInt64
        /// The number of the newest exchange of all, at that moment.
        public var last: UInt64
    }

    /// The exchanges of some tenants; of all, and of no tenant, when `nil`.
    public func extract(of roots: [Root]? = nil) -> Extract {
        let (rings, forgotten, lastForgotten, last) = state.withLock { state in
            let rings = roots.map { roots in roots.compactMap { state.rings[$0] } } ?? Array(state.rings.values)
            return (rings, state.forgotten, state.lastForgotten, state.last)
        }
        return Extract(
            entries: rings.flatMap(\.inOrder).sorted { $0.number < $1.number },
            dropped: rings.reduce(forgotten) { $0 + $1.dropped },
            lastDropped: rings.reduce(lastForgotten) { max($0, $1.lastDropped) },
            last: last
        )
    }

    /// The exchange of a number; `nil` when there is none, or it was let go.
    public func entry(_ number: UInt64) -> JournalEntry? {
        let rings = state.withLock { Array($0.rings.values) }
        return rings.lazy.compactMap { $0.entry(number) }.first
    }

    /// The number of the newest exchange.
    public var lastNumber: UInt64 { state.withLock { $0.last } }

    /// How many exchanges were let go in the whole run.
    public var dropped: UInt64 { state.withLock { $0.dropped } }

    /// How many exchanges are kept.
    public var count: Int { state.withLock { $0.rings.values.reduce(0) { $0 + $1.count } } }

    /// Forgets what was taken down.
    ///
    /// - Parameter root: of which tenant; of all when `nil`.
    /// - Returns: how many entries that were.
    @discardableResult
    public func clear(_ root: Root? = nil) -> Int {
        state.withLock { state in
            guard let root else {
                let count = state.rings.values.reduce(0) { $0 + $1.count }
                state = State(last: state.last, dropped: state.dropped)
                return count
            }
            guard let ring = state.rings.removeValue(forKey: root) else { return 0 }
            state.order = Queue(state.order.elements.filter { $0 != root })
            state.bytes -= ring.bytes
            return ring.count
        }
    }
}
