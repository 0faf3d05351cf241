package import PatchbayStore
internal import Synchronization

/// Which tenants there are by which names, and what they are copied from.
extension World {
    /// The first list of an API, which the seeds begin with: the vendor's documented example in the bundled ones.
    ///
    /// - Throws: `SQLiteError`.
    package func example(of service: Service) throws -> Tenant? {
        if let known = examples.withLock({ $0[service.name] }) { return known }
        return try lists(of: service).first
    }

    /// The lists of an API that can be asked for.
    ///
    /// - Throws: `SQLiteError`.
    package func lists(of service: Service) throws -> [Tenant] {
        let lists = try service.tenants(store)
        // Kept from the first time on, which is when the seeds are loaded: the list may be deleted, its tenant is there.
        examples.withLock { examples in
            if examples[service.name] == nil { examples[service.name] = lists.first }
        }
        return lists
    }

    /// What a name stands for.
    package struct NamedTenant: Sendable {
        /// Whether the name is the label of a tenant that was made.
        package var isLabel: Bool
        /// The roots, by the API; one project can be the tenant of several APIs.
        package var roots: [(api: String, root: Root)]
    }

    /// The tenants that a name stands for: those that were made under that label, or else those of that identifier.
    ///
    /// - Parameters:
    ///   - name: the label or identifier.
    ///   - api: the API that is meant; any when `nil`.
    /// - Returns: their roots; none when there is no such tenant.
    /// - Throws: `SQLiteError`.
    package func tenant(named name: String, api: String? = nil) throws -> NamedTenant {
        let made = try store.madeTenants().filter { $0.label == name }
        var found = NamedTenant(isLabel: !made.isEmpty, roots: [])
        for service in services where api == nil || api == service.name {
            guard let collection = service.root else { continue }
            if found.isLabel {
                let own = made.first { $0.root.isRow(of: collection) && $0.apis.contains(service.name) }
                if let own { found.roots.append((service.name, own.root)) }
            } else if try store.find(collection, [name]) != nil {
                found.roots.append((service.name, Root(collection, name)))
            }
        }
        return found
    }

    /// The identifier that a tenant of a label has in an API: the label itself where it is like that of another tenant, or else
    /// one in the form of the vendor's that is always the same for the label.
    package func identifier(for label: String, like example: String?, in service: Service) -> String {
        let other = Identifier(of: label)
        let forms = [label, other.hexadecimal, String(other.hexadecimal.prefix(24)), other.uuid]
        let possible = forms.filter { service.takesRoot($0, quirks) }
        return possible.first { $0.utf8.count == example?.utf8.count } ?? possible.first ?? label
    }

    /// What a label is to stand for: one tenant for each kind of root that some APIs have, a copy of their examples or of a
    /// certain one.
    ///
    /// - Parameters:
    ///   - label: the label.
    ///   - services: the APIs that it is to be a tenant of; those that have no tenants, and nothing to copy, are left out.
    ///   - source: the identifier of the tenant to copy, or the label that it was made under; each API's example when `nil`.
    /// - Returns: the tenants, in the order of the APIs.
    /// - Throws: `SQLiteError`.
    package func tenants(_ label: String, of services: [Service], from source: String? = nil) throws -> [MadeTenant] {
        let made = try store.madeTenants().filter { $0.label == source }
        var tenants: [MadeTenant] = []
        for service in services {
            guard let collection = service.root, let capture = service.rootCapture else { continue }
            let example = try example(of: service)?.parameters.first { $0.name == capture }?.value
            let labelled = made.first { $0.root.isRow(of: collection) && $0.apis.contains(service.name) }
            guard let key = made.isEmpty ? source ?? example : labelled?.root.key else { continue }
            guard try source == nil || store.canCopy(collection, key) else { continue }
            if let known = tenants.firstIndex(where: { $0.root.isRow(of: collection) }) {
                tenants[known].apis.append(service.name)
                if !tenants[known].sources.contains(key) { tenants[known].sources.append(key) }
            } else {
                let root = Root(collection, identifier(for: label, like: example, in: service))
                tenants.append(MadeTenant(label, root, from: [key], for: [service.name]))
            }
        }
        return tenants
    }

    /// Forgets what is kept beside the rows of tenants: what they were asked, what goes wrong for them, what time it is
    /// there, how they were saved.
    package func forget(_ roots: [Root]) {
        for root in roots {
            journal.clear(root)
            diagnostics.clear(root)
            faults.removeAll([root])
            clocks.reset(root)
        }
        faults.removeAll(roots)
        store.removeSnapshots(of: roots)
    }

    /// Makes the tenant of a root that is asked for and not there, where an identifier can be like its own.
    func open(_ root: Root) {
        do {
            let sharing = services.filter { $0.root.map(root.isRow) == true }
            guard let service = sharing.first, let collection = service.root, service.takesRoot(root.key, quirks),
                try store.find(collection, [root.key]) == nil
            else { return }
            for var tenant in try tenants(root.key, of: sharing) {
                tenant.root = root
                _ = try store.makeIfMissing(tenant)
            }
        } catch {
            report("a tenant could not be opened: \(error)")
        }
    }
}
