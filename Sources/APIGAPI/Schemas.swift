internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension APIGAPI {
    /// A list object.
    static func listSchema(_ name: String, of item: JSON.Object) -> JSON.Object {
        Schema.object(["total": Schema.count, "size": Schema.count, name: Schema.list(of: item)])
    }

    static let connections = listSchema("connections", of: shown(OTC.connections, OTC.gatewayMembers))
    static let permissions = listSchema("permissions", of: shown(OTC.whitelist, ["id", "permission", "created_at"]))
    static let changedPermissions = Schema.object(["permissions": Schema.list(of: ["type": "string"])])
    static let gatewayList = listSchema("instances", of: Schema.object(summaryMembers))
    static let gatewayDetails = Schema.object(
        JSON.Object(
            Array(summaryMembers) + detailMembers.map { ($0, Schema.text) } + [
                ("ingress_ip", Schema.text), ("nat_eip_address", null), ("bandwidth_size", Schema.count),
                ("supported_features", Schema.list(of: ["type": "string"])),
                (
                    "node_ips",
                    .object(
                        Schema.object([
                            "livedata": Schema.list(of: ["type": "string"]),
                            "shubao": Schema.list(of: ["type": "string"]),
                        ])
                    )
                ), ("endpoint_service", null),
                (
                    "endpoint_services",
                    Schema.list(of: Schema.object(["service_name": Schema.text, "created_at": Schema.text]))
                ), ("publicips", addresses), ("privateips", addresses),
            ]
        )
    )
    static let accepted = Schema.object([
        "instance_id": Schema.text, "message": Schema.text, "job_id": Schema.text,
    ])
    static let progress = Schema.object([
        "progress": Schema.count, "status": Schema.words("creating", "success", "failed"),
        "error_code": ["type": ["string", "null"]], "error_msg": ["type": ["string", "null"]],
        "start_time": Schema.count, "end_time": Schema.count,
    ])

    private static let null: JSON = ["type": "null"]
    private static let addresses = Schema.list(
        of: Schema.object(["ip_address": Schema.text, "bandwidth_size": Schema.count])
    )

    private static let summaryMembers: JSON.Object = [
        "id": Schema.text, "project_id": Schema.text, "instance_name": Schema.text, "status": Schema.text,
        "instance_status": Schema.count, "type": Schema.text, "spec": Schema.text, "create_time": Schema.count,
        "enterprise_project_id": Schema.text, "eip_address": null, "charging_mode": Schema.count,
        "cbc_metadata": Schema.text, "loadbalancer_provider": Schema.text,
    ]

    private static func shown(_ collection: Collection, _ names: [String]) -> JSON.Object {
        collection.shownSchema { names.contains($0.name) }
    }
}
