import HTTPRules
import PatchbayHTTP
import Testing

/// What RFC 9110 and 9112 say of requests, above all where one ends, and what is refused because it could be read in two ways.
struct FramingTests {
    /// A request that nobody can find fault with.
    private static let next = Array("GET /next HTTP/1.1\r\nHost: a\r\n\r\n".utf8)

    @Test(arguments: Rule.all)
    func `a rule of RFC 9110 or 9112 is kept`(rule: Rule) {
        for request in rule.requests {
            let outcome = Outcome([request + Self.next])
            let text = String(decoding: request.prefix(200), as: UTF8.self).debugDescription
            switch rule.verdict {
            case .taken:
                #expect(outcome.error == nil && outcome.requests.count == 2, "\(text)")
                #expect(outcome.requests.last == Outcome([Self.next]).requests.last, "\(text)")
            case .refused(let status):
                #expect(outcome.requests.isEmpty && outcome.error?.status.code == status, "\(text): \(outcome)")
            }
        }
    }

    @Test(arguments: [
        ("HTTP/1.1", "", true), ("HTTP/1.1", "Connection: close\r\n", false),
        ("HTTP/1.1", "Connection: Keep-Alive, Close\r\n", false),
        ("HTTP/1.1", "Connection: x\r\nConnection: close\r\n", false), ("HTTP/1.1", "Connection: closed\r\n", true),
        ("HTTP/1.0", "", false), ("HTTP/1.0", "Connection: Keep-Alive\r\n", true),
        ("HTTP/1.0", "Connection: close, keep-alive\r\n", false), ("HTTP/1.5", "", true),
    ])
    func `RFC 9112, 9.3: a connection persists by version and Connection field`(
        version: String,
        fields: String,
        expected: Bool
    ) throws {
        #expect(try Request(parsing: "GET / \(version)\r\nHost: a\r\n\(fields)\r\n").keepAlive == expected)
    }

    @Test(arguments: 2...9)
    func `RFC 9110, 6.2: a higher minor version is read as 1.1`(minor: Int) throws {
        let request = try Request(
            parsing: "POST / HTTP/1.\(minor)\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n"
        )
        #expect(request.version == .http11)
        #expect(request.body == Array("a".utf8))
    }

    @Test func `RFC 9110, 5.4: limits are refused with their own statuses`() {
        var limits = Limits()
        limits.requestLine = 100
        limits.head = 300
        limits.headerCount = 3
        let long = String(repeating: "a", count: 300)
        for (text, expected) in [
            ("GET /\(long)", 414), (long, 501), ("GET / HTTP/1.1\r\nHost: a\r\nX: \(long)", 431),
            ("GET / HTTP/1.1\r\nHost: a\r\nX: 1\r\nX: 2\r\nX: 3\r\n", 431),
        ] {
            #expect(Outcome(text, limits: limits).error?.status.code == expected)
        }
    }

    @Test func `RFC 9112, 7.1.1: extensions are together no longer than the longest body`() {
        var limits = Limits()
        limits.body = 1000
        limits.chunkLine = 100
        let head = "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
        let small = String(repeating: "1\r\na\r\n", count: 1000) + "0\r\n\r\n"
        #expect(Outcome(head + small, limits: limits).requests.count == 1)
        for chunk in [
            "1;\(String(repeating: "x", count: 90))\r\na\r\n", String(repeating: "0", count: 90) + "1\r\na\r\n",
        ] {
            let outcome = Outcome(head + String(repeating: chunk, count: 20), limits: limits)
            #expect(outcome.error?.status == .contentTooLarge)
        }
    }

    @Test(arguments: ["100-Continue", "100-continue, 100-continue", "100-continue\r\nExpect: 100-continue"])
    func `RFC 9110, 10.1.1: a client waits for 100 Continue until part of the body has come`(expectation: String) throws
    {
        var parser = RequestParser()
        parser.append(Array("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\nExpect: \(expectation)\r\n\r\n".utf8))
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
    func `RFC 9110, 10.1.1: nobody waits when the body has begun or the version is 1.0`(text: String) throws {
        var parser = RequestParser()
        parser.append(Array(text.utf8))
        #expect(try parser.next().isNone)
        #expect(!parser.expectsContinue)
    }

    @Test func `RFC 9112, 9.6: nothing is read after an error`() {
        var parser = RequestParser()
        parser.append(Array("bad\r\n".utf8))
        #expect(throws: ParseError.self) { try parser.next() }
        parser.append(Self.next)
        #expect(throws: ParseError.self) { try parser.next() }
    }
}
