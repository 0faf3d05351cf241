import CSystem
import HTTP
import Testing

@testable import Server

/// Requests and answers over real sockets.
@Suite(.timeLimit(.minutes(5)))
struct ExchangeTests {
    @Test func `one connection serves many requests`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        for index in 0..<100 {
            try client.send(get("/\(index)"))
            let answer = try client.answer()
            #expect(answer.code == 200)
            #expect(answer.body == Array("GET /\(index) test ".utf8))
            #expect(answer.head.contains("X-Remote: 127.0.0.1\r\n"))
            #expect(!answer.head.contains("Connection:"))
        }
        #expect(running.server.connectionCount == 1)
    }

    @Test func `a thousand pipelined requests are answered in order`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send((0..<1000).map { get("/\($0)") }.joined())
        for index in 0..<1000 {
            #expect(try client.answer().body == Array("GET /\(index) test ".utf8))
        }
    }

    @Test func `a request may come one byte at a time`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        for byte in "POST /slow HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody".utf8 {
            try client.send([byte])
        }
        #expect(try client.answer().body == Array("POST /slow test body".utf8))
    }

    @Test func `HTTP 1_0 closes unless asked not to`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send("GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
        #expect(try client.answer().head.contains("Connection: keep-alive\r\n"))
        try client.send("GET /b HTTP/1.0\r\n\r\n")
        let answer = try client.answer()
        #expect(answer.head.contains("Connection: close\r\n"))
        #expect(answer.body == Array("GET /b - ".utf8))
        #expect(try client.isAtEnd())
    }

    @Test func `HEAD is answered without a body`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send("HEAD /h HTTP/1.1\r\nHost: test\r\n\r\n" + get("/next"))
        #expect(try client.answer(toHead: true).head.contains("Content-Length: 13\r\n"))
        #expect(try client.answer().body == Array("GET /next test ".utf8))
    }

    @Test func `a client that waits is told to continue`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send("PUT /c HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n")
        #expect(try client.answer().code == 100)
        try client.send("ok")
        #expect(try client.answer().body == Array("PUT /c test ok".utf8))
    }

    @Test func `a chunked request is put together`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send("POST /c HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        try client.send("3;x\r\ndef\r\n0\r\nT: v\r\n\r\n")
        #expect(try client.answer().body == Array("POST /c test abcdef".utf8))
    }

    @Test func `a large body arrives whole`() throws {
        let running = try Running(handler: { Response(status: .ok, body: $0.body) })
        var client = try Client(port: running.port)
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try client.send("POST /c HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.count)\r\n\r\n")
        try client.send(body)
        #expect(try client.answer().body == body)
    }

    @Test func `a client that has finished sending still gets its answers`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send(get("/a") + get("/b"))
        client.finishSending()
        let text = try client.rest()
        #expect(text.contains("GET /a test") && text.hasSuffix("GET /b test "))
    }

    @Test func `a close that was asked for is announced and done`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send(get("/a", "Connection: close\r\n") + get("/ignored"))
        #expect(try client.answer().head.contains("Connection: close\r\n"))
        #expect(try client.isAtEnd())
    }

    @Test func `an IPv6 server tells who is who`() throws {
        let local: @Sendable (Request) -> Response = {
            Response(status: .ok, body: Array("\($0.local) \($0.remote)".utf8))
        }
        guard let running = try? Running({ $0.host = "::1" }, handler: local) else { return }
        var client = try Client(port: running.port, host: "::1")
        try client.send(get("/"))
        #expect(try client.answer().body == Array("[::1]:\(running.port) ::1".utf8))
    }

    @Test func `several loops share the connections`() throws {
        let running = try Running({ $0.loops = 3 })
        var clients: [Held] = []
        for index in 0..<30 {
            let held = try Held(port: running.port)
            try held.exchange("/\(index)")
            clients.append(held)
        }
        #expect(running.server.connectionCount == 30)
        for (index, held) in clients.enumerated() { try held.exchange("/again/\(index)") }
        clients = []
        #expect(Running.eventually { running.server.connectionCount == 0 })
    }
}

/// A client that can stand in an array.
final class Held {
    private var client: Client

    init(port: UInt16) throws {
        client = try Client(port: port)
    }

    func exchange(_ path: String) throws {
        try ask(path)
        try expectAnswer(path)
    }

    func ask(_ path: String) throws {
        try client.send(get(path))
    }

    func expectAnswer(_ path: String) throws {
        #expect(try client.answer().body == Array("GET \(path) test ".utf8))
    }

    func isAtEnd() throws -> Bool {
        try client.isAtEnd()
    }
}
