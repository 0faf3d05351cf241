internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension VPCEPAPI {
    /// A list object.
    static func listSchema(_ name: String, of item: JSON.Object) -> JSON.Object {
        Schema.object([name: Schema.list(of: item), "total_count": Schema.count])
    }

    static let connections = listSchema("connections", of: OTC.connections.shownSchema())
    static let actedOn = Schema.object(["connections": Schema.list(of: OTC.connections.shownSchema())])
    static let permissions = listSchema("permissions", of: OTC.whitelist.shownSchema())
    static let changedPermissions = Schema.object(["permissions": Schema.list(of: ["type": "string"])])
    static let endpoint = OTC.shownEndpointMembers.shownSchema
    static let service = serviceMembers().shownSchema
    static let services = listSchema(
        "endpoint_services",
        of: serviceMembers(and: [
            Member("domain_id", .text(.hexadecimal(32))), Member("connection_count", .integer(0...Int64.max)),
            Member("error", .list(of: .object(OTC.errorMembers)), .optional),
        ]).shownSchema
    )
    static let summary = summaryMembers.shownSchema
    static let publicServices = listSchema(
        "endpoint_services",
        of: (summaryMembers + [Member("owner", .text(.any))]).shownSchema
    )
    static let quotas = Schema.object([
        "quotas": .object(
            Schema.object([
                "resources": Schema.list(
                    of: Schema.object([
                        "type": Schema.words("endpoint_service", "endpoint"), "used": Schema.count,
                        "quota": Schema.count,
                    ])
                )
            ])
        )
    ])
    static let version = Schema.object([
        "version": .object(
            Schema.object([
                "status": Schema.text, "id": Schema.text, "updated": Schema.text, "version": Schema.text,
                "min_version": Schema.text,
                "links": Schema.list(
                    of: Schema.object(["rel": Schema.text, "href": Schema.text, "type": Schema.text])
                ),
            ])
        )
    ])

    private static func serviceMembers(and further: [Member] = []) -> [Member] {
        let members = OTC.endpointServices.members + [Member("project_id", .text(.any))]
        return members.filter { shownServiceMembers.contains($0.name) } + further
    }

    private static let summaryMembers =
        OTC.endpointServices.members.filter { publicMembers.contains($0.name) } + [Member("is_charge", .boolean)]
}
