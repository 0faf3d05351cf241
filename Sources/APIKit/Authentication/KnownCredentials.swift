public import PatchbayJSON
public import PatchbayStore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// What the seeds of all APIs say of a credential in the same way.
extension Member {
    /// When a credential runs out.
    public static let expiry = Member(
        "expires_at",
        .timestamp(fractionDigits: 0),
        .optional,
        says: "When it runs out; never without it.",
    )
    /// A name for people, which nothing depends on.
    public static let note = Member("note", .text(.any), .optional, says: "What the credential is there for.")
}

extension Member.TextForm {
    /// A token that can be sent with the Bearer scheme.
    public static let token = Self("a token of letters, digits, - . _ ~ + / and = at its end") {
        AuthorizationHeader.isToken68($0)
    }
}

extension JSON.Object {
    /// The moment at which a credential runs out.
    public var expiry: Timestamp? { self["expires_at"]?.stringValue.flatMap { Timestamp($0) } }

    /// Whether a credential has run out.
    ///
    /// - Parameter now: what time it is, which is not asked for one that never does.
    /// - Returns: whether it has.
    public func hasExpired(at now: @autoclosure () -> Timestamp) -> Bool {
        guard let expiry else { return false }
        return expiry <= now()
    }

    /// A member that is a list of texts; `nil` without it.
    public func texts(_ name: String) -> [String]? { self[name]?.arrayValue?.compactMap(\.stringValue) }
}

/// Addresses, or ranges of them in CIDR notation (RFC 4632), from which a credential may be used.
public struct AccessList: Sendable {
    /// A text that names an address or a range.
    public static let form = Member.TextForm("an IP address, or a range in CIDR notation") { range(of: $0) != nil }

    private let ranges: [(address: [UInt8], length: Int)]

    /// Reads a list; what is no range admits nobody.
    public init(_ texts: [String]) {
        ranges = texts.compactMap(Self.range)
    }

    /// Whether an address is on the list.
    public func admits(_ address: String) -> Bool {
        guard let bytes = Self.bytes(of: address) else { return false }
        return ranges.contains { range in
            range.address.count == bytes.count
                && (0..<range.length).allSatisfy { Self.bit($0, of: bytes) == Self.bit($0, of: range.address) }
        }
    }

    private static func range(of text: String) -> (address: [UInt8], length: Int)? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
        guard parts.count <= 2, let address = bytes(of: parts[0]) else { return nil }
        guard parts.count == 2 else { return (address, address.count * 8) }
        // Written as a number is: no sign, no zeros before it.
        guard let length = Int(parts[1]), String(length) == parts[1], (0...address.count * 8).contains(length) else {
            return nil
        }
        return (address, length)
    }

    private static func bit(_ place: Int, of bytes: [UInt8]) -> UInt8 { bytes[place / 8] >> UInt8(7 - place % 8) & 1 }

    /// Four bytes or sixteen.
    private static func bytes(of text: String) -> [UInt8]? {
        // For C, a text ends at its first NUL.
        guard !text.utf8.contains(0) else { return nil }
        for (family, count) in [(AF_INET, 4), (AF_INET6, 16)] {
            var bytes = [UInt8](repeating: 0, count: count)
            if inet_pton(family, text, &bytes) == 1 { return bytes }
        }
        return nil
    }
}
