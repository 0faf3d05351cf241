extension JSON {
    /// What a text may ask for before it is refused (RFC 8259 section 9 allows such limits).
    public struct Limits: Sendable, Hashable {
        /// The most levels of nesting any text may have.
        ///
        /// Everything that walks a value recurses once per level, so this is what keeps hostile input from
        /// overflowing the stack of a thread.
        public static let deepest = 512

        /// The limits that apply unless others are given.
        public static let `default` = Limits()

        /// How many arrays and objects may be open at once.
        public let depth: Int

        /// Makes limits; the depth is held within `0...deepest`.
        public init(depth: Int = deepest) {
            self.depth = min(max(depth, 0), Self.deepest)
        }
    }

    /// Reads one value: the whole text, with nothing but white space around it (RFC 8259 section 2).
    public init(parsing bytes: [UInt8], limits: Limits = .default) throws(ParseError) {
        self = try bytes.withUnsafeBufferPointer { Self.parse($0, limits) }.get()
    }

    /// Reads one value: the whole text, with nothing but white space around it (RFC 8259 section 2).
    public init(parsing text: String, limits: Limits = .default) throws(ParseError) {
        var text = text
        self = try text.withUTF8 { Self.parse($0, limits) }.get()
    }

    /// Reads one value: the whole text, with nothing but white space around it (RFC 8259 section 2).
    public init(parsing bytes: Span<UInt8>, limits: Limits = .default) throws(ParseError) {
        self = try bytes.withUnsafeBufferPointer { Self.parse($0, limits) }.get()
    }

    /// Reads one value: the whole text, with nothing but white space around it (RFC 8259 section 2).
    public init(parsing bytes: UnsafeBufferPointer<UInt8>, limits: Limits = .default) throws(ParseError) {
        self = try Self.parse(bytes, limits).get()
    }

    /// Makes sure that a text is JSON, as strictly as if it were read.
    package static func check(_ bytes: UnsafeBufferPointer<UInt8>) throws(ParseError) {
        var parser = Parser(bytes)
        do throws(Parser.Failure) {
            try parser.beginDocument()
            try parser.check()
            try parser.endDocument()
        } catch {
            throw ParseError(offset: error.offset, in: bytes, reason: error.reason.description)
        }
    }

    private static func parse(_ bytes: UnsafeBufferPointer<UInt8>, _ limits: Limits) -> Result<JSON, ParseError> {
        var parser = Parser(bytes, limits: limits)
        do throws(Parser.Failure) {
            return .success(try parser.document())
        } catch {
            return .failure(ParseError(offset: error.offset, in: bytes, reason: error.reason.description))
        }
    }
}
