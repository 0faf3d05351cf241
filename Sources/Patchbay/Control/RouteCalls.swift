internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// What is emulated, from the endpoint tables, and what the control plane offers, from its own.
extension ControlAPI {
    static let routeEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/routes",
            operation: "listRoutes",
            summary: "The APIs with their operations, parameters and errors.",
            parameters: [Scope.api],
            answer: Schema.object(["apis": Schema.list(of: apiSchema)]),
            handler: listRoutes,
        ),
        Endpoint(
            .get,
            "/openapi.json",
            operation: "readOwnDescription",
            summary: "The OpenAPI description of the control plane.",
            answer: ["type": "object"],
            handler: readOwnDescription,
        ),
    ]

    /// The APIs with their operations, parameters and errors.
    static func listRoutes(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        // The name of an API is checked with that of a tenant.
        _ = try Scope(call, filtersByAPI: true)
        let api = call.queryValue("api")?.text
        let world = call.world
        return Reply(json: [
            "apis": .array(
                world.services.filter { api == nil || $0.name == api }.map { description(of: $0, in: world) }
            )
        ])
    }

    private static func description(of service: Service, in world: World) -> JSON {
        [
            "name": .string(service.name), "title": .string(service.title),
            "paths": .array(service.basePaths.map(JSON.string)),
            "errors": .array(
                service.errors(world).map { error in
                    ["name": .string(error.name), "status": .count(error.reply.status.code)]
                }
            ),
            "operations": .array(service.routes.map(description)),
        ]
    }

    private static func description(of route: RouteDescription) -> JSON {
        [
            "operation": .string(route.operation), "method": .string(route.method.name), "path": .string(route.path),
            "parameters": .array(
                route.parameters.map { parameter in
                    [
                        "name": .string(parameter.name), "type": .string(parameter.type),
                        "default": parameter.standard.map(JSON.string) ?? .null,
                        "range": parameter.range.map(JSON.string) ?? .null, "otherwise": .string(parameter.otherwise),
                    ]
                }
            ),
            "success": .count(route.success.code), "documentation": .string(route.documentation),
        ]
    }

    private static let apiSchema: JSON.Object = {
        let text: JSON = ["type": ["string", "null"]]
        let parameter = Schema.object([
            "name": Schema.text, "type": Schema.text, "default": text, "range": text, "otherwise": Schema.text,
        ])
        let operation = Schema.object([
            "operation": Schema.text, "method": Schema.text, "path": Schema.text,
            "parameters": Schema.list(of: parameter), "success": Schema.count, "documentation": Schema.text,
        ])
        let error = Schema.object(["name": Schema.text, "status": Schema.count])
        return Schema.object([
            "name": Schema.text, "title": Schema.text, "paths": Schema.list(of: ["type": "string"]),
            "errors": Schema.list(of: error), "operations": Schema.list(of: operation),
        ])
    }()

    /// The OpenAPI description of the control plane.
    static func readOwnDescription(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard let service else { throw Failure(.storage("the control plane has an ambiguous table")) }
        let description = OpenAPI.description(
            of: service,
            in: call.world,
            at: call.origin,
            title: title,
            says:
                "What tests drive Patchbay with. Errors are problem details (RFC 9457) that name the member of the body "
                + "(pointer) or the parameter that is wrong, what is allowed there, and the nearest of it."
        )
        return Reply(json: description)
    }

    private static let service = try? Service(Self.self)
}
