internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit

/// A project as the identity service shows it.
struct Project {
    var id: String
    var name: String
    var domainID: String
    /// The region that it is in, by which clients choose endpoints: what stands before the underscore of its name.
    var region: String

    private init(_ document: JSON.Object) {
        let name = document["name"]?.stringValue
        id = document["project_id"]?.stringValue ?? ""
        self.name = name ?? id
        domainID = document["domain_id"]?.stringValue ?? ""
        region = name.map { String($0.prefix { $0 != "_" }) } ?? Self.usualRegion
    }

    /// The region of a project whose name does not say one.
    private static let usualRegion = "eu-de"

    /// All projects by their identifiers, so that a list is the same in each run.
    static func all(_ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) -> [Project] {
        try call.documents(in: OTC.projects).map { Project($0.document) }.sorted { $0.id < $1.id }
    }

    /// The project with an identifier.
    static func named(_ id: String, _ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) -> Project? {
        guard let row = try call.find(OTC.projects, id) else { return nil }
        return try call.document(OTC.projects, row).map { Project($0) }
    }

    /// As it stands in a list, with the members in the document's order.
    ///
    /// - Parameters:
    ///   - siblings: all projects, one of which may be the region's that this one is below.
    ///   - origin: what links begin with.
    /// - Returns: the project's members.
    func listed(among siblings: [Project], origin: String) -> JSON.Object {
        let above = siblings.first { $0.domainID == domainID && $0.name == region && $0.id != id }
        let isBelow = name.hasPrefix(region + "_")
        return [
            "is_domain": false,
            "description": "",
            "links": ["self": .string("\(origin)/v3/projects/\(id)")],
            "enabled": true,
            "id": .string(id),
            "parent_id": .string(isBelow ? above?.id ?? domainID : domainID),
            "domain_id": .string(domainID),
            "name": .string(name),
        ]
    }
}
