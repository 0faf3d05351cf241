package import PatchbayAPIKit
package import PatchbayOTCKit
package import PatchbayStore

/// Open Telekom Cloud VPC Endpoint, version 1: the connections of an endpoint service, as its owner sees them.
package enum VPCEPAPI: OTCService {
    package static let name = "vpcep"
    package static let title = "Open Telekom Cloud VPC Endpoint"
    package static let brand = "VPC Endpoint"
    package static let basePath = "/v1"
    package static let gateway = GatewayQuirks(
        of: "vpcep",
        sections: (method: "8.15", head: "8.19", escape: "8.20", signature: "8.23"),
    )
    package static let quirks = Quirks.all
    package static let catalogue = Failure.catalogue

    package static let collections = OTC.collections

    package static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] {
        try Tenant.lists(
            of: OTC.connections,
            in: OTC.endpointServices,
            named: ["project_id", "vpc_endpoint_service_id"],
            below: root,
            store: store,
        )
    }
}
