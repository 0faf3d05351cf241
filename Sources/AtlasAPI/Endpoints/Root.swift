internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// What clients ask to see whether their key works (contract section 3, tier C).
extension AtlasAPI {
    /// Root: the application, and the key that asks.
    static func getRoot(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let edition = try Edition(call)
        var body: JSON.Object = [:]
        if case .digest(let response, _) = call.credentials {
            let key = call.identity?.document ?? ["public_key": .string(response.username)]
            body["apiKey"] = .object(shown(key))
        }
        body["appName"] = "MongoDB Atlas"
        body["build"] = build
        body["links"] = [link(call.origin + edition.basePath, "self")]
        body["throttling"] = false
        return Presentation.reply(.ok, body, to: call, edition)
    }

    /// Some commit: nothing follows from it.
    private static let build: JSON = "0000000000000000000000000000000000000000"

    /// A key without what is secret.
    private static func shown(_ key: JSON.Object) -> JSON.Object {
        let name = key["public_key"]?.stringValue ?? ""
        let ranges = (key.texts("access_list") ?? []).map { range -> JSON in
            let isAddress = !range.contains("/")
            return [
                "cidrBlock": isAddress ? .null : .string(range), "ipAddress": isAddress ? .string(range) : .null,
            ]
        }
        let roles = Identity(key).roles.map { role -> JSON in
            guard role.group == "*" else { return ["groupId": .string(role.group), "roleName": .string(role.role)] }
            return ["orgId": organization, "roleName": .string(role.role.replacing("GROUP_", with: "ORG_"))]
        }
        return [
            "accessList": .array(ranges), "id": .string(ObjectID.standing(for: name)), "publicKey": .string(name),
            "roles": .array(roles),
        ]
    }
}
