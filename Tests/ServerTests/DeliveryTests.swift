import PatchbayCSystem
import PatchbayHTTP
import Testing

@testable import PatchbayServer

/// Answers that leave late, as the handler wants it.
@Suite(.timeLimit(.minutes(5)))
struct DeliveryTests {
    /// Delivers "/special" as it says and the rest at once.
    private func running(_ delivery: Delivery) throws -> Running {
        try Running(handler: { request in
            var response = echo(request)
            if request.target.path == "/special" { response.delivery = delivery }
            return response
        })
    }

    @Test func `a delayed answer is late and keeps its place`() throws {
        let running = try running(Delivery(delay: .milliseconds(100)))
        var client = try Client(port: running.port)
        let began = ContinuousClock.now
        try client.send(get("/first") + get("/special") + get("/last"))
        #expect(try client.answer().body == Array("GET /first test ".utf8))
        #expect(try client.answer().body == Array("GET /special test ".utf8))
        #expect(ContinuousClock.now - began >= .milliseconds(90))
        #expect(try client.answer().body == Array("GET /last test ".utf8))
        try client.send(get("/more"))
        #expect(try client.answer().code == 200)
    }

    @Test func `a delayed answer waits for the output before it`() throws {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 5_000_000)
        let running = try Running(handler: { request in
            guard request.target.path == "/special" else { return Response(status: .ok, body: large) }
            var response = echo(request)
            response.delivery.delay = .milliseconds(50)
            return response
        })
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send(get("/large") + get("/special") + get("/large"))
        usleep(150_000)
        #expect(try client.answer().body.count == large.count)
        #expect(try client.answer().body == Array("GET /special test ".utf8))
        #expect(try client.answer().body.count == large.count)
    }

    @Test func `a delayed answer does not hold up other connections`() throws {
        let running = try running(Delivery(delay: .seconds(5)))
        let waiting = try Client(port: running.port)
        try waiting.send(get("/special"))
        try Held(port: running.port).exchange("/other")
        _ = consume waiting
    }

    @Test func `a delayed answer is given before a stop`() throws {
        let running = try running(Delivery(delay: .seconds(3600)))
        var client = try Client(port: running.port)
        try client.send(get("/special"))
        usleep(30_000)
        running.server.stop()
        #expect(try client.answer().head.contains("Connection: close"))
        running.server.waitUntilStopped()
    }

    @Test func `a client may leave before its delayed answer`() throws {
        let running = try running(Delivery(delay: .milliseconds(100)))
        for resets in [true, false] {
            let client = try Client(port: running.port)
            try client.send(get("/special"))
            usleep(30_000)
            if resets { client.resetOnClose() }
            _ = consume client
            #expect(Running.eventually { running.server.connectionCount == 0 })
        }
    }

    @Test func `an answer can close the connection`() throws {
        let running = try running(Delivery(ending: .close))
        var client = try Client(port: running.port)
        try client.send(get("/special") + get("/ignored"))
        #expect(try client.answer().head.contains("Connection: close"))
        #expect(try client.isAtEnd())
    }
}
