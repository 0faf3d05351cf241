public import APIKit
internal import HTTP
public import Store

/// Confluent Cloud for Apache Flink, SQL API: the connections of an environment.
public enum ConfluentAPI: API {
    public static let name = "confluent"
    public static let title = "Confluent Cloud SQL API"
    public static let basePath = "/sql/v1"
    public static let checks: [Check] = [.route, .credentials]
    public static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)

    public static let collections = [organizations, environments, connections]

    public static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/organizations/{organization_id}/environments/{environment_id}/connections",
            operation: "listSqlv1Connections",
            documentation: "https://docs.confluent.io/cloud/current/ccloud/connections-sql-v-1/",
            parameters: Paging.parameters,
            handler: listSqlv1Connections,
        ),
    ]

    public static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] {
        [("X-Request-Id", call.id.uuid)]
    }

    public static func tenants(in store: Store) throws -> [Tenant] {
        try Tenant.lists(
            of: connections,
            in: environments,
            named: ["organization_id", "environment_id"],
            store: store,
        )
    }
}
