internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Tenants: those of the seeds, and copies of them that tests have to themselves.
extension ControlAPI {
    static let tenantEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/tenants",
            operation: "listTenants",
            summary: "Every list that can be asked for: its API, the path parameters that lead to it, its rows.",
            answer: Schema.object(["tenants": Schema.list(of: listSchema)]),
            handler: listTenants,
        ),
        Endpoint(
            .get,
            "/tenants/{id}",
            operation: "readTenant",
            summary: "The lists of a tenant, by the label that it was made under or by its identifier.",
            answer: tenantSchema,
            handler: readTenant,
        ),
        Endpoint(
            .put,
            "/tenants/{id}",
            operation: "putTenant",
            summary: "Makes a tenant under a label: a copy of one of the seeds, for some APIs or for all.",
            body: { Schema.object(["api": apiSchema, "from": Schema.text], optional: ["api", "from"]) },
            isBodyOptional: true,
            success: .created,
            answer: tenantSchema,
            handler: putTenant,
        ),
        Endpoint(
            .delete,
            "/tenants/{id}",
            operation: "removeTenant",
            summary: "Drops what was made under a label.",
            answer: Schema.object([
                "id": Schema.text,
                "removed": Schema.list(
                    of: Schema.object(["collection": Schema.text, "removed": Schema.count])
                ),
            ]),
            handler: removeTenant,
        ),
    ]

    private static let listSchema = Schema.object(
        [
            "api": Schema.text, "parameters": ["type": "object"], "rows": Schema.count, "tenant": Schema.text,
            "label": Schema.text, "from": Schema.list(of: ["type": "string"]),
        ],
        optional: ["tenant", "label", "from"]
    )

    /// One name, or several.
    private static let apiSchema: JSON = [
        "anyOf": [Schema.text, ["type": "array", "items": Schema.text, "minItems": 1]]
    ]

    private static let tenantSchema = Schema.object([
        "id": Schema.text, "tenants": Schema.list(of: listSchema),
    ])

    /// Every list that can be asked for: its API, the path parameters that lead to it, its rows.
    static func listTenants(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        // Counting would wait for the seeds, and keep the loop from everybody else.
        guard call.world.isReady else { throw .notReady }
        return try stored { () throws -> Reply in
            let made = try call.world.store.madeTenants()
            let lists = try call.world.services.flatMap { service in
                try service.tenants(call.world.store).map { list($0, of: service, made) }
            }
            return Reply(json: ["tenants": .array(lists)])
        }
    }

    /// The lists of a tenant, by the label that it was made under or by its identifier.
    static func readTenant(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let name = call.capture("id").text
        let tenant = try stored { () throws -> World.NamedTenant in try call.world.tenant(named: name) }
        guard !tenant.roots.isEmpty else { throw try noTenant(name, call) }
        return Reply(
            json: try stored { () throws -> JSON in
                let store = call.world.store
                return try description(of: tenant.roots, called: name, try store.madeTenants(), store, call.world)
            }
        )
    }

    /// Makes a tenant that is a copy of one of the seeds, for some APIs or for all: `{"api": "atlas", "from": "<group>"}`.
    ///
    /// One that was made under that label is made anew.
    static func putTenant(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let (world, label) = (call.world, try name("id", call))
        let request = try TenantRequest(call)
        let known = try stored { () throws -> World.NamedTenant in try world.tenant(named: label) }
        guard known.isLabel || known.roots.isEmpty else {
            throw .conflict("\(known.roots[0].api) has a tenant \(label) already, which was not made by this call.")
        }
        let tenants = try request.tenants(label, world)
        let roots = world.services.compactMap { service -> (api: String, root: Root)? in
            let own = tenants.first { made in
                made.apis.contains(service.name) && service.root.map(made.root.isRow) == true
            }
            return own.map { (service.name, $0.root) }
        }
        let (making, answer): (Making, JSON)
        do {
            // Within the change: a reset may come right after it.
            (making, answer) = try world.store.make(tenants) { rows in
                try description(of: roots, called: label, tenants, rows, world)
            }
        } catch let refusal as TenantRefusal {
            throw .conflict(refusal.reason)
        } catch {
            throw Failure(.storage("\(error)"))
        }
        world.forget(tenants.map(\.root) + known.roots.map(\.root))
        return Reply(making.hasReplaced ? .ok : .created, json: answer)
    }

    /// Drops a tenant that was made.
    static func removeTenant(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let (world, label) = (call.world, call.capture("id").text)
        let dropped = try stored { () throws -> [MadeTenant] in
            try world.store.madeTenants().filter { $0.label == label }
        }
        guard !dropped.isEmpty else { throw try notMade(label, call) }
        let removed = try stored { () throws -> [Reversal] in try world.store.dropTenants(label).removed }
        world.forget(dropped.map(\.root))
        return Reply(json: [
            "id": .string(label),
            "removed": .array(
                removed.map { removal in
                    [
                        "collection": .string(removal.collection),
                        "removed": .number(JSON.Number(removal.removed)),
                    ]
                }
            ),
        ])
    }

    /// Why a name stands for no tenant that was made.
    private static func notMade(_ name: String, _ call: borrowing Call<Self>) throws(Failure) -> Failure {
        let made = try stored { () throws -> [MadeTenant] in try call.world.store.madeTenants() }
        if let tenant = made.first(where: { $0.root.key == name }) {
            return .conflict("The tenant \(name) was made under the label \(tenant.label): drop that.")
        }
        let tenant = try stored { () throws -> World.NamedTenant in try call.world.tenant(named: name) }
        guard tenant.roots.isEmpty else {
            return .conflict("The tenant \(name) was not made: a reset takes it back to the seeds.")
        }
        return .none("tenant", called: name, among: made.labels)
    }

    /// That no tenant has a name, and which there are.
    private static func noTenant(_ name: String, _ call: borrowing Call<Self>) throws(Failure) -> Failure {
        .none("tenant", called: name, among: try tenantNames(call))
    }

    /// What tenants are called: labels and identifiers.
    static func tenantNames(_ call: borrowing Call<Self>) throws(Failure) -> [String] {
        try stored { () throws -> [String] in
            let labels = try call.world.store.madeTenants().labels
            return try call.world.services.reduce(into: labels) { $0 += try call.world.keys(of: $1, beside: $0) }
        }
    }
}

