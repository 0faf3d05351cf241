package import APIKit
internal import JSON
internal import OTCKit
package import Store

extension APIGAPI {
    /// Dedicated gateways of a project.
    package static let instances = Collection(
        "instances",
        in: "otc",
        under: OTC.projects,
        key: "id",
        members: [
            Member("id", .text(.hexadecimal(32)), says: "What stands in the path."),
            Member(
                "endpoint_service_id",
                .text(.uuid),
                .optional,
                says: "The gateway's endpoint service, one of the project; without it the gateway has none.",
            ),
        ],
        references: [("endpoint_service_id", OTC.endpointServices)],
    )

    package static func tenants(in store: Store) throws -> [Tenant] {
        var connections: [[String]: Int64] = [:]
        for (keys, count) in try store.counts(of: OTC.connections, in: OTC.endpointServices) {
            connections[keys] = count
        }
        return try store.documents(in: instances).compactMap { keys, instance in
            let service = instance["endpoint_service_id"]?.stringValue
            guard let service, let rows = connections[[keys[0], service]] else { return nil }
            return Tenant([("project_id", keys[0]), ("instance_id", keys[1])], rows: rows)
        }
    }
}
