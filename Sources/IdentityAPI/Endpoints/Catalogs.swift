internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

extension IdentityAPI {
    /// Querying the Service Catalog: "the scope of the token must be project".
    static func showCatalog(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let caller = try Caller(call)
        guard !caller.isWithoutProject else { throw .denied }
        var project: Project?
        if let id = caller.project { project = try Project.named(id, call) }
        return Reply(json: [
            "catalog": Catalog.entries(for: project, origin: call.origin),
            "links": ["self": .string("\(call.origin)/v3/auth/catalog")],
        ])
    }
}