extension ControlAPI {
    /// A tenant and its lists; an API that has none of its own yet is there with what its paths name first.
    private static func description(
        of roots: [(api: String, root: Root)],
        called name: String,
        _ made: [MadeTenant],
        _ rows: any RowCounting,
        _ world: World
    ) throws -> JSON {
        let lists = try roots.flatMap { api, root -> [JSON] in
            guard let service = world.services.first(where: { $0.name == api }) else { return [] }
            let lists = try service.lists(root.key, rows)
            let empty = Tenant([(service.rootCapture ?? "", root.key)], rows: 0)
            return (lists.isEmpty ? [empty] : lists).map { list($0, of: service, made) }
        }
        return ["id": .string(name), "tenants": .array(lists)]
    }

    /// A list of an API.
    private static func list(_ tenant: Tenant, of service: Service, _ made: [MadeTenant]) -> JSON {
        let key = tenant.parameters.first { $0.name == service.rootCapture }?.value
        var entry: JSON.Object = [
            "api": .string(service.name),
            "parameters": .object(JSON.Object(tenant.parameters.map { ($0.name, .string($0.value)) })),
            "rows": .number(JSON.Number(tenant.rows)),
        ]
        let own = made.first { made in key == made.root.key && service.root.map(made.root.isRow) == true }
        if let own {
            entry["tenant"] = .string(own.root.key)
            entry["label"] = .string(own.label)
            entry["from"] = .array(own.sources.map(JSON.string))
        }
        return .object(entry)
    }

    /// What the store says, or its failure.
    static func stored<Value>(_ body: () throws -> Value) throws(Failure) -> Value {
        do {
            return try body()
        } catch {
            throw Failure(.storage("\(error)"))
        }
    }
}

/// What a tenant is to be made of.
private struct TenantRequest {
    private let apis: [String]?
    private let source: String?
    private let services: [Service]

    init(_ call: borrowing Call<ControlAPI>) throws(ControlAPI.Failure) {
        services = call.world.services.filter { $0.root != nil }
        let names = services.map(\.name)
        guard !call.request.body.isEmpty else {
            (apis, source) = (nil, nil)
            return
        }
        (apis, source) = try ControlBody.whole(of: call) { members throws(ControlAPI.Failure) in
            (try Self.apis(&members, among: names), try members.string("from"))
        }
    }

    /// The APIs that are named: one, or a list of them.
    private static func apis(
        _ members: inout ControlBody,
        among names: [String]
    ) throws(ControlAPI.Failure) -> [String]? {
        guard members.peek("api")?.arrayValue != nil else {
            return try members.choice("api", among: names).map { [$0] }
        }
        let apis = try members.choices("api", among: names)
        guard apis?.isEmpty != true else { throw members.bad("api", "names no API") }
        return apis
    }

    /// The tenants that a label is to stand for.
    func tenants(_ label: String, _ world: World) throws(ControlAPI.Failure) -> [MadeTenant] {
        let chosen = services.filter { apis?.contains($0.name) ?? true }
        let tenants = try ControlAPI.stored { () throws -> [MadeTenant] in
            try world.tenants(label, of: chosen, from: source)
        }
        guard tenants.isEmpty else { return tenants }
        guard let source else { throw .conflict("There is no tenant to copy: the seeds have none.") }
        let keys = try ControlAPI.stored { () throws -> [String] in
            let labels = try world.store.madeTenants().filter { made in
                chosen.contains { made.apis.contains($0.name) }
            }.labels
            return try chosen.reduce(into: labels) { $0 += try world.keys(of: $1, beside: $0) }
        }
        throw .unknown(source, at: JSON.Pointer(["from"]), among: keys, as: "is no tenant of these APIs")
    }
}

extension World {
    /// The keys of an API's roots, but for some that are known.
    fileprivate func keys(of service: Service, beside known: [String]) throws -> [String] {
        guard let root = service.root else { return [] }
        return try store.documents(in: root).map { $0.keys[0] }.filter { !known.contains($0) }
    }
}

extension TenantRefusal {
    /// Why, for whoever asked.
    fileprivate var reason: String {
        switch self {
        case .taken(let root): "There is a tenant \(root.key) already, which was not made under this label."
        case .noSource(let root): "The tenant \(root.key), which is to be copied, went with what is to be replaced."
        case .notUnique(let root, let member): "The \(member) of the tenant \(root.key) would be another one's."
        }
    }
}
