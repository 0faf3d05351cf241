internal import APIKit
internal import HTTP
internal import JSON
internal import Store

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
    init(_ call: borrowing Call<ControlAPI>) throws(ControlAPI.Failure) {
        let services = call.world.services
        let api = call.queryValue("api")?.text
        if let api, !services.contains(where: { $0.name == api }) {
            throw .badParameter("api", "names no API", among: services.map(\.name), near: api)
        }
        guard let name = call.queryValue("tenant")?.text else { return }
        var found: [(api: String, root: Root)] = []
        for service in services where api == nil || api == service.name {
            guard let root = service.root, try call.find(root, name) != nil else { continue }
            found.append((service.name, Root(root, name)))
        }
        guard let first = found.first else { throw .noTenant(name) }
        // One project can be the tenant of several APIs.
        guard found.allSatisfy({ $0.root == first.root }) else { throw .severalTenants(name, of: found.map(\.api)) }
        self.name = name
        roots = [first.root]
    }

    /// The parts that have something of their own: each root of the tenant, or what all have in common.
    var parts: [Root?] { roots ?? [nil] }

    /// The beginning of an answer about the scope.
    var answer: JSON.Object { name.map { ["tenant": .string($0)] } ?? [:] }
}
