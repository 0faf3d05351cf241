package import APIKit
internal import HTTP

extension ConfluentAPI {
    /// Wants an API key with its secret, or a token (contract `confluent.md`, section 2).
    package static func authenticate(_ call: borrowing Call<Self>) throws(Failure) {
        guard call.world.authentication.wantsCredentials else { return }
        let header = AuthorizationHeader(call.request.headers["Authorization"] ?? "")
        if header.bearerToken != nil { return }
        if let pair = header.basicPair, !pair.user.isEmpty { return }
        throw Failure(.unauthenticated)
    }
}
