import HTTP
import Testing

/// What RFC 9112 says about where a message ends, and what is refused because it could be read in two ways.
struct FramingTests {
    private func status(_ text: String, limits: Limits = Limits()) -> Int? {
        Outcome(text, limits: limits).error?.status.code
    }

    @Test(arguments: [
        ("Content-Length: 1\r\nContent-Length: 1", 400),
        ("Content-Length: 1, 1", 400),
        ("Content-Length: +1", 400),
        ("Content-Length: -1", 400),
        ("Content-Length: 0x1", 400),
        ("Content-Length:", 400),
        ("Content-Length: 1 1", 400),
        ("Content-Length: 99999999999999999999999999", 413),
        ("Content-Length: 16777217", 413),
        ("Content-Length: 1\r\nTransfer-Encoding: chunked", 400),
        ("Transfer-Encoding: chunked\r\nContent-Length: 1", 400),
        ("Transfer-Encoding: gzip", 501),
        ("Transfer-Encoding: gzip, chunked", 501),
        ("Transfer-Encoding: identity", 501),
        ("Transfer-Encoding: chunked, gzip", 400),
        ("Transfer-Encoding: chunked, chunked", 400),
        ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked", 400),
        ("Transfer-Encoding:", 400),
        ("Transfer-Encoding: xchunked", 501),
        ("X : y", 400),
        (": y", 400),
        ("X y", 400),
        ("X: a\r\n folded", 400),
        ("X: a\r\n\tfolded", 400),
        ("X: a\u{0}b", 400),
        ("X: a\u{7F}b", 400),
        ("X\u{E9}: a", 400),
        ("X: a\nY: b", 400),
        ("X: a\rY: b", 400),
        ("X(: a", 400),
        ("Host: b", 400),
        ("Expect: 200-ok", 417),
    ])
    func `a bad header section is refused`(fields: String, expected: Int) {
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\n\(fields)\r\n\r\n") == expected)
    }

    @Test(arguments: [
        "a", "a:80", "a:", "127.0.0.1:4747", "[::1]", "[::1]:4747", "my_service", "a.b-c~d", "caf%C3%A9", "",
    ])
    func `a host is accepted`(host: String) {
        #expect(status("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == nil)
    }

    @Test(arguments: [
        "a b", "a/b", "a:80:80", "a:x", "a:65536", "user@a", "[::1", "[]", ":80", "caf\u{E9}", "a%2", "http://a",
    ])
    func `a host that is none is refused`(host: String) {
        #expect(status("GET / HTTP/1.1\r\nHost: \(host)\r\n\r\n") == 400)
        #expect(status("GET http://\(host)/ HTTP/1.1\r\nHost: a\r\n\r\n") == 400 || host == "a/b" || host == "http://a")
    }

