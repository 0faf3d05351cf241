internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Tokens for service accounts (OAuth 2.0, RFC 6749 and RFC 7009; contract section 2.2).
extension AtlasAPI {
    /// How long a token serves, in seconds.
    static let tokenLifetime: Int64 = 3_600

    /// Issues a token for a service account's secret.
    static func createToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let form = try Form(call)
        let account = try account(call)
        guard let grant = form["grant_type"] else { throw .invalidGrantRequest("The parameter grant_type is missing.") }
        guard grant == "client_credentials" else { throw .unsupportedGrant }
        var document: JSON.Object = ["client_id": account["client_id"] ?? ""]
        for name in ["roles", "access_list"] { document[name] = account[name] }
        let expiry = call.now.advanced(bySeconds: tokenLifetime)
        document["expires_at"] = .string(expiry.text(fractionDigits: 0))
        let issued = document
        let token = try call.write { rows in
            // What has run out is of no use to anybody, and would be kept for ever.
            for (row, document) in try rows.rows(of: accessTokens, under: nil)
            where document["client_id"] != nil && document.hasExpired(at: call.now) {
                try rows.delete(row, from: accessTokens)
            }
            var document = issued
            var token: String
            // A run before this one may have issued the same at the same time.
            repeat { token = Self.token(for: account, call) } while try rows.find(accessTokens, [token]) != nil
            document["token"] = .string(token)
            try rows.insert(document, into: accessTokens, under: nil)
            return token
        }
        return Reply(json: [
            "access_token": .string(token), "expires_in": .number(JSON.Number(tokenLifetime)), "token_type": "Bearer",
        ])
    }

    /// Takes a token back; one that there is not is none afterwards either.
    static func revokeToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let form = try Form(call)
        let account = try account(call)
        guard let token = form["token"] else { throw .invalidGrantRequest("The parameter token is missing.") }
        try call.write { rows in
            guard let row = try rows.find(accessTokens, [token]),
                try rows.document(accessTokens, row)?["client_id"] == account["client_id"]
            else { return }
            try rows.delete(row, from: accessTokens)
        }
        return Reply(body: [])
    }

    /// The service account that a request comes from; any one, with every right, unless credentials have to be known.
    private static func account(_ call: borrowing Call<Self>) throws(Failure) -> JSON.Object {
        let header = AuthorizationHeader(call.request.headers["Authorization"] ?? "")
        let pair = header.basicPair
        guard call.world.authentication == .known else {
            guard pair != nil || call.world.authentication == .off else { throw .invalidClient }
            let name = pair.flatMap { $0.user.isEmpty ? nil : $0.user } ?? "mdb_sa_id_000000000000000000000000"
            return [
                "client_id": .string(name), "roles": [["group_id": "*", "role": "GROUP_OWNER"]], "access_list": [],
            ]
        }
        guard let pair, let account = try call.credential(serviceAccounts, pair.user),
            account["client_secret"]?.stringValue?.utf8.elementsEqual(pair.password.utf8) == true
        else { throw .invalidClient }
        guard admits(account, call.request.remote) else { throw .accessDenied }
        return account
    }

    /// A token that looks like the vendor's, which are JSON Web Tokens (RFC 7519); nothing vouches for its signature.
    private static func token(for account: JSON.Object, _ call: borrowing Call<Self>) -> String {
        let id = call.freshIdentifier()
        let header: JSON = ["alg": "ES512", "typ": "at+jwt"]
        let issued = call.now
        let claims: JSON = [
            "iss": .string(call.origin), "sub": account["client_id"] ?? "", "iat": .number(JSON.Number(issued.seconds)),
            "exp": .number(JSON.Number(issued.advanced(bySeconds: tokenLifetime).seconds)), "jti": .string(id.uuid),
        ]
        let signature = Array((id.further.hexadecimal + id.hexadecimal).utf8)
        return [header.compact(), claims.compact(), signature].map { Base64.encode($0, .url) }.joined(separator: ".")
    }
}

/// A body of the media type `application/x-www-form-urlencoded`.
private struct Form {
    static let mediaType = "application/x-www-form-urlencoded"

    private let items: [QueryItem]

    /// Reads the body of a request.
    ///
    /// - Throws: OAuth's error for a body that is no form, or has a parameter twice (RFC 6749, section 3.2).
    init(_ call: borrowing Call<AtlasAPI>) throws(AtlasAPI.Failure) {
        guard call.mediaType == Self.mediaType else {
            throw .invalidGrantRequest("The media type of the body has to be \(Self.mediaType).")
        }
        guard let text = String(validating: call.request.body, as: UTF8.self),
            let target = try? Target(parsing: "/?" + text),
            target.query.allSatisfy({ $0.name.fault == nil && $0.value?.fault == nil }),
            Set(target.query.map(\.name.text)).count == target.query.count
        else { throw .invalidGrantRequest("The form is malformed.") }
        items = target.query
    }

    /// The value of a parameter; an empty one is as good as none.
    subscript(name: String) -> String? {
        items.first { $0.name.text == name }?.value.flatMap { $0.raw.isEmpty ? nil : $0.text }
    }
}
