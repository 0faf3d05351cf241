import Testing

@testable import PatchbayServer

/// How a body is cut into pieces.
struct DribbleTests {
    @Test(arguments: [
        (10, 5, [2, 2, 2, 2, 2]), (10, 3, [3, 3, 4]), (3, 10, [1, 1, 1]), (1, 1, [1]), (7, 0, [7]), (7, -3, [7]),
    ])
    func `the pieces are of one size as far as that goes and the last is due at the end`(
        size: Int,
        pieces: Int,
        expected: [Int]
    ) {
        let body = (0..<size).map { UInt8($0) }
        var dribble = Dribble(body, pieces: pieces, over: .nanoseconds(3000), from: 500)
        var sent: [[UInt8]] = []
        var due: [Int64] = []
        while !dribble.isFinished {
            due.append(dribble.due)
            sent.append(Array(dribble.next(at: dribble.due)))
        }
        #expect(sent.map(\.count) == expected)
        #expect(sent.flatMap(\.self) == body)
        let interval = 3000 / Int64(expected.count)
        #expect(due == expected.indices.map { 500 + interval * Int64($0 + 1) })
    }

    @Test(arguments: [(1100, 2), (1699, 2), (2300, 6), (3499, 8), (3500, 10), (Int64.max, 10)])
    func `what was not sent in time is sent with the next piece`(now: Int64, expected: Int) {
        var dribble = Dribble([UInt8](repeating: 0, count: 10), pieces: 5, over: .nanoseconds(3000), from: 500)
        #expect(dribble.next(at: now).count == expected)
    }

    @Test func `what is left can be had before it is due`() {
        let body = (0..<10).map { UInt8($0) }
        for pieces in [1, 5, 10] {
            var fresh = Dribble(body, pieces: pieces, over: .seconds(Int64.max), from: 500)
            #expect(Array(fresh.rest()) == body)
            #expect(fresh.isFinished && fresh.rest().isEmpty)
        }
        var begun = Dribble(body, pieces: 5, over: .nanoseconds(3000), from: 500)
        let sent = begun.next(at: 1100)
        #expect(Array(sent + begun.rest()) == body && begun.isFinished)
    }
}
