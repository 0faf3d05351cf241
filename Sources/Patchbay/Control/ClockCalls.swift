internal import APIKit
internal import HTTP
internal import JSON
internal import Store

/// The services' time, by which resources come into other states and credentials run out.
extension ControlAPI {
    /// What a clock shows.
    static func readClock(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let tenant = try TenantName(call)
        return reply(clock: tenant, call)
    }

    /// Sets a clock, and makes it stand still or go on: `{"now": "2026-01-02T03:04:05Z", "frozen": true}`.
    static func setClock(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let tenant = try TenantName(call)
        var members = ControlBody(try call.json())
        let moment = try members.time("now")
        let isFrozen = try members.boolean("frozen")
        try members.finish()
        guard moment != nil || isFrozen != nil else { throw .badBody("names neither now nor frozen") }
        let clocks = call.world.clocks
        let keeps = clocks.setting(of: tenant.root).frozen != nil
        clocks.set(tenant.root, to: moment, isFrozen: isFrozen ?? keeps)
        return reply(clock: tenant, call)
    }

    /// Moves a clock forward: `{"seconds": 1.5}`.
    static func advanceClock(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let tenant = try TenantName(call)
        var members = ControlBody(try call.json())
        guard let microseconds = try members.seconds("seconds") else { throw .badBody("does not name seconds") }
        try members.finish()
        guard call.world.clocks.advance(tenant.root, by: microseconds) else {
            throw .badBody("leads beyond the year 9999")
        }
        return reply(clock: tenant, call)
    }

    private static func reply(clock tenant: TenantName, _ call: borrowing Call<Self>) -> Reply {
        let clocks = call.world.clocks
        var body: JSON.Object = [:]
        if let name = tenant.name { body["tenant"] = .string(name) }
        body["now"] = .string(clocks.now(of: tenant.root).text(fractionDigits: 6))
        body["frozen"] = .bool(clocks.setting(of: tenant.root).frozen != nil)
        return Reply(json: .object(body))
    }
}

/// The tenant that a control call is about: a project, account, group or organization by its identifier, and by its API
/// where several have one of that identifier.
struct TenantName {
    /// Its identifier; `nil` for all.
    var name: String?
    /// Its root row; `nil` for all.
    var root: Root?

    init(_ call: borrowing Call<ControlAPI>) throws(ControlAPI.Failure) {
        guard let name = call.queryValue("tenant")?.text else { return }
        let api = call.queryValue("api")?.text
        var found: [(api: String, root: Root)] = []
        for service in call.world.services where api == nil || api == service.name {
            guard let root = service.root, try call.find(root, name) != nil else { continue }
            found.append((service.name, Root(root, name)))
        }
        guard let first = found.first else { throw .noTenant(name) }
        // One project can be the tenant of several APIs.
        guard found.allSatisfy({ $0.root == first.root }) else { throw .severalTenants(name, of: found.map(\.api)) }
        self.name = name
        root = first.root
    }
}
