internal import PatchbayHTTP
public import PatchbayStore
internal import Synchronization

/// What was asked and answered, tenant by tenant: the newest exchanges of each, and how many older ones were let go.
public final class Journal: Sendable {
    /// How many exchanges are kept of each tenant; none when 0.
    public let capacity: Int
    private let state = Mutex(State())
    /// What the loops have noted, and not entered yet: whoever looks at the journal enters it first.
    private let notes = PerLoop<[JournalEntry]>([])
    private let followers = JournalFollowers()

    /// A loop enters what it has noted when it is so much, and larger entries at once.
    private static let room = (notes: 64, bytes: 8 << 10)

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

        /// Takes entries in, in their order, which get their numbers.
        mutating func enter(_ entries: inout [JournalEntry], capacity: Int) {
            for index in entries.indices { entries[index].number = last + UInt64(index) + 1 }
            last += UInt64(entries.count)
            if capacity > 0 { append(entries, capacity: capacity) } else { pass(entries.count) }
        }

        /// Counts entries that are not kept at all.
        private mutating func pass(_ count: Int) {
            forgotten += UInt64(count)
            dropped += UInt64(count)
            if count > 0 { lastForgotten = last }
        }

        private mutating func append(_ entries: [JournalEntry], capacity: Int) {
            var next = 0
            while next < entries.count {
                let root = entries[next].root
                if rings[root] == nil {
                    if order.count == Journal.mostTenants { forgetFirst() }
                    order.append(root)
                }
                // One look at the table for all that follow each other of a tenant, as nearly all do.
                let room = Journal.most.ofAll - bytes
                let change = rings[root, default: Ring()].append(entries, from: &next, capacity: capacity, room: room)
                dropped += change.dropped
                bytes += change.bytes
                while bytes > Journal.most.ofAll, order.count > 1 { forgetFirst() }
            }
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

        /// Takes an entry in, and those behind it of the same tenant while there is room for them among those of all, and lets as
        /// many of the oldest go as there is no room for.
        ///
        /// - Returns: how many were let go, and how many bytes more are kept.
        mutating func append(
            _ new: [JournalEntry],
            from next: inout Int,
            capacity: Int,
            room: Int
        ) -> (dropped: UInt64, bytes: Int) {
            let before = (dropped: dropped, bytes: bytes)
            let root = new[next].root
            repeat {
                append(new[next], capacity: capacity)
                next += 1
            } while next < new.count && bytes - before.bytes <= room && new[next].root == root
            return (dropped - before.dropped, bytes - before.bytes)
        }

        private mutating func append(_ entry: JournalEntry, capacity: Int) {
            while count == capacity || bytes + entry.size > Journal.most.ofTenant, let oldest = entries.popFirst() {
                lastDropped = oldest.number
                bytes -= oldest.size
                dropped += 1
            }
            bytes += entry.size
            entries.append(entry)
        }

        func entry(_ number: UInt64) -> JournalEntry? { entries.first { $0.number == number } }
    }

    init(capacity: Int) {
        self.capacity = capacity
    }

    /// Takes an exchange down that nobody has to know the number of.
    ///
    /// - Parameters:
    ///   - entry: what is known of it.
    ///   - loop: the number of the loop that it was on.
    func note(_ entry: JournalEntry, on loop: Int) {
        let isSmall = entry.size <= Self.room.bytes
        let count = notes.withLock(of: loop) { notes -> Int? in
            // Asked for here, so that nothing is noted any more once somebody who follows has seen what was.
            guard isSmall, !followers.exist else { return nil }
            notes.append(entry)
            return notes.count
        }
        guard let count else {
            record(entry)
            return
        }
        if count >= Self.room.notes { state.withLock { enterNotes(into: &$0) } }
    }

    /// Enters what the loops have noted, in the order in which it was answered.
    private func enterNotes(into state: inout State) {
        var entries: [JournalEntry] = []
        notes.withAll { notes in
            guard !notes.isEmpty else { return }
            entries += notes
            notes.removeAll(keepingCapacity: true)
        }
        if entries.isEmpty { return }
        entries.sort { $0.end < $1.end }
        state.enter(&entries, capacity: capacity)
    }

    /// Looks at all that was taken down.
    private func withEntries<Result: Sendable>(_ body: (inout State) -> Result) -> Result {
        state.withLock { state in
            enterNotes(into: &state)
            return body(&state)
        }
    }

    /// Takes an exchange down.
    ///
    /// - Returns: its number.
    @discardableResult
    func record(_ entry: JournalEntry) -> UInt64 {
        let (entry, told) = withEntries { state in
            var entries = [entry]
            state.enter(&entries, capacity: capacity)
            // Asked for here, so that nobody misses a number who began to follow before it.
            return (entries[0], followers.current)
        }
        let exchange = ToldExchange(entry)
        for follower in told { follower.take(exchange) }
        return entry.number
    }

    /// Tells somebody of every exchange from now on.
    package func follow(_ follower: any JournalFollower) {
        state.withLock { state in
            // First, so that nothing is noted that it should be told of.
            followers.add(follower)
            enterNotes(into: &state)
            follower.begin(after: state.last)
        }
    }

    /// Tells somebody of no further exchange.
    package func unfollow(_ follower: any JournalFollower) { followers.remove(follower) }

    /// Whether anybody is told of exchanges.
    package var isFollowed: Bool { followers.exist }

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
        let (rings, forgotten, lastForgotten, last) = withEntries { state in
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
        let rings = withEntries { Array($0.rings.values) }
        return rings.lazy.compactMap { $0.entry(number) }.first
    }

    /// The number of the newest exchange.
    public var lastNumber: UInt64 { withEntries { $0.last } }

    /// How many exchanges were let go in the whole run.
    public var dropped: UInt64 { withEntries { $0.dropped } }

    /// How many exchanges are kept.
    public var count: Int { withEntries { $0.rings.values.reduce(0) { $0 + $1.count } } }

    /// Forgets what was taken down.
    ///
    /// - Parameter root: of which tenant; of all when `nil`.
    /// - Returns: how many entries that were.
    @discardableResult
    public func clear(_ root: Root? = nil) -> Int {
        withEntries { state in
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
