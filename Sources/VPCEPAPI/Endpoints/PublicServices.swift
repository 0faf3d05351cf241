internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// What others may know of an endpoint service.
extension VPCEPAPI {
    /// Querying Basic Information About a VPC Endpoint Service.
    static func describeEndpointService(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:epserviceDesc:get")
        let name = try call.query(Filters.serviceName)
        let id = try call.query(Filters.id)
        guard name != nil || id != nil else { throw .noServiceID }
        let services = try call.documents(in: OTC.endpointServices).filter { _, service in
            (id == nil || service["id"]?.stringValue == id)
                && (name == nil || service["service_name"]?.stringValue == name)
        }
        guard let account = try account(of: project, call) else { throw Failure(.forbidden) }
        // One's own comes first where another project has one of the same identifier.
        let own = services.filter { $0.keys[0] == project }
        for (keys, service) in own + services where try isKnown(keys, to: account, call) {
            // What the project itself has lost, others have only copied.
            if keys[0] != project, try call.isLost(OTC.endpointServices, project, keys[1]) { continue }
            return Reply(json: .object(summary(of: service, call.quirks)))
        }
        throw .notFound
    }

    /// Querying Public VPC Endpoint Services: those that are open to everybody.
    static func listPublicEndpointServices(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:pubEpservices:list")
        let name = try call.query(Filters.serviceName)?.lowercased()
        let id = try call.query(Filters.id)
        let window = try Window(call)
        let open = try call.documents(in: OTC.whitelist).filter { isForAll($0.document) }.map {
            Array($0.keys.prefix(2))
        }
        var services = try call.documents(in: OTC.endpointServices).filter { keys, service in
            open.contains(keys) && service["status"] == "available"
                && (id == nil || service["id"]?.stringValue == id)
                && (name.map { service["service_name"]?.stringValue?.lowercased().contains($0) == true } ?? true)
        }
        // Tenants that were made do not see each other, nor do others see them.
        let made = try call.madeRoots().subtracting([Root(OTC.projects, project)])
        services.removeAll { made.contains(Root(OTC.projects, $0.keys[0])) }
        services.sort { left, right in
            let values = [left, right].map { [$0.document[window.order]?.stringValue ?? ""] + $0.keys.reversed() }
            return window.direction == .ascending
                ? values[0].lexicographicallyPrecedes(values[1]) : values[1].lexicographicallyPrecedes(values[0])
        }
        try window.check(total: Int64(services.count), call.quirks)
        var items: [JSON] = []
        for (keys, service) in services.dropFirst(Int(clamping: window.offset)).prefix(Int(window.limit)) {
            let owner = try account(of: keys[0], call).map(JSON.string) ?? .null
            var item = summary(of: service, call.quirks)
            item["owner"] = owner
            items.append(.object(JSON.Object(publicMembers.compactMap { name in item[name].map { (name, $0) } })))
        }
        let total = JSON.Number(services.count)
        return Reply(json: ["endpoint_services": .array(items), "total_count": .number(total)], rows: items.count)
    }

    static let publicMembers = ["id", "owner", "service_name", "service_type", "created_at", "is_charge"]

    /// Samples quote `is_charge`, but clients read a Boolean (contract section 4.6).
    private static func summary(of service: JSON.Object, _ quirks: Readings) -> JSON.Object {
        var summary = JSON.Object(
            ["id", "service_name", "service_type", "created_at"].compactMap { name in service[name].map { (name, $0) } }
        )
        summary["is_charge"] = quirks.take(Quirks.isCharge, "text") ? "true" : true
        return summary
    }

    private static func isForAll(_ permission: JSON.Object) -> Bool {
        ["*", "iam:domain::*"].contains(permission["permission"]?.stringValue ?? "")
    }

    private static func account(of project: String, _ call: borrowing Call<Self>) throws(Failure) -> String? {
        guard let row = try call.find(OTC.projects, project) else { return nil }
        return try call.document(OTC.projects, row)?["domain_id"]?.stringValue
    }

    /// Whether a service lets an account in.
    private static func isKnown(
        _ keys: [String],
        to account: String,
        _ call: borrowing Call<Self>
    ) throws(Failure) -> Bool {
        if try self.account(of: keys[0], call) == account { return true }
        let permissions = try call.documents(in: OTC.whitelist).filter { Array($0.keys.prefix(2)) == keys }
        return permissions.contains { _, permission in
            isForAll(permission) || permission["permission"]?.stringValue == "iam:domain::\(account)"
        }
    }
}
