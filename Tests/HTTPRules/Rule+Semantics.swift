extension Rule {
    /// RFC 9110: what a request's parts mean.
    static let semantics = [
        Rule(
            "RFC 9110, 4.2.1",
            "an http URI has a host",
            .refused(400),
            lines: [
                "GET http:///a HTTP/1.1", "GET http:// HTTP/1.1", "GET http://:80/ HTTP/1.1", "GET https://?a HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9110, 4.2.4",
            "user information in a URI is an error",
            .refused(400),
            lines: [
                "GET http://user@a/ HTTP/1.1", "GET http://user:password@a/ HTTP/1.1", "CONNECT user@a:80 HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9110, 5.1",
            "fields that nobody knows are as good as none",
            .taken,
            fields: [
                "X-Nobody-Knows: me", "Transfer_Encoding: chunked", "Content_Length: 9", "X-Transfer-Encoding: chunked",
                "Content-Lengths: 9", "Trailer: Content-Length", "TE: chunked, trailers",
                "Upgrade: h2c\r\nConnection: Upgrade",
            ]
        ),
        Rule(
            "RFC 9110, 5.1",
            "the name of a field is a token",
            .refused(400),
            fields: [
                ": y", "X(: a", "X[: a", "\"X\": a", "X\u{0}: a", "X\u{E9}: a", "X/Y: a", "X;Y: a", "X@Y: a",
                "Transfer-Encoding\u{B}: chunked",
                "Transfer-Encoding\u{0}: chunked", "\u{C}Content-Length: 5", "Content-Length\u{A0}: 5",
            ]
        ),
        Rule(
            "RFC 9110, 5.4",
            "fields larger than a server wants are refused",
            .refused(431),
            fields: [
                "X: \(long(140_000))", "\(long(140_000)): x",
                (0..<250).map { "X-\($0): x" }.joined(separator: "\r\n"),
            ]
        ),
        Rule(
            "RFC 9110, 5.5",
            "a value holds no control character",
            .refused(400),
            fields: [
                "X: a\u{0}b", "X: \u{0}", "X: a\u{1}b", "X: a\u{8}", "X: a\u{B}b", "X: a\u{C}b", "X: a\u{1B}[0m",
                "X: a\u{1F}",
                "X: a\u{7F}b", "Content-Length: 5\u{0}", "Transfer-Encoding: chunked\u{0}",
                "Transfer-Encoding: \u{B}chunked",
                "Transfer-Encoding: chunked\u{C}",
            ]
        ),
        Rule(
            "RFC 9110, 5.5",
            "a value may be empty, and hold tabs and what is not ASCII",
            .taken,
            fields: ["X:", "X: ", "X:\t", "X: a\tb", "X:\ta\t", "X: caf\u{E9}", "X: \u{FF}\u{80}", "X: a:b: c"]
        ),
        Rule(
            "RFC 9110, 5.6.1.2",
            "empty members of a list are ignored",
            .taken,
            fields: [
                "Transfer-Encoding: ,chunked", "Transfer-Encoding: chunked, ,", "Transfer-Encoding:\t,\t, chunked\t,",
            ],
            body: "1\r\na\r\n0\r\n\r\n"
        ),
        Rule(
            "RFC 9110, 6.2",
            "a higher minor version is read as the highest that is known",
            .taken,
            lines: (2...9).map { "GET / HTTP/1.\($0)" }
        ),
        Rule(
            "RFC 9110, 7.2",
            "a host is a name or an address, with or without a port, or empty",
            .taken,
            requests: [
                "a", "a:80", "a:", "127.0.0.1:4747", "[::1]", "[::1]:4747", "[::]", "[2001:db8::7]:80",
                "[1:2:3:4:5:6:7:8]",
                "[1::8]", "[1:2:3:4:5:6:7::]", "[::ffff:192.0.2.1]", "my_service", "a.b-c~d", "caf%C3%A9", "a,b", "",
            ].map { "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n" }
        ),
        Rule(
            "RFC 9110, 8.6",
            "Content-Length is digits and nothing else, once",
            .refused(400),
            fields: [
                "Content-Length:", "Content-Length: +5", "Content-Length: -5", "Content-Length: -0",
                "Content-Length: 0x5",
                "Content-Length: 5.0", "Content-Length: 5e0", "Content-Length: 5 5", "Content-Length: 5\t5",
                "Content-Length: 5;",
                "Content-Length: \"5\"", "Content-Length: 5_0", "Content-Length: \u{B2}", "Content-Length: five",
                "Content-Length: 5, 5", "Content-Length: 5,6", "Content-Length: 5,", "Content-Length: ,5",
                "Content-Length: 5\r\nContent-Length: 5", "Content-Length: 5\r\nContent-Length: 6",
                "Content-Length: 5\r\ncontent-length: 0", "Content-Length: 5\r\nX: y\r\nContent-Length:",
            ],
            body: "hello"
        ),
        Rule(
            "RFC 9110, 8.6",
            "a length may have zeros in front, and blanks around it",
            .taken,
            fields: [
                "Content-Length: 5", "Content-Length:5", "content-LENGTH: \t 0005 \t", "Content-Length: \(zeros)5",
            ],
            body: "hello"
        ),
        Rule(
            "RFC 9110, 8.6",
            "a length that no number holds does not become another one",
            .refused(413),
            fields: [
                "Content-Length: 4294967296", "Content-Length: 4294967301", "Content-Length: 9223372036854775807",
                "Content-Length: 9223372036854775808", "Content-Length: 18446744073709551616",
                "Content-Length: 18446744073709551621", "Content-Length: \(String(repeating: "9", count: 1000))",
            ],
            body: "hello"
        ),
        Rule(
            "RFC 9110, 9.3.6",
            "CONNECT has a port that is one",
            .refused(400),
            lines: [
                "CONNECT a HTTP/1.1", "CONNECT a: HTTP/1.1", "CONNECT a:x HTTP/1.1", "CONNECT a:65536 HTTP/1.1",
                "CONNECT [::1] HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9110, 10.1.1",
            "another expectation than 100-continue is refused",
            .refused(417),
            fields: [
                "Expect: 200-ok", "Expect: 100-continue, x", "Expect: x, 100-continue",
                "Expect: 100-continue\r\nExpect: x",
                "Expect: 100-continue;q=1", "Expect: \"100-continue\"", "Content-Length: 5\r\nExpect: 100",
            ]
        ),
        Rule(
            "RFC 9110, 10.1.1",
            "100-continue without a body, in any case, more than once, or in HTTP/1.0, is no matter",
            .taken,
            requests: ["Expect: 100-continue", "Expect: 100-CONTINUE", "Expect: 100-continue, 100-continue", "Expect:"]
                .map {
                    "GET / HTTP/1.1\r\nHost: a\r\n\($0)\r\n\r\n"
                } + ["GET / HTTP/1.0\r\nConnection: keep-alive\r\nExpect: 100-continue, x\r\n\r\n"]
        ),
        Rule(
            "RFC 9110, 15.5.14",
            "a body larger than a server wants is refused as soon as its size is known",
            .refused(413),
            requests: [
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 16777217\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 16777217\r\n\r\n",
                "POST / HTTP/1.0\r\nContent-Length: 16777217\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1000001\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\nfffffc\r\n",
            ]
        ),
        Rule(
            "RFC 9110, 15.6.6",
            "another major version is refused",
            .refused(505),
            lines: [
                "GET / HTTP/2.0", "GET / HTTP/3.0", "GET / HTTP/0.9", "GET / HTTP/9.9", "PRI * HTTP/2.0\r\n\r\nSM\r\n",
            ]
        ),
    ]

    private static let zeros = String(repeating: "0", count: 1000)
}
