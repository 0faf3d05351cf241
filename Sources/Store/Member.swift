public import PatchbayJSON

/// One member of a collection's documents: its name, what it may hold, and whether it has to be there.
///
/// The declarations are the only description of a document. Seed files are checked against them, their JSON Schema is
/// written from them, and a stored document has its members in their order, which is the vendor's documented order.
public struct Member: Sendable {
    /// What a document does without the member.
    public enum Presence: Sendable {
        /// The member has to be there.
        case required
        /// The member may be left out, and is then left out of the stored document as well.
        case optional
        /// The member may be left out, and then has this value.
        case standard(JSON)
        /// The member may be left out, and then has a value made of the members that are there.
        case derived(@Sendable (JSON.Object) -> JSON)
    }

    /// The member's name.
    public var name: String
    /// What it may hold.
    public var kind: Kind
    /// Whether it has to be there.
    public var presence: Presence
    /// Whether `null` is a value of it.
    public var isNullable: Bool
    /// What it says, for the JSON Schema.
    public var summary: String

    /// Declares a member.
    public init(
        _ name: String,
        _ kind: Kind,
        _ presence: Presence = .required,
        nullable: Bool = false,
        says summary: String = "",
    ) {
        self.name = name
        self.kind = kind
        self.presence = presence
        isNullable = nullable
        self.summary = summary
    }
}

extension Member {
    /// What a member may hold.
    public indirect enum Kind: Sendable {
        /// Text of a form.
        case text(TextForm)
        /// An integer in a range.
        case integer(ClosedRange<Int64>)
        /// `true` or `false`.
        case boolean
        /// A moment, RFC 3339 in a file, kept in UTC with at most so many digits after the second.
        case timestamp(fractionDigits: Int)
        /// One of some words.
        case choice([String])
        /// An object with just these members.
        case object([Member])
        /// An array whose elements are all of a kind.
        case list(of: Kind)
        /// An object of one of several shapes.
        case either([[Member]])
    }

    /// What a text has to look like.
    public struct TextForm: Sendable {
        /// What it is called in an error: "a UUID", for instance.
        public var name: String
        /// The same as a regular expression (ECMA-262), for the JSON Schema.
        public var pattern: String?
        /// The most characters it may have.
        public var maximumLength: Int?
        /// Whether a text has the form, apart from its length.
        public var matches: @Sendable (String) -> Bool

        /// Declares a form.
        public init(
            _ name: String,
            pattern: String? = nil,
            maximumLength: Int? = nil,
            matches: @escaping @Sendable (String) -> Bool = { _ in true },
        ) {
            self.name = name
            self.pattern = pattern
            self.maximumLength = maximumLength
            self.matches = matches
        }
    }
}

extension Member.TextForm {
    /// The same form with a largest length.
    public func atMost(_ length: Int) -> Self {
        var form = self
        form.maximumLength = length
        return form
    }

    /// Any text.
    public static let any = Self("text")
    /// Any text but the empty one.
    public static let nonempty = Self("text that is not empty", pattern: "^[\\s\\S]+$") { !$0.isEmpty }
    /// A lower-case UUID with dashes.
    public static let uuid = Self(
        "a lower-case UUID",
        pattern: "^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$",
    ) { text in
        text.hasBytes(36) { place, byte in
            let isDash = place == 8 || place == 13 || place == 18 || place == 23
            return isDash ? byte == UInt8(ascii: "-") : byte.isLowercaseHexDigit
        }
    }

    /// So many lower-case hexadecimal digits.
    public static func hexadecimal(_ count: Int) -> Self {
        Self("\(count) lower-case hexadecimal digits", pattern: "^[0-9a-f]{\(count)}$") { text in
            text.hasBytes(count) { $1.isLowercaseHexDigit }
        }
    }

    /// So many decimal digits.
    public static func decimal(_ count: Int) -> Self {
        Self("\(count) digits", pattern: "^[0-9]{\(count)}$") { text in
            text.hasBytes(count) { $1.isDigit }
        }
    }
}

extension String {
    /// Whether the text has so many bytes, all of which are right for their places.
    fileprivate func hasBytes(_ count: Int, _ isRight: (_ place: Int, _ byte: UInt8) -> Bool) -> Bool {
        var text = self
        return text.withUTF8 { bytes in
            guard bytes.count == count else { return false }
            for place in 0..<count where !isRight(place, bytes[place]) { return false }
            return true
        }
    }
}
