import PatchbayHTTP
import Synchronization
import Testing

/// The buffer between a writer and a reader.
struct ResponseStreamTests {
    private final class Counter: Sendable {
        private let count = Atomic(0)

        var value: Int { count.load(ordering: .sequentiallyConsistent) }

        func add() { count.add(1, ordering: .sequentiallyConsistent) }
    }

    private func taken(_ stream: ResponseStream) -> String {
        String(decoding: stream.take().bytes, as: UTF8.self)
    }

    @Test func `what is written can be taken once and in order`() {
        let stream = ResponseStream()
        #expect(stream.write(Array("a".utf8)) && stream.write([]) && stream.write(Array("bc".utf8)))
        #expect(taken(stream) == "abc")
        #expect(taken(stream) == "")
    }

    @Test func `no more is kept than there is room for`() {
        let stream = ResponseStream(capacity: 4)
        #expect(!stream.write(Array("12345".utf8)))
        #expect(stream.write(Array("123".utf8)))
        #expect(!stream.write(Array("45".utf8)))
        #expect(stream.write(Array("4".utf8)))
        #expect(taken(stream) == "1234")
        // What was taken is on its way, and takes room until it has left.
        #expect(!stream.write(Array("5".utf8)))
        stream.taken()
        #expect(stream.write(Array("5678".utf8)))
        #expect(taken(stream) == "5678")
        #expect(taken(stream) == "")
        #expect(stream.write(Array("9".utf8)))
        #expect(stream.isOpen)
    }

    @Test func `the end comes after what was written`() {
        let stream = ResponseStream()
        stream.write(Array("a".utf8))
        stream.finish()
        stream.finish()
        #expect(!stream.isOpen)
        #expect(!stream.write(Array("b".utf8)))
        let (bytes, isLast) = stream.take()
        #expect(bytes == Array("a".utf8) && isLast)
    }

    @Test func `a reader is woken once until it takes`() {
        let wakes = Counter()
        let stream = ResponseStream()
        stream.open { wakes.add() }
        #expect(wakes.value == 0)
        for _ in 0..<3 { stream.write([1]) }
        #expect(wakes.value == 1)
        _ = stream.take()
        stream.write([2])
        stream.finish()
        #expect(wakes.value == 2)
        _ = stream.take()
        stream.write([3])
        #expect(wakes.value == 2)
    }

    @Test(arguments: [true, false])
    func `a reader that comes late is woken for what is there`(isFinished: Bool) {
        let wakes = Counter()
        let stream = ResponseStream()
        if isFinished { stream.finish() } else { stream.write([1]) }
        stream.open { wakes.add() }
        #expect(wakes.value == 1)
    }

    @Test func `a writer hears once that its reader has gone`() {
        let closes = Counter()
        let stream = ResponseStream()
        stream.onClose { Issue.record("another closure took its place") }
        stream.onClose { closes.add() }
        stream.write([1])
        stream.close()
        stream.close()
        #expect(closes.value == 1)
        #expect(!stream.isOpen && !stream.write([2]))
        #expect(stream.take().bytes == [])
        stream.onClose { closes.add() }
        #expect(closes.value == 2)
    }

    @Test func `a writer hears that nobody has the stream any more`() {
        let closes = Counter()
        var response: Response? = Response(status: .ok)
        response?.delivery.ending = .stream(ResponseStream())
        if case .stream(let stream)? = response?.delivery.ending { stream.onClose { closes.add() } }
        #expect(closes.value == 0)
        response = nil
        #expect(closes.value == 1)
    }

    @Test func `streams are equal when they are one`() {
        let stream = ResponseStream()
        #expect(Delivery(ending: .stream(stream)) == Delivery(ending: .stream(stream)))
        #expect(Delivery(ending: .stream(stream)) != Delivery(ending: .stream(ResponseStream())))
        #expect(Set([stream, stream, ResponseStream()]).count == 2)
    }
}
