/// A request line and header section on their way to a `RequestHead`.
struct PartialHead: Sendable {
    let line: RequestLine
    /// Where the header section begins in the head.
    let start: Int
    private(set) var section = Section()

    /// What is known of a header section.
    struct Section {
        fileprivate(set) var framing = Framing()
        fileprivate(set) var ranges: [RequestHeaders.Field] = []
        /// Its bytes when it is known as a whole, up to the empty line.
        var bytes: [UInt8] = []

        /// How many bytes it has when it is known as a whole.
        var size: Int { bytes.count }
    }

    init(line: RequestLine, at start: Int) {
        self.line = line
        self.start = start
    }

    /// Whether no field line has been taken.
    var isEmpty: Bool { section.ranges.isEmpty }

    /// Takes one field line (RFC 9112, section 5).
    ///
    /// - Parameters:
    ///   - line: The line without its end.
    ///   - offset: Where the line begins in the head.
    ///   - limits: How many fields are allowed.
    /// - Throws: When it is no field line, or one that the framing forbids.
    mutating func add(_ line: Span<UInt8>, at offset: Int, limits: Limits) throws(ParseError) {
        let colon = try Self.endOfName(in: line)
        let name = line.extracting(..<colon)
        if section.ranges.count == limits.headerCount {
            throw ParseError(.requestHeaderFieldsTooLarge, "there are more than \(limits.headerCount) header fields")
        }
        if isEmpty { section.ranges.reserveCapacity(12) }
        let value = line.trimmedRange((colon + 1)..<line.count)
        try section.framing.note(name: name, value: line.extracting(value))
        let place = offset - start
        let field = RequestHeaders.Field(
            name: Int32(place)..<Int32(place + colon),
            value: Int32(place + value.lowerBound)..<Int32(place + value.upperBound)
        )
        section.ranges.append(field)
    }

    /// Takes all fields of a section that has been read before.
    mutating func add(_ section: Section) {
        self.section = section
    }

    /// Where the colon after a valid field name stands.
    static func endOfName(in line: Span<UInt8>) throws(ParseError) -> Int {
        // A continued line (obs-fold) is read differently by different servers (RFC 9112, section 5.2).
        if line[0] == Byte.blank || line[0] == Byte.tab { throw .malformed("a header line begins with a blank") }
        guard let colon = line.firstIndex(of: Byte.colon) else { throw .malformed("a header line has no colon") }
        // A blank before the colon would be read as part of the name by some (RFC 9112, section 5.1).
        guard colon > 0, line.extracting(..<colon).allSatisfy(\.isToken) else {
            throw .malformed("a header name is no token")
        }
        return colon
    }

    /// Closes the header section.
    ///
    /// - Parameters:
    ///   - bytes: The head, to which the offsets given before refer, up to the empty line.
    ///   - limits: How large a body may be.
    /// - Returns: The head.
    /// - Throws: When the fields contradict each other or the body is too large.
    consuming func finish(_ bytes: [UInt8], limits: Limits) throws(ParseError) -> RequestHead {
        RequestHead(
            line: line,
            headers: RequestHeaders(bytes: bytes, start: start, ranges: section.ranges),
            content: try section.framing.body(version: line.version, limits: limits),
            keepAlive: section.framing.keepAlive(version: line.version),
            expectsContinue: section.framing.expectsContinue && line.version == .http11
        )
    }
}
