internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What a control call is about: everything, or one tenant.
///
/// A tenant is a project, account, group or organization by its identifier, and by its API where several have one of that
/// identifier; or one that a test has made, by its label: then it has a root in several APIs.
struct Scope {
    /// The tenant as the call names it; `nil` for everything.
    var name: String?
    /// Its root rows; `nil` for everything.
    var roots: [Root]?

    /// Reads `?tenant=` and `&api=`.
    ///
    /// - Parameters:
    ///   - call: the call.
    ///   - filtersByAPI: whether `api=` means something to the call without a tenant; it would be about everything elsewhere,
    ///     which is not what was asked for.
    /// - Throws: when there is no such tenant or API, or `api=` alone means nothing.
    init(_ call: borrowing Call<ControlAPI>, filtersByAPI: Bool = false) throws(ControlAPI.Failure) {
        let services = call.world.services
        let api = call.queryValue("api")?.text
        if let api, !services.contains(where: { $0.name == api }) {
            throw .badParameter("api", "names no API", among: services.map(\.name), near: api)
        }
        guard let name = call.queryValue("tenant")?.text else {
            if api != nil, !filtersByAPI {
                throw .badParameter("api", "says whose a tenant is, and goes with tenant=")
            }
            return
        }
        let found = try ControlAPI.stored { () throws -> World.NamedTenant in
            try call.world.tenant(named: name, api: api)
        }
        guard !found.roots.isEmpty else { throw .noTenant(name, among: try ControlAPI.tenantNames(call)) }
        // One project can be the tenant of several APIs.
        var roots: [Root] = []
        for (_, root) in found.roots where !roots.contains(root) { roots.append(root) }
        guard found.isLabel || roots.count == 1 else { throw .severalTenants(name, of: found.roots.map(\.api)) }
        self.name = name
        self.roots = roots
    }

    /// The parts that have something of their own: each root of the tenant, or what all have in common.
    var parts: [Root?] { roots ?? [nil] }

    /// The beginning of an answer about the scope.
    var answer: JSON.Object { name.map { ["tenant": .string($0)] } ?? [:] }
}
