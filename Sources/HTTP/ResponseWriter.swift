/// Turns responses into bytes (RFC 9112, section 4).
///
/// Appends to a buffer that the caller keeps, so that head and body, and several pipelined answers, leave in one write.
public enum ResponseWriter {
    /// What the writer has to know of the request and its connection.
    public struct Context: Sendable {
        /// The method decides whether there is content.
        public var method: Method
        /// The version decides whether persistence has to be announced.
        public var version: Version
        /// Whether the connection goes on after this response.
        public var keepAlive: Bool
        /// Whether the length of the content is known; otherwise the connection's end is the content's (RFC 9112, section 6.3, rule 8).
        public var hasLength = true

        /// Makes a context; the defaults suit an answer to bytes that are no request.
        public init(method: Method = .get, version: Version = .http11, keepAlive: Bool = false) {
            self.method = method
            self.version = version
            self.keepAlive = keepAlive
        }
    }

    /// The interim response that asks for the body (RFC 9110, section 15.2.1).
    public static func appendContinue(to output: inout [UInt8]) {
        append("HTTP/1.1 100 Continue\r\n\r\n", to: &output)
    }

    /// Appends a whole response.
    ///
    /// - Parameters:
    ///   - response: What the handler made.
    ///   - context: The request it answers.
    ///   - date: The value of the Date field, used unless the response has its own.
    ///   - output: Where the bytes go.
    /// - Returns: How many of the bytes are content.
    @discardableResult
    public static func append(
        _ response: Response,
        context: Context,
        date: HTTPDate,
        to output: inout [UInt8]
    ) -> Int {
        appendStatusLine(response.status, to: &output)
        var hasDate = false
        var ownLength: String?
        for (name, value) in response.headers {
            switch reserved(name) {
            case .date: hasDate = true
            case .length:
                ownLength = value
                continue
            case .hopByHop: continue
            case nil: break
            }
            appendField(name, value, to: &output)
        }
        if !hasDate {
            append("Date: ", to: &output)
            output.append(contentsOf: date.bytes)
            append("\r\n", to: &output)
        }
        if context.hasLength { appendLength(of: response, own: ownLength, method: context.method, to: &output) }
        if !context.keepAlive {
            append("Connection: close\r\n", to: &output)
        } else if context.version == .http10 {
            append("Connection: keep-alive\r\n", to: &output)
        }
        append("\r\n", to: &output)
        if context.method == .head || response.status.forbidsContent { return 0 }
        output.append(contentsOf: response.body)
        return response.body.count
    }

    private enum Reserved {
        case date, length, hopByHop
    }

    private static func reserved(_ name: String) -> Reserved? {
        switch name.utf8.count {
        case 4 where isEqual(name, "date"): .date
        case 14 where isEqual(name, "content-length"): .length
        case 10 where isEqual(name, "connection"): .hopByHop
        case 17 where isEqual(name, "transfer-encoding"): .hopByHop
        default: nil
        }
    }

    private static func isEqual(_ name: String, _ lowercase: String) -> Bool {
        name.utf8.elementsEqual(lowercase.utf8) { $0.lowercased == $1 }
    }

    private static func appendStatusLine(_ status: Status, to output: inout [UInt8]) {
        append("HTTP/1.1 ", to: &output)
        append(status.code, to: &output)
        output.append(Byte.blank)
        appendSafely(status.reason, to: &output)
        append("\r\n", to: &output)
    }

    /// Content-Length says how long the content is or, for HEAD and 304, would be (RFC 9110, section 8.6).
    private static func appendLength(
        of response: Response,
        own: String?,
        method: Method,
        to output: inout [UInt8]
    ) {
        let isDescribed = method == .head || response.status.code == 304
        if isDescribed, response.body.isEmpty, let own {
            appendField("Content-Length", own, to: &output)
        } else if !response.status.forbidsContent {
            append("Content-Length: ", to: &output)
            append(response.body.count, to: &output)
            append("\r\n", to: &output)
        }
    }

    private static func appendField(_ name: String, _ value: String, to output: inout [UInt8]) {
        appendSafely(name, to: &output)
        append(": ", to: &output)
        appendSafely(value, to: &output)
        append("\r\n", to: &output)
    }

    /// Appends a text with control characters blanked out: a value that came from a client must not be able to end the
    /// line and begin another (RFC 9110, section 5.5).
    private static func appendSafely(_ text: String, to output: inout [UInt8]) {
        let start = output.count
        output.append(contentsOf: text.utf8)
        let first = output.span.skip(from: start, until: \.holdsControl)
        for index in first..<output.count where output[index].isControl { output[index] = Byte.blank }
    }

    private static func append(_ text: StaticString, to output: inout [UInt8]) {
        text.withUTF8Buffer { output.append(contentsOf: $0) }
    }

    private static func append(_ number: Int, to output: inout [UInt8]) {
        var divisor = 1
        while number / divisor >= 10 { divisor *= 10 }
        while divisor > 0 {
            output.append(UInt8(ascii: "0") + UInt8(number / divisor % 10))
            divisor /= 10
        }
    }
}
