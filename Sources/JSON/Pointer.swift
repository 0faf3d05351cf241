extension JSON {
    /// A JSON Pointer (RFC 6901): the path from a document to one of the values inside it.
    ///
    /// Validation and seed errors use it to say where in a body the trouble is.
    public struct Pointer: Sendable, Hashable {
        /// The reference tokens, unescaped; none for the whole document.
        public private(set) var tokens: [String]

        /// Makes the pointer to the whole document, or to the value these tokens lead to.
        public init(_ tokens: [String] = []) {
            self.tokens = tokens
        }

        /// Compares tokens by code unit (RFC 6901 section 4).
        public static func == (left: Pointer, right: Pointer) -> Bool {
            left.tokens.elementsEqual(right.tokens) { $0.hasSameBytes(as: $1) }
        }
    }

    /// The value the pointer leads to, or nil if there is none.
    ///
    /// An array index has no leading zeros, and `-`, the element after the last, never exists
    /// (RFC 6901 section 4).
    public subscript(pointer: Pointer) -> JSON? {
        var value = self
        for token in pointer.tokens {
            let next: JSON? =
                switch value {
                case .object(let object): object[token]
                case .array: Pointer.index(token).flatMap { value[$0] }
                default: nil
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }
}

extension JSON.Pointer {
    /// Reads the text form: empty, or tokens each behind a slash, `~1` for a slash and `~0` for a tilde
    /// (RFC 6901 section 3).
    public init(parsing text: String) throws(JSON.ParseError) {
        var tokens: [String] = []
        var token: [UInt8]?
        let bytes = Array(text.utf8)
        var position = 0
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "/") {
                if let token { tokens.append(String(decoding: token, as: UTF8.self)) }
                token = []
            } else if token == nil {
                throw Self.error("expected a slash", at: position, in: bytes)
            } else if bytes[position] == UInt8(ascii: "~") {
                position += 1
                switch position < bytes.count ? bytes[position] : nil {
                case UInt8(ascii: "0"): token?.append(UInt8(ascii: "~"))
                case UInt8(ascii: "1"): token?.append(UInt8(ascii: "/"))
                default: throw Self.error("expected 0 or 1 after a tilde", at: position, in: bytes)
                }
            } else {
                token?.append(bytes[position])
            }
            position += 1
        }
        if let token { tokens.append(String(decoding: token, as: UTF8.self)) }
        self.init(tokens)
    }

    /// The pointer to a member of the value this one leads to.
    public func appending(_ name: String) -> JSON.Pointer {
        JSON.Pointer(tokens + [name])
    }

    /// The pointer to an element of the array this one leads to.
    public func appending(_ index: Int) -> JSON.Pointer {
        appending(String(index))
    }

    static func index(_ token: String) -> Int? {
        let digits = token.utf8
        guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
        return first == UInt8(ascii: "0") && digits.count > 1 ? nil : Int(token)
    }

    private static func error(_ reason: String, at offset: Int, in bytes: [UInt8]) -> JSON.ParseError {
        bytes.withUnsafeBufferPointer { JSON.ParseError(offset: offset, in: $0, reason: reason) }
    }
}

extension JSON.Pointer: CustomStringConvertible {
    /// The text form, escaped (RFC 6901 section 3).
    public var description: String {
        var text: [UInt8] = []
        for token in tokens {
            text.append(UInt8(ascii: "/"))
            for byte in token.utf8 {
                switch byte {
                case UInt8(ascii: "~"): text.append(contentsOf: "~0".utf8)
                case UInt8(ascii: "/"): text.append(contentsOf: "~1".utf8)
                default: text.append(byte)
                }
            }
        }
        return String(decoding: text, as: UTF8.self)
    }
}
