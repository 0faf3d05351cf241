/// Base64 (RFC 4648): the standard alphabet with padding, and the one for URLs without.
package enum Base64 {
    /// An alphabet and whether the last group is padded.
    package enum Variant: Sendable {
        case standard
        case url

        fileprivate var alphabet: [UInt8] {
            let common = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
            return Array((common + (self == .standard ? "+/" : "-_")).utf8)
        }
    }

    /// Writes bytes as text.
    package static func encode(_ bytes: [UInt8], _ variant: Variant = .standard) -> String {
        let alphabet = variant.alphabet
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            let word = group.reduce(0) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for place in 0...group.count { text.append(alphabet[Int(word >> UInt32(18 - 6 * place) & 63)]) }
            if variant == .standard { text += Array(repeating: UInt8(ascii: "="), count: 3 - group.count) }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// Reads bytes from text; `nil` when it is not exactly what `encode` writes for some bytes.
    package static func decode(_ text: String, _ variant: Variant = .standard) -> [UInt8]? {
        var digits: [UInt32] = []
        let alphabet = variant.alphabet
        for character in text.utf8.reversed().drop(while: { variant == .standard && $0 == UInt8(ascii: "=") })
            .reversed()
        {
            guard let digit = alphabet.firstIndex(of: character) else { return nil }
            digits.append(UInt32(digit))
        }
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: digits.count, by: 4) {
            let group = digits[start..<min(start + 4, digits.count)]
            guard group.count > 1 else { return nil }
            let word = group.reduce(0) { $0 << 6 | $1 } << UInt32(6 * (4 - group.count))
            for place in 0..<group.count - 1 { bytes.append(UInt8(truncatingIfNeeded: word >> UInt32(16 - 8 * place))) }
        }
        return encode(bytes, variant) == text ? bytes : nil
    }
}
