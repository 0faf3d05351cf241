internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What a request is answered with that does not keep to its contract, where that is asked for (`--strict`).
public enum Strictness {
    /// 501 with the first finding's name in a header: what was found stands in the diagnostics.
    ///
    /// - Parameter findings: what was found, which is something.
    /// - Returns: the answer.
    public static func reply(to findings: [Finding]) -> Reply {
        let first = findings.first.map { [$0.kind.rawValue, $0.parameter.map(visible)].compactMap(\.self) } ?? []
        let detail =
            "The request does not keep to the contract of what it asks for; GET /_patchbay/diagnostics says how."
        return Reply(
            .notImplemented,
            headers: [("X-Patchbay-Strict", first.joined(separator: " "))],
            contentType: "application/problem+json",
            json: Problem.document(.notImplemented, detail)
        )
    }

    /// A name as a header can have it: anything but visible ASCII is escaped.
    private static func visible(_ name: String) -> String {
        var bytes: [UInt8] = []
        for byte in name.utf8 {
            if (0x21...0x7e).contains(byte), byte != UInt8(ascii: "%") {
                bytes.append(byte)
            } else {
                bytes += URLText.encoded([byte]).utf8
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
