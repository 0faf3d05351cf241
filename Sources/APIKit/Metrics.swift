internal import Synchronization

/// Counts of requests and of how long their answers took, since the program began.
public final class Metrics: Sendable {
    /// What is counted together.
    public struct Series: Sendable, Hashable {
        /// The API's name; empty outside all of them.
        public var api: String
        /// The operation's place in the API's endpoint table; `nil` for requests that led to none.
        public var route: Int?
        /// The answer's status.
        public var status: Int
    }

    /// How long answers took that are counted together.
    public struct Durations: Sendable {
        /// How many took no longer than each of ``Metrics/bounds``, without those of the bound before; at the end, the rest.
        public internal(set) var counts = [UInt64](repeating: 0, count: Metrics.bounds.count + 1)
        /// All together, in nanoseconds.
        public internal(set) var sum: Int64 = 0

        fileprivate mutating func add(_ duration: Int64, at place: Int) {
            counts[place] += 1
            sum += duration
        }
    }

    /// The upper bounds of the histogram, in nanoseconds: from 25 µs, each at least twice the one before.
    public static let bounds: [Int64] = [
        25_000, 50_000, 100_000, 250_000, 500_000, 1_000_000, 2_500_000, 5_000_000, 10_000_000, 50_000_000,
        100_000_000, 1_000_000_000,
    ]

    private let state = Mutex<[Series: Durations]>([:])

    init() {}

    func count(_ series: Series, duration: Int64) {
        let place = Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count
        state.withLock { $0[series, default: Durations()].add(duration, at: place) }
    }

    /// What was counted so far.
    public var all: [(series: Series, durations: Durations)] {
        state.withLock { state in state.map { ($0.key, $0.value) } }
    }
}
