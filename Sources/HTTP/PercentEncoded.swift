/// One path segment, query name or query value: what was received and what it means (RFC 3986, section 2.1).
///
/// A service may answer a bad escape with an error of its own, so a fault is kept here and is no parse error.
public struct PercentEncoded: Sendable, Hashable, CustomStringConvertible {
    /// Why an encoded text has no meaning.
    public enum Fault: Sendable, Hashable {
        /// A "%" without two hexadecimal digits.
        case malformedEscape
        /// The decoded bytes are no UTF-8.
        case invalidUTF8
    }

    /// As received; bytes that are no UTF-8 are repaired.
    public let raw: String
    /// What keeps the text from being decoded.
    public let fault: Fault?
    /// The meaning, nil when there is a fault.
    public let decoded: String?

    /// The meaning, or what was received when it has none.
    public var text: String { decoded ?? raw }

    /// As received.
    public var description: String { raw }

    /// Decodes a text.
    ///
    /// - Parameters:
    ///   - raw: The text as received.
    ///   - plusIsBlank: Whether "+" means a blank, as it does in a query (application/x-www-form-urlencoded).
    public init(_ raw: String, plusIsBlank: Bool = false) {
        self = Array(raw.utf8).withUnsafeBufferPointer { Self($0.span, plusIsBlank: plusIsBlank) }
    }

    /// The bytes that are meant, UTF-8 or not; those that were received when an escape is malformed.
    ///
    /// - Parameter plusIsBlank: as for the initializer.
    /// - Returns: the bytes.
    public func bytes(plusIsBlank: Bool = false) -> [UInt8] {
        if let decoded { return Array(decoded.utf8) }
        let received = Array(raw.utf8)
        return received.withUnsafeBufferPointer { Self.unescaped($0.span, plusIsBlank: plusIsBlank) } ?? received
    }

    init(_ bytes: Span<UInt8>, plusIsBlank: Bool) {
        raw = bytes.text
        // Where "+" means itself, it is looked for as "%" once more.
        let plus = plusIsBlank ? Byte.plus : Byte.percent
        let first = bytes.skip(from: 0) { $0.holdsOtherThanASCII || $0.holds(Byte.percent) || $0.holds(plus) }
        let isLiteral = bytes.extracting(first...).allSatisfy { $0 < 0x80 && $0 != Byte.percent && $0 != plus }
        if isLiteral {
            fault = nil
            decoded = raw
            return
        }
        guard let meaning = Self.unescaped(bytes, plusIsBlank: plusIsBlank) else {
            fault = .malformedEscape
            decoded = nil
            return
        }
        decoded = String(validating: meaning, as: UTF8.self)
        fault = decoded == nil ? .invalidUTF8 : nil
    }

    private static func unescaped(_ bytes: Span<UInt8>, plusIsBlank: Bool) -> [UInt8]? {
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            if byte == Byte.percent {
                guard index + 2 < bytes.count,
                    let high = bytes[index + 1].hexValue,
                    let low = bytes[index + 2].hexValue
                else { return nil }
                result.append(high << 4 | low)
                index += 3
            } else {
                result.append(plusIsBlank && byte == Byte.plus ? Byte.blank : byte)
                index += 1
            }
        }
        return result
    }
}
