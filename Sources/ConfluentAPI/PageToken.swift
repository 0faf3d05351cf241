internal import APIKit
internal import Crypto

/// Where a list goes on: everything the next page needs, so that any process with the same data can serve it.
///
/// It names the last row shown, not a number of rows: rows that come or go in between neither repeat nor hide others.
/// The check makes a token that was altered, or belongs to another environment, worthless.
struct PageToken {
    let connectionType: String?
    let size: UInt8
    let last: String
    /// At most 255 characters, all of which may stand in a URL.
    let text: String

    private static let version: UInt8 = 1
    private static let checkLength = 8
    // Not a secret: it only tells tokens of this program from invented ones.
    private static let key = SymmetricKey(data: Array("patchbay confluent page token".utf8))

    /// Makes a token.
    init(environment: [String], connectionType: String?, size: UInt8, last: String) {
        self.connectionType = connectionType
        self.size = size
        self.last = last
        let type = connectionType.flatMap(ConfluentAPI.connectionTypes.firstIndex).map { UInt8($0 + 1) } ?? 0
        let content = [Self.version, size, type] + Array(last.utf8)
        text = Base64.encode(Self.check(content, environment) + content, .url)
    }

    /// Reads a token; `nil` when it was not made here for the same environment.
    init?(_ text: String, environment: [String]) {
        guard let bytes = Base64.decode(text, .url), bytes.count > Self.checkLength + 3 else { return nil }
        let content = Array(bytes.dropFirst(Self.checkLength))
        let types = ConfluentAPI.connectionTypes
        guard
            Self.check(content, environment) == Array(bytes.prefix(Self.checkLength)),
            content[0] == Self.version, (1...100).contains(content[1]), content[2] <= types.count
        else { return nil }
        self.text = text
        size = content[1]
        connectionType = content[2] == 0 ? nil : types[Int(content[2]) - 1]
        last = String(decoding: content.dropFirst(3), as: UTF8.self)
    }

    private static func check(_ content: [UInt8], _ environment: [String]) -> [UInt8] {
        let place = environment.joined(separator: "\n").utf8
        return Array(HMAC<SHA256>.authenticationCode(for: content + place, using: key).prefix(checkLength))
    }
}
