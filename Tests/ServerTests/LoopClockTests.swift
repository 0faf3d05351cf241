import Testing

@testable import PatchbayHTTP
@testable import PatchbayServer

/// The time as loops see it.
@Suite struct LoopClockTests {
    @Test func `A machine's clock that is set moves the Date field, and no timer`() {
        var clock = LoopClock()
        let start = clock.now
        let wall = 1_790_000_000
        for (number, jump) in [0, 7_200, -7_200, 1_000_000_000, -1_000_000_000].enumerated() {
            let time = start + Int64(number + 1) * 2_000_000_000
            clock.update(to: time, wall: Int64(wall + jump) * 1_000_000_000)
            #expect(clock.now == time)
            #expect(clock.date.description == HTTPDate(secondsSince1970: wall + jump).description)
        }
    }
}
