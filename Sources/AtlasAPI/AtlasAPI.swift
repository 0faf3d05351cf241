package import APIKit
internal import HTTP
internal import JSON
package import Store

/// MongoDB Atlas Administration API, version 1.0: the network peering connections of a project.
package enum AtlasAPI: API {
    package static let name = "atlas"
    package static let title = "MongoDB Atlas Administration API v1.0"
    package static let basePath = "/api/atlas/v1.0"
    package static let checks: [Check] = [.credentials, .identity, .route]
    package static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)

    package static let quirks = Quirks.all
    package static let catalogue = Failure.catalogue

    package static let collections = [apiKeys, accessTokens, groups, peers]

    package static let root: (collection: Collection, capture: String)? = (groups, "group_id")

    package static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/groups/{group_id}/peers",
            operation: "listPeeringConnections",
            documentation: "https://docs.atlas.mongodb.com/reference/api/vpc-get-connections-list/",
            parameters: Paging.parameters + [provider.description],
            captures: ["group_id": ["type": "string", "pattern": "^[a-f0-9]{24}$"]],
            answer: listSchema,
            handler: listPeeringConnections,
        )
    ]

    package static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { quirks.take(Quirks.trailingSlash, "same") }

    package static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] { [] }

    package static func tenants(in store: Store) throws -> [Tenant] {
        try Tenant.lists(of: peers, in: groups, named: ["group_id"], store: store)
    }
}
