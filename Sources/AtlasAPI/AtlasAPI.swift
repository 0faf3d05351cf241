public import APIKit
internal import HTTP
public import Store

/// MongoDB Atlas Administration API, version 1.0: the network peering connections of a project.
public enum AtlasAPI: API {
    public static let name = "atlas"
    public static let title = "MongoDB Atlas Administration API v1.0"
    public static let basePath = "/api/atlas/v1.0"
    public static let checks: [Check] = [.credentials, .route]
    public static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)

    public static let collections = [groups, peers]

    public static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/groups/{group_id}/peers",
            operation: "listPeeringConnections",
            documentation: "https://docs.atlas.mongodb.com/reference/api/vpc-get-connections-list/",
            parameters: Paging.parameters + [provider.description],
            handler: listPeeringConnections,
        ),
    ]

    public static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] { [] }

    public static func tenants(in store: Store) throws -> [Tenant] {
        try Tenant.lists(of: peers, in: groups, named: ["group_id"], store: store)
    }
}
