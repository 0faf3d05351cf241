import PatchbayHTTP
import Testing

/// How a request target falls into pieces.
struct TargetTests {
    @Test(arguments: [
        ("/", [""]), ("/a", ["a"]), ("/a/", ["a", ""]), ("/a//b/", ["a", "", "b", ""]), ("//a", ["", "a"]),
        ("/a%2Fb/c", ["a/b", "c"]), ("/%61+b", ["a+b"]), ("/caf%C3%A9", ["caf\u{E9}"]), ("/caf\u{E9}", ["caf\u{E9}"]),
        ("/a?b/c", ["a"]), ("/%", ["%"]), ("/%4", ["%4"]), ("/%zz", ["%zz"]), ("/%FF", ["%FF"]),
        ("/..;x=1", ["..;x=1"]),
    ])
    func `a path is split before it is decoded`(text: String, expected: [String]) throws {
        #expect(try Target(parsing: text).segments.map(\.text) == expected)
    }

    @Test(arguments: [
        ("/?", []), ("/?&&", []), ("/?=", []), ("/?a", ["a"]), ("/?a=", ["a="]), ("/?=5", ["=5"]),
        ("/?a=1&b=2", ["a=1", "b=2"]),
        ("/?a=1&&b", ["a=1", "b"]), ("/?a=b=c", ["a=b=c"]), ("/?a+b=c+d", ["a b=c d"]), ("/?%61=%2B%26", ["a=+&"]),
        ("/?a=1&a=2", ["a=1", "a=2"]), ("/?a?b=/", ["a?b=/"]), ("/?a=%4", ["a=%4"]), ("/?a=%ff+", ["a=%ff+"]),
    ])
    func `a query is split into items`(text: String, expected: [String]) throws {
        let items = try Target(parsing: text).query
        #expect(items.map { $0.name.text + ($0.value.map { "=" + $0.text } ?? "") } == expected)
    }

    @Test func `faults are told apart and keep the raw text`() {
        #expect(PercentEncoded("a%zz").fault == .malformedEscape)
        #expect(PercentEncoded("%C3").fault == .invalidUTF8)
        #expect(PercentEncoded("%C3").decoded == nil)
        #expect(PercentEncoded("%C3").text == "%C3")
        #expect(PercentEncoded("%c3%a9").decoded == "\u{E9}")
        #expect(PercentEncoded("a+b").decoded == "a+b")
        #expect(PercentEncoded("a+b", plusIsBlank: true).decoded == "a b")
        #expect(PercentEncoded("%00").decoded == "\0")
    }

    @Test func `RFC 9112, 2.2: bytes that are no UTF-8 are repaired in the raw text and are a fault`() throws {
        var parser = RequestParser()
        parser.append(Array("GET /".utf8) + [0xFF] + Array(" HTTP/1.1\r\nHost: a\r\n\r\n".utf8))
        let segment = try #require(try parser.next()?.target.segments.first)
        #expect(segment.raw == "\u{FFFD}")
        #expect(segment.fault == .invalidUTF8)
    }

    @Test(arguments: [
        ("GET http://h:8/p/q?r HTTP/1.1\r\nHost: x", "h:8", "/p/q", "r"),
        ("GET HTTPS://h HTTP/1.1\r\nHost: x", "h", "/", nil),
        ("GET http://h?q=1 HTTP/1.1\r\nHost: x", "h", "/", "q=1"),
        ("GET /p HTTP/1.1\r\nHost: Example.ORG:80", "Example.ORG:80", "/p", nil),
        ("GET /p? HTTP/1.1\r\nHost:", nil, "/p", ""),
        ("GET http://h/p HTTP/1.1\r\nHost:", "h", "/p", nil),
        ("GET http://h/p HTTP/1.0", "h", "/p", nil),
        ("GET /p HTTP/1.0", nil, "/p", nil),
        ("OPTIONS * HTTP/1.1\r\nHost: x", "x", "*", nil),
        ("CONNECT h:443 HTTP/1.1\r\nHost: x", "h:443", "", nil),
    ])
    func `RFC 9112, 3.3: host, path and query come from the right place`(
        head: String,
        host: String?,
        path: String,
        query: String?
    ) throws {
        let request = try Request(parsing: head + "\r\n\r\n")
        #expect(request.host == host)
        #expect(request.target.path == path)
        #expect(request.target.rawQuery == query)
    }

    @Test func `RFC 9112, 3.2: the four forms are told apart`() throws {
        #expect(try Target(parsing: "/").form == .origin)
        #expect(try Target(parsing: "http://a/").form == .absolute)
        #expect(try Target(parsing: "*", method: .options).form == .asterisk)
        #expect(try Target(parsing: "a:1", method: .connect).form == .authority)
    }
}
