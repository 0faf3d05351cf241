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

        /// The numbers tell most apart, and a name takes long.
        public func hash(into hasher: inout Hasher) {
            hasher.combine((route ?? -1) &* 1_000 &+ status)
        }
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

        fileprivate mutating func add(_ other: Self) {
            for (place, count) in other.durations.enumerated() { durations[place] += count }
            nanoseconds += other.nanoseconds
            strikes += other.strikes
        }

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

    private let counts = PerLoop<[Series: Counted]>([:])

    init() {}

    func count(_ series: Series, duration: Int64, strikes: Int = 0, on loop: Int) {
        let place = Self.bounds.firstIndex { duration <= $0 } ?? Self.bounds.count
        counts.withLock(of: loop) { $0[series, default: Counted()].add(duration, at: place, strikes: strikes) }
    }

    /// What was counted so far.
    public var all: [(series: Series, counted: Counted)] {
        var all: [Series: Counted] = [:]
        counts.withAll { counts in
            for (series, counted) in counts { all[series, default: Counted()].add(counted) }
        }
        return all.map { ($0.key, $0.value) }
    }
}
