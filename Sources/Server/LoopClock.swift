import PatchbayCSystem
import PatchbayHTTP

/// The time as one loop sees it: read once for a batch of events, and formatted at most once a second.
struct LoopClock {
    /// Monotonic nanoseconds.
    private(set) var now: Int64 = 0
    /// The current Date field.
    private(set) var date = HTTPDate(secondsSince1970: 0)
    private var dateExpires: Int64 = 0

    init() {
        update()
    }

    /// Monotonic nanoseconds as they are now, not when the batch began.
    static var monotonic: Int64 { system_nanoseconds(CLOCK_MONOTONIC) }

    mutating func update() { update(to: Self.monotonic, wall: system_nanoseconds(CLOCK_REALTIME)) }

    /// Goes on to a time; the machine's clock, which somebody may set, is only good for the Date field.
    mutating func update(to now: Int64, wall: @autoclosure () -> Int64) {
        self.now = now
        guard now >= dateExpires else { return }
        let wall = wall()
        date = HTTPDate(secondsSince1970: Int(wall / 1_000_000_000))
        dateExpires = now + 1_000_000_000 - wall % 1_000_000_000
    }
}

extension Duration {
    /// In nanoseconds, at most 73 years either way, so that they can be added to a time.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let longest = Int64.max / 4
        if overflow { return seconds < 0 ? -longest : longest }
        return max(-longest, min(product, longest)) + attoseconds / 1_000_000_000
    }
}
