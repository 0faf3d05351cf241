extension RequestParser {
    /// The largest buffer that a connection keeps between requests: thousands of idle ones must stay cheap.
    private static let keptCapacity = 2048

    /// Refuses a line or head that is too long, whether or not its end is in sight.
    func checkLength(upTo end: Int) throws(ParseError) {
        if lineStart > 0 {
            if end > limits.head {
                throw ParseError(.requestHeaderFieldsTooLarge, "the head is larger than \(limits.head) bytes")
            }
        } else if end > limits.requestLine {
            // One that is all method has none that is known (RFC 9112, section 3).
            guard buffer[start...].prefix(limits.requestLine).contains(Byte.blank) else {
                throw ParseError(.notImplemented, "the method is longer than \(limits.requestLine) bytes")
            }
            throw ParseError(.uriTooLong, "the request line is longer than \(limits.requestLine) bytes")
        }
    }

    func malformed(_ reason: String) -> ParseError {
        // The first byte of a TLS record is 22, "handshake" (RFC 8446, section 5.1).
        if lineStart == 0, buffer[start] == 0x16 {
            return .malformed("this is a TLS handshake, and plain HTTP is spoken here")
        }
        return .malformed(reason)
    }

    mutating func finish(_ head: RequestHead) -> Request {
        let request = Request(head: head, body: body)
        phase = .line
        body = []
        hasSkippedEmptyLine = false
        expectsContinue = false
        discardConsumed()
        return request
    }

    /// Drops what has been consumed once it is the greater part, so that the cost stays in proportion.
    mutating func discardConsumed() {
        if start == buffer.count {
            start = 0
            if buffer.capacity > Self.keptCapacity {
                buffer = []
            } else {
                buffer.removeAll(keepingCapacity: true)
            }
        } else if start > buffer.count - start {
            buffer.removeSubrange(..<start)
            start = 0
        }
    }

    mutating func release() {
        buffer = []
        body = []
        start = 0
    }
}
