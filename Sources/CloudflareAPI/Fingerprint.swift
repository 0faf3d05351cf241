/// Identifiers of what the seeds give none: the same for the same text, in every run.
enum Fingerprint {
    /// 32 hexadecimal digits (FNV-1a, 64 bits from each end of the text).
    static func hexadecimal(of text: String) -> String {
        digits(Array(text.utf8)) + digits(text.utf8.reversed())
    }

    private static func digits(_ bytes: [UInt8]) -> String {
        let hash = bytes.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        let text = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - text.count) + text
    }
}
