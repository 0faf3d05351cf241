import CSystem
import HTTP

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

    mutating func update() {
        now = system_nanoseconds(CLOCK_MONOTONIC)
        guard now >= dateExpires else { return }
        let wall = system_nanoseconds(CLOCK_REALTIME)
        date = HTTPDate(secondsSince1970: Int(wall / 1_000_000_000))
        dateExpires = now + 1_000_000_000 - wall % 1_000_000_000
    }
}

extension Duration {
    /// In nanoseconds, at most 292 years.
    var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (product, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        return overflow ? Int64.max / 4 : product + attoseconds / 1_000_000_000
    }
}
