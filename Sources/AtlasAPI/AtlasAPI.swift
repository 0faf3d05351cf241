package import PatchbayAPIKit
package import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayStore

/// MongoDB Atlas Administration API, versions 1.0 and 2: the network peering connections of a project.
package enum AtlasAPI: API {
    package static let name = "atlas"
    package static let title = "MongoDB Atlas Administration API v1.0 and v2"
    package static let brand = "Atlas"
    package static let basePath = "/api/atlas/v1.0"
    package static let checks: [Check] = [.credentials, .identity, .route]
    package static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)

    package static let quirks = Quirks.all
    package static let catalogue = Failure.catalogue

    package static let clientVariables: [(name: String, value: String?)] = [("BASE_URL", "{url}")]

    package static let collections = [apiKeys, serviceAccounts, accessTokens, groups, containers, peers]

    package static let root: (collection: Collection, capture: String)? = (groups, "group_id")

    package static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { quirks.take(Quirks.trailingSlash, "same") }

    package static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)] {
        // The second version counts down; the first says nothing before its limit is reached.
        guard let allowance, let limit = allowance.limit, case .version2 = Edition(request) else {
            return []
        }
        return [("RateLimit-Limit", String(limit)), ("RateLimit-Remaining", String(allowance.remaining))]
    }

    package static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] {
        try Tenant.lists(of: peers, in: groups, named: ["group_id"], below: root, store: store)
    }
}
