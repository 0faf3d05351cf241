import Testing

@testable import PatchbayServer

/// The order in which things fall due.
struct TimerHeapTests {
    @Test func `what is due comes in order of time and then of arrival`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var state = seed
        var heap = TimerHeap<Int>()
        var expected: [(deadline: Int64, payload: Int)] = []
        for payload in 0..<1000 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            let deadline = Int64(state >> 33) % 100
            heap.add(payload, at: deadline)
            expected.append((deadline, payload))
        }
        expected.sort { ($0.deadline, $0.payload) < ($1.deadline, $1.payload) }
        for (deadline, payload) in expected {
            #expect(heap.next(dueAt: deadline - 1).map(\.payload) == nil, "seed \(seed)")
            #expect(heap.next(dueAt: deadline).map(\.payload) == payload, "seed \(seed)")
        }
        #expect(heap.first == nil)
    }
}