    @Test(arguments: [
        ("GET / HTTP/1.1\r\n\r\n", 400),
        ("GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n", 400),
        ("GET / HTTP/2.0\r\n", 505),
        ("GET / HTTP/3.0\r\n", 505),
        ("GET / HTTP/0.9\r\n", 505),
        ("PRI * HTTP/2.0\r\n", 505),
        ("GET / http/1.1\r\n", 400),
        ("GET / HTTP/1.1 \r\n", 400),
        ("GET / HTTP/11\r\n", 400),
        ("GET / HTTP/1.10\r\n", 400),
        ("GET /\r\n", 400),
        ("GET\r\n", 400),
        (" GET / HTTP/1.1\r\n", 400),
        ("GET  / HTTP/1.1\r\n", 400),
        ("GET /a b HTTP/1.1\r\n", 400),
        ("GET /\t HTTP/1.1\r\n", 400),
        ("G(T / HTTP/1.1\r\n", 400),
        ("GET * HTTP/1.1\r\n", 400),
        ("GET a HTTP/1.1\r\n", 400),
        ("GET a:80 HTTP/1.1\r\n", 400),
        ("GET ftp://a/ HTTP/1.1\r\n", 400),
        ("GET http:///a HTTP/1.1\r\n", 400),
        ("CONNECT /a HTTP/1.1\r\n", 400),
        ("CONNECT a HTTP/1.1\r\n", 400),
        ("\r\n\r\nGET / HTTP/1.1\r\n", 400),
        ("\u{16}\u{3}\u{1}", 400),
        ("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
    ])
    func `a bad start is refused`(text: String, expected: Int) {
        #expect(status(text) == expected)
    }

    @Test(arguments: [
        ("\r\n", 400), ("x\r\n", 400), ("-1\r\n", 400), ("5 x\r\n", 400), (" 5\r\n", 400), ("5 \r\n", 400),
        ("0x5\r\n", 400),
        ("FFFFFFFFFFFFFFFFF\r\n", 400), ("7FFFFFFFFFFFFFFF\r\n", 413), ("1000001\r\n", 413), ("1\r\nab\r\n", 400),
        ("1\na\r\n", 400), ("1\r\na\n", 400), ("0\r\nX y\r\n", 400), ("0\r\n X: y\r\n", 400),
        ("0\r\nX: \u{1}\r\n", 400),
    ])
    func `bad chunks are refused`(body: String, expected: Int) {
        #expect(status("POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n\(body)") == expected)
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
        ("HTTP/1.1", "Connection: Keep-Alive, Close\r\n", false),
        ("HTTP/1.1", "Connection: x\r\nConnection: close\r\n", false), ("HTTP/1.1", "Connection: closed\r\n", true),
        ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
        ("HTTP/1.0", "Connection: close, keep-alive\r\n", false),
    ])
    func `a connection persists by version and Connection field`(version: String, fields: String, expected: Bool) throws
    {
        #expect(try Request(parsing: "GET / \(version)\r\nHost: a\r\n\(fields)\r\n").keepAlive == expected)
    }

    @Test(arguments: 2...9)
    func `a higher minor version is read as 1_1`(minor: Int) throws {
        let request = try Request(
            parsing: "POST / HTTP/1.\(minor)\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
        )
        #expect(request.version == .http11)
        #expect(request.keepAlive)
        #expect(request.body == Array("a".utf8))
        #expect(status("POST / HTTP/1.\(minor)\r\n\r\n") == 400)
    }

    @Test func `limits are refused with their own statuses`() {
        var limits = Limits()
        limits.requestLine = 100
        limits.head = 300
        limits.headerCount = 3
        let long = String(repeating: "a", count: 300)
        #expect(status("GET /\(long)", limits: limits) == 414)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)", limits: limits) == 431)
        #expect(status("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nX: 3\r\n", limits: limits) == 431)
    }

    @Test func `a client waits for 100 Continue until part of the body has come`() throws {
        var parser = RequestParser()
        parser.append(Array("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-Continue\r\n\r\n".utf8))
        #expect(try parser.next().isNone)
        #expect(parser.expectsContinue && parser.isInBody)
        parser.didContinue()
        #expect(try parser.next().isNone)
        #expect(!parser.expectsContinue)
        parser.append(Array("abc".utf8))
        #expect(try parser.next()?.body == Array("abc".utf8))
        #expect(!parser.isInRequest)
    }

    @Test(arguments: [
        "PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\na",
        "PUT / HTTP/1.0\r\nHost: a\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\n",
    ])
    func `nobody waits when the body has begun or the version is 1_0`(text: String) throws {
        var parser = RequestParser()
        parser.append(Array(text.utf8))
        #expect(try parser.next().isNone)
        #expect(!parser.expectsContinue)
    }

    @Test func `a failed parser goes on failing`() {
        var parser = RequestParser()
        parser.append(Array("bad\r\n".utf8))
        #expect(throws: ParseError.self) { try parser.next() }
        parser.append(Array("GET / HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        #expect(throws: ParseError.self) { try parser.next() }
    }
}
