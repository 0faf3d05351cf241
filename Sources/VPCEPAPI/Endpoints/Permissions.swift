internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension VPCEPAPI {
    /// The most records that a whitelist may have.
    static let whitelistLimit = 100

    /// Querying Whitelist Records of a VPC Endpoint Service.
    static func listServicePermissions(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try serviceKeys(call, "vpcep:permissions:list")
        let filters = try Filters.permissions(call)
        let window = try Window(call, whitelistWindow)
        guard let service = try call.find(OTC.endpointServices, keys.project, keys.service) else {
            throw noSuchService(call.quirks)
        }
        return try list("permissions", window.query(OTC.whitelist, under: service), filters, window, call)
    }

    /// Batch Adding or Deleting Whitelist Records of a VPC Endpoint Service.
    static func addOrRemoveServicePermissions(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try serviceKeys(call, "vpcep:permissions:update")
        let body = try RequestBody<Self>(call).read(permissionFields)
        let permissions = (body["permissions"]?.arrayValue ?? []).compactMap(\.stringValue)
        let unknown = noSuchService(call.quirks)
        try call.write { rows in
            guard let service = try rows.find(OTC.endpointServices, [keys.project, keys.service]) else { throw unknown }
            if body["action"] == "add" {
                let count = try OTC.add(permissions, to: service, at: call.now, atMost: whitelistLimit, rows) {
                    call.freshIdentifier().uuid
                }
                guard count <= whitelistLimit else { throw Failure.whitelistFull }
            } else {
                try OTC.remove(permissions, from: service, rows)
            }
        }
        return Reply(json: ["permissions": .array(permissions.map(JSON.string))])
    }

    static let whitelistWindow = Window.Parameters(keys: ["created_at"], atMost: 500)

    static let permissionFields: [Field] = [
        .required(
            "action",
            .choice(["add", "remove"]),
            missing: .invalidPermissionAction,
            otherwise: .invalidPermissionAction
        ),
        .required("permissions", .list(of: .text(.any)), missing: .noPermissions, otherwise: .noPermissions),
        .required("permissions", .list(of: .text(OTC.permission)), otherwise: .invalidPermission),
    ]
}
