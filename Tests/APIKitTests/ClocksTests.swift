import PatchbayStore
import Synchronization
import Testing

@testable import PatchbayAPIKit

/// The clocks of tenants.
@Suite struct ClocksTests {
    private let machine = Machine()
    private let clocks: Clocks
    private static let roots = Collection("roots", in: "clocks", key: "id", members: [Member("id", .text(.any))])
    private let one = Root(roots, "1")
    private let two = Root(roots, "2")

    init() {
        let machine = machine
        clocks = Clocks(Clock { Timestamp(seconds: machine.second.load(ordering: .relaxed)) })
    }

    private final class Machine: Sendable {
        let second = Atomic<Int64>(0)
    }

    private func seconds() -> [Int64] {
        [clocks.now().seconds, clocks.now(of: one).seconds, clocks.now(of: two).seconds]
    }

    @Test func `All show the machine's time at first`() {
        #expect(seconds() == [0, 0, 0])
        machine.second.store(5, ordering: .relaxed)
        #expect(seconds() == [5, 5, 5])
        #expect(clocks.setting(of: one) == Clocks.Setting())
    }

    @Test func `A tenant's clock stands still alone, is moved, and goes on`() {
        clocks.set(one, isFrozen: true)
        machine.second.store(5, ordering: .relaxed)
        #expect(seconds() == [5, 0, 5])
        clocks.advance([one], by: 90_000_000)
        #expect(seconds() == [5, 90, 5])
        clocks.set(one, isFrozen: false)
        machine.second.store(6, ordering: .relaxed)
        #expect(seconds() == [6, 91, 6])
        clocks.set(one, to: Timestamp(seconds: 1_000), isFrozen: false)
        machine.second.store(7, ordering: .relaxed)
        #expect(seconds() == [7, 1_001, 7])
    }

    @Test func `The clock of all moves those that have none of their own`() {
        clocks.set(to: Timestamp(seconds: 100), isFrozen: true)
        #expect(seconds() == [100, 100, 100])
        clocks.advance([two], by: 1_000_000)
        #expect(seconds() == [100, 100, 101])
        clocks.advance(by: 10_000_000)
        #expect(seconds() == [110, 110, 111])
        clocks.set(to: Timestamp(seconds: 200), isFrozen: true)
        #expect(seconds() == [200, 200, 200])
    }

    @Test func `All clocks stop where they are, and go on from there`() {
        let clocks = Clocks(.frozen(at: Timestamp(seconds: 100)))
        clocks.set(one, to: Timestamp(seconds: 5), isFrozen: false)
        clocks.set(isFrozen: true)
        #expect(clocks.now(of: one) == Timestamp(seconds: 5))
        #expect(clocks.now() == Timestamp(seconds: 100))
        #expect(clocks.setting(of: one).frozen == Timestamp(seconds: 5))
        clocks.set(isFrozen: false)
        #expect(clocks.now(of: one) == Timestamp(seconds: 5))
        #expect(clocks.setting(of: one).frozen == nil)
    }

    @Test func `A clock that runs goes no further than times can be written`() {
        let time = Timestamp(seconds: 100)
        let clocks = Clocks(Clock { time })
        clocks.set(to: .last, isFrozen: false)
        #expect(clocks.now() == .last)
    }
}
