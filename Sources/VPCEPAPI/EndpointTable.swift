package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// The endpoint table.
extension VPCEPAPI {
    package static let endpoints: [Endpoint<Self>] =
        connectionEndpoints + serviceEndpoints + permissionEndpoints + endpointEndpoints + [
            Endpoint(
                .get,
                "/{project_id}/quotas",
                operation: "ListQuotaDetails",
                documentation: page("vpcep_06_0401"),
                parameters: [Quota.type.description],
                captures: captures,
                answer: quotas,
                handler: listQuotas,
            ),
            Endpoint(
                .get,
                "",
                access: .open,
                operation: "ListSpecifiedVersionDetails",
                documentation: page("vpcep_06_0102"),
                answer: version,
                handler: showVersion,
            ),
        ]

    private static let connectionEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}/connections",
            operation: "ListServiceConnections",
            documentation: page("vpcep_06_0206"),
            parameters: [
                Filters.connectionID.description, Filters.markerID.description, Filters.connectionStatus.description,
            ] + Window.parameters.descriptions,
            captures: captures,
            answer: connections,
            handler: listServiceConnections,
        ),
        Endpoint(
            .post,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}/connections/action",
            operation: "AcceptOrRejectEndpoint",
            documentation: page("vpcep_06_0207"),
            captures: captures,
            body: { RequestBody<Self>.schema(actionFields) },
            answer: actedOn,
            handler: acceptOrRejectEndpoint,
        ),
    ]

    private static let serviceEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .post,
            "/{project_id}/vpc-endpoint-services",
            operation: "CreateEndpointService",
            documentation: page("vpcep_06_0201"),
            captures: captures,
            body: { RequestBody<Self>.schema(serviceFields) },
            answer: service,
            handler: createEndpointService,
        ),
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoint-services",
            operation: "ListEndpointService",
            documentation: page("vpcep_06_0205"),
            parameters: [
                Filters.serviceName.description, Filters.id.description, Filters.serviceStatus.description,
            ] + Window.parameters.descriptions,
            captures: captures,
            answer: services,
            handler: listEndpointServices,
        ),
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}",
            operation: "ListServiceDetails",
            documentation: page("vpcep_06_0202"),
            captures: captures,
            answer: service,
            handler: showEndpointService,
        ),
        Endpoint(
            .put,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}",
            operation: "UpdateEndpointService",
            documentation: page("vpcep_06_0203"),
            captures: captures,
            body: { RequestBody<Self>.schema(serviceChanges) },
            answer: service,
            handler: updateEndpointService,
        ),
        Endpoint(
            .delete,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}",
            operation: "DeleteEndpointService",
            documentation: page("vpcep_06_0204"),
            captures: captures,
            success: .noContent,
            handler: deleteEndpointService,
        ),
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoint-services/describe",
            operation: "ListServiceDescribeDetails",
            documentation: page("vpcep_06_0302"),
            parameters: [Filters.serviceName.description, Filters.id.description],
            captures: captures,
            answer: summary,
            handler: describeEndpointService,
        ),
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoint-services/public",
            operation: "ListServicePublicDetails",
            documentation: page("vpcep_06_0301"),
            parameters: [Filters.serviceName.description, Filters.id.description] + Window.parameters.descriptions,
            captures: captures,
            answer: publicServices,
            handler: listPublicEndpointServices,
        ),
    ]

    private static let permissionEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}/permissions",
            operation: "ListServicePermissionsDetails",
            documentation: page("vpcep_06_0208"),
            parameters: [Filters.permission.description] + whitelistWindow.descriptions,
            captures: captures,
            answer: permissions,
            handler: listServicePermissions,
        ),
        Endpoint(
            .post,
            "/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}/permissions/action",
            operation: "AddOrRemoveServicePermissions",
            documentation: page("vpcep_06_0209"),
            captures: captures,
            body: { RequestBody<Self>.schema(permissionFields.reversed()) },
            answer: changedPermissions,
            handler: addOrRemoveServicePermissions,
        ),
    ]

    private static let endpointEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .post,
            "/{project_id}/vpc-endpoints",
            operation: "CreateEndpoint",
            documentation: page("vpcep_06_0303"),
            captures: captures,
            body: { RequestBody<Self>.schema(endpointFields) },
            answer: endpoint,
            handler: createEndpoint,
        ),
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoints",
            operation: "ListEndpoints",
            documentation: page("vpcep_06_0306"),
            parameters: [
                Filters.serviceName.description, Filters.vpcID.description, Filters.id.description,
            ] + Window.parameters.descriptions,
            captures: captures,
            answer: listSchema("endpoints", of: endpoint),
            handler: listEndpoints,
        ),
        Endpoint(
            .get,
            "/{project_id}/vpc-endpoints/{vpc_endpoint_id}",
            operation: "ListEndpointInfoDetails",
            documentation: page("vpcep_06_0304"),
            captures: captures,
            answer: endpoint,
            handler: showEndpoint,
        ),
        Endpoint(
            .delete,
            "/{project_id}/vpc-endpoints/{vpc_endpoint_id}",
            operation: "DeleteEndpoint",
            documentation: page("vpcep_06_0305"),
            captures: captures,
            success: .noContent,
            handler: deleteEndpoint,
        ),
    ]

    private static let captures: [String: JSON.Object] = [
        "project_id": ["type": "string", "minLength": 1, "maxLength": 64]
    ]

    private static func page(_ name: String) -> String {
        "https://support.huaweicloud.com/intl/en-us/api-vpcep/\(name).html"
    }
}
