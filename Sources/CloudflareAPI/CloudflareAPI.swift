package import APIKit
package import HTTP
package import Store

/// Cloudflare API v4, Workers VPC: the connectivity services of an account.
package enum CloudflareAPI: API {
    package static let name = "cloudflare"
    package static let title = "Cloudflare API v4, Workers VPC services"
    package static let basePath = "/client/v4"
    package static let checks: [Check] = [.credentials, .route]
    package static let queryRules = QueryRules(repeated: .last, emptyIsAbsent: false)

    package static let collections = [accounts, services]

    package static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/accounts/{account_id}/connectivity/directory/services",
            operation: "connectivity-services-list",
            documentation: "https://developers.cloudflare.com/api/resources/connectivity/"
                + "subresources/directory/subresources/services/methods/list",
            parameters: Paging.parameters,
            handler: connectivityServicesList,
        )
    ]

    /// A malformed identifier makes a path that cannot be routed (contract section 2.2).
    package static func isCapture(_ segment: PercentEncoded, named name: String) -> Bool {
        name != "account_id" || segment.decoded.map(accountID.matches) ?? false
    }

    package static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] {
        [
            ("CF-Ray", call.id.short + "-FRA"),
            // The live service sends these two unchanged, whatever has been used up (contract section 8.24).
            ("Ratelimit", #""default";r=1199;t=1"#),
            ("Ratelimit-Policy", #""default";q=1200;w=300"#),
        ]
    }

    package static func tenants(in store: Store) throws -> [Tenant] {
        try Tenant.lists(of: services, in: accounts, named: ["account_id"], store: store)
    }
}
