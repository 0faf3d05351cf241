import PatchbayCSystem
import PatchbayHTTP
import Synchronization
import Testing

@testable import PatchbayServer

/// Answers that go on until somebody ends them.
@Suite(.timeLimit(.minutes(5)))
struct StreamTests {
    /// The streams that were asked for, by their paths.
    private final class Streams: Sendable {
        private struct Entry {
            var stream: ResponseStream
            var isClosed = false
        }

        private let entries = Mutex<[String: Entry]>([:])

        func add(_ path: String, capacity: Int, heartbeat: ResponseStream.Heartbeat?) -> ResponseStream {
            let stream = ResponseStream(capacity: capacity, heartbeat: heartbeat)
            entries.withLock { $0[path] = Entry(stream: stream) }
            stream.onClose { self.entries.withLock { $0[path]?.isClosed = true } }
            return stream
        }

        subscript(path: String) -> ResponseStream? { entries.withLock { $0[path]?.stream } }

        func isClosed(_ path: String) -> Bool { entries.withLock { $0[path]?.isClosed == true } }
    }

    /// A server whose paths below "/stream" are streams, each of which a test can write to.
    private struct Streaming {
        let running: Running
        private let streams = Streams()

        init(
            _ adjust: (inout ServerOptions) -> Void = { _ in },
            capacity: Int = 256 * 1024,
            delay: Duration = .zero,
            status: Status = .ok,
            written: String = "",
            heartbeat: ResponseStream.Heartbeat? = nil
        ) throws {
            running = try Running(
                adjust,
                handler: { [streams] request in
                    let path = request.target.path
                    guard path.hasPrefix("/stream") else { return echo(request) }
                    var response = Response(status: status, headers: [("X", "1")], body: Array("begin\n".utf8))
                    let stream = streams.add(path, capacity: capacity, heartbeat: heartbeat)
                    stream.write(Array(written.utf8))
                    response.delivery = Delivery(delay: delay, ending: .stream(stream))
                    return response
                }
            )
        }

        subscript(path: String) -> ResponseStream {
            get throws { try #require(streams[path]) }
        }

        func isClosed(_ path: String) -> Bool { streams.isClosed(path) }

        /// A client that has got the head and the beginning of a stream.
        func reader(_ path: String, receiveBuffer: Int32? = nil) throws -> Client {
            var client = try Client(port: running.port, receiveBuffer: receiveBuffer)
            try client.send(get(path))
            #expect(try client.answer(toHead: true).code == 200)
            #expect(try client.take(6) == Array("begin\n".utf8))
            return client
        }

        /// A client that has asked for a stream and got nothing of it yet.
        func waiting(_ path: String) throws -> Client {
            let client = try Client(port: running.port)
            try client.send(get(path))
            #expect(Running.eventually { streams[path] != nil })
            return client
        }
    }

    /// Writes until the reader's kernel and ours take no more of it.
    private static func fill(_ stream: ResponseStream) {
        let piece = [UInt8](repeating: 0, count: 10_000)
        var refusals = 0
        // The loop is not as quick as we are.
        while stream.isOpen, refusals < 10 {
            refusals = stream.write(piece) ? 0 : refusals + 1
            if refusals > 0 { usleep(1_000) }
        }
    }

    @Test func `a stream begins with a head without a length and ends with the connection`() throws {
        let streaming = try Streaming()
        var client = try Client(port: streaming.running.port)
        try client.send(get("/first") + get("/stream") + get("/ignored"))
        #expect(try client.answer().body == Array("GET /first test ".utf8))
        let head = try client.answer(toHead: true).head
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\nX: 1\r\nDate: ") && head.hasSuffix("GMT\r\nConnection: close\r\n"))
        #expect(try client.take(6) == Array("begin\n".utf8))
        for text in ["one\n", "two\n"] {
            #expect(try streaming["/stream"].write(Array(text.utf8)))
            #expect(try client.take(4) == Array(text.utf8))
        }
        #expect(!streaming.isClosed("/stream"))
        try streaming["/stream"].write(Array("three".utf8))
        try streaming["/stream"].finish()
        let (text, isReset) = try client.outcome()
        #expect(text == "three" && !isReset)
        #expect(Running.eventually { streaming.isClosed("/stream") })
    }

    @Test func `a stream may be written and finished before it is answered`() throws {
        let streaming = try Streaming(delay: .milliseconds(50), written: "early")
        var client = try streaming.waiting("/stream")
        try streaming["/stream"].finish()
        #expect(try client.rest().hasSuffix("\r\n\r\nbegin\nearly"))
    }

