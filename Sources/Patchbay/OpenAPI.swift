internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// OpenAPI 3.1 descriptions of the emulated APIs, made from their endpoint tables and catalogues of errors.
enum OpenAPI {
    /// The description of an API.
    ///
    /// - Parameters:
    ///   - service: the API.
    ///   - world: whose time and readings examples follow.
    ///   - origin: where the server is.
    ///   - title: the description's title.
    ///   - text: what the description is about.
    /// - Returns: the document.
    static func description(
        of service: Service,
        in world: World,
        at origin: String,
        title: String? = nil,
        says text: String = emulation,
    ) -> JSON {
        var paths: JSON.Object = [:]
        for route in service.routes {
            var item = paths[route.path]?.objectValue ?? [:]
            item[route.method.name.lowercased()] = operation(route, of: service, in: world)
            paths[route.path] = .object(item)
        }
        let schemes = service.securitySchemes.flatMap(\.self).map { (name: $0.name, value: JSON.object($0.scheme)) }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": .string(title ?? "\(service.title), as emulated by Patchbay"),
                "version": .string(Emulator.version),
                "description": .string(text),
            ],
            "servers": [["url": .string(origin)]],
            "paths": .object(paths),
            "components": [
                "schemas": ["Error": .object(service.errorSchema())],
                "securitySchemes": .object(JSON.Object(members: schemes)),
            ],
            "security": .array(
                service.securitySchemes.map { group in
                    .object(JSON.Object(members: group.map { (name: $0.name, value: []) }))
                }
            ),
        ]
    }

    private static let emulation =
        "Documentation-derived. Parameters and bodies are those of the decided readings, whatever quirks are in force; the "
        + "statuses list every error of the API's catalogue. Schemas of parameters say what is taken, coerced values included."

    private static func operation(_ route: RouteDescription, of service: Service, in world: World) -> JSON {
        let captures = route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { $0.dropFirst().dropLast() }
        let path = captures.map { capture in
            JSON.object([
                "name": .string(String(capture)), "in": "path", "required": true,
                "schema": .object(route.captures[String(capture)] ?? ["type": "string", "minLength": 1]),
            ])
        }
        let query = route.parameters.map { parameter($0, mayBeEmpty: service.takesEmptyForNone) }
        let headers = route.headers.map { name in
            JSON.object(["name": .string(name), "in": "header", "required": true, "schema": ["type": "string"]])
        }
        var operation: JSON.Object = [
            "operationId": .string(route.operation)
        ]
        if !route.summary.isEmpty { operation["summary"] = .string(route.summary) }
        if !route.documentation.isEmpty { operation["externalDocs"] = ["url": .string(route.documentation)] }
        operation["parameters"] = .array(path + query + headers)
        if let body = route.body {
            operation["requestBody"] = [
                "required": .bool(!route.isBodyOptional),
                "content": .object([route.bodyType: ["schema": .object(body())]]),
            ]
        }
        operation["responses"] = .object(responses(of: route, service, in: world))
        if route.isOpen { operation["security"] = [] }
        return .object(operation)
    }

    private static func parameter(_ parameter: ParameterDescription, mayBeEmpty: Bool) -> JSON {
        var words: [String] = []
        if let range = parameter.range { words.append(range) }
        if let standard = parameter.standard { words.append("default \(standard)") }
        words.append("anything else: \(parameter.otherwise)")
        return [
            "name": .string(parameter.name), "in": "query", "required": false,
            "allowEmptyValue": .bool(mayBeEmpty),
            "description": .string(words.joined(separator: "; ")),
            "schema": .object(schema(of: parameter)),
        ]
    }

    private static func schema(of parameter: ParameterDescription) -> JSON.Object {
        var schema = parameter.schema
        if let standard = parameter.standard {
            schema["default"] =
                switch parameter.type {
                case "integer": (try? JSON(parsing: standard)) ?? .string(standard)
                case "boolean": .bool(standard == "true")
                default: .string(standard)
                }
        }
        return schema
    }

    /// The success, then each status of the catalogue with the names of its errors and their headers.
    private static func responses(of route: RouteDescription, _ service: Service, in world: World) -> JSON.Object {
        let common = service.headers(world)
        let errors = service.errors(world)
        let type = errors.first?.reply.contentType ?? "application/json"
        var responses: JSON.Object = [
            String(route.success.code): response(
                "Done as asked.",
                route.answerType ?? type,
                route.answer(),
                headers: common + route.answerHeaders
            )
        ]
        for code in Set(errors.map(\.reply.status.code)).sorted() {
            let alike = errors.filter { $0.reply.status.code == code }
            var headers = common
            for name in alike.flatMap(\.reply.headers).map(\.name) where !headers.contains(name) {
                headers.append(name)
            }
            let names = alike.map(\.name).joined(separator: ", ")
            let schema: JSON.Object = ["$ref": "#/components/schemas/Error"]
            responses[String(code)] = response(names, type, schema, headers: headers, required: common)
        }
        return responses
    }

    private static func response(
        _ description: String,
        _ type: String,
        _ schema: JSON.Object,
        headers: [String],
        required: [String]? = nil,
    ) -> JSON {
        let described = headers.map { name in
            (
                name: name,
                value: JSON.object([
                    "required": .bool((required ?? headers).contains(name)), "schema": ["type": "string"],
                ])
            )
        }
        var response: JSON.Object = [
            "description": .string(description),
            "headers": .object(JSON.Object(members: described)),
        ]
        // An answer that is described by nothing has no content.
        if !schema.isEmpty { response["content"] = .object([type: ["schema": .object(schema)]]) }
        return .object(response)
    }
}
