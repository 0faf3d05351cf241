internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// The whitelist of a gateway's endpoint service, which is that of VPC Endpoint.
extension APIGAPI {
    /// Querying the Whitelist Records of a VPC Endpoint Service.
    static func listEndpointPermissions(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try gatewayKeys(call, "apig:instances:get")
        let filters = try Filters.permissions(call)
        let service = try endpointService(keys, call)
        var query = filters.query(OTC.whitelist, under: service)
        query.direction = .descending
        query.view = OTC.gatewayView
        return try list("permissions", query, filters, call)
    }

    /// Adding Whitelist Records for a VPC Endpoint Service.
    static func addEndpointPermissions(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (keys, permissions, quirks) = try permissionChange(call)
        try call.write { rows in
            let (service, _) = try endpointService(keys, rows, quirks)
            try OTC.add(permissions, to: service, at: call.now, rows) { call.freshIdentifier().uuid }
        }
        return answer(["permissions": .array(permissions.map(JSON.string))])
    }

    /// Deleting Whitelist Records of a VPC Endpoint Service.
    static func deleteEndpointPermissions(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (keys, permissions, quirks) = try permissionChange(call)
        try call.write { rows in
            let (service, _) = try endpointService(keys, rows, quirks)
            try OTC.remove(permissions, from: service, rows)
        }
        return answer(["permissions": .array(permissions.map(JSON.string))])
    }

    private static func permissionChange(
        _ call: borrowing Call<Self>
    ) throws(Failure) -> (keys: GatewayKeys, permissions: [String], quirks: Readings) {
        let keys = try gatewayKeys(call, "apig:instances:update")
        let body = try RequestBody<Self>(call, otherwise: .badMember("body")).read(permissionFields)
        let permissions = (body["permissions"]?.arrayValue ?? []).compactMap(\.stringValue)
        let refused = ["record": "iam:domain::*", "account": "*"][call.quirks[Quirks.wildcard]]
        if let refused, permissions.contains(refused) { throw .badMember("permissions") }
        return (keys, permissions, call.quirks)
    }

    static let permissionFields: [Field] = [
        .required("permissions", .list(of: .text(permission))) { (1...50).contains($0.arrayValue?.count ?? 0) }
    ]

    private static let permission = Member.TextForm(
        "iam:domain:: and an account, or *",
        pattern: "^(\\*|iam:domain::(\\*|[0-9a-f]{32}))$"
    ) { text in
        ["*", "iam:domain::*"].contains(text)
            || text.hasPrefix("iam:domain::")
                && Member.TextForm.hexadecimal(32).matches(String(text.dropFirst("iam:domain::".count)))
    }
}
