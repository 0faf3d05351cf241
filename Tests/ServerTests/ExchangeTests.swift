import PatchbayCSystem
import PatchbayHTTP
import Testing

@testable import PatchbayServer

/// Requests and answers over real sockets.
@Suite(.timeLimit(.minutes(5)))
struct ExchangeTests {
    @Test func `RFC 9112, 9.3: one connection serves many requests`() throws {
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

    @Test func `RFC 9112, 9.3.2: a thousand requests in one segment are answered in their order`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        let requests = (0..<1000).map { get("/\($0)") }.joined()
        // What one segment holds on this machine's own network.
        #expect(requests.utf8.count < 65_483)
        try client.send(requests)
        for index in 0..<1000 {
            #expect(try client.answer().body == Array("GET /\(index) test ".utf8))
        }
    }

    @Test func `RFC 9112, 2.2: a request may come one byte at a time`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        for byte in "POST /slow HTTP/1.1\r\nHost: test\r\nContent-Length: 4\r\n\r\nbody".utf8 {
            try client.send([byte])
        }
        #expect(try client.answer().body == Array("POST /slow test body".utf8))
    }

    @Test func `RFC 9112, 9.3: HTTP/1.0 closes unless asked not to`() throws {
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

    @Test(arguments: [
        ("HEAD", 200, "Content-Length: 5\r\n"), ("HEAD", 404, "Content-Length: 5\r\n"),
        ("HEAD", 500, "Content-Length: 5\r\n"),
        ("HEAD", 204, ""), ("HEAD", 304, ""), ("GET", 204, ""), ("PUT", 204, ""), ("DELETE", 204, ""), ("GET", 304, ""),
    ])
    func `RFC 9112, 6.3: an answer without content ends with its head`(method: String, code: Int, length: String) throws
    {
        let running = try Running(handler: { request in
            let status = request.target.path == "/next" ? .ok : Status(code)
            return Response(status: status, headers: [("Date", "-")], body: Array("hello".utf8))
        })
        var client = try Client(port: running.port)
        try client.send("\(method) / HTTP/1.1\r\nHost: test\r\n\r\n" + get("/next", "Connection: close\r\n"))
        #expect(
            try client.rest() == "HTTP/1.1 \(Status(code))\r\nDate: -\r\n\(length)\r\n"
                + "HTTP/1.1 200 OK\r\nDate: -\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello"
        )
    }

    @Test func `RFC 9110, 10.1.1: a client that waits is told to continue, once, after the answers before`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        let head = "PUT /c HTTP/1.1\r\nHost: test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        for _ in 0..<2 {
            try client.send(get("/before") + head)
            #expect(try client.answer().body == Array("GET /before test ".utf8))
            #expect(try client.answer().head == "HTTP/1.1 100 Continue\r\n")
            for piece in ["o", "k"] { try client.send(piece) }
            #expect(try client.answer().body == Array("PUT /c test ok".utf8))
        }
    }

    @Test(arguments: [("HTTP/1.1", "ok", ""), ("HTTP/1.1", "o", "k"), ("HTTP/1.0", "", "ok")])
    func `RFC 9110, 10.1.1: nobody is told to continue who does not wait, or speaks HTTP/1.0`(
        version: String,
        begun: String,
        rest: String
    ) throws {
        let running = try Running()
        var client = try Client(port: running.port)
        let head = "PUT /c \(version)\r\nHost: test\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
        try client.send(head + begun)
        usleep(50_000)
        try client.send(rest)
        #expect(try client.answer().body == Array("PUT /c test ok".utf8))
    }

    @Test func `RFC 9112, 7.1.3: a chunked request is put together`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send("POST /c HTTP/1.1\r\nHost: test\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n")
        try client.send("3;x\r\ndef\r\n0\r\nT: v\r\n\r\n")
        #expect(try client.answer().body == Array("POST /c test abcdef".utf8))
    }

    @Test func `RFC 9112, 6.2: a large body arrives whole`() throws {
        let running = try Running(handler: { Response(status: .ok, body: $0.body) })
        var client = try Client(port: running.port)
        let body = (0..<1_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        try client.send("POST /c HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.count)\r\n\r\n")
        try client.send(body)
        #expect(try client.answer().body == body)
    }

    @Test func `RFC 9112, 9.6: a client that has finished sending still gets its answers`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send(get("/a") + get("/b"))
        client.finishSending()
        let text = try client.rest()
        #expect(text.contains("GET /a test") && text.hasSuffix("GET /b test "))
    }

    @Test func `RFC 9112, 9.6: a slow reader that has finished sending gets all of its answers`() throws {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 1_000_000)
        let running = try Running(handler: { _ in Response(status: .ok, body: large) })
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        try client.send((0..<20).map { get("/\($0)") }.joined())
        client.finishSending()
        usleep(50_000)
        for _ in 0..<20 { #expect(try client.answer().body.count == large.count) }
        #expect(try client.isAtEnd())
    }

    @Test(arguments: ["\r\n", get("/late"), "nonsense"])
    func `RFC 9112, 9.6: what comes behind the last request does not destroy its answer`(late: String) throws {
        let large = [UInt8](repeating: UInt8(ascii: "x"), count: 8_000_000)
        let running = try Running({ $0.drainTimeout = .seconds(30) }) { _ in Response(status: .ok, body: large) }
        var client = try Client(port: running.port, receiveBuffer: 8 * 1024)
        // Old clients send a line end behind a body that is none of it (RFC 9112, section 2.2).
        try client.send("POST / HTTP/1.0\r\nContent-Length: 2\r\n\r\nok")
        usleep(20_000)
        try client.send(late)
        #expect(try client.answer().body.count == large.count)
        #expect(try client.isAtEnd())
    }

    @Test(arguments: ["GET / HTTP/1.0\r\n\r\n", get("/", "Connection: close\r\n")])
    func `RFC 9112, 9.6: who sends more behind a close that was asked for sees no reset`(last: String) throws {
        let running = try Running({ $0.drainTimeout = .seconds(30) })
        var client = try Client(port: running.port)
        try client.send(last)
        #expect(try client.answer().code == 200)
        for _ in 0..<3 {
            try client.send("1\r\nHost: \r\n\r\n")
            usleep(20_000)
        }
        #expect(try client.isAtEnd())
    }

    @Test func `RFC 9112, 9.6: a close that was asked for is announced and done, and nothing behind it is answered`()
        throws
    {
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

    func send(_ bytes: [UInt8]) throws {
        try client.send(bytes)
    }

    func finishSending() {
        client.finishSending()
    }

    /// The next answer that is not "100 Continue".
    func finalAnswer(toHead: Bool) throws -> Client.Answer {
        while true {
            let answer = try client.answer(toHead: toHead)
            if answer.code != 100 { return answer }
        }
    }
}
