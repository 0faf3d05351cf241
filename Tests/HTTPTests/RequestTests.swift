import PatchbayHTTP
import Testing

/// Requests as the rest of the program sees them.
struct RequestTests {
    @Test func `RFC 9110, 5.3: header fields keep order and repeats and ignore case`() throws {
        let request = try Request(
            parsing: "GET / HTTP/1.1\r\nHost: a\r\nX-One:  1 \r\nx-two: 2\r\nX-ONE:\t3\r\nEmpty:\r\n\r\n"
        )
        #expect(request.headers["x-one"] == "1")
        #expect(request.headers["X-TWO"] == "2")
        #expect(request.headers["empty"] == "")
        #expect(request.headers["x-three"] == nil)
        #expect(request.headers.values("x-One") == ["1", "3"])
        #expect(request.headers.fields.map(\.name) == ["Host", "X-One", "x-two", "X-ONE", "Empty"])
        #expect(request.headers.count == 5)
    }

    @Test func `RFC 9110, 9.1: unknown methods are values and case matters`() throws {
        #expect(try Request(parsing: "PURGE / HTTP/1.1\r\nHost: a\r\n\r\n").method == Method("PURGE"))
        #expect(try Request(parsing: "get / HTTP/1.1\r\nHost: a\r\n\r\n").method != .get)
    }

    @Test func `RFC 9112, 7.1.3: chunks are joined and extensions and trailers dropped`() throws {
        let request = try Request(
            parsing: "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: Chunked\r\n\r\n"
                + "3;a=b\r\nabc\r\n0003 ;c\r\ndef\r\n0;d\r\nContent-Length: 9\r\n\r\n"
        )
        #expect(request.body == Array("abcdef".utf8))
        #expect(request.headers["content-length"] == nil)
    }

    @Test(arguments: ["", "GET / HTTP/1.1\r\nHost: a\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\r\nX"])
    func `a text that is not exactly one request is refused`(text: String) {
        #expect(throws: ParseError.self) { try Request(parsing: text) }
    }

    @Test func `a large body fed in small pieces takes time in proportion`() throws {
        let size = 8 * 1024 * 1024
        var parser = RequestParser()
        parser.append(Array("PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n".utf8))
        let piece = [UInt8](repeating: 7, count: 512)
        var request: Request?
        for _ in 0..<(size / piece.count) {
            parser.append(piece)
            request = try parser.next()
        }
        #expect(request?.body.count == size)
    }

    @Test func `a large head fed byte by byte takes time in proportion`() throws {
        let value = String(repeating: "v", count: 100_000)
        var parser = RequestParser()
        var request: Request?
        for byte in "GET / HTTP/1.1\r\nHost: a\r\nX: \(value)\r\n\r\n".utf8 {
            parser.append([byte])
            request = try parser.next()
        }
        #expect(request?.headers["x"] == value)
    }
}
