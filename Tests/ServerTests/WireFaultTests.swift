import PatchbayCSystem
import PatchbayHTTP
import Testing

@testable import PatchbayServer

/// What a client sees of answers that do not leave properly: which bytes, and which end.
@Suite(.timeLimit(.minutes(5)))
struct WireFaultTests {
    /// How the connection goes on, or ends.
    enum End {
        case goesOn, finished, reset
    }

    struct Fault: Sendable, CustomTestStringConvertible {
        var ending: Delivery.Ending
        /// How much arrives of the head and of the body.
        var hasHead = true
        var bodyBytes = Int.max
        /// What arrives that is no part of the answer.
        var other = ""
        var end: End

        var testDescription: String { "\(ending)" }

        static let all = [
            Fault(ending: .complete, end: .goesOn),
            Fault(ending: .close, end: .finished),
            Fault(ending: .dribbled(chunks: 3, over: .milliseconds(6)), end: .goesOn),
            Fault(ending: .dribbled(chunks: 1, over: .milliseconds(2)), end: .goesOn),
            Fault(ending: .dribbled(chunks: 1_000_000, over: .milliseconds(2)), end: .goesOn),
            Fault(ending: .dribbled(chunks: 1_000_000, over: .zero), end: .goesOn),
            Fault(ending: .dribbled(chunks: 0, over: .seconds(-1)), end: .goesOn),
            Fault(ending: .dribbled(chunks: -1, over: .seconds(Int64.min)), end: .goesOn),
            Fault(ending: .truncated(bodyBytes: 7), bodyBytes: 7, end: .finished),
            Fault(ending: .truncated(bodyBytes: 0), bodyBytes: 0, end: .finished),
            Fault(ending: .truncated(bodyBytes: -1), bodyBytes: 0, end: .finished),
            Fault(ending: .truncated(bodyBytes: .max), end: .finished),
            Fault(
                ending: .garbage(Array("\0\r\nnot HTTP".utf8)),
                hasHead: false,
                other: "\0\r\nnot HTTP",
                end: .finished
            ),
            Fault(ending: .garbage([]), hasHead: false, end: .finished),
            Fault(ending: .empty, hasHead: false, end: .finished),
            Fault(ending: .reset, hasHead: false, end: .reset),
        ]

        /// What arrives, without its Date.
        func arriving(_ method: String, _ body: String, isLast: Bool = false) -> String {
            guard hasHead else { return other }
            let close = isLast || ending == .close ? "Connection: close\r\n" : ""
            return "HTTP/1.1 200 OK\r\nX-Remote: 127.0.0.1\r\nContent-Length: \(body.utf8.count)\r\n\(close)\r\n"
                + (method == "HEAD" ? "" : body.prefix(max(0, bodyBytes)))
        }
    }

    /// What was there before on the connection.
    enum Before: CaseIterable {
        case nothing, anAnswer, pipelinedRequests
    }

    private func running(
        _ delivery: Delivery,
        body: [UInt8]? = nil,
        stopGrace: Duration = .seconds(2)
    ) throws -> Running {
        try Running(
            { $0.stopGrace = stopGrace },
            handler: { request in
                var response = echo(request)
                if request.target.path == "/special" {
                    response.delivery = delivery
                    if let body { response.body = body }
                }
                return response
            }
        )
    }

