import SeededGenerator
import Testing

@testable import PatchbayAPIKit

/// What the journal keeps its entries in.
@Suite struct QueueTests {
    @Test(arguments: 1...8 as ClosedRange<UInt64>)
    func `A queue is what an array is that loses its first`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        var (queue, model) = (Queue<Int>(), [Int]())
        for step in 0..<2_000 {
            if Int.random(in: 0..<100, using: &generator) < (step / 500 % 2 == 0 ? 60 : 40) {
                queue.append(step)
                model.append(step)
            } else {
                #expect(queue.popFirst() == (model.isEmpty ? nil : model.removeFirst()))
            }
            #expect(queue.count == model.count)
            #expect(queue.last == model.last)
            let wanted = Int.random(in: 0..<2_000, using: &generator)
            #expect(queue.first { $0 >= wanted } == model.first { $0 >= wanted })
        }
        #expect(queue.elements == model)
        #expect(Queue(model).elements == model)
    }

    @Test func `A queue grows so seldom that nothing is moved for most elements`() {
        var queue = Queue<Int>()
        var capacities: Set<Int> = []
        for number in 0..<100_000 {
            // Once in a while nothing leaves, as when entries are of different sizes.
            if queue.count >= 1_000, number % 10 != 0 || queue.count > 1_500 { _ = queue.popFirst() }
            queue.append(number)
            capacities.insert(queue.capacity)
        }
        #expect(capacities.count <= 10)
        #expect(queue.capacity == 2_048)
    }

    @Test func `Elements may be nil`() {
        var queue = Queue<Int?>([nil, 1])
        queue.append(nil)
        #expect(queue.elements == [nil, 1, nil])
        #expect(queue.popFirst() == .some(nil))
        #expect(queue.popFirst() == 1)
        #expect(queue.popFirst() == .some(nil))
        #expect(queue.popFirst() == nil)
    }
}
