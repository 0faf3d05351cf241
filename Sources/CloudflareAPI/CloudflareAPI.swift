public import APIKit
internal import HTTP
public import Store

/// Cloudflare API v4, Workers VPC: the connectivity services of an account.
public enum CloudflareAPI: API {
    public static let name = "cloudflare"
    public static let title = "Cloudflare API v4, Workers VPC services"
    public static let basePath = "/client/v4"
    public static let checks: [Check] = [.credentials, .route]
    public static let queryRules = QueryRules(repeated: .last, emptyIsAbsent: false)

    public static let collections = [accounts, services]

    public static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/accounts/{account_id}/connectivity/directory/services",
            operation: "connectivity-services-list",
            documentation: "https://developers.cloudflare.com/api/resources/connectivity/"
                + "subresources/directory/subresources/services/methods/list",
            parameters: Paging.parameters,
            handler: connectivityServicesList,
        ),
    ]

    public static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] {
        [
            ("CF-Ray", call.id.short + "-FRA"),
            // The live service sends these two unchanged, whatever has been used up (contract section 8.24).
            ("Ratelimit", #""default";r=1199;t=1"#),
            ("Ratelimit-Policy", #""default";q=1200;w=300"#),
        ]
    }

    public static func tenants(in store: Store) throws -> [Tenant] {
        try Tenant.lists(of: services, in: accounts, named: ["account_id"], store: store)
    }
}
