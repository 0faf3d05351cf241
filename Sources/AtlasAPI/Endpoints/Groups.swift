internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Projects, which clients look up first (contract section 3, tier C).
extension AtlasAPI {
    /// Get All Projects: those in which the caller has a role, by ascending identifier.
    static func listProjects(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let edition = try Edition(call)
        let paging = try Paging(call)
        let documents = try call.documents(in: groups).map(\.document).sorted {
            ($0["id"]?.stringValue ?? "") < ($1["id"]?.stringValue ?? "")
        }
        let seen = documents.filter { group in
            let id = group["id"]?.stringValue ?? ""
            return isAtlasGroup(group) && call.identity?.may(.read, in: id) != false
        }
        let origin = call.origin
        return paging.reply(paging.page(of: seen.map { shown($0, links: [], origin, edition) }), to: call, edition)
    }

    /// Get One Project.
    static func getProject(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try Group(call, to: .read)
        let body = shown(group.document, links: related, call.origin, group.edition)
        return Presentation.reply(.ok, body, to: call, group.edition)
    }

    /// Get One Project using Its Name.
    static func getProjectByName(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let edition = try Edition(call)
        let name = call.capture("name").text
        let named = try call.documents(in: groups).map(\.document).filter {
            isAtlasGroup($0) && groupName($0).utf8.elementsEqual(name.utf8)
        }
        guard !named.isEmpty else { throw .groupNameNotFound(name) }
        let seen = named.filter { call.identity?.may(.read, in: $0["id"]?.stringValue ?? "") != false }
        guard let only = seen.first else { throw Failure(.forbidden) }
        guard seen.count == 1 else { throw .multipleGroups }
        try authorize(call, to: .read, in: only["id"]?.stringValue ?? "", only)
        guard only["state"] != "SUSPENDED" else { throw .suspended }
        return Presentation.reply(.ok, shown(only, links: related, call.origin, edition), to: call, edition)
    }

    /// Whether a group is one of Atlas and can be loaded.
    private static func isAtlasGroup(_ group: JSON.Object) -> Bool {
        !["CLOUD_MANAGER", "INVALID"].contains(group["state"])
    }

    /// What a group is called.
    private static func groupName(_ group: JSON.Object) -> String {
        group["name"]?.stringValue ?? "project-\(group["id"]?.stringValue ?? "")"
    }

    /// What stands below a group, in the recorded order.
    private static let related = ["containers", "clusters", "databaseUsers", "peers", "processes", "whitelist"]

    /// A group as an edition shows it: version 1.0 has no tags.
    private static func shown(
        _ group: JSON.Object,
        links related: [String],
        _ origin: String,
        _ edition: Edition,
    ) -> JSON.Object {
        let id = group["id"]?.stringValue ?? ""
        let own = "\(origin)\(edition.basePath)/groups/\(id)"
        let links = related.map { link("\(own)/\($0)", "https://cloud.mongodb.com/\($0)") }
        let created = group["created"] ?? .string(ObjectID.creation(id).text(fractionDigits: 0))
        var shown: JSON.Object = [
            "clusterCount": group["clusterCount"] ?? 0, "created": created, "id": .string(id),
            "links": .array([link(own, "self")] + links), "name": .string(groupName(group)),
            "orgId": group["orgId"] ?? "",
        ]
        if edition == .version2 { shown["tags"] = [] }
        shown["withDefaultAlertsSettings"] = group["withDefaultAlertsSettings"] ?? true
        return shown
    }

    /// A link as all of Atlas's bodies have them.
    static func link(_ reference: String, _ relation: String) -> JSON {
        ["href": .string(reference), "rel": .string(relation)]
    }
}
