/// The first line of a request (RFC 9112, section 3).
struct RequestLine: Sendable {
    let method: Method
    let target: Target
    let version: Version

    /// Reads a line, whose path may be known.
    init(_ line: Span<UInt8>, _ known: KnownHeads?) throws(ParseError) {
        guard let first = line.firstIndex(of: Byte.blank),
            let second = line.firstIndex(of: Byte.blank, from: first + 1)
        else { throw .malformed("the request line is not \"method target version\"") }
        let token = line.extracting(..<first)
        guard !token.isEmpty, token.allSatisfy(\.isToken) else { throw .malformed("the method is no token") }
        version = try Self.version(line.extracting((second + 1)...))
        method = Self.method(token)
        target = try Target(line.extracting((first + 1)..<second), method: method, known)
    }

    private static func method(_ token: Span<UInt8>) -> Method {
        Method(token.text)
    }

    /// HTTP-version is case-sensitive (RFC 9112, section 2.3).
    private static func version(_ bytes: Span<UInt8>) throws(ParseError) -> Version {
        let isVersion =
            bytes.count == 8 && bytes[0] == UInt8(ascii: "H") && bytes[1] == UInt8(ascii: "T")
            && bytes[2] == UInt8(ascii: "T") && bytes[3] == UInt8(ascii: "P") && bytes[4] == Byte.slash
            && bytes[5].isDigit && bytes[6] == UInt8(ascii: ".") && bytes[7].isDigit
        guard isVersion else { throw .malformed("the request line does not end in an HTTP version") }
        guard bytes[5] == UInt8(ascii: "1") else {
            throw ParseError(.httpVersionNotSupported, "only HTTP/1.1 and HTTP/1.0 are spoken here")
        }
        // A higher minor version is understood as the highest one that is known (RFC 9110, section 6.2).
        return bytes[7] == UInt8(ascii: "0") ? .http10 : .http11
    }
}
