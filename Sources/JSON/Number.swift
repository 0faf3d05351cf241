extension JSON {
    /// A number as the text it was written with.
    ///
    /// RFC 8259 section 6 leaves range and precision to each implementation. Keeping the text means this one
    /// loses nothing: `422321321312321321` stays exact, `1.0` does not become `1`, and equality is equality of text.
    public struct Number: Sendable, Hashable {
        /// The literal, always valid by the grammar of RFC 8259 section 6.
        public let text: String

        init(unchecked text: String) {
            self.text = text
        }
    }
}

extension JSON.Number {
    /// Makes an integer.
    public init(_ value: Int64) {
        self.init(unchecked: String(value))
    }

    /// Makes an integer.
    public init(_ value: Int) {
        self.init(unchecked: String(value))
    }

    /// Makes the shortest number that reads back as the same `Double`, or nil for NaN and the infinities.
    public init?(_ value: Double) {
        guard value.isFinite else { return nil }
        self.init(unchecked: value.description)
    }

    /// Makes a number of exactly this text, or nil if RFC 8259 section 6 does not allow it.
    public init?(text: String) {
        guard case .number(let number)? = try? JSON(parsing: text), number.text.hasSameBytes(as: text) else {
            return nil
        }
        self = number
    }

    /// The value, or nil unless the text is an integer literal (no fraction, no exponent) in range.
    public var int64: Int64? { Int64(text) }

    /// The nearest `Double`, or nil if there is no finite one.
    public var double: Double? {
        guard let value = Double(text), value.isFinite else { return nil }
        return value
    }
}

extension JSON.Number: CustomStringConvertible {
    /// The text.
    public var description: String { text }
}