    @Test(arguments: [("HEAD", 200), ("GET", 204), ("GET", 304)])
    func `a stream that may have no content is a head`(method: String, code: Int) throws {
        let streaming = try Streaming(status: Status(code), written: "early")
        var client = try Client(port: streaming.running.port)
        try client.send("\(method) /stream HTTP/1.1\r\nHost: test\r\n\r\n")
        let (text, isReset) = try client.outcome()
        #expect(text.hasSuffix("GMT\r\nConnection: close\r\n\r\n") && !text.contains("Length") && !isReset)
        #expect(streaming.isClosed("/stream"))
    }

    @Test func `two readers have a stream each`() throws {
        let streaming = try Streaming({ $0.loops = 2 })
        var first = try streaming.reader("/stream/1")
        var second = try streaming.reader("/stream/2")
        for index in 0..<100 {
            #expect(try streaming["/stream/1"].write(Array("first \(index)\n".utf8)))
            #expect(try streaming["/stream/2"].write(Array("second \(index)\n".utf8)))
        }
        try streaming["/stream/1"].finish()
        #expect(try first.rest() == (0..<100).map { "first \($0)\n" }.joined())
        #expect(try streaming["/stream/2"].isOpen)
        try streaming["/stream/2"].finish()
        #expect(try second.rest() == (0..<100).map { "second \($0)\n" }.joined())
    }

    @Test func `a slow reader is cut off at the bound and others are not slowed`() throws {
        let streaming = try Streaming({ $0.loops = 1 }, capacity: 100_000)
        var slow = try streaming.reader("/stream/slow", receiveBuffer: 8 * 1024)
        var quick = try streaming.reader("/stream/quick")
        let piece = [UInt8](repeating: UInt8(ascii: "x"), count: 10_000)
        var accepted = 0
        var isCutOff = false
        for _ in 0..<2_000 {
            if !isCutOff, try streaming["/stream/slow"].write(piece) {
                accepted += piece.count
            } else if !isCutOff {
                isCutOff = true
                try streaming["/stream/slow"].finish()
            }
            let stream = try streaming["/stream/quick"]
            #expect(Running.eventually { stream.write(piece) })
            #expect(try quick.take(piece.count) == piece)
        }
        #expect(isCutOff)
        let (text, isReset) = try slow.outcome()
        #expect(text.utf8.count == accepted && !isReset)
        #expect(Running.eventually { streaming.isClosed("/stream/slow") && !streaming.isClosed("/stream/quick") })
    }

    @Test(arguments: [true, false])
    func `a reader that does not read at all is given up`(isFinished: Bool) throws {
        let streaming = try Streaming({ $0.idleTimeout = .milliseconds(100) }, capacity: 100_000)
        let client = try streaming.reader("/stream", receiveBuffer: 8 * 1024)
        let stream = try streaming["/stream"]
        Self.fill(stream)
        if isFinished { stream.finish() }
        #expect(Running.eventually { streaming.isClosed("/stream") })
        #expect(streaming.running.server.connectionCount == 0)
        _ = consume client
    }

    @Test func `a silent stream is not given up`() throws {
        let streaming = try Streaming({ $0.idleTimeout = .milliseconds(30) })
        var client = try streaming.reader("/stream")
        usleep(100_000)
        #expect(try streaming["/stream"].write(Array("late".utf8)))
        #expect(try client.take(4) == Array("late".utf8))
    }

