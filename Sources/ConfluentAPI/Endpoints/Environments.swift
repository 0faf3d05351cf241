internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    /// List of Environments: those that the caller reaches.
    static func listOrgV2Environments(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let identity = call.identity
        let items = try call.documents(in: environments)
            .filter { identity?.reaches($0.keys[0], environment: $0.keys[1]) ?? true }
            .map { (key: $0.keys, item: shown(environment: $0.document, of: $0.keys[0], call)) }
        return try Directory(version: "org/v2", kind: "EnvironmentList").reply(items, to: call)
    }

    /// Read an Environment, of whichever organization has one of that name.
    static func getOrgV2Environment(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let id = call.capture("environment_id").text
        let found = try call.documents(in: environments).filter { $0.document["id"] == .string(id) }
        guard let first = found.first else { throw .noEnvironment(id) }
        guard let identity = call.identity else {
            return Reply(json: .object(shown(environment: first.document, of: first.keys[0], call)))
        }
        guard let reached = found.first(where: { identity.reaches($0.keys[0], environment: id) }) else {
            throw .forbidden(user: identity.user, resource: id)
        }
        return Reply(json: .object(shown(environment: reached.document, of: reached.keys[0], call)))
    }

    private static func shown(
        environment document: JSON.Object,
        of organization: String,
        _ call: borrowing Call<Self>,
    ) -> JSON.Object {
        let id = document["id"]?.stringValue ?? ""
        let name = "crn://confluent.cloud/organization=\(organization)/environment=\(id)"
        return [
            "api_version": "org/v2",
            "display_name": document["display_name"] ?? .null,
            "id": .string(id),
            "kind": "Environment",
            "metadata": [
                "created_at": document["created_at"] ?? .null,
                "resource_name": .string(name),
                "self": .string("\(call.origin)/org/v2/environments/\(URLText.encoded(id))"),
                "updated_at": document["updated_at"] ?? .null,
            ],
        ]
    }
}
