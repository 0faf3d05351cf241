internal import Crypto
internal import PatchbayAPIKit
internal import PatchbayStore

/// Where a list goes on: everything the next page needs, so that any process with the same data can serve it.
///
/// It names the last row shown, not a number of rows: rows that come or go in between neither repeat nor hide others.
/// The check makes a token that was altered, or belongs to another environment, worthless.
struct PageToken {
    let connectionType: String?
    let size: UInt8
    /// The last row, by the members that the list is ordered by.
    let last: [String]
    /// When it was issued, where that counts.
    let issued: Timestamp?

    /// Two forms: without the time of issue, and with it.
    private static let versions: [UInt8] = [1, 2]
    private static let checkLength = 8
    private static let otherType = UInt8.max
    // Not a secret: it only tells tokens of this program from invented ones.
    private static let key = SymmetricKey(data: Array("patchbay confluent page token".utf8))

    /// Makes a token.
    init(connectionType: String?, size: UInt8, last: [String], issued: Timestamp? = nil) {
        self.connectionType = connectionType
        self.size = size
        self.last = last
        self.issued = issued
    }

    /// The token for an environment: at most 255 characters, all of which may stand in a URL.
    func text(in environment: [String]) -> String {
        let known = connectionType.flatMap(ConfluentAPI.connectionTypes.firstIndex)
        // A type that the document does not list goes along as text.
        let other = known == nil ? connectionType : nil
        let type = known.map { UInt8($0 + 1) } ?? (other == nil ? 0 : Self.otherType)
        var content = [Self.versions[issued == nil ? 0 : 1], size, type]
        if let issued {
            for shift in stride(from: 24, through: 0, by: -8) {
                content.append(UInt8(truncatingIfNeeded: issued.seconds >> shift))
            }
        }
        content += ((other.map { [$0] } ?? []) + last).joined(separator: "\0").utf8
        return Base64.encode(Self.check(content, environment) + content, .url)
    }

    /// Reads a token; `nil` when it was not made here for the same environment.
    init?(_ text: String, environment: [String]) {
        guard let bytes = Base64.decode(text, .url), bytes.count > Self.checkLength + 3 else { return nil }
        let content = Array(bytes.dropFirst(Self.checkLength))
        let types = ConfluentAPI.connectionTypes
        guard
            Self.check(content, environment) == Array(bytes.prefix(Self.checkLength)),
            let version = Self.versions.firstIndex(of: content[0]), (1...100).contains(content[1]),
            content[2] <= types.count || content[2] == Self.otherType
        else { return nil }
        size = content[1]
        var rest = content.dropFirst(3)
        if version == 1 {
            guard rest.count > 4 else { return nil }
            issued = Timestamp(seconds: rest.prefix(4).reduce(0) { $0 << 8 | Int64($1) })
            rest = rest.dropFirst(4)
        } else {
            issued = nil
        }
        var texts = rest.split(separator: 0, omittingEmptySubsequences: false).map {
            String(decoding: $0, as: UTF8.self)
        }
        switch content[2] {
        case 0: connectionType = nil
        case Self.otherType: connectionType = texts.removeFirst()
        default: connectionType = types[Int(content[2]) - 1]
        }
        last = texts
    }

    private static func check(_ content: [UInt8], _ environment: [String]) -> [UInt8] {
        let place = environment.joined(separator: "\n").utf8
        return Array(HMAC<SHA256>.authenticationCode(for: content + place, using: key).prefix(checkLength))
    }
}
