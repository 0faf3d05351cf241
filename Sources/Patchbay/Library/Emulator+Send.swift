internal import PatchbayHTTP
internal import PatchbayServer

extension Emulator {
    /// What a request was answered with.
    public struct Reply: Sendable {
        /// The status code: 200.
        public let status: Int
        /// The fields in their order, without those of a connection: `Date`, `Content-Length`, `Connection`.
        public let headers: [(name: String, value: String)]
        /// The content; none in answer to HEAD.
        public let body: [UInt8]

        /// The content as text.
        public var text: String { String(decoding: body, as: UTF8.self) }

        /// The value of the first field of a name, in whatever case.
        public subscript(header name: String) -> String? {
            headers.first { $0.name.lowercased() == name.lowercased() }?.value
        }
    }

    /// Answers a request in memory as a server does on a socket: the same bytes are read by the same rules.
    ///
    /// Faults that delay an answer or break its connection need a connection: here the answer comes at once, and whole. A stream,
    /// `/_patchbay/events`, is not followed.
    ///
    /// - Parameters:
    ///   - method: the method, "GET".
    ///   - target: path and query, "/client/v4/accounts?page=2".
    ///   - headers: the fields. `Host` is localhost, and `Content-Length` the body's, unless they are among them.
    ///   - body: the content.
    /// - Returns: the answer. What is no request is refused as on a socket, with 400 for instance.
    public func send(
        _ method: String,
        _ target: String,
        headers: [(name: String, value: String)] = [],
        body: [UInt8] = [],
    ) -> Reply {
        let given = Set(headers.map { $0.name.lowercased() })
        let host = given.contains("host") ? [] : [(name: "Host", value: "localhost")]
        let isFramed = body.isEmpty || !given.isDisjoint(with: ["content-length", "transfer-encoding"])
        let length = isFramed ? [] : [(name: "Content-Length", value: "\(body.count)")]
        let lines = ["\(method) \(target) HTTP/1.1"] + (host + headers + length).map { "\($0.name): \($0.value)" }
        let response =
            lines.contains(where: Self.isBroken)
            ? Response(problem: ParseError(.badRequest, "the head has a line break within a line"))
            : respond(to: Array(lines.map { $0 + "\r\n" }.joined().utf8) + Array("\r\n".utf8) + body)
        return Reply(
            status: response.status.code,
            headers: response.headers,
            body: method == "HEAD" ? [] : response.body,
        )
    }

    /// Answers a request whose content is a text.
    ///
    /// - Parameters:
    ///   - method: the method, "POST".
    ///   - target: path and query.
    ///   - headers: the fields. `Content-Type` is that of JSON unless it is among them.
    ///   - body: the content.
    /// - Returns: the answer.
    public func send(
        _ method: String,
        _ target: String,
        headers: [(name: String, value: String)] = [],
        body: String,
    ) -> Reply {
        let hasType = headers.contains { $0.name.lowercased() == "content-type" }
        let type = hasType ? [] : [(name: "Content-Type", value: "application/json")]
        return send(method, target, headers: headers + type, body: Array(body.utf8))
    }

    private static func isBroken(_ line: String) -> Bool { line.utf8.contains { $0 == 10 || $0 == 13 } }

    private func respond(to bytes: [UInt8]) -> Response {
        var parser = RequestParser()
        parser.append(bytes)
        do throws(ParseError) {
            guard let request = try parser.next() else {
                throw ParseError(.badRequest, "the request is not complete")
            }
            return respond(to: request)
        } catch {
            return refuse(error, path: parser.pathInProgress) ?? Response(problem: error)
        }
    }
}
