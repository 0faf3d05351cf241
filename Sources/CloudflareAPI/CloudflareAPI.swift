package import PatchbayAPIKit
package import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayStore

/// Cloudflare API v4, Workers VPC: the connectivity services of an account.
package enum CloudflareAPI: API {
    package static let name = "cloudflare"
    package static let title = "Cloudflare API v4, Workers VPC services"
    package static let brand = "Cloudflare"
    package static let basePath = "/client/v4"
    package static let checks: [Check] = [.credentials, .route, .identity]
    package static let queryRules = QueryRules(repeated: .last, emptyIsAbsent: false)

    package static let quirks = Quirks.all
    package static let catalogue = Failure.catalogue

    package static let clientVariables: [(name: String, value: String?)] = [
        ("CLOUDFLARE_BASE_URL", "{url}\(basePath)"),
        // The name that cloudflare 2.x knows.
        ("CLOUDFLARE_API_URL", "{url}\(basePath)"),
        ("CLOUDFLARE_API_TOKEN", "full-token"),
        // Other credentials, which clients would send beside it.
        ("CLOUDFLARE_EMAIL", nil), ("CLOUDFLARE_API_KEY", nil), ("CLOUDFLARE_API_USER_SERVICE_KEY", nil),
    ]

    package static let collections = [apiTokens, globalKeys, accounts, services, tunnels]

    package static let root: (collection: Collection, capture: String)? = (accounts, "account_id")

    /// A malformed identifier makes a path that cannot be routed (contract section 2.2).
    package static func isCapture(_ segment: PercentEncoded, named name: String, _ quirks: Readings) -> Bool {
        guard name == "account_id" else {
            guard name == "service_id", quirks.take(Quirks.malformedID, "7003") else { return true }
            return segment.decoded.map { Member.TextForm.uuid.matches($0.lowercased()) } ?? false
        }
        let form = quirks.take(Quirks.accountID, "strict") ? Member.TextForm.hexadecimal(32) : accountID
        return segment.decoded.map(form.matches) ?? false
    }

    package static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { quirks.take(Quirks.trailingSlash, "same") }

    package static func answersHead(_ quirks: Readings) -> Bool { quirks.take(Quirks.head, "as-get") }

    package static func text(of id: Identifier) -> String { id.short + "-FRA" }

    package static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)] {
        [("CF-Ray", text(of: id))] + (allowance.map(limitHeaders) ?? usualLimitHeaders)
    }

    /// The live service sends these unchanged, whatever has been used up (contract section 8.24).
    private static let usualLimitHeaders = limitHeaders(
        Allowance(limit: nil, remaining: 1_199, window: 300, resetsIn: 1)
    )

    /// What the service says of a limit.
    static func limitHeaders(_ allowance: Allowance) -> [(name: String, value: String)] {
        let (limit, window) = allowance.limit.map { ($0, allowance.window) } ?? (1_200, 300)
        return [
            ("Ratelimit", "\"default\";r=\(allowance.remaining);t=\(allowance.resetsIn)"),
            ("Ratelimit-Policy", "\"default\";q=\(limit);w=\(window)"),
        ]
    }

    package static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] {
        try Tenant.lists(of: services, in: accounts, named: ["account_id"], below: root, store: store)
    }
}
