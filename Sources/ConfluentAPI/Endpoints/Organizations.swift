internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    /// List of Organizations: those that the caller belongs to.
    static func listOrgV2Organizations(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let identity = call.identity
        let items = try call.documents(in: organizations).filter { identity?.reaches($0.keys[0]) ?? true }
            .map { (key: $0.keys, item: shown(organization: $0.document, call)) }
        return try Directory(version: "org/v2", kind: "OrganizationList").reply(items, to: call)
    }

    private static func shown(organization document: JSON.Object, _ call: borrowing Call<Self>) -> JSON.Object {
        let id = document["id"]?.stringValue ?? ""
        return [
            "api_version": "org/v2",
            "display_name": document["display_name"] ?? .null,
            "id": .string(id),
            "kind": "Organization",
            "metadata": [
                "resource_name": .string("crn://confluent.cloud/organization=\(id)"),
                "self": .string("\(call.origin)/org/v2/organizations/\(URLText.encoded(id))"),
            ],
        ]
    }
}
