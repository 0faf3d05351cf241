/// The grammar of `host[:port]` (RFC 3986, section 3.2; RFC 9110, section 7.2).
enum Authority {
    /// Whether the bytes are a host, optionally with a port; user information is refused (RFC 9110, section 4.2.4).
    static func isValid(_ bytes: Span<UInt8>) -> Bool {
        guard let end = endOfHost(bytes) else { return false }
        if end == bytes.count { return true }
        return bytes[end] == Byte.colon && isPort(bytes.extracting((end + 1)...))
    }

    /// Whether there is a port after the host, as the authority form demands (RFC 9112, section 3.2.3).
    static func hasPort(_ bytes: Span<UInt8>) -> Bool {
        guard let end = endOfHost(bytes) else { return false }
        return end + 1 < bytes.count
    }

    private static func endOfHost(_ bytes: Span<UInt8>) -> Int? {
        guard bytes.count > 0 else { return nil }
        if bytes[0] == UInt8(ascii: "[") {
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")), close > 2 else { return nil }
            let isLiteral = bytes.extracting(1..<close).allSatisfy { $0.isNameCharacter || $0 == Byte.colon }
            return isLiteral ? close + 1 : nil
        }
        var index = 0
        while index < bytes.count, bytes[index] != Byte.colon {
            if bytes[index] == Byte.percent {
                guard index + 2 < bytes.count, bytes[index + 1].hexValue != nil, bytes[index + 2].hexValue != nil
                else { return nil }
                index += 2
            } else if !bytes[index].isNameCharacter {
                return nil
            }
            index += 1
        }
        return index > 0 ? index : nil
    }

    private static func isPort(_ bytes: Span<UInt8>) -> Bool {
        var port = 0
        for index in bytes.indices {
            guard bytes[index].isDigit else { return false }
            port = port * 10 + Int(bytes[index] &- 0x30)
            if port > 65535 { return false }
        }
        return true
    }
}
