internal import APIKit
internal import Crypto
package import HTTP
package import Store

/// The signature of a request with an access key and a secret key, algorithm `SDK-HMAC-SHA256`.
///
/// There are two forms: with the secret key itself (`Access=`), and with a key derived for a day, region and service
/// (`Credential=`), both described in contract `vpcep.md`, section 2.3.
package struct OTCSignature: Sendable {
    /// How far the date may be from now, either way, in seconds.
    package static let patience: Int64 = 900

    /// The key that names the signer.
    package let accessKey: String
    /// The date as it was sent and signed: `20260102T030405Z`.
    package let dateText: String
    /// The same as a moment.
    package let date: Timestamp
    private let signature: String
    private let signedHeaders: String
    /// Day, region and service of the second form.
    private let scope: [String]?

    /// Reads an `Authorization` header; `nil` when it is not well-formed, or a signed header is not there.
    init?(_ authorization: String, of request: Request) {
        let header = AuthorizationHeader(authorization)
        guard
            header.scheme == "sdk-hmac-sha256",
            let parameters = header.parameters,
            let signature = parameters["signature"], Self.isSHA256(signature),
            let names = parameters["signedheaders"],
            let dateText = request.headers["X-Sdk-Date"], let date = Self.moment(dateText)
        else { return nil }
        let list = names.split(separator: ";").map(String.init)
        guard list.contains("x-sdk-date"), list.allSatisfy({ request.headers[$0] != nil }) else { return nil }
        if let key = parameters["access"], !key.isEmpty {
            accessKey = key
            scope = nil
        } else {
            let parts = (parameters["credential"] ?? "").split(separator: "/", omittingEmptySubsequences: false)
            guard parts.count == 5, parts[4] == "sdk_request", !parts[0].isEmpty else { return nil }
            accessKey = String(parts[0])
            scope = parts[1...3].map(String.init)
        }
        self.signature = signature.lowercased()
        self.dateText = dateText
        self.date = date
        signedHeaders = names
    }

    /// Whether the date is too far from a moment.
    package func isStale(at now: Timestamp) -> Bool {
        abs(now.microseconds - date.microseconds) > Self.patience * 1_000_000
    }

    /// What should have been signed, when the signature is not that of the request with a secret key.
    package func mismatch(with request: Request, secretKey: String) -> String? {
        let canonical = canonicalRequest(request)
        if signature(of: canonical, secretKey) == signature { return nil }
        // The second form signs the query as the payload of a POST without a body.
        if scope != nil, request.method == .post, request.body.isEmpty {
            let query = canonicalQuery(request.target)
            let other = canonicalRequest(request, query: "", payload: Array(query.utf8))
            if signature(of: other, secretKey) == signature { return nil }
        }
        return canonical
    }

    private func signature(of canonicalRequest: String, _ secretKey: String) -> String {
        var lines = ["SDK-HMAC-SHA256", dateText]
        var key = Array(secretKey.utf8)
        if let scope {
            lines.append((scope + ["sdk_request"]).joined(separator: "/"))
            key = Array("SDK\(secretKey)".utf8)
            for part in scope + ["sdk_request"] { key = Self.code(of: part, key) }
        }
        lines.append(Self.hexadecimal(SHA256.hash(data: Array(canonicalRequest.utf8))))
        return Self.hexadecimal(Self.code(of: lines.joined(separator: "\n"), key))
    }

    private func canonicalRequest(_ request: Request, query: String? = nil, payload: [UInt8]? = nil) -> String {
        let segments = request.target.segments.map { URLText.encoded($0.text) }
        let path = "/" + segments.joined(separator: "/")
        let headers = signedHeaders.split(separator: ";").map { name in
            "\(name):\(canonicalValue(request.headers[String(name)] ?? ""))\n"
        }
        let payloadHash =
            request.headers["X-Sdk-Content-Sha256"]
            ?? Self.hexadecimal(SHA256.hash(data: payload ?? request.body))
        return [
            request.method.name, path.hasSuffix("/") ? path : path + "/", query ?? canonicalQuery(request.target),
            headers.joined(), signedHeaders, payloadHash,
        ].joined(separator: "\n")
    }

    /// The second form squeezes blanks within a value too.
    private func canonicalValue(_ value: String) -> String {
        let trimmed = value.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed()
        guard scope != nil else { return String(trimmed) }
        return String(trimmed).split(separator: " ").joined(separator: " ")
    }

    /// Pairs in order of name, then value; the second form sorts without regard to case and takes the first of several.
    private func canonicalQuery(_ target: Target) -> String {
        var pairs: [(name: String, value: String)] = []
        for item in target.query {
            let name = item.name.text
            if scope != nil, pairs.contains(where: { $0.name == name }) { continue }
            pairs.append((name, item.value?.text ?? ""))
        }
        let order = { (name: String) in scope == nil ? name : name.lowercased() }
        pairs.sort { left, right in
            let (leftName, rightName) = (order(left.name), order(right.name))
            return leftName.utf8.elementsEqual(rightName.utf8)
                ? left.value.utf8.lexicographicallyPrecedes(right.value.utf8)
                : leftName.utf8.lexicographicallyPrecedes(rightName.utf8)
        }
        return pairs.map { "\(URLText.encoded($0.name))=\(URLText.encoded($0.value))" }.joined(separator: "&")
    }

    private static func code(of text: String, _ key: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: SymmetricKey(data: key)))
    }

    private static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map(Hexadecimal.lowercase).joined()
    }

    private static func isSHA256(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(\.isHexDigit)
    }

    /// `20260102T030405Z`, and a time that there is.
    private static func moment(_ text: String) -> Timestamp? {
        guard text.utf8.count == 16, text.allSatisfy(\.isASCII) else { return nil }
        let parts = [(0, 4), (4, 6), (6, 8), (9, 11), (11, 13), (13, 15)].map { first, end in
            text.dropFirst(first).prefix(end - first)
        }
        guard text.dropFirst(8).first == "T", text.last == "Z" else { return nil }
        return Timestamp("\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5])Z")
    }

    /// A moment in the form of the header.
    package static func dateText(_ moment: Timestamp) -> String {
        moment.text(fractionDigits: 0).replacing("-", with: "").replacing(":", with: "")
    }
}
