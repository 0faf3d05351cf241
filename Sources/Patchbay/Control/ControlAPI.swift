internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

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
    static let catalogue: [(name: String, failure: Failure)] = [
        ("malformed", .bad(at: JSON.Pointer(), "is no object")),
        ("no-token", Failure(.unauthenticated)),
        ("refused", .refused("The Origin is not this server.")),
        ("not-found", Failure(.noSuchRoute(path: basePath))),
        ("wrong-method", Failure(.wrongMethod(.get, allowed: ["POST"]))),
        ("bad-seeds", .badSeeds(SeedError([SeedError.Finding(file: "a.json", place: "/a", reason: "is wrong")]))),
        ("conflict", .conflict("That is not possible as things are.")), ("storage", Failure(.storage("disk full"))),
        ("not-ready", .notReady),
    ]
    static let errorSchema: JSON.Object = [
        "type": "object", "required": ["type", "title", "status", "detail"],
        "properties": [
            "type": Schema.text, "title": Schema.text, "status": Schema.count, "detail": Schema.text,
            "pointer": Schema.text, "parameter": Schema.text, "allowed": Schema.list(of: ["type": "string"]),
        ],
    ]
    /// No credentials will do, but where the program was started with a token.
    static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = [
        [], [(name: "adminToken", scheme: ["type": "http", "scheme": "bearer"])],
    ]

    /// Errors have another media type.
    static let answerType: String? = "application/json"

    static let endpoints: [Endpoint<Self>] = groups.flatMap(\.self)

    private static let groups = [
        programEndpoints, tenantEndpoints, snapshotEndpoints, clockEndpoints, [resetEndpoint], seedEndpoints,
        faultEndpoints,
        lifecycleEndpoints, requestEndpoints,
        eventEndpoints, diagnosticsEndpoints, routeEndpoints, [metricsEndpoint],
    ]

    private static let programEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/health",
            access: .open,
            operation: "health",
            summary: "The program runs, and what it is.",
            answer: Schema.object([
                "status": Schema.words("ok"), "version": Schema.text, "uptimeSeconds": Schema.count,
                "apis": Schema.list(of: ["type": "string"]),
            ]),
            handler: health,
        ),
        Endpoint(
            .get,
            "/ready",
            access: .open,
            operation: "ready",
            summary: "Whether the seeds are loaded.",
            answer: Schema.object(["status": Schema.words("ready")]),
            handler: ready,
        ),
        Endpoint(
            .get,
            "/openapi/{file}",
            operation: "readDescription",
            summary: "The OpenAPI description of an API: atlas.json.",
            answer: ["type": "object"],
            handler: readDescription,
        ),
    ]

    static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)] { [] }

    static func samples(rows: Int) -> (collection: String, samples: [Sample]) { ("", []) }

    static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] { [] }

    static func undeclared(_ name: String, at endpoint: Endpoint<Self>, _ quirks: Readings) -> Failure? {
        .badParameter(
            Failure.brief(name),
            "means nothing here",
            among: endpoint.parameters.map(\.name),
            near: name
        )
    }

    static var unreadBody: Failure? { .bad(at: JSON.Pointer(), "means nothing here: the call reads none") }

    /// Callers are no web pages, and bring the token if one is asked for.
    static func admit(_ call: borrowing Call<Self>, to endpoint: Endpoint<Self>?) throws(Failure) {
        let guardian = CallerGuard(publicURL: call.world.publicURL, adminToken: call.world.adminToken)
        if let reason = guardian.refusal(of: call.request) { throw .refused(reason) }
        guard endpoint?.access == .open || guardian.isAdmitted(call.request) else { throw Failure(.unauthenticated) }
    }
}

extension ControlAPI {
    /// The program runs, and what it is.
    static func health(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        Reply(json: [
            "status": "ok",
            "version": .string(Emulator.version),
            "uptimeSeconds": .number(JSON.Number(call.world.uptimeSeconds)),
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
}