    private func withoutDate(_ text: String) -> String {
        text.replacing(#/Date: [^\r]*\r\n/#, with: "")
    }

    @Test(arguments: Fault.all, Before.allCases)
    func `an ending is on the wire what it says`(fault: Fault, before: Before) throws {
        for delay in [Duration.zero, .milliseconds(3)] {
            let running = try running(Delivery(delay: delay, ending: fault.ending))
            for method in ["GET", "HEAD"] {
                let began = ContinuousClock.now
                var client = try Client(port: running.port)
                let earlier = before == .nothing ? 0 : 3
                if before == .anAnswer {
                    for index in 0..<earlier {
                        try client.send(get("/\(index)"))
                        #expect(try client.answer().code == 200)
                    }
                }
                let requests = before == .pipelinedRequests ? (0..<earlier).map { get("/\($0)") }.joined() : ""
                // What follows is answered where the connection goes on, and thrown away where it does not.
                let behind = get("/behind", "Connection: close\r\n")
                try client.send("\(requests)\(method) /special HTTP/1.1\r\nHost: test\r\n\r\n\(behind)")
                if before == .pipelinedRequests {
                    for index in 0..<earlier {
                        #expect(try client.answer().body == Array("GET /\(index) test ".utf8))
                    }
                }
                let (text, isReset) = try client.outcome()
                var expected = fault.arriving(method, "\(method) /special test ")
                if fault.end == .goesOn {
                    expected += Fault(ending: .close, end: .finished).arriving("GET", "GET /behind test ")
                }
                #expect(withoutDate(text) == expected, "\(method) after \(delay)")
                #expect(isReset == (fault.end == .reset), "\(method) after \(delay)")
                #expect(ContinuousClock.now - began >= delay)
            }
            #expect(Running.eventually { running.server.connectionCount == 0 })
        }
    }

    @Test(arguments: Fault.all)
    func `an ending is the same to a client that has finished sending`(fault: Fault) throws {
        for delay in [Duration.zero, .milliseconds(10)] {
            let running = try running(Delivery(delay: delay, ending: fault.ending))
            var client = try Client(port: running.port)
            // More than the server reads at one time is left behind the request.
            let behind = String(repeating: get("/behind", "X: \(String(repeating: "x", count: 1000))\r\n"), count: 200)
            try client.send(get("/special") + (fault.end == .goesOn ? "" : behind))
            client.finishSending()
            let (text, isReset) = try client.outcome()
            #expect(withoutDate(text) == fault.arriving("GET", "GET /special test "), "after \(delay)")
            #expect(isReset == (fault.end == .reset), "after \(delay)")
        }
    }

    @Test func `an answer in pieces arrives in pieces and the requests behind it wait`() throws {
        let body = (0..<1003).map { UInt8(truncatingIfNeeded: $0) }
        let running = try running(Delivery(ending: .dribbled(chunks: 5, over: .milliseconds(200))), body: body)
        var client = try Client(port: running.port)
        let began = ContinuousClock.now
        try client.send(get("/first") + get("/special") + get("/last"))
        #expect(try client.answer().body == Array("GET /first test ".utf8))
        let head = try client.answer(toHead: true).head
        #expect(head.contains("Content-Length: 1003\r\n"))
        let sizes = try client.pieces(of: body.count)
        #expect(ContinuousClock.now - began >= .milliseconds(200))
        // A machine that is busy may deliver several at one time, but not all of them.
        #expect(sizes.count > 1 && sizes.count <= 5)
        #expect(try client.answer().body == Array("GET /last test ".utf8))
    }

    @Test func `an answer in pieces is whole`() throws {
        let body = (0..<1_000_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let running = try running(Delivery(ending: .dribbled(chunks: 7, over: .milliseconds(20))), body: body)
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send(get("/special") + get("/last"))
        #expect(try client.answer().body == body)
        #expect(try client.answer().body == Array("GET /last test ".utf8))
    }

    @Test(arguments: [
        Delivery(delay: .milliseconds(60)), Delivery(ending: .dribbled(chunks: 10, over: .milliseconds(60))),
        Delivery(delay: .milliseconds(30), ending: .dribbled(chunks: 3, over: .milliseconds(30))),
        Delivery(delay: .milliseconds(60), ending: .reset), Delivery(delay: .milliseconds(60), ending: .empty),
    ])
    func `nothing touches a connection whose client has left before its answer`(delivery: Delivery) throws {
        let running = try running(delivery)
        for resets in [true, false] {
            let leaving = try Client(port: running.port)
            try leaving.send(get("/special") + get("/behind"))
            #expect(Running.eventually { running.server.connectionCount == 1 })
            usleep(20_000)
            if resets { leaving.resetOnClose() }
            _ = consume leaving
            if resets { #expect(Running.eventually { running.server.connectionCount == 0 }) }
            // Likely to be given the same descriptor, whose timer is still in the heap.
            let next = try Held(port: running.port)
            for _ in 0..<10 {
                try next.exchange("/other")
                usleep(8_000)
            }
            #expect(Running.eventually { running.server.connectionCount == 1 })
            _ = consume next
            #expect(Running.eventually { running.server.connectionCount == 0 })
        }
    }

    /// A time that no test waits for.
    private static let never = Duration.seconds(3600)

    @Test(arguments: [
        Delivery(delay: never), Delivery(ending: .dribbled(chunks: 4, over: never)),
        Delivery(delay: never, ending: .dribbled(chunks: 4, over: never)),
        Delivery(delay: .seconds(Int64.max), ending: .dribbled(chunks: 4, over: .seconds(Int64.max))),
    ])
    func `an answer that waits leaves at a stop and so do those behind it`(delivery: Delivery) throws {
        let running = try running(delivery, stopGrace: Self.never)
        var client = try Client(port: running.port)
        try client.send(get("/first") + get("/special") + get("/behind") + get("/special"))
        #expect(try client.answer().code == 200)
        // Has arrived, but is not read while an answer waits.
        try client.send(get("/unread"))
        running.server.stop()
        for path in ["/special", "/behind", "/special", "/unread"] {
            let answer = try client.answer()
            #expect(answer.body == Array("GET \(path) test ".utf8))
            #expect(answer.head.contains("Connection: close\r\n") == (path == "/unread"))
        }
        #expect(try client.isAtEnd())
        _ = consume client
        running.server.waitUntilStopped()
    }

    @Test(arguments: Fault.all)
    func `an answer that waits leaves at a stop with its own ending`(fault: Fault) throws {
        let running = try running(Delivery(delay: Self.never, ending: fault.ending), stopGrace: Self.never)
        var client = try Client(port: running.port)
        try client.send(get("/first") + get("/special"))
        #expect(try client.answer().code == 200)
        running.server.stop()
        let (text, isReset) = try client.outcome()
        #expect(withoutDate(text) == fault.arriving("GET", "GET /special test ", isLast: true))
        #expect(isReset == (fault.end == .reset))
        _ = consume client
        running.server.waitUntilStopped()
    }

    @Test func `the rest of an answer in pieces leaves at a stop in one piece`() throws {
        let body = (0..<100_003).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let delivery = Delivery(ending: .dribbled(chunks: body.count, over: Self.never))
        let running = try running(delivery, body: body, stopGrace: Self.never)
        var client = try Client(port: running.port)
        try client.send(get("/special"))
        #expect(try client.answer(toHead: true).code == 200)
        let first = try client.take(1)
        running.server.stop()
        #expect(try first + client.take(body.count - 1) == body)
        // Arrives while the connection ends; it must not turn the end into a reset.
        try client.send(get("/late"))
        let (text, isReset) = try client.outcome()
        #expect(text == "" && !isReset)
        _ = consume client
        running.server.waitUntilStopped()
    }

    @Test func `an answer that waits behind others leaves at a stop after them`() throws {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)
        let running = try Running(
            { $0.stopGrace = Self.never },
            handler: { request in
                guard request.target.path == "/special" else { return Response(status: .ok, body: large) }
                var response = echo(request)
                response.delivery.delay = Self.never
                return response
            }
        )
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send(get("/large") + get("/special") + get("/large"))
        usleep(50_000)
        running.server.stop()
        #expect(try client.answer().body.count == large.count)
        #expect(try client.answer().body == Array("GET /special test ".utf8))
        #expect(try client.answer().body.count == large.count)
        #expect(try client.isAtEnd())
        _ = consume client
        running.server.waitUntilStopped()
    }

    @Test func `a stop does not wait longer than its grace for a client that does not read`() throws {
        let body = [UInt8](repeating: 0, count: 20_000_000)
        let running = try running(Delivery(delay: Self.never), body: body, stopGrace: .milliseconds(50))
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send(get("/first") + get("/special"))
        #expect(try client.answer().code == 200)
        running.server.stop()
        running.server.waitUntilStopped()
        #expect(try client.outcome().text.utf8.count < body.count)
    }

    @Test func `a reset waits until the large answers before it have arrived`() throws {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 3_000_000)
        let running = try Running(handler: { request in
            var response = Response(status: .ok, body: large)
            if request.target.path == "/special" { response.delivery.ending = .reset }
            return response
        })
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send(get("/1") + get("/2") + get("/special") + get("/3"))
        usleep(50_000)
        for _ in 0..<2 { #expect(try client.answer().body.count == large.count) }
        let (text, isReset) = try client.outcome()
        #expect(text == "" && isReset)
    }

    @Test func `a reset does not wait for ever for a client that does not read`() throws {
        let running = try Running(
            { $0.idleTimeout = .milliseconds(100) },
            handler: { request in
                // Fits into the kernel's buffers, but not into the client's.
                var response = Response(status: .ok, body: [UInt8](repeating: 0, count: 100_000))
                if request.target.path == "/special" { response.delivery.ending = .reset }
                return response
            }
        )
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send(get("/large") + get("/special"))
        #expect(Running.eventually { running.server.connectionCount == 1 })
        #expect(Running.eventually { running.server.connectionCount == 0 })
        #expect(try client.outcome().isReset)
    }

    @Test func `a reset touches no other connection`() throws {
        let running = try running(Delivery(ending: .reset))
        let other = try Held(port: running.port)
        try other.exchange("/before")
        for _ in 0..<20 {
            var client = try Client(port: running.port)
            try client.send(get("/special"))
            #expect(try client.outcome().isReset)
        }
        try other.exchange("/after")
    }
}
