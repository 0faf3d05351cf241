/// A range of IPv4 addresses in CIDR notation (RFC 4632): `10.20.0.0/16`.
struct CIDRBlock: Sendable {
    let address: UInt32
    let length: UInt32

    /// Reads a range as Atlas writes them: four numbers and a length, none of them with zeros before it.
    init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let length = Self.number(parts[1], atMost: 32) else { return nil }
        let bytes = parts[0].split(separator: ".", omittingEmptySubsequences: false).compactMap {
            Self.number($0, atMost: 255)
        }
        guard bytes.count == 4, parts[0].utf8.count(where: { $0 == UInt8(ascii: ".") }) == 3 else { return nil }
        address = bytes.reduce(0) { $0 << 8 | $1 }
        self.length = length
    }

    private init(address: UInt32, length: UInt32) {
        self.address = address
        self.length = length
    }

    private static func number(_ digits: Substring, atMost maximum: UInt32) -> UInt32? {
        guard let number = UInt32(digits), number <= maximum, digits.utf8.elementsEqual(String(number).utf8) else {
            return nil
        }
        return number
    }

    /// The private ranges of RFC 1918.
    static let privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"].compactMap(Self.init)

    /// Whether all of it is in one private range.
    var isPrivate: Bool { Self.privateBlocks.contains { $0.length <= length && $0.overlaps(self) } }

    /// The same range, beginning at its first address.
    var canonical: CIDRBlock { CIDRBlock(address: address & Self.mask(length), length: length) }

    /// Whether it begins at its first address.
    var isCanonical: Bool { canonical.address == address }

    /// Whether some address is in both.
    func overlaps(_ other: CIDRBlock) -> Bool {
        let mask = Self.mask(min(length, other.length))
        return address & mask == other.address & mask
    }

    static func mask(_ length: UInt32) -> UInt32 { length == 0 ? 0 : ~0 << (32 - length) }

    /// The range in CIDR notation.
    var text: String {
        [24, 16, 8, 0].map { String(address >> UInt32($0) & 255) }.joined(separator: ".") + "/\(length)"
    }
}
