internal import Crypto
internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// A token that this program hands out: a JSON Web Token (RFC 7519) that says itself whom it stands for, so that any process
/// with the same data takes it.
struct AccessToken {
    let identity: ConfluentAPI.Identity
    let issued: Timestamp

    /// The seconds that it serves.
    private static let lifetime: Int64 = 3_600
    // Not a secret: it only tells tokens of this program from invented ones.
    private static let key = SymmetricKey(data: Array("patchbay confluent access token".utf8))
    private static let header: JSON = ["alg": "HS256", "typ": "JWT"]

    init(identity: ConfluentAPI.Identity, issued: Timestamp) {
        self.identity = identity
        self.issued = issued
    }

    /// The token as it is sent.
    var text: String {
        var claims: JSON.Object = [
            "exp": .number(JSON.Number(issued.advanced(bySeconds: Self.lifetime).seconds)),
            "iat": .number(JSON.Number(issued.seconds)),
            "role": .string(identity.role),
            "sub": .string(identity.user),
        ]
        if let organization = identity.organization { claims["organization"] = .string(organization) }
        if let environments = identity.environments { claims["environments"] = .array(environments.map(JSON.string)) }
        let content = [Self.header, .object(claims)].map { Base64.encode($0.compact(), .url) }.joined(separator: ".")
        return content + "." + Base64.encode(Self.signature(of: content), .url)
    }

    /// Reads a token; `nil` when it was not made here, or has run out.
    init?(_ text: String, at now: @autoclosure () -> Timestamp) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        guard
            parts.count == 3, let signature = Base64.decode(parts[2], .url),
            signature == Self.signature(of: parts[0] + "." + parts[1]),
            let bytes = Base64.decode(parts[1], .url), let claims = try? JSON(parsing: bytes).objectValue,
            let issued = claims["iat"]?.int64Value, let expiry = claims["exp"]?.int64Value, now().seconds < expiry,
            let user = claims["sub"]?.stringValue, let role = claims["role"]?.stringValue
        else { return nil }
        self.issued = Timestamp(seconds: issued)
        identity = ConfluentAPI.Identity(
            user: user,
            organization: claims["organization"]?.stringValue,
            environments: claims.texts("environments"),
            role: role,
        )
    }

    private static func signature(of content: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(content.utf8), using: key))
    }
}
