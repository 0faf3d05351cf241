import PatchbayHTTP
import SeededGenerator

/// What a parser makes of bytes, in a form that can be compared.
struct Outcome: Equatable, CustomStringConvertible {
    var requests: [String] = []
    var error: ParseError?
    var isInRequest = false

    var description: String { "\(requests) \(error.map(\.description) ?? "no error") \(isInRequest)" }

    /// Parses pieces as a connection would.
    init(_ pieces: [[UInt8]], limits: Limits = Limits(), known: KnownHeads? = nil) {
        var parser = RequestParser(limits: limits, known: known)
        do throws(ParseError) {
            for piece in pieces {
                parser.append(piece)
                while let request = try parser.next() { requests.append(Self.summary(request)) }
            }
            isInRequest = parser.isInRequest
        } catch {
            self.error = error
        }
    }

    init(_ text: String, limits: Limits = Limits()) {
        self.init([Array(text.utf8)], limits: limits)
    }

    static func summary(_ request: Request) -> String {
        let fields = request.headers.fields.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        let body = String(decoding: request.body, as: UTF8.self)
        return "\(request.method) \(request.target.path)?\(request.target.rawQuery ?? "-") \(request.version) "
            + "[\(fields)] \(request.keepAlive) {\(body)}"
    }
}

/// Request texts that exercise every state of the parser, the last ones bad.
let samples: [String] = [
    "GET / HTTP/1.1\r\nHost: a\r\n\r\n",
    "\r\nGET /a/b%20c?x=1&y=%41+b HTTP/1.1\r\nHost: example.org:8080\r\nAccept: */*\r\n\r\n",
    "GET / HTTP/1.0\r\n\r\nGET /2 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhelloGET /next HTTP/1.1\r\nHost: b\r\n\r\n",
    "POST /p HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n\r\nGET /n HTTP/1.1\r\nHost:\r\n\r\n",
    "POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n00A;x=\"y\" ; z\r\n0123456789\r\n"
        + "0\r\nTrailer: dropped\r\nOther: too\r\n\r\nGET /after HTTP/1.1\r\nHost: a\r\n\r\n",
    "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\nCONNECT a:1 HTTP/1.1\r\nHost: a:1\r\n\r\nGET http://h/p?q HTTP/1.1\r\nHost: x\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX:\t padded \t\r\nEmpty:\r\nConnection: x, CLOSE\r\n\r\n",
    "PUT /caf\u{E9} HTTP/1.1\r\nHost: a\r\nX-Text: caf\u{E9}\r\nContent-Length: 3\r\nExpect: 100-continue\r\n\r\nabc",
    "GET / HTTP/1.1\r\nHost: a\r\n\r\nGET / HTTP/1.1\r\nHost : a\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\nX: y\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabcd\r\n0\r\n\r\n",
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nbad trailer\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nX: \u{1}\r\n\r\n",
    "GET / HTTP/1.1\r\rHost: a\r\n\r\n",
    "GET / HTTP/2.0\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: a\r\nContent-Le",
]

extension Optional {
    /// Whether there is none, for values that cannot be compared.
    var isNone: Bool {
        if case .none = self { true } else { false }
    }
}
