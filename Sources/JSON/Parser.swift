extension JSON {
    /// One pass over the bytes of a text, strict RFC 8259.
    ///
    /// Works on a borrowed buffer that outlives it, and builds every string, array and object once. Who has to read a
    /// text too large to be held as a value walks it by `begin`, `name` and `goesOn`, and takes the values one by one.
    package struct Parser: ~Copyable {
        package let bytes: UnsafeBufferPointer<UInt8>
        fileprivate let limits: Limits
        /// How many arrays and objects are open.
        package var depth: Int
        /// The size of the last object, which saves the next one from growing: rows of a list have the same members.
        ///
        /// Capped, lest one wide object make every small one after it expensive.
        fileprivate var expectedMembers = 0
        /// How many bytes have been read.
        package var position: Int
        var unescaped: [UInt8] = []

        /// Begins at the beginning, or where somebody else left off.
        ///
        /// - Parameters:
        ///   - bytes: the text.
        ///   - limits: what it may ask for.
        ///   - position: how many of the bytes have been read.
        ///   - depth: how many arrays and objects are open there.
        package init(
            _ bytes: UnsafeBufferPointer<UInt8>,
            limits: Limits = .default,
            at position: Int = 0,
            depth: Int = 0,
        ) {
            self.bytes = bytes
            self.limits = limits
            self.position = position
            self.depth = depth
        }
    }
}

extension JSON.Parser {
    mutating func document() throws(Failure) -> JSON {
        try beginDocument()
        let value = try value()
        try endDocument()
        return value
    }

    /// Steps over white space before the text's one value.
    package mutating func beginDocument() throws(Failure) {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw Failure(offset: 0, reason: .byteOrderMark) }
        skipWhitespace()
    }

    /// Makes sure that nothing but white space follows.
    package mutating func endDocument() throws(Failure) {
        skipWhitespace()
        guard position == bytes.count else { throw failure(.textAfterValue) }
    }

    /// Reads a value.
    package mutating func value() throws(Failure) -> JSON {
        guard position < bytes.count else { throw failure(.unexpectedEnd) }
        switch bytes[position] {
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try number())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: throw failure(.expectedValue)
        }
    }

    /// Steps over a value, and is as strict with it as if it were read.
    package mutating func check() throws(Failure) {
        switch peek() {
        case UInt8(ascii: "{"):
            guard try begin(closing: UInt8(ascii: "}")) else { return }
            repeat {
                _ = try name()
                try check()
            } while try goesOn(closing: UInt8(ascii: "}"))
        case UInt8(ascii: "["):
            guard try begin(closing: UInt8(ascii: "]")) else { return }
            repeat { try check() } while try goesOn(closing: UInt8(ascii: "]"))
        default: _ = try value()
        }
    }

    /// Steps over a value that somebody else reads: to where it ends if it is right, and to anywhere behind if it is not.
    package mutating func skim() {
        var place = position
        var open = 0
        repeat {
            guard place < bytes.count else { break }
            switch bytes[place] {
            case UInt8(ascii: "\""): place = bytes.endOfString(from: place + 1)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                open += 1
                place += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                open -= 1
                place += 1
            case UInt8(ascii: ","), UInt8(ascii: ":"), 0x20, 0x0A, 0x0D, 0x09: place += 1
            default: place = endOfWord(from: place)
            }
        } while open > 0
        position = place
    }

    /// Where a number or a literal ends.
    private func endOfWord(from start: Int) -> Int {
        var place = start
        while place < bytes.count {
            switch bytes[place] {
            case UInt8(ascii: ","), UInt8(ascii: "]"), UInt8(ascii: "}"), 0x20, 0x0A, 0x0D, 0x09: return place
            default: place += 1
            }
        }
        return place
    }

    @inline(never)
    private mutating func array() throws(Failure) -> [JSON] {
        var elements: [JSON] = []
        guard try begin(closing: UInt8(ascii: "]")) else { return elements }
        repeat { elements.append(try value()) } while try goesOn(closing: UInt8(ascii: "]"))
        return elements
    }

    @inline(never)
    private mutating func object() throws(Failure) -> JSON.Object {
        guard try begin(closing: UInt8(ascii: "}")) else { return JSON.Object() }
        var members: [(name: String, value: JSON)] = []
        members.reserveCapacity(expectedMembers)
        repeat {
            let name = try name()
            members.append((name: name, value: try value()))
        } while try goesOn(closing: UInt8(ascii: "}"))
        expectedMembers = min(members.count, 16)
        return JSON.Object(members: members)
    }

    /// Reads the name of an object's member, and steps to its value.
    package mutating func name() throws(Failure) -> String {
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        guard byte == UInt8(ascii: "\"") else { throw failure(.expectedName) }
        let name = try string()
        skipWhitespace()
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        guard byte == UInt8(ascii: ":") else { throw failure(.expectedColon) }
        position += 1
        skipWhitespace()
        return name
    }

    private mutating func literal(_ text: StaticString, _ value: JSON) throws(Failure) -> JSON {
        for index in 0..<text.utf8CodeUnitCount {
            guard position + index < bytes.count else {
                throw Failure(offset: bytes.count, reason: .unexpectedEnd)
            }
            guard bytes[position + index] == text.utf8Start[index] else { throw failure(.expectedValue) }
        }
        position += text.utf8CodeUnitCount
        return value
    }

    private mutating func number() throws(Failure) -> JSON.Number {
        let start = position
        if bytes[position] == UInt8(ascii: "-") { position += 1 }
        let integer = position
        try digits()
        if bytes[integer] == UInt8(ascii: "0"), position - integer > 1 {
            throw Failure(offset: integer, reason: .leadingZero)
        }
        if next(is: UInt8(ascii: ".")) { try digits() }
        if next(is: UInt8(ascii: "e")) || next(is: UInt8(ascii: "E")) {
            if !next(is: UInt8(ascii: "+")) { _ = next(is: UInt8(ascii: "-")) }
            try digits()
        }
        return JSON.Number(unchecked: text(start..<position))
    }

    private mutating func digits() throws(Failure) {
        let start = position
        while position < bytes.count, bytes[position] &- UInt8(ascii: "0") < 10 { position += 1 }
        if position == start { throw failure(position < bytes.count ? .expectedDigit : .unexpectedEnd) }
    }
}

