internal import PatchbayAPIKit
package import PatchbayHTTP
package import PatchbayStore

/// What a request to an Open Telekom Cloud service brings to say who sends it.
///
/// A signature counts before a token. Both are documented for every service (contract `vpcep.md`, section 2.1).
package enum OTCCredentials: Sendable {
    /// An `X-Auth-Token`.
    case token(String)
    /// A request signed with an access key and a secret key.
    case signature(OTCSignature)

    /// Reads a request's credentials.
    ///
    /// - Throws: when there are none, or a signature that is not well-formed or of an algorithm that is not served.
    package init(_ request: Request) throws(OTCRefusal) {
        if let authorization = request.headers["Authorization"],
            authorization.hasPrefix("SDK-") || authorization.hasPrefix("V11-")
        {
            guard let signature = OTCSignature(authorization, of: request) else { throw .malformedSignature }
            self = .signature(signature)
        } else if let token = request.headers["X-Auth-Token"], !token.isEmpty {
            self = .token(token)
        } else {
            throw .missing
        }
    }
}

/// Why a request to an Open Telekom Cloud service is refused, before the service has a look at what it asks.
package enum OTCRefusal: Error, Sendable {
    /// Neither token nor signature.
    case missing
    /// A token that nobody issued.
    case unknownToken
    /// A token that has run out, and when.
    case expiredToken(Timestamp)
    /// A token that was withdrawn.
    case revokedToken
    /// A token for an account and none of its projects.
    case noProject
    /// Credentials for another project than that of the path.
    case foreignProject
    /// Credentials that do not suffice for an action.
    case noPermission(action: String, resource: String)
    /// A signature that is none.
    case malformedSignature
    /// A signature of another time than now.
    case staleSignature(date: String, canonicalRequest: String)
    /// A signature by a key that nobody has.
    case unknownAccessKey(String)
    /// A signature of something else; the canonical request says what should have been signed.
    case wrongSignature(canonicalRequest: String)
}
