public import Store
internal import Synchronization

/// What was asked and answered, tenant by tenant: the newest exchanges of each, and how many older ones were let go.
public final class Journal: Sendable {
    /// How many exchanges are kept of each tenant; none when 0.
    public let capacity: Int
    private let state = Mutex(State())

    /// So many tenants are kept apart before the one that was first heard of is forgotten: paths may name any number of
    /// tenants that do not exist.
    private static let mostTenants = 4_096

    private struct State {
        var rings: [Root?: Ring] = [:]
        /// The tenants in the order in which they were first heard of.
        var order: [Root?] = []
        var last: UInt64 = 0
        /// The newest entry of tenants that were forgotten.
        var lastForgotten: UInt64 = 0
        var forgotten: UInt64 = 0
        /// How many were let go in all, cleared or not.
        var dropped: UInt64 = 0

        mutating func forgetFirst() {
            guard let ring = rings.removeValue(forKey: order.removeFirst()) else { return }
            let count = UInt64(ring.entries.count)
            forgotten += ring.dropped + count
            dropped += count
            lastForgotten = max(lastForgotten, ring.entries.map(\.number).max() ?? 0)
        }
    }

    /// The entries of a tenant.
    private struct Ring {
        var entries: [JournalEntry] = []
        /// Where the oldest is, once it is full.
        var start = 0
        var dropped: UInt64 = 0
        var lastDropped: UInt64 = 0

        mutating func append(_ entry: JournalEntry, capacity: Int) -> Bool {
            guard entries.count == capacity else {
                entries.append(entry)
                return false
            }
            lastDropped = entries[start].number
            dropped += 1
            entries[start] = entry
            start = start + 1 == capacity ? 0 : start + 1
            return true
        }

        var inOrder: [JournalEntry] { Array(entries[start...] + entries[..<start]) }
    }

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes an exchange down.
    ///
    /// - Returns: its number.
    @discardableResult
    func record(_ entry: consuming JournalEntry) -> UInt64 {
        var entry = entry
        return state.withLock { state in
            state.last += 1
            entry.number = state.last
            guard capacity > 0 else { return state.last }
            let root = entry.root
            if state.rings[root] == nil {
                if state.order.count == Self.mostTenants { state.forgetFirst() }
                state.order.append(root)
            }
            if state.rings[root, default: Ring()].append(entry, capacity: capacity) { state.dropped += 1 }
            return state.last
        }
    }

    /// What is known of some tenants' exchanges.
    public struct Extract: Sendable {
        /// Those that are kept, the oldest first.
        public var entries: [JournalEntry]
        /// How many were let go since the journal was last cleared.
        public var dropped: UInt64
        /// The number of the newest that was let go; 0 when all are there.
        public var lastDropped: UInt64
    }

    /// The exchanges of some tenants; of all, and of no tenant, when `nil`.
    public func extract(of roots: [Root]? = nil) -> Extract {
        let (rings, forgotten, lastForgotten) = state.withLock { state in
            let rings = roots.map { roots in roots.compactMap { state.rings[$0] } } ?? Array(state.rings.values)
            return (rings, state.forgotten, state.lastForgotten)
        }
        return Extract(
            entries: rings.flatMap(\.inOrder).sorted { $0.number < $1.number },
            dropped: rings.reduce(forgotten) { $0 + $1.dropped },
            lastDropped: rings.reduce(lastForgotten) { max($0, $1.lastDropped) }
        )
    }

    /// The number of the newest exchange.
    public var lastNumber: UInt64 { state.withLock { $0.last } }

    /// How many exchanges were let go in the whole run.
    public var dropped: UInt64 { state.withLock { $0.dropped } }

    /// Forgets what was taken down.
    ///
    /// - Parameter root: of which tenant; of all when `nil`.
    /// - Returns: how many entries that were.
    @discardableResult
    public func clear(_ root: Root? = nil) -> Int {
        state.withLock { state in
            guard let root else {
                let count = state.rings.values.reduce(0) { $0 + $1.entries.count }
                state = State(last: state.last, dropped: state.dropped)
                return count
            }
            state.order.removeAll { $0 == root }
            return state.rings.removeValue(forKey: root)?.entries.count ?? 0
        }
    }
}
