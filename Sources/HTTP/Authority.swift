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
            guard let close = bytes.firstIndex(of: UInt8(ascii: "]")) else { return nil }
            return isIPv6(bytes.extracting(1..<close)) ? close + 1 : nil
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

    /// Whether the bytes are groups of hexadecimal digits between colons; there are no later versions (RFC 3986, section 3.2.2).
    private static func isIPv6(_ bytes: Span<UInt8>) -> Bool {
        var groups = 0
        var hasGap = bytes.count > 1 && bytes[0] == Byte.colon && bytes[1] == Byte.colon
        var index = hasGap ? 2 : 0
        while index < bytes.count {
            let end = bytes.firstIndex(of: Byte.colon, from: index) ?? bytes.count
            let group = bytes.extracting(index..<end)
            if end == bytes.count, isIPv4(group) {
                groups += 2
                break
            }
            guard 1...4 ~= group.count, group.allSatisfy({ $0.hexValue != nil }) else { return false }
            groups += 1
            if end == bytes.count { break }
            index = end + 1
            if index == bytes.count { return false }
            guard bytes[index] == Byte.colon else { continue }
            if hasGap { return false }
            hasGap = true
            index += 1
        }
        return hasGap ? groups < 8 : groups == 8
    }

    private static func isIPv4(_ bytes: Span<UInt8>) -> Bool {
        var parts = 0
        var start = 0
        while start <= bytes.count {
            let end = bytes.firstIndex(of: Byte.dot, from: start) ?? bytes.count
            let part = bytes.extracting(start..<end)
            let isNumber = 1...3 ~= part.count && part.allSatisfy(\.isDigit) && UInt8(part.text) != nil
            guard isNumber, part.count == 1 || part[0] != UInt8(ascii: "0") else { return false }
            parts += 1
            start = end + 1
        }
        return parts == 4
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
