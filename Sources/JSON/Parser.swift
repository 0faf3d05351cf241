/// One pass over the bytes of a text, strict RFC 8259.
///
/// Works on a borrowed buffer that outlives it, and builds every string, array and object once.
struct Parser: ~Copyable {
    let bytes: UnsafeBufferPointer<UInt8>
    private let limits: JSON.Limits
    private var depth = 0
    /// The size of the last object, which saves the next one from growing: rows of a list have the same members.
    ///
    /// Capped, lest one wide object make every small one after it expensive.
    private var expectedMembers = 0
    var position = 0
    var unescaped: [UInt8] = []

    init(_ bytes: UnsafeBufferPointer<UInt8>, limits: JSON.Limits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func document() throws(Failure) -> JSON {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { throw Failure(offset: 0, reason: .byteOrderMark) }
        skipWhitespace()
        let value = try value()
        skipWhitespace()
        guard position == bytes.count else { throw failure(.textAfterValue) }
        return value
    }

    private mutating func value() throws(Failure) -> JSON {
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

    @inline(never)
    private mutating func array() throws(Failure) -> [JSON] {
        try enter()
        if next(is: UInt8(ascii: "]")) { return leave(with: []) }
        var elements: [JSON] = []
        while true {
            elements.append(try value())
            skipWhitespace()
            let comma = position
            if try !separator(closing: UInt8(ascii: "]"), orElse: .expectedCommaOrBracket) { break }
            skipWhitespace()
            if peek() == UInt8(ascii: "]") { throw Failure(offset: comma, reason: .trailingComma) }
        }
        return leave(with: elements)
    }

    @inline(never)
    private mutating func object() throws(Failure) -> JSON.Object {
        try enter()
        if next(is: UInt8(ascii: "}")) { return leave(with: JSON.Object()) }
        var members: [(name: String, value: JSON)] = []
        members.reserveCapacity(expectedMembers)
        while true {
            let name = try name()
            members.append((name: name, value: try value()))
            skipWhitespace()
            let comma = position
            if try !separator(closing: UInt8(ascii: "}"), orElse: .expectedCommaOrBrace) { break }
            skipWhitespace()
            if peek() == UInt8(ascii: "}") { throw Failure(offset: comma, reason: .trailingComma) }
        }
        expectedMembers = min(members.count, 16)
        return leave(with: JSON.Object(members: members))
    }

    private mutating func name() throws(Failure) -> String {
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

extension Parser {
    func failure(_ reason: Failure.Reason) -> Failure {
        Failure(offset: position, reason: reason)
    }

    func text(_ range: Range<Int>) -> String {
        String(decoding: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self)
    }

    @inline(__always)
    private func peek() -> UInt8? {
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

    private mutating func enter() throws(Failure) {
        guard depth < limits.depth else { throw failure(.nesting(limits.depth)) }
        depth += 1
        position += 1
        skipWhitespace()
    }

    private mutating func leave<Value>(with value: Value) -> Value {
        depth -= 1
        return value
    }

    /// Steps over a comma (true) or the closing bracket (false).
    @inline(__always)
    private mutating func separator(closing: UInt8, orElse reason: Failure.Reason) throws(Failure) -> Bool {
        guard let byte = peek() else { throw failure(.unexpectedEnd) }
        guard byte == UInt8(ascii: ",") || byte == closing else { throw failure(reason) }
        position += 1
        return byte != closing
    }
}
