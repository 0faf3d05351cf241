internal import PatchbayStore

/// Text as it stands in a URL.
public enum URLText {
    /// Escapes everything but the unreserved characters of RFC 3986, section 2.3.
    public static func encoded(_ text: String) -> String {
        text.utf8.allSatisfy(\.isUnreserved) ? text : encoded(text.utf8)
    }

    /// Escapes all bytes but those of the unreserved characters.
    public static func encoded(_ bytes: some Sequence<UInt8>) -> String {
        var encoded: [UInt8] = []
        for byte in bytes {
            if byte.isUnreserved {
                encoded.append(byte)
            } else {
                encoded += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: encoded, as: UTF8.self)
    }

    private static let digits = Array("0123456789ABCDEF".utf8)
}
