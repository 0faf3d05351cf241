internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// How many resources a project may have.
enum Quota {
    /// As the user guide has it.
    static let services: Int64 = 20
    /// Nothing is said of it; the service's own default elsewhere.
    static let endpoints: Int64 = 50

    static let type = Parameter<String?>.choice("type", ["endpoint_service", "endpoint"]).means(.type)
}

extension VPCEPAPI {
    /// Querying the Quota.
    static func listQuotas(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:quotas:get")
        let type = try call.query(Quota.type)
        guard let parent = try call.find(OTC.projects, project) else { throw Failure(.forbidden) }
        var resources: [JSON] = []
        for (name, collection, quota) in [
            ("endpoint_service", OTC.endpointServices, Quota.services), ("endpoint", OTC.endpoints, Quota.endpoints),
        ] where type == nil || type == name {
            let used = try call.page(Query(collection, under: parent, limit: 0)).total
            // Seeds may hold more than could be created.
            let numbers = (used: JSON.Number(used), quota: JSON.Number(max(quota, used)))
            resources.append(["type": .string(name), "used": .number(numbers.used), "quota": .number(numbers.quota)])
        }
        return Reply(json: ["quotas": ["resources": .array(resources)]])
    }
}
