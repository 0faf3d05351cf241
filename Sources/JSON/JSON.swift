/// A JSON value that keeps what most libraries lose: member order and number text.
///
/// Request and response bodies, seeds and stored rows all pass through this type, so a body that comes in
/// goes out with the same members in the same order and `1.0` still written `1.0`.
///
/// Two values are equal when their compact texts are the same bytes: `1` and `1.0` differ, so do two objects
/// with the same members in another order, and so do two Unicode spellings of one character, which Swift's
/// `String` calls equal (RFC 8259 section 8.3). Compare ``sortedByName()`` where order should not matter.
///
/// Parsed values nest at most ``Limits/deepest`` levels, and writing, hashing and releasing a value recurse
/// once per level. Code that builds values by hand has to keep to the same bound.
public enum JSON: Sendable, Hashable {
    /// The literal `null`.
    case null
    /// The literal `true` or `false`.
    case bool(Bool)
    /// A number, as written.
    case number(Number)
    /// A string, unescaped.
    case string(String)
    /// An array.
    case array([JSON])
    /// An object, its members in the order written.
    case object(Object)

    /// Compares exactly, as described for the type.
    public static func == (left: JSON, right: JSON) -> Bool {
        switch (left, right) {
        case (.null, .null): true
        case (.bool(let left), .bool(let right)): left == right
        case (.number(let left), .number(let right)): left == right
        case (.string(let left), .string(let right)): left.hasSameBytes(as: right)
        case (.array(let left), .array(let right)): left == right
        case (.object(let left), .object(let right)): left == right
        default: false
        }
    }
}

extension JSON {
    /// Whether this is the literal `null`.
    public var isNull: Bool {
        if case .null = self { true } else { false }
    }

    /// The Boolean, or nil for any other kind of value.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, or nil unless it is an integer literal in the range of `Int64`.
    public var int64Value: Int64? {
        if case .number(let value) = self { value.int64 } else { nil }
    }

    /// The number with its text, or nil for any other kind of value.
    public var numberValue: Number? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The string, or nil for any other kind of value.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements, or nil for any other kind of value.
    public var arrayValue: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members, or nil for any other kind of value.
    public var objectValue: Object? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of that name, or nil if there is none or this is not an object.
    public subscript(name: String) -> JSON? {
        if case .object(let object) = self { object[name] } else { nil }
    }

    /// The element at that index, or nil if it is out of range or this is not an array.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }

    /// The same value with the members of every object, at every level, ordered bytewise by name.
    ///
    /// Members that share a name keep their order, so the first still wins.
    public func sortedByName() -> JSON {
        switch self {
        case .null, .bool, .number, .string: self
        case .array(let elements): .array(elements.map { $0.sortedByName() })
        case .object(let object): .object(object.sortedByName())
        }
    }
}

extension JSON: CustomStringConvertible {
    /// The compact text, for messages.
    public var description: String { text }
}

extension String {
    /// Whether two texts are the same byte by byte.
    ///
    /// `==` also accepts canonically equivalent spellings: for it, "é" is "e\u{301}". Member names are compared by code unit
    /// (RFC 8259 section 8.3), and so does SQLite compare texts.
    package func hasSameBytes(as other: String) -> Bool {
        let (left, right) = (utf8.span.bytes, other.utf8.span.bytes)
        guard left.byteCount == right.byteCount else { return false }
        // Eight bytes at a time: the names of members and the words of parameters are compared all day.
        var place = 0
        while place + 8 <= left.byteCount {
            let word = left.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self)
            if word != right.unsafeLoadUnaligned(fromByteOffset: place, as: UInt64.self) { return false }
            place += 8
        }
        while place < left.byteCount {
            let byte = left.unsafeLoad(fromByteOffset: place, as: UInt8.self)
            if byte != right.unsafeLoad(fromByteOffset: place, as: UInt8.self) { return false }
            place += 1
        }
        return true
    }
}
