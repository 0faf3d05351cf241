package import APIKit
internal import HTTP
internal import OTCKit
package import Store

/// Open Telekom Cloud VPC Endpoint, version 1: the connections of an endpoint service, as its owner sees them.
package enum VPCEPAPI: API {
    package static let name = "vpcep"
    package static let title = "Open Telekom Cloud VPC Endpoint"
    package static let basePath = "/v1"
    package static let checks: [Check] = [.encoding, .route, .credentials]
    package static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)
    /// The cloud's gateway takes a path with a slash at its end for another API.
    package static let ignoresTrailingSlash = false

    package static let collections = [OTC.projects, OTC.endpointServices, OTC.connections]

    package static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}/connections",
            operation: "ListServiceConnections",
            documentation: "https://support.huaweicloud.com/intl/en-us/api-vpcep/vpcep_06_0206.html",
            parameters: ConnectionFilters.parameters,
            handler: listServiceConnections,
        )
    ]

    package static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] {
        [("X-Request-Id", call.id.hexadecimal)]
    }

    package static func tenants(in store: Store) throws -> [Tenant] {
        try Tenant.lists(
            of: OTC.connections,
            in: OTC.endpointServices,
            named: ["project_id", "vpc_endpoint_service_id"],
            store: store,
        )
    }
}
