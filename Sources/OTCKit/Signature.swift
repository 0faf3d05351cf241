internal import Crypto
internal import PatchbayAPIKit
package import PatchbayHTTP
package import PatchbayStore

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
    private let signedHeaders: [String]
    /// Day, region and service of the second form.
    private let scope: [String]?

    /// Reads an `Authorization` header; `nil` when it is not well-formed, or a signed header is not there.
    init?(_ authorization: String, of request: Request) {
        let header = AuthorizationHeader(authorization)
        guard
            authorization.hasPrefix("SDK-HMAC-SHA256 "),
            let parameters = header.parameters,
            let signature = parameters["signature"], Self.isSHA256(signature),
            let names = parameters["signedheaders"],
            let dateText = request.headers["X-Sdk-Date"], let date = Self.moment(dateText)
        else { return nil }
        let list = names.split(separator: ";").map(String.init)
        // A header that is signed twice would let a small request ask for a large canonical one.
        guard list.contains("x-sdk-date"), Set(list.map { $0.lowercased() }).count == list.count,
            list.allSatisfy({ request.headers[$0] != nil })
        else { return nil }
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
        signedHeaders = list
    }

    /// Whether the date is too far from a moment, counted in whole seconds as it is written.
    package func isStale(at now: Timestamp) -> Bool { abs(now.seconds - date.seconds) > Self.patience }

    /// What should have been signed.
    package func canonicalText(of request: Request) -> String {
        String(decoding: canonicalRequest(request), as: UTF8.self)
    }

    /// What should have been signed, when the signature is not that of the request with a secret key.
    package func mismatch(with request: Request, secretKey: String) -> String? {
        let isSigned = { (canonical: [UInt8]) in signature(of: canonical, secretKey) == signature }
        if isSigned(canonicalRequest(request)) || variants(of: request).contains(where: isSigned) { return nil }
        return canonicalText(of: request)
    }

    /// What clients sign in place of the canonical request, and services take.
    private func variants(of request: Request) -> [[UInt8]] {
        var variants: [[UInt8]] = []
        // The decoded path, where a slash within a segment ends it.
        let slash = UInt8(ascii: "/")
        let parts = request.target.segments.flatMap { segment in
            segment.bytes().split(separator: slash, omittingEmptySubsequences: false).map(Array.init)
        }
        if parts.count != request.target.segments.count { variants.append(canonicalRequest(request, path: parts)) }
        // In the second form, the query as the payload of a POST without a body.
        if scope != nil, request.method == .post, request.body.isEmpty {
            let query = Array(canonicalQuery(request.target).utf8)
            variants.append(canonicalRequest(request, query: "", payload: query))
        }
        return variants
    }

    private func signature(of canonicalRequest: [UInt8], _ secretKey: String) -> String {
        var lines = ["SDK-HMAC-SHA256", dateText]
        var key = Array(secretKey.utf8)
        if let scope {
            lines.append((scope + ["sdk_request"]).joined(separator: "/"))
            key = Array("SDK\(secretKey)".utf8)
            for part in scope + ["sdk_request"] { key = Self.code(of: part, key) }
        }
        lines.append(Self.hexadecimal(SHA256.hash(data: canonicalRequest)))
        return Self.hexadecimal(Self.code(of: lines.joined(separator: "\n"), key))
    }

    /// The canonical request, or one with other parts.
    private func canonicalRequest(
        _ request: Request,
        path: [[UInt8]]? = nil,
        query: String? = nil,
        payload: [UInt8]? = nil,
    ) -> [UInt8] {
        let path = canonicalPath(path ?? request.target.segments.map { $0.bytes() })
        let query = query ?? canonicalQuery(request.target)
        var bytes = Array("\(request.method.name)\n\(path)\n\(query)\n".utf8)
        for name in signedHeaders {
            bytes += "\(name):".utf8
            bytes += canonicalValue(request.headers.bytes(name) ?? [])
            bytes.append(UInt8(ascii: "\n"))
        }
        let hash =
            request.headers["X-Sdk-Content-Sha256"] ?? Self.hexadecimal(SHA256.hash(data: payload ?? request.body))
        return bytes + "\n\(signedHeaders.joined(separator: ";"))\n\(hash)".utf8
    }

    /// With a slash at the end, which only the signature has.
    private func canonicalPath(_ segments: [[UInt8]]) -> String {
        let path = "/" + segments.map(URLText.encoded).joined(separator: "/")
        return path.hasSuffix("/") ? path : path + "/"
    }

    /// The second form squeezes blanks within a value too; those around it are gone already.
    private func canonicalValue(_ value: [UInt8]) -> [UInt8] {
        guard scope != nil else { return value }
        let words = value.split { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
        return Array(words.joined(separator: [UInt8(ascii: " ")]))
    }

    /// Pairs in order of name, then value; the second form sorts without regard to case and takes the first of several.
    private func canonicalQuery(_ target: Target) -> String {
        var pairs: [(order: [UInt8], name: [UInt8], value: [UInt8])] = []
        var names: Set<[UInt8]> = []
        for item in target.query {
            let name = item.name.bytes(plusIsBlank: true)
            guard scope == nil || names.insert(name).inserted else { continue }
            let order = scope == nil ? name : Array(String(decoding: name, as: UTF8.self).lowercased().utf8)
            pairs.append((order, name, item.value?.bytes(plusIsBlank: true) ?? []))
        }
        pairs.sort { left, right in
            left.order == right.order
                ? left.value.lexicographicallyPrecedes(right.value) : left.order.lexicographicallyPrecedes(right.order)
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
