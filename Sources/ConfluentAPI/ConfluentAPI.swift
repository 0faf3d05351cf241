package import PatchbayAPIKit
package import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayStore

/// Confluent Cloud for Apache Flink, SQL API: the connections of an environment.
package enum ConfluentAPI: API {
    package static let name = "confluent"
    package static let title = "Confluent Cloud SQL API"
    package static let brand = "Confluent"
    package static let basePath = "/sql/v1"
    package static let checks: [Check] = [.route, .credentials, .identity]
    package static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)

    package static let quirks = Quirks.all
    package static let catalogue = Failure.catalogue

    package static let collections = [
        apiKeys, tokens, users, regions, organizations, environments, computePools, connections,
    ]

    package static let root: (collection: Collection, capture: String)? = (organizations, "organization_id")

    package static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { quirks.take(Quirks.trailingSlash, "same") }

    package static func answersHead(_ quirks: Readings) -> Bool { quirks.take(Quirks.head, "as-get") }

    package static func undeclared(_ name: String, at endpoint: Endpoint<Self>, _ quirks: Readings) -> Failure? {
        // The lists of the control plane do not filter, and ignore it.
        guard endpoint.operation == "listSqlv1Connections", Paging.refusesUndeclared(quirks) else { return nil }
        return .undeclaredFilter(name)
    }

    package static func text(of id: Identifier) -> String { id.uuid }

    package static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)] {
        let identifier = [("X-Request-Id", text(of: id))]
        // Lists of the control plane count down; the SQL API says nothing before its limit is reached.
        guard let allowance, let limit = allowance.limit, request.target.path.hasPrefix("/org/")
        else { return identifier }
        return identifier + [
            ("X-RateLimit-Limit", String(limit)), ("X-RateLimit-Remaining", String(allowance.remaining)),
            ("X-RateLimit-Reset", String(allowance.resetsIn)),
        ]
    }

    package static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] {
        try Tenant.lists(
            of: connections,
            in: environments,
            named: ["organization_id", "environment_id"],
            below: root,
            store: store,
        )
    }
}
