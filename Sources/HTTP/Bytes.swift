/// Names for the bytes that the grammar gives a meaning (RFC 9112, section 2.2; RFC 9110, section 5.6).
enum Byte {
    static let tab = UInt8(ascii: "\t")
    static let lineFeed = UInt8(ascii: "\n")
    static let carriageReturn = UInt8(ascii: "\r")
    static let blank = UInt8(ascii: " ")
    static let colon = UInt8(ascii: ":")
    static let comma = UInt8(ascii: ",")
    static let dot = UInt8(ascii: ".")
    static let slash = UInt8(ascii: "/")
    static let question = UInt8(ascii: "?")
    static let ampersand = UInt8(ascii: "&")
    static let equals = UInt8(ascii: "=")
    static let plus = UInt8(ascii: "+")
    static let percent = UInt8(ascii: "%")
    static let semicolon = UInt8(ascii: ";")
    static let asterisk = UInt8(ascii: "*")
    static let numberSign = UInt8(ascii: "#")
    static let delete: UInt8 = 0x7F
}

extension UInt8 {
    /// A control character other than a tab: nowhere allowed in a head.
    var isControl: Bool { self < 0x20 && self != Byte.tab || self == Byte.delete }

    var isDigit: Bool { self &- 0x30 < 10 }

    var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

    /// The byte with A-Z mapped to a-z.
    var lowercased: UInt8 { self &- 0x41 < 26 ? self | 0x20 : self }

    /// The value of a hexadecimal digit.
    var hexValue: UInt8? {
        if isDigit { return self &- 0x30 }
        let letter = (self | 0x20) &- 0x61
        return letter < 6 ? letter + 10 : nil
    }

    /// tchar (RFC 9110, section 5.6.2).
    var isToken: Bool {
        if isLetter || isDigit { return true }
        switch self {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "."),
            UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"), UInt8(ascii: "|"), UInt8(ascii: "~"):
            return true
        default:
            return false
        }
    }

    /// unreserved or sub-delims (RFC 3986, sections 2.2 and 2.3): what a registered name may hold literally.
    var isNameCharacter: Bool {
        if isLetter || isDigit { return true }
        switch self {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"), UInt8(ascii: "!"),
            UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"),
            UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "="):
            return true
        default:
            return false
        }
    }
}

extension Span<UInt8> {
    /// The text, bytes that are no UTF-8 replaced.
    var text: String {
        withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) }
    }

    /// The offset of the first occurrence at or after `start`.
    func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        var index = skip(from: start) { $0.holds(byte) }
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    func allSatisfy(_ predicate: (UInt8) -> Bool) -> Bool {
        for index in indices where !predicate(self[index]) { return false }
        return true
    }

    /// Whether this is the given lower-case ASCII text in any case.
    func matches(_ lowercase: StaticString) -> Bool {
        guard count == lowercase.utf8CodeUnitCount else { return false }
        return lowercase.withUTF8Buffer { other in
            for index in indices where self[index].lowercased != other[index] { return false }
            return true
        }
    }

    /// Calls `body` with each member of a comma-separated list, blanks around it removed (RFC 9110, section 5.6.1).
    func forEachListMember<Failure: Error>(_ body: (Span<UInt8>) throws(Failure) -> Void) throws(Failure) {
        var start = 0
        while start <= count {
            let end = firstIndex(of: Byte.comma, from: start) ?? count
            let member = trimmedRange(start..<end)
            if !member.isEmpty { try body(extracting(member)) }
            start = end + 1
        }
    }

    /// The range without optional white space at its ends (RFC 9110, section 5.6.3).
    func trimmedRange(_ range: Range<Int>) -> Range<Int> {
        var lower = range.lowerBound
        var upper = range.upperBound
        while lower < upper, self[lower] == Byte.blank || self[lower] == Byte.tab { lower += 1 }
        while upper > lower, self[upper - 1] == Byte.blank || self[upper - 1] == Byte.tab { upper -= 1 }
        return lower..<upper
    }
}
