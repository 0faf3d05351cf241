extension Rule {
    /// RFC 9112, sections 6 and 7: where a body ends.
    static let bodies = [
        Rule(
            "RFC 9112, 6",
            "what is framed as a body is one, whatever the method and whatever it looks like",
            .taken,
            requests: ["GET /", "HEAD /", "DELETE /", "OPTIONS *", "TRACE /", "PURGE /", "GET http://a/"].flatMap {
                start in
                let smuggled = "GET /smuggled HTTP/1.1\r\nHost: a\r\n\r\n"
                return [
                    "\(start) HTTP/1.1\r\nHost: a\r\nContent-Length: \(smuggled.utf8.count)\r\n\r\n\(smuggled)",
                    "\(start) HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        + "\(String(smuggled.utf8.count, radix: 16))\r\n\(smuggled)\r\n0\r\n\r\n",
                ]
            }
        ),
        Rule(
            "RFC 9112, 6.1",
            "Transfer-Encoding and Content-Length exclude each other",
            .refused(400),
            fields: [
                "Content-Length: 5\r\nTransfer-Encoding: chunked", "Transfer-Encoding: chunked\r\nContent-Length: 5",
                "Content-Length: 0\r\nTransfer-Encoding: chunked", "CONTENT-LENGTH: 5\r\ntransfer-encoding: CHUNKED",
                "Transfer-Encoding: chunked\r\nX: y\r\nContent-Length: 5",
                "Content-Length: 5\r\nTransfer-Encoding: identity",
                "Content-Length: 5\r\nTransfer-Encoding: xchunked", "Content-Length: 5\r\nTransfer-Encoding:",
                "Content-Length: 5\r\nTransfer-Encoding: gzip, chunked",
            ],
            body: "0\r\n\r\n"
        ),
        Rule(
            "RFC 9112, 6.1",
            "the framing of HTTP/1.0 with Transfer-Encoding is faulty",
            .refused(400),
            requests: ["chunked", "identity", "gzip, chunked"].flatMap { coding in
                ["", "Connection: keep-alive\r\n", "Content-Length: 5\r\n"].map {
                    "POST / HTTP/1.0\r\n\($0)Transfer-Encoding: \(coding)\r\n\r\n0\r\n\r\n"
                }
            }
        ),
        Rule(
            "RFC 9112, 6.1",
            "no coding but chunked is understood",
            .refused(501),
            fields: [
                "Transfer-Encoding: gzip, chunked", "Transfer-Encoding: identity, chunked",
                "Transfer-Encoding: xchunked,chunked",
                "Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked", "Transfer-Encoding: deflate;q=1, chunked",
            ],
            body: "0\r\n\r\n"
        ),
        Rule(
            "RFC 9112, 6.1",
            "chunked is applied once",
            .refused(400),
            fields: [
                "Transfer-Encoding: chunked, chunked", "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked",
                "Transfer-Encoding: chunked, gzip, chunked",
                "Transfer-Encoding: CHUNKED\r\nX: y\r\ntransfer-encoding: chunked",
            ],
            body: "0\r\n\r\n"
        ),
        Rule(
            "RFC 9112, 6.3",
            "a body whose last coding is not chunked ends nowhere",
            .refused(400),
            fields: [
                "Transfer-Encoding: identity", "Transfer-Encoding: gzip", "Transfer-Encoding: xchunked",
                "Transfer-Encoding: chunk",
                "Transfer-Encoding: chunkedx", "Transfer-Encoding: chunked, identity",
                "Transfer-Encoding: chunked, gzip",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
                "Transfer-Encoding: chunked\r\nTransfer-Encoding: x",
                "Transfer-Encoding: \"chunked\"", "Transfer-Encoding: 'chunked'", "Transfer-Encoding: chun ked",
                "Transfer-Encoding: chunked chunked", "Transfer-Encoding: chunked;", "Transfer-Encoding: : chunked",
                "Transfer-Encoding:", "Transfer-Encoding: ,", "Transfer-Encoding: \u{FF}chunked",
                "Transfer-Encoding: chunked\u{A0}",
            ],
            body: "0\r\n\r\n"
        ),
        Rule(
            "RFC 9112, 6.3",
            "a request that says nothing of a body has none",
            .taken,
            requests: [
                "POST / HTTP/1.1\r\nHost: a\r\n\r\n", "PUT / HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\n\r\n",
                "POST / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7",
            "the names of codings have no case",
            .taken,
            fields: ["Transfer-Encoding: Chunked", "transfer-encoding: CHUNKED", "TRANSFER-ENCODING:\tcHuNkEd\t"],
            body: "1\r\na\r\n0\r\n\r\n"
        ),
        Rule(
            "RFC 9112, 7.1",
            "chunked has no parameters",
            .refused(400),
            fields: [
                "Transfer-Encoding: chunked;q=1", "Transfer-Encoding: chunked; a=b", "Transfer-Encoding: chunked ;a",
            ],
            body: "0\r\n\r\n"
        ),
        Rule(
            "RFC 9112, 7.1",
            "a chunk begins with its size, which is hexadecimal digits and nothing else",
            .refused(400),
            chunks: [
                "\r\n", "x\r\n", "-1\r\n", "+1\r\na\r\n", "0x1\r\na\r\n", "1h\r\na\r\n", " 1\r\na\r\n", "1 \r\na\r\n",
                "1\t\r\na\r\n",
                "1 1\r\na\r\n", "1_0\r\n", "1,0\r\n", "1.0\r\n", "\u{B2}\r\n", "\"1\"\r\na\r\n", ";a\r\n",
                "1\u{0}\r\na\r\n",
                "0\u{B}\r\n\r\n", "G\r\n", "5\r\nhello\r\n-0\r\n\r\n", "5\r\nhello\r\n\r\n0\r\n\r\n",
                "GET /smuggled HTTP/1.1\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1",
            "a size that no number holds does not become another one",
            .refused(400),
            chunks: [
                "8000000000000000\r\n", "FFFFFFFFFFFFFFFF\r\n", "10000000000000001\r\na\r\n", "FFFFFFFFFFFFFFFFF\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1",
            "a chunk is as long as its size says, with CR LF behind it",
            .refused(400),
            chunks: [
                "1\r\nab\r\n0\r\n\r\n", "2\r\na\r\n0\r\n\r\n", "1\r\na0\r\n\r\n", "1\r\na\n0\r\n\r\n",
                "1\r\na\r0\r\n\r\n",
                "1\na\r\n0\r\n\r\n", "1\ra\r\n0\r\n\r\n", "1\r\na\r\n0\n\n", "1\r\na\r\n0\r\n\n", "1\r\na\r\n0\r\r\n",
                "1\r\na\r\n 0\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1",
            "digits of a size may be in either case, and have zeros in front",
            .taken,
            chunks: [
                "a\r\n0123456789\r\n0\r\n\r\n", "A\r\n0123456789\r\n00000000\r\n\r\n",
                "000000000000000001\r\na\r\n0\r\n\r\n", "0\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1.1",
            "extensions that nobody knows are ignored, up to the CR LF",
            .taken,
            chunks: [
                "1;a\r\na\r\n0\r\n\r\n", "1;a=b\r\na\r\n0;c=d\r\n\r\n", "1 ; a = \"b;c\"\r\na\r\n0\r\n\r\n",
                "1\t;a;b;c\r\na\r\n0\r\n\r\n",
                "1;a=\"0\\\"x\"\r\na\r\n0\r\n\r\n",
                "1;chunk-signature=\(long(64))\r\na\r\n0;chunk-signature=\(long(64))\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1.1",
            "an extension ends with CR LF and has no control character",
            .refused(400),
            chunks: [
                "1;a\na\r\n0\r\n\r\n", "1;a\ra\r\n0\r\n\r\n", "1;\na\r\n0\r\n\r\n", "1;a=\"\n\"\r\na\r\n0\r\n\r\n",
                "1;a\u{0}\r\na\r\n0\r\n\r\n",
                "0;a\n\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1.1",
            "an extension longer than a server wants is refused",
            .refused(400),
            chunks: ["1;\(long(5000))\r\na\r\n"]
        ),
        Rule(
            "RFC 9112, 7.1.2",
            "trailers are thrown away, whatever they say",
            .taken,
            chunks: [
                "0\r\nX: y\r\n\r\n",
                "1\r\na\r\n0\r\nContent-Length: 50\r\nTransfer-Encoding: gzip\r\nHost: b\r\nHost: c\r\n\r\n",
                "0\r\nConnection: close\r\nExpect: x\r\n\r\n", "0\r\nX:\r\nY: \u{FF}\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1.2",
            "a trailer is a field line",
            .refused(400),
            chunks: [
                "0\r\nX\r\n\r\n", "0\r\nX y\r\n\r\n", "0\r\nX : y\r\n\r\n", "0\r\n X: y\r\n\r\n",
                "0\r\nX: a\r\n b\r\n\r\n", "0\r\n: y\r\n\r\n",
                "0\r\nX: \u{0}\r\n\r\n", "0\r\nX: a\nY: b\r\n\r\n", "0\r\nX: a\rY: b\r\n\r\n",
                "0\r\nGET /smuggled HTTP/1.1\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 7.1.2",
            "trailers larger than a server wants are refused",
            .refused(431),
            chunks: [
                "0\r\nX: \(long(140_000))\r\n\r\n",
                "0\r\n" + (0..<250).map { "X-\($0): x\r\n" }.joined() + "\r\n",
            ]
        ),
    ]
}
