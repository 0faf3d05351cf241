import PatchbayHTTP
import Testing

/// Responses as bytes.
struct ResponseWriterTests {
    private func text(
        _ response: Response,
        method: Method = .get,
        version: Version = .http11,
        keepAlive: Bool = true
    ) -> String {
        var output: [UInt8] = []
        ResponseWriter.append(
            response,
            context: .init(method: method, version: version, keepAlive: keepAlive),
            date: HTTPDate(secondsSince1970: 784_111_777),
            to: &output
        )
        return String(decoding: output, as: UTF8.self)
    }

    private let date = "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"

    @Test func `RFC 9112, 2.1: a response has fields, date, length and body in this order`() {
        let response = Response(status: .ok, headers: [("X", "1"), ("X", "2")], body: Array("hello".utf8))
        #expect(text(response) == "HTTP/1.1 200 OK\r\nX: 1\r\nX: 2\r\n\(date)Content-Length: 5\r\n\r\nhello")
    }

    @Test func `RFC 9112, 9.3: persistence is announced where it is not the default`() {
        #expect(text(Response(status: .ok), version: .http10).contains("Connection: keep-alive\r\n"))
        #expect(text(Response(status: .ok), keepAlive: false).contains("Connection: close\r\n"))
        #expect(!text(Response(status: .ok)).contains("Connection:"))
    }

    @Test(arguments: [101, 204, 304])
    func `RFC 9112, 6.3: a status that forbids content has neither length nor body`(code: Int) {
        let answer = text(Response(status: Status(code), body: Array("hello".utf8)))
        #expect(answer.hasSuffix("GMT\r\n\r\n"))
        #expect(!answer.contains("Content-Length"))
    }

    @Test func `RFC 9110, 8.6: HEAD has the length of the body it does not have`() {
        #expect(text(Response(status: .ok, body: [1, 2, 3]), method: .head).hasSuffix("Content-Length: 3\r\n\r\n"))
        let described = Response(status: .ok, headers: [("content-length", "77")])
        #expect(text(described, method: .head).hasSuffix("Content-Length: 77\r\n\r\n"))
    }

    @Test func `RFC 9112, 6.1: framing fields of a handler are replaced`() {
        let response = Response(
            status: .ok,
            headers: [
                ("Content-Length", "99"), ("Transfer-Encoding", "chunked"), ("connection", "x"), ("DATE", "today"),
            ],
            body: [65]
        )
        #expect(text(response) == "HTTP/1.1 200 OK\r\nDATE: today\r\nContent-Length: 1\r\n\r\nA")
    }

    @Test func `RFC 9110, 5.5: a value cannot end its line`() {
        let response = Response(status: .ok, headers: [("X\r\nA", "1\r\nSet-Cookie: b\n\0")])
        #expect(text(response).hasPrefix("HTTP/1.1 200 OK\r\nX  A: 1  Set-Cookie: b  \r\n"))
    }

    @Test(arguments: [
        (0, "Thu, 01 Jan 1970 00:00:00 GMT"), (951_782_400, "Tue, 29 Feb 2000 00:00:00 GMT"),
        (4_107_542_399, "Sun, 28 Feb 2100 23:59:59 GMT"), (-1, "Wed, 31 Dec 1969 23:59:59 GMT"),
        (1_795_252_195, "Sat, 21 Nov 2026 09:09:55 GMT"), (4_107_542_400, "Mon, 01 Mar 2100 00:00:00 GMT"),
        (-62_167_219_200, "Sat, 01 Jan 0000 00:00:00 GMT"), (-59_011_459_200, "Fri, 01 Jan 0100 00:00:00 GMT"),
        (-30_610_224_001, "Tue, 31 Dec 0999 23:59:59 GMT"), (253_402_300_799, "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `RFC 9110, 5.6.7: dates are those of the Gregorian calendar`(seconds: Int, expected: String) {
        #expect(HTTPDate(secondsSince1970: seconds).description == expected)
    }

    @Test func `RFC 9110, 15: known codes have their registered phrase`() {
        #expect(Status(404) == .notFound)
        #expect(Status(418).reason == "")
        #expect(Status(511).reason == "Network Authentication Required")
    }
}
