/// What the header fields say about the message and its connection, gathered while they are parsed.
///
/// Refuses everything that two implementations could read differently (RFC 9112, section 11.2).
struct Framing: Sendable {
    /// How the body is delimited (RFC 9112, section 6.3).
    enum Body: Sendable {
        case length(Int)
        case chunked
    }

    private(set) var expectsContinue = false
    private var hosts = 0
    private var contentLength: Int?
    private var hasTransferEncoding = false
    private var chunkedCodings = 0
    private var otherCodings = 0
    private var isChunkedLast = false
    private var wantsClose = false
    private var wantsKeepAlive = false
    private var hasUnknownExpectation = false

    mutating func note(name: Span<UInt8>, value: Span<UInt8>) throws(ParseError) {
        // The lengths differ, so at most one comparison is made for a field.
        switch name.count {
        case 4 where name.matches("host"): try noteHost(value)
        case 6 where name.matches("expect"): noteExpect(value)
        case 10 where name.matches("connection"): noteConnection(value)
        case 14 where name.matches("content-length"): try noteContentLength(value)
        case 17 where name.matches("transfer-encoding"): noteTransferEncoding(value)
        default: break
        }
    }

    /// Judges the whole header section.
    func body(version: Version, limits: Limits) throws(ParseError) -> Body {
        if hosts == 0, version == .http11 { throw .malformed("the Host field is missing") }
        if hasUnknownExpectation, version == .http11 {
            throw ParseError(.expectationFailed, "only the expectation \"100-continue\" is known here")
        }
        if hasTransferEncoding { return try transferCoding(version: version) }
        guard let contentLength else { return .length(0) }
        if contentLength > limits.body {
            throw ParseError(.contentTooLarge, "the body is larger than \(limits.body) bytes")
        }
        return .length(contentLength)
    }

    /// Whether the connection persists after this message (RFC 9112, section 9.3).
    func keepAlive(version: Version) -> Bool {
        !wantsClose && (version == .http11 || wantsKeepAlive)
    }

    private func transferCoding(version: Version) throws(ParseError) -> Body {
        if version == .http10 { throw .malformed("HTTP/1.0 has no Transfer-Encoding") }
        if contentLength != nil { throw .malformed("Transfer-Encoding and Content-Length exclude each other") }
        // Where the body ends cannot be told otherwise, whatever the last coding is (RFC 9112, section 6.3, rule 4).
        guard isChunkedLast, chunkedCodings == 1 else {
            throw .malformed("\"chunked\" has to be the last transfer coding, once")
        }
        if otherCodings > 0 {
            throw ParseError(.notImplemented, "the only transfer coding known here is \"chunked\"")
        }
        return .chunked
    }

    private mutating func noteHost(_ value: Span<UInt8>) throws(ParseError) {
        hosts += 1
        if hosts > 1 { throw .malformed("the Host field occurs more than once") }
        guard value.isEmpty || Authority.isValid(value) else { throw .malformed("the Host field is no host[:port]") }
    }

    private mutating func noteExpect(_ value: Span<UInt8>) {
        value.forEachListMember { expectation in
            if expectation.matches("100-continue") {
                expectsContinue = true
            } else {
                hasUnknownExpectation = true
            }
        }
    }

    private mutating func noteConnection(_ value: Span<UInt8>) {
        value.forEachListMember { option in
            if option.matches("close") { wantsClose = true }
            if option.matches("keep-alive") { wantsKeepAlive = true }
        }
    }

    private mutating func noteContentLength(_ value: Span<UInt8>) throws(ParseError) {
        if contentLength != nil { throw .malformed("the Content-Length field occurs more than once") }
        guard !value.isEmpty, value.allSatisfy(\.isDigit) else {
            throw .malformed("the Content-Length field is no number")
        }
        var length = 0
        for index in value.indices {
            let (product, overflow) = length.multipliedReportingOverflow(by: 10)
            let (sum, carry) = product.addingReportingOverflow(Int(value[index] &- 0x30))
            if overflow || carry { throw ParseError(.contentTooLarge, "the Content-Length field is too large") }
            length = sum
        }
        contentLength = length
    }

    private mutating func noteTransferEncoding(_ value: Span<UInt8>) {
        hasTransferEncoding = true
        value.forEachListMember { coding in
            isChunkedLast = coding.matches("chunked")
            if isChunkedLast { chunkedCodings += 1 } else { otherCodings += 1 }
        }
    }
}
