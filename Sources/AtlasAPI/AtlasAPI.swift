package import APIKit
internal import HTTP
package import JSON
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

    package static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/groups/{group_id}/peers",
            operation: "listPeeringConnections",
            documentation: "https://docs.atlas.mongodb.com/reference/api/vpc-get-connections-list/",
            parameters: Paging.parameters + [provider.description],
            captures: ["group_id": ["type": "string", "pattern": "^[a-f0-9]{24}$"]],
            answer: Paging.schema(of: peers.shownSchema { $0.name != "providerName" }),
            handler: listPeeringConnections,
        )
    ]

    package static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { quirks.take(Quirks.trailingSlash, "same") }

    /// The challenge, an error of the catalogue, or that in an envelope.
    package static let errorSchema: JSON.Object = {
        let members: JSON.Object = [
            "detail": Schema.text, "error": ["type": "integer"], "errorCode": Schema.text,
            "parameters": ["type": "array"], "reason": Schema.text,
        ]
        let error = Schema.object(members, optional: ["parameters"])
        return Schema.any(of: error, Schema.object(["content": .object(error), "status": ["type": "integer"]]))
    }()

    package static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = [
        [("digest", ["type": "http", "scheme": "digest"])], [("token", ["type": "http", "scheme": "bearer"])],
    ]

    package static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] { [] }

    package static func tenants(in store: Store) throws -> [Tenant] {
        try Tenant.lists(of: peers, in: groups, named: ["group_id"], store: store)
    }
}
