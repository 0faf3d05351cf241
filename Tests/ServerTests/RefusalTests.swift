import PatchbayCSystem
import PatchbayHTTP
import Testing

@testable import PatchbayServer

/// What clients are told that send nonsense, too much, too slowly, or too many at once.
@Suite(.timeLimit(.minutes(5)))
struct RefusalTests {
    @Test(arguments: [
        "HEAD / HT", "HEAD / HTTP/1.1\r\nHost: a\r\n", "HEAD / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
        "HEAD / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
    ])
    func `RFC 9110, 9.3.2: a HEAD that does not arrive in time is answered without a body`(text: String) throws {
        let running = try Running({ options in
            options.headerTimeout = .milliseconds(50)
            options.bodyTimeout = .milliseconds(50)
        })
        var client = try Client(port: running.port)
        try client.send(text)
        try expectEmptyAnswer(408, from: &client)
    }

    private func expectEmptyAnswer(_ code: Int, from client: inout Client) throws {
        let answer = try client.answer(toHead: true)
        #expect(answer.code == code)
        #expect(answer.head.contains("Connection: close\r\n"))
        #expect(answer.head.contains("Content-Type: application/problem+json\r\n"))
        #expect(try client.isAtEnd())
    }

    @Test(
        arguments: [
            "G", "\r\nGET / HT", "GET / HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nab",
            "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n",
        ],
        [0, 1, 3]
    )
    func `RFC 9112, 8: a request that is cut off is answered 400`(text: String, complete: Int) throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send((0..<complete).map { get("/\($0)") }.joined() + text)
        client.finishSending()
        for _ in 0..<complete { #expect(try client.answer().code == 200) }
        let answer = try client.answer()
        #expect(answer.code == 400)
        #expect(answer.head.contains("Connection: close\r\n"))
        #expect(String(decoding: answer.body, as: UTF8.self).contains("in the middle of a request"))
        #expect(try client.isAtEnd())
    }

    @Test func `RFC 9110, 9.3.2: a HEAD that is cut off is answered 400 without a body`() throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send("HEAD / HTTP/1.1\r\nHost: a\r\n")
        client.finishSending()
        try expectEmptyAnswer(400, from: &client)
    }

    @Test(arguments: ["", "\r\n"], [0, 1, 3])
    func `RFC 9112, 9.6: a client that finishes between requests is left without a word`(
        text: String,
        complete: Int
    ) throws {
        let running = try Running()
        var client = try Client(port: running.port)
        try client.send((0..<complete).map { get("/\($0)") }.joined() + text)
        client.finishSending()
        for index in 0..<complete { #expect(try client.answer().body == Array("GET /\(index) test ".utf8)) }
        #expect(try client.rest() == "")
    }

    @Test(arguments: [
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5ffffff\r\n", 413),
        ("POST /\(String(repeating: "a", count: 40_000)) HTTP/1.1\r\n\r\n", 414),
        ("POST / HTTP/1.1\r\nX: \(String(repeating: "a", count: 140_000))\r\n\r\n", 431),
        ("POST / HTTP/1.1\r\nContent-Length: 16000000\r\n\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16000000\r\nExpect: x\r\n\r\n", 417),
        ("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: gzip, chunked\r\n\r\n", 501),
    ])
    func `RFC 9112, 9.6: a body that nobody reads does not destroy the answer`(text: String, code: Int) throws {
        let running = try Running({ $0.drainTimeout = .seconds(30) })
        var client = try Client(port: running.port)
        try client.send(text)
        let piece = [UInt8](repeating: 0, count: 1 << 20)
        for _ in 0..<24 { try client.send(piece) }
        let answer = try client.answer()
        #expect(answer.code == code)
        #expect(answer.body.last == UInt8(ascii: "}"))
        #expect(try client.isAtEnd())
    }

    @Test func `RFC 9112, 9.6: a client that never closes is left after a while`() throws {
        let running = try Running({ $0.drainTimeout = .milliseconds(50) })
        let client = try Client(port: running.port)
        try client.send("nonsense\r\n")
        #expect(Running.eventually { running.server.connectionCount == 0 })
        _ = consume client
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\nHost: a\r\n", "head"),
        ("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nab", "body"),
    ])
    func `RFC 9110, 15.5.9: a request that does not arrive in time is answered 408`(text: String, part: String) throws {
        let running = try Running({ options in
            options.headerTimeout = .milliseconds(50)
            options.bodyTimeout = .milliseconds(50)
        })
        var client = try Client(port: running.port)
        try client.send(text)
        let answer = try client.answer()
        #expect(answer.code == 408)
        #expect(String(decoding: answer.body, as: UTF8.self).contains(part))
        #expect(try client.isAtEnd())
    }

    @Test func `RFC 9110, 15.5.9: a head that trickles in is not given more time`() throws {
        let running = try Running({ $0.headerTimeout = .milliseconds(100) })
        var client = try Client(port: running.port)
        try client.send("GET / HTTP/1.1\r\nX: ")
        for _ in 0..<10 {
            try? client.send("a")
            usleep(20_000)
        }
        #expect(try client.answer().code == 408)
    }

    @Test func `RFC 9112, 9.5: a silent connection is closed without a word`() throws {
        let running = try Running({ $0.idleTimeout = .milliseconds(50) })
        var silent = try Client(port: running.port)
        #expect(try silent.rest() == "")
        var idle = try Client(port: running.port)
        try idle.send(get("/"))
        #expect(try idle.answer().code == 200)
        #expect(try idle.isAtEnd())
    }

    @Test func `RFC 9110, 15.6.4: connections beyond the limit are told so`() throws {
        let running = try Running({ $0.limits.connections = 2 })
        let first = try Held(port: running.port)
        try first.exchange("/1")
        let second = try Held(port: running.port)
        try second.exchange("/2")
        var third = try Client(port: running.port)
        try third.send(get("/3"))
        #expect(try third.answer().code == 503)
        #expect(try third.isAtEnd())
        try first.exchange("/still")
        _ = consume third
        #expect(Running.eventually { running.server.connectionCount == 2 })
    }
}
