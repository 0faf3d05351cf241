internal import Synchronization

/// Counts of requests and of how long their answers took, since the program began.
public final class Metrics: Sendable {
    /// What is counted together.
    public struct Series: Sendable, Hashable {
        /// The API's name; empty outside all of them.
        public var api: String
        /// The operation's place in the API's endpoint table; `nil` for requests that led to none.
        public var route: Int?
        /// The answer's status; 0 when a fault let no answer leave.
        public var status: Int
    }

    /// What was counted of a series.
    public struct Counted: Sendable {
        /// How many answers took no longer than each of ``Metrics/bounds``, without those of the bound before; at the end, the
        /// rest.
        public internal(set) var durations = [UInt64](repeating: 0, count: Metrics.bounds.count + 1)
        /// How long they took all together, in nanoseconds.
        public internal(set) var nanoseconds: Int64 = 0
        /// How often faults struck.
        public internal(set) var strikes: UInt64 = 0

        /// How many requests there were.
        public var requests: UInt64 { durations.reduce(0, +) }

        fileprivate mutating func add(_ duration: Int64, at place: Int, strikes: Int) {
            durations[place] += 1
            nanoseconds += duration
            self.strikes += UInt64(strikes)
        }
    }

    /// The upper bounds of the histogram, in nanoseconds: from 25 µs, each at least twice the one before.
    public static let bounds: [Int64] = [
        25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 50_000_000,
        100_000_000, 1_000_000_000,
    ]

    private let state = Mutex<[Series: Counted]>([:])

    init() {}

    func count(_ series: Series, duration: Int64, strikes: Int = 0) {
        let place = Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count
        state.withLock { $0[series, default: Counted()].add(duration, at: place, strikes: strikes) }
    }

    /// What was counted so far.
    public var all: [(series: Series, counted: Counted)] {
        state.withLock { state in state.map { ($0.key, $0.value) } }
    }
}
