package import PatchbayAPIKit
package import PatchbayHTTP
package import PatchbayJSON
internal import PatchbayOTCKit
package import PatchbayStore

/// The identity service of Open Telekom Cloud, which is Keystone's version 3: who one is, and where everything else is.
///
/// Its tokens are good for both services that are emulated here.
package enum IdentityAPI: API {
    package static let name = "identity"
    package static let title = "Open Telekom Cloud Identity and Access Management"
    package static let brand = "Identity"
    package static let basePath = "/v3"
    package static let quirks = Quirks.all
    package static let catalogue = Failure.catalogue
    package static let errorSchema = errorBody
    package static let securitySchemes = OTC.securitySchemes
    package static let clientVariables: [(name: String, value: String?)] = [
        ("OS_AUTH_URL", "{url}\(basePath)"),
        ("OS_IDENTITY_API_VERSION", "3"),
        ("OS_USERNAME", "full"),
        ("OS_PASSWORD", "full-password"),
        ("OS_USER_DOMAIN_NAME", "patchbay"),
        ("OS_PROJECT_NAME", "eu-de"),
        ("OS_PROJECT_DOMAIN_NAME", "patchbay"),
        ("OS_REGION_NAME", "eu-de"),
        // A cloud of a file goes before all of these, and so do other ways to log in, and identifiers before names.
        ("OS_CLOUD", nil), ("OS_AUTH_TYPE", nil), ("OS_TOKEN", nil), ("OS_USER_ID", nil), ("OS_USER_DOMAIN_ID", nil),
        ("OS_PROJECT_ID", nil), ("OS_PROJECT_DOMAIN_ID", nil), ("OS_TENANT_ID", nil), ("OS_TENANT_NAME", nil),
        ("OS_DOMAIN_ID", nil), ("OS_DOMAIN_NAME", nil), ("OS_SYSTEM_SCOPE", nil), ("OS_ACCESS_KEY", nil),
        ("OS_SECRET_KEY", nil),
    ]
    package static let collections = OTC.accounts
    /// A path that leads nowhere is told from one that wants credentials.
    package static let checks: [Check] = [.route, .credentials, .identity]
    package static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)

    package static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)] {
        [("X-Request-Id", id.hexadecimal), ("X-IAM-Trace-Id", id.uuid)]
    }

    /// The one link of `GET /v3/` stands in the table as it is.
    package static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { false }

    package static func refusal(_ status: Status) -> Failure? {
        status == .contentTooLarge ? .tooLarge : nil
    }

    /// What a list shows depends on who asks, and not on its path.
    package static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] { [] }
}
