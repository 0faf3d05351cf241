/// What a request is applied to (RFC 9112, section 3.2).
///
/// The path is split before it is decoded, so an encoded slash stays inside its segment (RFC 3986, section 2.4).
public struct Target: Sendable {
    /// The four forms a target can have.
    public enum Form: Sendable {
        /// A path with an optional query: what clients send to servers.
        case origin
        /// A whole http or https URI: what clients send to proxies, and servers must take too.
        case absolute
        /// "*", the server itself; OPTIONS only.
        case asterisk
        /// host:port; CONNECT only.
        case authority
    }

    /// Which form was received.
    public let form: Form
    /// The `host[:port]` of an absolute or authority form.
    public let authority: String?
    /// The path: what was received, and what it means.
    public let location: Path
    /// The query as received, nil when there was no "?".
    public let rawQuery: String?
    /// The query split at "&" and then at the first "=".
    public let query: [QueryItem]
    /// Whether a "%" in path or query is without two hexadecimal digits.
    public let hasMalformedEscape: Bool

    /// The path as received, without the query; "*" for the asterisk form, empty for the authority form.
    public var path: String { location.text }
    /// The path split at "/": "/a//b/" gives "a", "", "b" and "", and "/" gives one empty segment.
    public var segments: [PercentEncoded] { location.segments }

    /// Parses the target of a request with the method.
    public init(parsing text: String, method: Method = .get) throws(ParseError) {
        self = try Array(text.utf8).withUnsafeBufferPointer { bytes throws(ParseError) in
            try Target(bytes.span, method: method)
        }
    }

    /// Parses the target of a request with the method, whose path may be known.
    init(_ bytes: Span<UInt8>, method: Method, _ known: KnownHeads? = nil) throws(ParseError) {
        // Fragments are not sent (RFC 9112, section 3.2.1), and who does not know would make one a part of the path.
        let first = bytes.skip(from: 0) {
            $0.holdsLess(than: Byte.blank + 1) || $0.holds(Byte.delete) || $0.holds(Byte.numberSign)
        }
        let isClean = bytes.extracting(first...).allSatisfy {
            $0 > Byte.blank && $0 != Byte.delete && $0 != Byte.numberSign
        }
        guard isClean else {
            throw .malformed("the request target holds a blank, a control character or a fragment")
        }
        if method == .connect {
            try self.init(authority: bytes)
        } else if bytes.count == 1, bytes[0] == Byte.asterisk {
            guard method == .options else { throw .malformed("the request target \"*\" is for OPTIONS only") }
            self.init(form: .asterisk, authority: nil, path: "*")
        } else if bytes.count > 0, bytes[0] == Byte.slash {
            self.init(form: .origin, authority: nil, pathAndQuery: bytes, known)
        } else {
            try self.init(absolute: bytes)
        }
    }

    private init(form: Form, authority: String?, path: String) {
        self.form = form
        self.authority = authority
        location = Path(without: path)
        rawQuery = nil
        query = []
        hasMalformedEscape = false
    }

    private init(authority bytes: Span<UInt8>) throws(ParseError) {
        guard Authority.isValid(bytes), Authority.hasPort(bytes) else {
            throw .malformed("the request target of CONNECT is no host:port")
        }
        self.init(form: .authority, authority: bytes.text, path: "")
    }

    private init(absolute bytes: Span<UInt8>) throws(ParseError) {
        let length: Int
        if bytes.count > 7, bytes.extracting(..<7).matches("http://") {
            length = 7
        } else if bytes.count > 8, bytes.extracting(..<8).matches("https://") {
            length = 8
        } else {
            throw .malformed("the request target is neither a path nor an http URI")
        }
        var end = length
        while end < bytes.count, bytes[end] != Byte.slash, bytes[end] != Byte.question { end += 1 }
        let authority = bytes.extracting(length..<end)
        guard Authority.isValid(authority) else {
            throw .malformed("the authority of the request target is no host[:port]")
        }
        self.init(form: .absolute, authority: authority.text, pathAndQuery: bytes.extracting(end...), nil)
    }

    private init(form: Form, authority: String?, pathAndQuery bytes: Span<UInt8>, _ known: KnownHeads?) {
        self.form = form
        self.authority = authority
        let question = bytes.firstIndex(of: Byte.question)
        let path = bytes.extracting(..<(question ?? bytes.count))
        location = known?.path(of: path) ?? Path(path, remembered: false)
        guard let question else {
            rawQuery = nil
            query = []
            hasMalformedEscape = location.isMalformed
            return
        }
        let query = bytes.extracting((question + 1)...)
        rawQuery = query.text
        let items = QueryItem.items(of: query)
        self.query = items
        hasMalformedEscape = location.isMalformed || items.contains { $0.isMalformed }
    }
}
