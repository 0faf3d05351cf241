extension JSON {
    /// Where and why a text is not JSON.
    public struct ParseError: Error, Sendable, Equatable {
        /// The number of bytes before the offending one.
        public let offset: Int
        /// The line, from 1.
        public let line: Int
        /// The byte within the line, from 1.
        public let column: Int
        /// What is wrong there, in a few words and without a full stop.
        public let reason: String

        /// Makes an error at a known place.
        public init(offset: Int, line: Int, column: Int, reason: String) {
            self.offset = offset
            self.line = line
            self.column = column
            self.reason = reason
        }

        init(offset: Int, in bytes: UnsafeBufferPointer<UInt8>, reason: String) {
            let newline = UInt8(ascii: "\n")
            let before = bytes.prefix(offset)
            let lineStart = before.lastIndex(of: newline).map { $0 + 1 } ?? 0
            self.init(
                offset: offset,
                line: before.count { $0 == newline } + 1,
                column: offset - lineStart + 1,
                reason: reason,
            )
        }
    }
}

extension JSON.ParseError: CustomStringConvertible {
    /// Place and reason in one line.
    public var description: String { "line \(line), column \(column): \(reason)" }
}

extension JSON.Parser {
    /// What the parser throws inside: small, so that the success path stays cheap; line and column are counted
    /// once, at the border.
    package struct Failure: Error {
        package enum Reason {
            case byteOrderMark, expectedValue, unexpectedEnd, textAfterValue, nesting(Int)
            case expectedName, expectedColon, expectedCommaOrBrace, expectedCommaOrBracket, trailingComma
            case unterminatedString, controlCharacter, badEscape, badUnicodeEscape, loneSurrogate, invalidUTF8
            case leadingZero, expectedDigit
        }

        package let offset: Int
        package let reason: Reason
    }
}

extension JSON.Parser.Failure.Reason: CustomStringConvertible {
    package var description: String {
        switch self {
        case .byteOrderMark: "byte order mark before the value (RFC 8259 section 8.1 forbids it)"
        case .expectedValue: "expected a value"
        case .unexpectedEnd: "unexpected end of input"
        case .textAfterValue: "unexpected text after the value"
        case .nesting(let depth): "nesting deeper than \(depth)"
        case .expectedName: "expected a member name in double quotes"
        case .expectedColon: "expected a colon after the member name"
        case .expectedCommaOrBrace: "expected a comma or a closing brace"
        case .expectedCommaOrBracket: "expected a comma or a closing bracket"
        case .trailingComma: "trailing comma"
        case .unterminatedString: "unterminated string"
        case .controlCharacter: "control character in a string (has to be escaped)"
        case .badEscape: "unknown escape in a string"
        case .badUnicodeEscape: "expected four hexadecimal digits after \\u"
        case .loneSurrogate: "lone surrogate in a string"
        case .invalidUTF8: "invalid UTF-8 in a string"
        case .leadingZero: "leading zero in a number"
        case .expectedDigit: "expected a digit"
        }
    }
}
