/// Classes of ASCII characters, for forms of texts.
extension UInt8 {
    /// `0` to `9`.
    package var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }

    /// `a` to `z`.
    package var isLowercaseLetter: Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self) }

    /// `A` to `Z`.
    package var isUppercaseLetter: Bool { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(self) }

    /// `A` to `Z` and `a` to `z`.
    package var isLetter: Bool { (self | 0x20).isLowercaseLetter }

    /// `0` to `9` and `a` to `f`.
    package var isLowercaseHexDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(self) }

    /// `0` to `9`, `A` to `F` and `a` to `f`.
    package var isHexDigit: Bool { isDigit || (self | 0x20).isLowercaseHexDigit }

    /// Letters, digits, dash and underscore: what identifiers are made of that stand in a URL.
    package var isIdentifier: Bool {
        isLetter || isDigit || self == UInt8(ascii: "-") || self == UInt8(ascii: "_")
    }

    /// What RFC 3986, section 2.3, leaves as it is in every part of a URL.
    package var isUnreserved: Bool { isIdentifier || self == UInt8(ascii: ".") || self == UInt8(ascii: "~") }
}

extension String {
    /// Whether one of the text's bytes is a certain one.
    package func holds(_ byte: UInt8) -> Bool {
        var text = self
        return text.withUTF8 { $0.contains(byte) }
    }
}