    @Test func `a silent stream has a heartbeat`() throws {
        let heartbeat = ResponseStream.Heartbeat(Array(":\n".utf8), every: .milliseconds(20))
        let streaming = try Streaming({ $0.idleTimeout = .milliseconds(30) }, heartbeat: heartbeat)
        var client = try streaming.reader("/stream")
        for _ in 0..<3 { #expect(try client.take(2) == Array(":\n".utf8)) }
        try streaming["/stream"].write(Array("end".utf8))
        try streaming["/stream"].finish()
        #expect(try client.rest().hasSuffix("end"))
    }

    @Test(arguments: [(true, 0), (false, 0), (true, 3600)])
    func `a reader that goes away is noticed`(resets: Bool, delay: Int) throws {
        let streaming = try Streaming(delay: .seconds(delay))
        if delay == 0 {
            let client = try streaming.reader("/stream")
            if resets { client.resetOnClose() }
            _ = consume client
        } else {
            let client = try streaming.waiting("/stream")
            // A client that ends one direction only may still want its answer; one that resets wants nothing.
            if resets { client.resetOnClose() }
            _ = consume client
        }
        #expect(Running.eventually { streaming.isClosed("/stream") })
        #expect(try !streaming["/stream"].isOpen)
        #expect(try !streaming["/stream"].write([1]))
        #expect(Running.eventually { streaming.running.server.connectionCount == 0 })
    }

    @Test func `a slow reader that goes away is noticed`() throws {
        let streaming = try Streaming(capacity: 10_000_000)
        let client = try streaming.reader("/stream", receiveBuffer: 8 * 1024)
        #expect(try streaming["/stream"].write([UInt8](repeating: 0, count: 10_000_000)))
        usleep(20_000)
        #expect(!streaming.isClosed("/stream"))
        _ = consume client
        #expect(Running.eventually { streaming.isClosed("/stream") })
    }

    @Test func `what a reader sends is thrown away up to a limit`() throws {
        let streaming = try Streaming({ $0.limits.drain = 100_000 })
        var client = try streaming.reader("/stream")
        try client.send([UInt8](repeating: 0, count: 50_000))
        #expect(try streaming["/stream"].write(Array("more".utf8)))
        #expect(try client.take(4) == Array("more".utf8))
        try? client.send([UInt8](repeating: 0, count: 60_000))
        #expect(Running.eventually { streaming.isClosed("/stream") })
    }

    @Test func `a stop ends streams at once`() throws {
        let streaming = try Streaming({ options in
            options.stopGrace = .seconds(3600)
            options.drainTimeout = .seconds(3600)
        })
        var client = try streaming.reader("/stream/1")
        let slow = try streaming.reader("/stream/slow", receiveBuffer: 8 * 1024)
        let stream = try streaming["/stream/slow"]
        Self.fill(stream)
        try streaming["/stream/1"].write(Array("last".utf8))
        streaming.running.server.stop()
        streaming.running.server.waitUntilStopped()
        let (text, isReset) = try client.outcome()
        #expect(text == "last" && !isReset)
        #expect(streaming.isClosed("/stream/1") && streaming.isClosed("/stream/slow"))
        #expect(try !streaming["/stream/1"].write([1]))
        _ = consume slow
    }

    @Test func `a stream that is asked for before a stop and answered after it ends at once`() throws {
        let streaming = try Streaming(delay: .milliseconds(200))
        var client = try streaming.waiting("/stream")
        streaming.running.server.stop()
        #expect(try client.rest().hasSuffix("Connection: close\r\n\r\nbegin\n"))
        #expect(streaming.isClosed("/stream"))
        _ = consume client
        streaming.running.server.waitUntilStopped()
    }

    @Test func `ten thousand small writes of four threads arrive in their order`() throws {
        let streaming = try Streaming(capacity: 20_000)
        var client = try streaming.reader("/stream")
        let stream = try streaming["/stream"]
        let threads = Threads(4)
        try threads.start { thread in
            for index in 0..<2_500 {
                // A reader that is too slow for so many leaves no room now and then.
                while !stream.write(Array("\(thread) \(index)\n".utf8)), stream.isOpen { usleep(100) }
            }
        }
        #expect(Running.eventually { threads.areFinished })
        stream.finish()
        let lines = try client.rest().split(separator: "\n")
        #expect(lines.count == 10_000)
        for thread in 0..<4 {
            let own = lines.filter { $0.hasPrefix("\(thread) ") }
            #expect(own == (0..<2_500).map { "\(thread) \($0)" })
        }
    }

    @Test func `connections can be counted from any thread at any time`() throws {
        let running = try Running({ $0.loops = 2 })
        let server = running.server
        let isOver = Atomic(false)
        let wrong = Atomic(0)
        let threads = Threads(4)
        try threads.start { [unowned running] _ in
            while !isOver.load(ordering: .acquiring) {
                let count = running.server.connectionCount
                if count < 0 || count > 200 { wrong.add(1, ordering: .relaxed) }
            }
        }
        for _ in 0..<20 {
            let clients = try (0..<10).map { _ in try Held(port: running.port) }
            for client in clients { try client.exchange("/") }
            #expect(server.connectionCount >= 10)
        }
        #expect(Running.eventually { server.connectionCount == 0 })
        server.stop()
        server.waitUntilStopped()
        #expect(server.connectionCount == 0)
        isOver.store(true, ordering: .releasing)
        #expect(Running.eventually { threads.areFinished })
        #expect(wrong.load(ordering: .relaxed) == 0)
    }
}

/// Threads that do the same thing at one time.
private final class Threads: Sendable {
    private let count: Int
    private let finished = Atomic(0)

    init(_ count: Int) {
        self.count = count
    }

    var areFinished: Bool { finished.load(ordering: .acquiring) == count }

    func start(_ work: @escaping @Sendable (Int) -> Void) throws {
        for index in 0..<count {
            try LoopThread.start {
                work(index)
                self.finished.add(1, ordering: .releasing)
            }
        }
    }
}
