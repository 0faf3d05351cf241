import Crypto
import PatchbayHTTP
import PatchbayStore

@testable import Patchbay

/// Signs requests to the Open Telekom Cloud services as their guide has it, for tests.
///
/// What is signed is written out by the test, so that nothing of the verifier is used to make it.
struct Signer {
    var accessKey = "FULLACCESSKEY"
    var secretKey = "full-secret-key"
    /// Whether the key is derived for a day, an empty region and an empty service.
    var isDerived = false
    var date = Emulator.moment

    private var dateText: String { date.text(fractionDigits: 0).filter { $0 != "-" && $0 != ":" } }

    /// The headers of a signed request.
    ///
    /// - Parameters:
    ///   - path: the canonical path, with the slash at its end.
    ///   - query: the canonical query.
    ///   - headers: further signed headers with their canonical values, before `x-sdk-date`.
    ///   - method: the method.
    /// - Returns: header lines.
    func headers(
        _ path: String,
        query: String = "",
        signing headers: [(name: String, value: [UInt8])] = [],
        method: String = "GET",
    ) -> [String] {
        let names = (headers.map(\.name) + ["x-sdk-date"]).joined(separator: ";")
        var canonical = Array("\(method)\n\(path)\n\(query)\n".utf8)
        for header in headers { canonical += Array("\(header.name):".utf8) + header.value + [0x0a] }
        canonical += "x-sdk-date:\(dateText)\n\n\(names)\n\(Self.hexadecimal(SHA256.hash(data: [UInt8]())))".utf8
        let day = dateText.prefix(8)
        var lines = ["SDK-HMAC-SHA256", dateText]
        if isDerived { lines.append("\(day)///sdk_request") }
        lines.append(Self.hexadecimal(SHA256.hash(data: canonical)))
        var key = Array(secretKey.utf8)
        if isDerived {
            key = Array("SDK\(secretKey)".utf8)
            for part in [String(day), "", "", "sdk_request"] { key = Self.code(part, key) }
        }
        let signature = Self.hexadecimal(Self.code(lines.joined(separator: "\n"), key))
        let name = isDerived ? "Credential=\(accessKey)/\(day)///sdk_request" : "Access=\(accessKey)"
        let authorization = "SDK-HMAC-SHA256 \(name), SignedHeaders=\(names), Signature=\(signature)"
        return ["X-Sdk-Date: \(dateText)", "Authorization: \(authorization)"]
    }

    private static func code(_ text: String, _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
