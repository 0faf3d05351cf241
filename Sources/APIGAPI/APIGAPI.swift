package import APIKit
internal import HTTP
internal import OTCKit
package import Store

/// Open Telekom Cloud API Gateway, dedicated gateways, version 2: the connections to a gateway's endpoint service.
package enum APIGAPI: API {
    package static let name = "apig"
    package static let title = "Open Telekom Cloud API Gateway"
    package static let basePath = "/v2"
    package static let checks: [Check] = [.encoding, .route, .credentials]
    package static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)
    /// The cloud's gateway takes a path with a slash at its end for another API.
    package static let ignoresTrailingSlash = false

    package static let collections = [OTC.projects, OTC.endpointServices, OTC.connections, instances]

    package static let endpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/connections",
            operation: "ListEndpointConnections",
            documentation: "https://support.huaweicloud.com/intl/en-us/api-apig/ListEndpointConnections.html",
            parameters: ConnectionFilters.parameters,
            handler: listEndpointConnections,
        )
    ]

    /// The live service adds the character set, which the documents do not name.
    static let contentType = "application/json; charset=utf-8"

    package static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] {
        [("X-Request-Id", call.id.hexadecimal)]
    }
}
