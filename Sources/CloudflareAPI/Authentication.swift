package import APIKit
internal import HTTP
internal import Store

extension CloudflareAPI {
    /// Wants a token, or an address with its key, and says what is malformed (contract `cloudflare.md`, section 2).
    package static func authenticate(_ call: borrowing Call<Self>) throws(Failure) {
        guard call.world.authentication.wantsCredentials else { return }
        let headers = call.request.headers
        if let authorization = headers["Authorization"] {
            guard AuthorizationHeader(authorization).bearerToken != nil else {
                throw .malformedHeaders([Failure.malformedAuthorization])
            }
            return
        }
        guard let email = headers["X-Auth-Email"], let key = headers["X-Auth-Key"], !email.isEmpty, !key.isEmpty else {
            throw Failure(.unauthenticated)
        }
        var malformed: [Failure.Entry] = []
        if !isEmail(email) { malformed.append(Failure.malformedEmail) }
        if !isKey(key) { malformed.append(Failure.malformedKey) }
        guard malformed.isEmpty else { throw .malformedHeaders(malformed) }
    }

    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
    }

    /// 32 digits in the document's example, 37 in the wild, newer keys begin with `cfk_`.
    private static func isKey(_ text: String) -> Bool {
        if text.hasPrefix("cfk_") { return text.utf8.count > 4 && text.utf8.allSatisfy(\.isIdentifier) }
        return [32, 37].contains(text.utf8.count) && text.utf8.allSatisfy(\.isHexDigit)
    }
}
