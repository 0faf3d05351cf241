internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// Why no token is issued, in the form of OAuth 2.0 (RFC 6749, section 5.2).
package struct GrantError: Sendable {
    let status: Status
    let code: String
    let description: String

    /// The two members in the order of Atlas's document.
    var reply: Reply {
        Reply(status, json: ["error_description": .string(description), "error": .string(code)])
    }
}

extension AtlasAPI.Failure {
    static let invalidClient = Self.grant(
        GrantError(status: .unauthorized, code: "invalid_client", description: "Invalid credentials provided.")
    )
    static let unsupportedGrant = Self.grant(
        GrantError(
            status: .badRequest,
            code: "unsupported_grant_type",
            description: "The grant type is not supported.",
        )
    )
    static let accessDenied = Self.grant(
        GrantError(
            status: .forbidden,
            code: "access_denied",
            description: "The IP address is not allowed to access this resource.",
        )
    )

    static func invalidGrantRequest(_ description: String) -> Self {
        .grant(GrantError(status: .badRequest, code: "invalid_request", description: description))
    }
}
