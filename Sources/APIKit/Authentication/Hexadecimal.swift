/// Bytes as hexadecimal digits.
package enum Hexadecimal {
    /// The two lower-case digits of a byte.
    package static func lowercase(_ byte: UInt8) -> String {
        let digits = String(byte, radix: 16)
        return byte < 16 ? "0" + digits : digits
    }
}
