import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

@testable import Patchbay

/// The catalogues of errors, and the OpenAPI descriptions that are made from them and from the endpoint tables.
@Suite struct DescriptionTests {
    private static let names = ["vpcep", "apig", "identity", "atlas", "confluent", "cloudflare"]

    private func description(of api: String) throws -> JSON {
        let answer = try Emulator.shared().answer("GET /_patchbay/openapi/\(api).json", [])
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        return try #require(answer.json)
    }

    /// The schema of the bodies with a status.
    private func schema(_ status: Int, of api: String) throws -> JSON {
        let description = try description(of: api)
        let response = description["paths"]?.objectValue?.lazy.compactMap({ $0.value["get"] }).first?["responses"]?[
            String(status)
        ]
        let content = try #require(response?["content"]?.objectValue?.first, "\(api) does not describe \(status)")
        #expect(content.name.hasPrefix("application/json"))
        let schema = try #require(content.value["schema"])
        return schema["$ref"] == nil ? schema : try #require(description["components"]?["schemas"]?["Error"])
    }

    @Test(arguments: names)
    func `Every error of a catalogue is written as the description says`(api: String) throws {
        let emulator = try Emulator.shared()
        let service = try #require(emulator.world.services.first { $0.name == api })
        let errors = service.errors(emulator.world)
        #expect(errors.count >= 10)
        #expect(Set(errors.map(\.name)).count == errors.count)
        for (name, reply) in errors {
            #expect((400...599).contains(reply.status.code), "\(name)")
            let body = try JSON(parsing: reply.body)
            #expect(isErrorOf(api, body), "\(name)")
            #expect(SchemaValidator().findings(body, try schema(reply.status.code, of: api)) == [], "\(name)")
        }
    }

    @Test func `The token that is issued, and that is spoken of, is described as a header`() throws {
        let operations = try #require(try description(of: "identity")["paths"]?["/v3/auth/tokens"])
        let header: JSON = ["name": "X-Subject-Token", "in": "header", "required": true, "schema": ["type": "string"]]
        for (method, status) in [("post", "201"), ("get", "200"), ("delete", "204")] {
            let operation = operations[method]
            let isAnswered = operation?["responses"]?[status]?["headers"]?["X-Subject-Token"] != nil
            #expect(isAnswered == (method != "delete"), "\(method)")
            #expect(operation?["parameters"]?.arrayValue?.contains(header) == (method != "post"), "\(method)")
        }
    }

    @Test(arguments: names)
    func `Too many requests are answered as the vendor does, with what it says of the wait`(api: String) throws {
        let emulator = try Emulator.shared()
        let service = try #require(emulator.world.services.first { $0.name == api })
        let limited = try #require(service.errors(emulator.world).first { $0.reply.status == .tooManyRequests }?.reply)
        let headers = limited.headers.map { "\($0.name): \($0.value)" }
        switch api {
        case "vpcep", "apig", "identity": #expect(headers == [])
        case "atlas": #expect(headers == ["X-Error-Code: RATE_LIMITED", "Retry-After: 60"])
        case "confluent":
            let limits = ["X-RateLimit-Limit: 100", "X-RateLimit-Remaining: 0", "X-RateLimit-Reset: 60"]
            #expect(headers == limits + ["Retry-After: 60"])
        default:
            let limits = [#"Ratelimit: "default";r=0;t=60"#, #"Ratelimit-Policy: "default";q=1200;w=300"#]
            #expect(headers == limits + ["retry-after: 60"])
        }
    }

    @Test(
        arguments: seededPaths,
        ["", "?limit=0", "?limit=x&page=0&page_size=0&pageNum=x", "?envelope=true", "?type=tcp", "?providerName=GCP"]
    )
    func `What is answered is what is described`(route: (api: String, path: String), query: String) throws {
        let answer = try Emulator.shared().answer("GET \(route.path)\(query)")
        let body = try #require(answer.json)
        #expect(SchemaValidator().findings(body, try schema(answer.status, of: route.api)).prefix(5) == [])
    }

    @Test(arguments: names)
    func `A description has every operation, parameter and scheme`(api: String) throws {
        let description = try description(of: api)
        #expect(description["openapi"] == "3.1.0")
        let service = try #require(try Emulator.shared().world.services.first { $0.name == api })
        #expect(Set(description["paths"]?.objectValue?.keys ?? []) == Set(service.routes.map(\.path)))
        #expect(Set(service.routes.map(\.operation)).count == service.routes.count)
        for route in service.routes {
            let operation = description["paths"]?[route.path]?[route.method.name.lowercased()]
            #expect(operation?["operationId"]?.stringValue == route.operation)
            let names = operation?["parameters"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
            let captures = route.path.split(separator: "/").filter { $0.hasPrefix("{") }
            let declared = route.parameters.map(\.name) + route.headers
            #expect(names == captures.map { String($0.dropFirst().dropLast()) } + declared)
        }
        let schemes = description["components"]?["securitySchemes"]?.objectValue?.keys ?? []
        #expect(schemes == description["security"]?.arrayValue?.flatMap { $0.objectValue?.keys ?? [] })
        #expect(!schemes.isEmpty)
    }

    @Test(arguments: names)
    func `Bodies have the media types that the endpoints declare`(api: String) throws {
        let description = try description(of: api)
        let service = try #require(try Emulator.shared().world.services.first { $0.name == api })
        for route in service.routes {
            let operation = description["paths"]?[route.path]?[route.method.name.lowercased()]
            let asked = operation?["requestBody"]?["content"]?.objectValue?.keys
            #expect(asked == (route.body == nil ? nil : [route.bodyType]))
            let answered = operation?["responses"]?[String(route.success.code)]?["content"]?.objectValue?.keys
            #expect(route.answerType == nil || answered == nil || answered == [route.answerType ?? ""])
        }
    }

    @Test func `A description that there is not is a problem that names those there are`() throws {
        for file in ["atlas", "patchbay.json", "Atlas.json", "%2e%2e"] {
            let answer = try Emulator.shared().answer("GET /_patchbay/openapi/\(file)", [])
            #expect(answer.status == 404)
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json?["detail"]?.stringValue?.contains("vpcep.json") == true || file == "%2e%2e")
        }
    }
}