extension JSON.Parser {
    /// What is wrong here.
    package func failure(_ reason: Failure.Reason) -> Failure {
        Failure(offset: position, reason: reason)
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    /// The next byte; `nil` at the end.
    @inline(__always)
    package func peek() -> UInt8? {
        position < bytes.count ? bytes[position] : nil
    }

    @inline(__always)
    private mutating func next(is byte: UInt8) -> Bool {
        guard position < bytes.count, bytes[position] == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    private mutating func skipWhitespace() {
        while position < bytes.count {
            switch bytes[position] {
            case 0x20, 0x0A, 0x0D, 0x09: position += 1
            default: return
            }
        }
    }

    /// Steps into the array or object that begins here, to its first element; `false` when it has none, and behind it then.
    @inline(__always)
    package mutating func begin(closing: UInt8) throws(Failure) -> Bool {
        guard depth < limits.depth else { throw failure(.nesting(limits.depth)) }
        position += 1
        skipWhitespace()
        if next(is: closing) { return false }
        depth += 1
        return true
    }

    /// Steps from behind an element to the next one; `false` when it was the last, and behind the array or object then.
    @inline(__always)
    package mutating func goesOn(closing: UInt8) throws(Failure) -> Bool {
        skipWhitespace()
        let comma = position
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        guard byte == UInt8(ascii: ",") || byte == closing else {
            throw failure(closing == UInt8(ascii: "]") ? .expectedCommaOrBracket : .expectedCommaOrBrace)
        }
        position += 1
        if byte == closing {
            depth -= 1
            return false
        }
        skipWhitespace()
        if peek() == closing { throw Failure(offset: comma, reason: .trailingComma) }
        return true
    }
}
