extension Rule {
    /// RFC 9112, sections 2 to 5: request lines and field lines.
    static let lines = [
        Rule(
            "RFC 9112, 2.2",
            "an empty line before a request line is ignored",
            .taken,
            requests: ["\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n"]
        ),
        Rule(
            "RFC 9112, 2.2",
            "more than one empty line is no request",
            .refused(400),
            requests: ["\r\n\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "\r\n\r\n\r\n"]
        ),
        Rule(
            "RFC 9112, 2.2",
            "a bare LF ends no line",
            .refused(400),
            requests: [
                "\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\nHost: a\n\n", "GET / HTTP/1.1\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\n\n", "GET / HTTP/1.1\r\nHost: a\n\n",
                "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\nX: y\nContent-Length: 5\r\n\r\nhello",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding:\nchunked\r\n\r\n0\r\n\r\n",
                "GET /\n HTTP/1.1\r\nHost: a\r\n\r\n", "GET\n/ HTTP/1.1\r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\nHo\nst: a\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 2.2",
            "a CR without an LF behind it is invalid",
            .refused(400),
            requests: [
                "\rGET / HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\rHost: a\r\r",
                "GET / HTTP/1.1\r\r\nHost: a\r\n\r\n",
                "GET\r/ HTTP/1.1\r\nHost: a\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\rX: y\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: a\r\n\r\r\n", "GET / HTTP/1.1\r\nX\r: y\r\nHost: a\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\rTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: \rchunked\r\n\r\n0\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 2.2",
            "no white space stands between the request line and the first field",
            .refused(400),
            requests: [
                "GET / HTTP/1.1\r\n Host: a\r\n\r\n", "GET / HTTP/1.1\r\n\tHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\n \r\nHost: a\r\n\r\n",
                "GET / HTTP/1.1\r\n Content-Length: 5\r\nHost: a\r\n\r\nhello",
            ]
        ),
        Rule(
            "RFC 9112, 2.2",
            "what is no HTTP is refused",
            .refused(400),
            requests: [
                "\u{16}\u{3}\u{1}\u{2}\u{0}\u{1}\u{0}\u{1}\u{FC}\u{3}\u{3}", "\u{0}\u{0}\u{0}\u{0}", "\u{5}\u{1}\u{0}",
                "\u{FF}\u{FE}\r\n",
                "SSH-2.0-OpenSSH_9.6\r\n", "{\"a\": 1}\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                "EHLO a\r\n",
                "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\r\nGET / HTTP/1.1\r\nHost: a\r\n\r\n", "*1\r\n$4\r\nPING\r\n",
                ":\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 2.3",
            "a version is HTTP in upper case, a slash and two digits",
            .refused(400),
            lines: [
                "GET / http/1.1", "GET / Http/1.1", "GET / HTTP/1.1 ", "GET / HTTP/11", "GET / HTTP/1", "GET / HTTP/1.",
                "GET / HTTP/.1",
                "GET / HTTP/1.10", "GET / HTTP/01.1", "GET / HTTP/1,1", "GET / HTTP/a.b", "GET / HTTP/-1.1",
                "GET / HTTP/+1.1",
                "GET / HTTP/1.1.1", "GET / HTTPS/1.1", "GET / HTTP\\1.1", "GET / ICY/1.1", "GET / 1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3",
            "a request line is method, target and version, a single blank between each two",
            .refused(400),
            lines: [
                "GET", "GET ", "GET /", "GET / ", " GET / HTTP/1.1", "\tGET / HTTP/1.1", "GET  / HTTP/1.1",
                "GET /  HTTP/1.1",
                "GET\t/\tHTTP/1.1", "GET\u{B}/\u{B}HTTP/1.1", "GET\u{C}/ HTTP/1.1", "GET/ HTTP/1.1", "GET /HTTP/1.1",
                "GET / HTTP/1.1 x", "GET / HTTP/1.1 GET /smuggled HTTP/1.1", "GET / x HTTP/1.1", "/ HTTP/1.1",
                "Host: a",
            ]
        ),
        Rule(
            "RFC 9112, 3",
            "a method longer than any that is known is refused",
            .refused(501),
            requests: [long(40_000), "\r\n\(long(40_000)) / HTTP/1.1\r\nHost: a\r\n\r\n"]
        ),
        Rule(
            "RFC 9112, 3",
            "a target longer than a server wants is refused",
            .refused(414),
            requests: ["GET /\(long(40_000))", "GET /?\(long(40_000)) HTTP/1.1\r\nHost: a\r\n\r\n"]
        ),
        Rule("RFC 9112, 3", "a request line may have 8000 bytes", .taken, lines: ["GET /\(long(8000)) HTTP/1.1"]),
        Rule(
            "RFC 9112, 3.1",
            "a method is a token",
            .refused(400),
            lines: [
                " / HTTP/1.1", "G(T / HTTP/1.1", "GET, / HTTP/1.1", "GET: / HTTP/1.1", "\"GET\" / HTTP/1.1",
                "G\u{0}T / HTTP/1.1",
                "G\u{E9}T / HTTP/1.1", "GE\u{7F}T / HTTP/1.1", "GET;x / HTTP/1.1", "\u{EF}\u{BB}\u{BF}GET / HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3.1",
            "any token is a method",
            .taken,
            lines: ["PURGE / HTTP/1.1", "get / HTTP/1.1", "M-SEARCH / HTTP/1.1", "!#$%&'*+-.^_`|~09AZaz / HTTP/1.1"]
        ),
        Rule(
            "RFC 9112, 3.2",
            "a target has no white space and no control character",
            .refused(400),
            lines: [
                "GET /a b HTTP/1.1", "GET /\t HTTP/1.1", "GET /a\u{0} HTTP/1.1", "GET /a\u{1F}b HTTP/1.1",
                "GET /a\u{7F}b HTTP/1.1",
                "GET /\u{B} HTTP/1.1", "GET http://a/\u{0} HTTP/1.1", "OPTIONS *\u{0} HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3.2",
            "a request of HTTP/1.1 has a Host field",
            .refused(400),
            requests: [
                "GET / HTTP/1.1\r\n\r\n", "GET http://a/ HTTP/1.1\r\n\r\n", "OPTIONS * HTTP/1.1\r\n\r\n",
                "CONNECT a:1 HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHosts: a\r\n\r\n", "GET / HTTP/1.9\r\nX: y\r\n\r\n",
            ]
        ),
        Rule(
            "RFC 9112, 3.2",
            "a request has no second Host field",
            .refused(400),
            requests: ["Host: a", "HOST: a", "Host: b", "X: y\r\nHost:", "Host:\r\nHost: a"].flatMap { fields in
                ["GET / HTTP/1.1", "GET / HTTP/1.0", "GET http://a/ HTTP/1.1"].map {
                    "\($0)\r\nHost: a\r\n\(fields)\r\n\r\n"
                }
            }
        ),
        Rule(
            "RFC 9112, 3.2",
            "a Host field that is no host is refused",
            .refused(400),
            requests: [
                "a b", "a/b", "a:80:80", "a:x", "a:-1", "a:65536", "a:99999999999999999999", "user@a", "[::1", "::1",
                "[]", "[a]",
                "[1:2:3:4:5:6:7]", "[1:2:3:4:5:6:7:8:9]", "[1::2::3]", "[:1]", "[1:]", "[12345::]", "[::1.2.3]",
                "[::1.2.3.256]",
                "[::1.2.3.04]", "[::1]x", "[fe80::1%25eth0]", ":80", "caf\u{E9}", "a%2", "a%zz", "http://a", "a\\b",
                "a#", "a?b", "<a>",
            ].map { "GET / HTTP/1.1\r\nHost: \($0)\r\n\r\n" }
        ),
        Rule(
            "RFC 9112, 3.3",
            "HTTP/1.0 has no need of a Host field",
            .taken,
            requests: ["GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"]
        ),
        Rule(
            "RFC 9112, 3.2.1",
            "a target is a path with or without a query, and has no fragment",
            .refused(400),
            lines: [
                "GET a HTTP/1.1", "GET a/b HTTP/1.1", "GET ?a HTTP/1.1", "GET # HTTP/1.1", "GET /# HTTP/1.1",
                "GET /a#b HTTP/1.1",
                "GET /?a#b HTTP/1.1", "GET \\ HTTP/1.1", "GET .. HTTP/1.1", "GET %2F HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3.2.1",
            "what a path means is not the parser's business",
            .taken,
            lines: [
                "GET // HTTP/1.1", "GET /../.. HTTP/1.1", "GET /%2e%2e/ HTTP/1.1", "GET /%00 HTTP/1.1",
                "GET /%zz? HTTP/1.1",
                "GET /caf\u{E9}\u{FF} HTTP/1.1", "GET /\"<>\\^`{|}?[] HTTP/1.1", "GET /http://b/ HTTP/1.1",
                "GET //b/ HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3.2.2",
            "a whole URI is taken, whatever the Host field says",
            .taken,
            lines: [
                "GET http://a/ HTTP/1.1", "GET HTTP://b HTTP/1.1", "GET https://b:8443/c?d HTTP/1.1",
                "GET http://b?d HTTP/1.1",
                "OPTIONS http://[::1]:80 HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3.2.2",
            "a URI that leads to no HTTP server is refused",
            .refused(400),
            lines: [
                "GET ftp://a/ HTTP/1.1", "GET file:///a HTTP/1.1", "GET http:/a HTTP/1.1", "GET http:a HTTP/1.1",
                "GET http//a/ HTTP/1.1",
                "GET ://a/ HTTP/1.1", "GET http://a:x/ HTTP/1.1", "GET http://a b/ HTTP/1.1",
                "GET http://a\\b/ HTTP/1.1",
                "GET http://a#b HTTP/1.1", "GET http://a/#b HTTP/1.1", "GET ws://a/ HTTP/1.1",
                "GET javascript:alert(1) HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3.2.3",
            "host and port alone are for CONNECT",
            .refused(400),
            lines: [
                "GET a:80 HTTP/1.1", "GET [::1]:80 HTTP/1.1", "POST 127.0.0.1:80 HTTP/1.1", "CONNECT / HTTP/1.1",
                "CONNECT /a:80 HTTP/1.1",
                "CONNECT http://a:80/ HTTP/1.1", "CONNECT * HTTP/1.1", "CONNECT a:80/b HTTP/1.1",
            ]
        ),
        Rule(
            "RFC 9112, 3.2.4",
            "an asterisk alone is for OPTIONS",
            .refused(400),
            lines: [
                "GET * HTTP/1.1", "HEAD * HTTP/1.1", "POST * HTTP/1.1", "options * HTTP/1.1", "OPTIONS ** HTTP/1.1",
                "OPTIONS *? HTTP/1.1",
                "OPTIONS */ HTTP/1.1",
            ]
        ),
        Rule("RFC 9112, 3.2.4", "OPTIONS may be asked of the whole server", .taken, lines: ["OPTIONS * HTTP/1.1"]),
        Rule(
            "RFC 9112, 5",
            "a field line has a colon",
            .refused(400),
            fields: ["X", "X y", "Transfer-Encoding chunked", "Content-Length=5", "GET /smuggled HTTP/1.1", "\u{FF}"]
        ),
        Rule(
            "RFC 9112, 5.1",
            "no white space stands before the colon",
            .refused(400),
            fields: [
                "X : y", "X\t: y", "X  : y", "Content-Length : 5", "Content-Length\t: 5", "Transfer-Encoding : chunked",
                "Transfer-Encoding\t:chunked", "X Y: z", "Content-Length : 5\r\nTransfer-Encoding: chunked",
            ]
        ),
        Rule(
            "RFC 9112, 5.1",
            "white space around a value is none of it",
            .taken,
            fields: ["X:y", "X: \t y \t ", "Content-Length:0\t"]
        ),
        Rule(
            "RFC 9112, 5.2",
            "a value goes on in no second line",
            .refused(400),
            fields: [
                "X: a\r\n b", "X: a\r\n\tb", "X:\r\n a", "X: a\r\n ", "X: a\r\n \r\n b",
                "Transfer-Encoding:\r\n chunked",
                "Transfer-Encoding: chunked\r\n , identity", "Content-Length: 5\r\n 6", "X: y\r\n Content-Length: 5",
            ]
        ),
    ]
}
