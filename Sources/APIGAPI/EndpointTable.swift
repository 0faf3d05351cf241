package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// The endpoint table.
extension APIGAPI {
    package static let endpoints: [Endpoint<Self>] = connectionEndpoints + instanceEndpoints

    private static let connectionEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/connections",
            operation: "ListEndpointConnections",
            documentation: page("ListEndpointConnections"),
            parameters: Filters.window + [
                Filters.id.description, Filters.markerID.description, Filters.status.description,
            ],
            answer: connections,
            handler: listEndpointConnections,
        ),
        Endpoint(
            .post,
            "/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/connections/action",
            operation: "AcceptOrRejectEndpointConnections",
            documentation: page("AcceptOrRejectEndpointConnections"),
            body: { RequestBody<Self>.schema(actionFields) },
            answer: connections,
            handler: acceptOrRejectEndpointConnections,
        ),
        Endpoint(
            .get,
            "/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/permissions",
            operation: "ListEndpointPermissions",
            documentation: page("ListEndpointPermissions"),
            parameters: Filters.window + [Filters.permission.description],
            answer: permissions,
            handler: listEndpointPermissions,
        ),
        Endpoint(
            .post,
            "/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/permissions/batch-add",
            operation: "AddEndpointPermissions",
            documentation: page("AddEndpointPermissions"),
            body: { RequestBody<Self>.schema(permissionFields) },
            answer: changedPermissions,
            handler: addEndpointPermissions,
        ),
        Endpoint(
            .post,
            "/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/permissions/batch-delete",
            operation: "DeleteEndpointPermissions",
            documentation: page("DeleteEndpointPermissions"),
            body: { RequestBody<Self>.schema(permissionFields) },
            answer: changedPermissions,
            handler: deleteEndpointPermissions,
        ),
    ]

    private static let instanceEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/{project_id}/apigw/instances",
            operation: "ListInstancesV2",
            documentation: page("ListInstancesV2"),
            parameters: Filters.window + [
                Filters.instanceID.description, Filters.instanceName.description, Filters.instanceStatus.description,
            ],
            answer: gatewayList,
            handler: listInstances,
        ),
        Endpoint(
            .post,
            "/{project_id}/apigw/instances",
            operation: "CreateInstanceV2",
            documentation: page("CreateInstanceV2"),
            body: { RequestBody<Self>.schema(instanceFields) },
            success: .accepted,
            answer: accepted,
            handler: createInstance,
        ),
        Endpoint(
            .get,
            "/{project_id}/apigw/instances/{instance_id}",
            operation: "ShowDetailsOfInstanceV2",
            documentation: page("ShowDetailsOfInstanceV2"),
            answer: gatewayDetails,
            handler: showDetailsOfInstance,
        ),
        Endpoint(
            .put,
            "/{project_id}/apigw/instances/{instance_id}",
            operation: "UpdateInstanceV2",
            documentation: page("UpdateInstanceV2"),
            body: { RequestBody<Self>.schema(instanceChanges) },
            answer: gatewayDetails,
            handler: updateInstance,
        ),
        Endpoint(
            .delete,
            "/{project_id}/apigw/instances/{instance_id}",
            operation: "DeleteInstancesV2",
            documentation: page("DeleteInstancesV2"),
            success: .noContent,
            handler: deleteInstances,
        ),
        Endpoint(
            .get,
            "/{project_id}/apigw/instances/{instance_id}/progress",
            operation: "ShowDetailsOfInstanceProgressV2",
            documentation: page("ShowDetailsOfInstanceProgressV2"),
            answer: progress,
            handler: showDetailsOfInstanceProgress,
        ),
    ]

    private static func page(_ operation: String) -> String {
        "https://support.huaweicloud.com/intl/en-us/api-apig/\(operation).html"
    }
}
