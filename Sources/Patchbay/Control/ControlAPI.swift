internal import APIKit
internal import HTTP
internal import JSON
internal import Store

/// Patchbay's own calls, by which tests drive it.
///
/// It is an API of the same shape as the emulated ones.
enum ControlAPI: API {
    static let name = "patchbay"
    static let title = "Patchbay control plane"
    static let isEmulated = false
    static let basePath = "/_patchbay"
    static let checks: [Check] = [.caller, .route, .contract]
    static let queryRules = QueryRules(repeated: .first, emptyIsAbsent: true)
    static let collections: [Collection] = []
    static let quirks: [Quirk] = []
    static let catalogue: [(name: String, failure: Failure)] = []
    static let errorSchema: JSON.Object = [:]
    static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = []

    static let endpoints: [Endpoint<Self>] =
        [
            Endpoint(.get, "/health", operation: "health", documentation: "", handler: health),
            Endpoint(.get, "/ready", operation: "ready", documentation: "", handler: ready),
            Endpoint(.get, "/tenants", operation: "listTenants", documentation: "", handler: listTenants),
            Endpoint(
                .get,
                "/openapi/{file}",
                operation: "readDescription",
                documentation: "",
                handler: readDescription
            ),
            scoped(.get, "/clock", "readClock", readClock),
            scoped(.put, "/clock", "setClock", setClock),
            scoped(.post, "/clock/advance", "advanceClock", advanceClock),
            scoped(.post, "/reset", "reset", reset),
            scoped(.get, "/faults", "listFaults", listFaults),
            scoped(.put, "/faults", "replaceFaults", replaceFaults),
            scoped(.delete, "/faults", "removeFaults", removeFaults),
            scoped(.get, "/faults/{name}", "readFault", readFault),
            scoped(.put, "/faults/{name}", "putFault", putFault),
            scoped(.delete, "/faults/{name}", "removeFault", removeFault),
            Endpoint(.get, "/lifecycles", operation: "listLifecycles", documentation: "", handler: listLifecycles),
            Endpoint(.post, "/transitions", operation: "takeStep", documentation: "", handler: takeStep),
        ] + requestEndpoints + eventEndpoints + diagnosticsEndpoints

    /// A call about everything, or about one tenant.
    private static func scoped(
        _ method: HTTP.Method,
        _ pattern: String,
        _ operation: String,
        _ handler: @escaping @Sendable (borrowing Call<Self>) throws(Failure) -> Reply,
    ) -> Endpoint<Self> {
        Endpoint(
            method,
            pattern,
            operation: operation,
            documentation: "",
            parameters: Scope.parameters,
            handler: handler,
        )
    }

    static func headers(for call: borrowing Call<Self>) -> [(name: String, value: String)] { [] }

    static func samples(rows: Int) -> (collection: String, samples: [Sample]) { ("", []) }

    static func tenants(in store: Store) throws -> [Tenant] { [] }

    static func undeclared(_ name: String, at endpoint: Endpoint<Self>, _ quirks: Readings) -> Failure? {
        .badParameter(
            Failure.brief(name),
            "means nothing here",
            among: endpoint.parameters.map(\.name),
            near: name
        )
    }

    /// Nothing is asked of callers but to be no web page.
    static func admit(_ call: borrowing Call<Self>) throws(Failure) {
        let guardian = OriginGuard(publicURL: call.world.publicURL)
        if let reason = guardian.refusal(of: call.request) { throw .refused(reason) }
    }
}

extension ControlAPI {
    /// The program runs, and what it is.
    static func health(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let uptime = (call.now.microseconds - call.world.started.microseconds) / 1_000_000
        return Reply(json: [
            "status": "ok",
            "version": .string(Patchbay.version),
            "uptimeSeconds": .number(JSON.Number(uptime)),
            "apis": .array(call.world.services.map { .string($0.name) }),
        ])
    }

    /// The seeds are loaded.
    static func ready(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        return Reply(json: ["status": "ready"])
    }

    /// The OpenAPI description of an API, `atlas.json`.
    static func readDescription(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let file = call.capture("file").text
        guard let service = call.world.services.first(where: { $0.name + ".json" == file }) else {
            throw .none("description", called: file, among: call.world.services.map { $0.name + ".json" })
        }
        return Reply(json: OpenAPI.description(of: service, in: call.world, at: call.origin))
    }

    /// Every list that can be asked for: its API, the path parameters that lead to it, its rows.
    static func listTenants(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        // Counting would wait for the seeds, and keep the loop from everybody else.
        guard call.world.isReady else { throw .notReady }
        var tenants: [JSON] = []
        for service in call.world.services {
            do {
                tenants += try service.tenants(call.world.store).map { tenant in
                    [
                        "api": .string(service.name),
                        "parameters": .object(JSON.Object(tenant.parameters.map { ($0.name, .string($0.value)) })),
                        "rows": .number(JSON.Number(tenant.rows)),
                    ]
                }
            } catch {
                throw Failure(.storage("\(error)"))
            }
        }
        return Reply(json: ["tenants": .array(tenants)])
    }
}
