package import APIKit
internal import HTTP

extension AtlasAPI {
    /// The realm of the challenge, as recorded.
    static let realm = "MMS Public API"

    /// Wants a service account's token, or the answer to a Digest challenge (contract `atlas.md`, section 2).
    package static func authenticate(_ call: borrowing Call<Self>) throws(Failure) {
        guard call.world.authentication.wantsCredentials else { return }
        let header = AuthorizationHeader(call.request.headers["Authorization"] ?? "")
        if header.bearerToken != nil { return }
        guard
            let response = DigestResponse(header, realm: realm, target: call.request.target.pathAndQuery),
            let nonce = DigestNonce(response.nonce)
        else { throw Failure(.unauthenticated) }
        guard !nonce.isStale(at: call.world.clock.now) else { throw .challenge(isStale: true) }
    }
}
