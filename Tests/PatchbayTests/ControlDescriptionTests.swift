import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay
@testable import PatchbayAPIKit

/// The control plane's description of itself.
@Suite struct ControlDescriptionTests {
    private let emulator: Emulator
    private let description: JSON

    init() throws {
        emulator = try Emulator.loaded()
        let answer = try emulator.answer("GET /_patchbay/openapi.json", [])
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        description = try #require(answer.json)
    }

    private func call(_ line: String, _ body: String) throws -> Answer {
        try emulator.call(line, body, credentials)
    }

    private func operation(_ path: String, _ method: String) -> JSON? {
        description["paths"]?[path]?[method.lowercased()]
    }

    @Test func `Every call has a summary, a schema of its answer and, where it takes one, of its body`() throws {
        #expect(description["openapi"] == "3.1.0")
        #expect(description["info"]?["title"] == "Patchbay control plane")
        #expect(description["security"] == [[:], ["adminToken": []]])
        #expect(Set(ControlAPI.endpoints.map(\.operation)).count == ControlAPI.endpoints.count)
        for endpoint in ControlAPI.endpoints {
            let operation = operation(endpoint.path, endpoint.method.name)
            #expect(operation?["operationId"]?.stringValue == endpoint.operation)
            #expect(operation?["summary"]?.stringValue?.isEmpty == false, "\(endpoint.operation)")
            #expect(operation?["externalDocs"] == nil)
            #expect(endpoint.success == .noContent || !endpoint.answer().isEmpty, "\(endpoint.operation)")
            #expect((endpoint.body != nil) == [.put, .post].contains(endpoint.method), "\(endpoint.operation)")
            for status in ["400", "403", "404", "405", "409", "503"] {
                let content = operation?["responses"]?[status]?["content"]?.objectValue
                #expect(content?.keys == ["application/problem+json"], "\(endpoint.operation)")
            }
        }
    }

    /// A use of every call, in this order.
    private static let uses: [(line: String, body: String)] = [
        ("GET /_patchbay/health", ""), ("GET /_patchbay/ready", ""), ("GET /_patchbay/tenants", ""),
        ("PUT /_patchbay/tenants/t", #"{"api":"atlas","from":"000000000000000000000257"}"#),
        ("GET /_patchbay/tenants/t", ""), ("GET /_patchbay/tenants/000000000000000000000257", ""),
        ("GET /_patchbay/tenants", ""), ("DELETE /_patchbay/tenants/t", ""),
        ("PUT /_patchbay/snapshots/s", "{}"), ("PUT /_patchbay/snapshots/s?tenant=000000000000000000000257", "{}"),
        ("GET /_patchbay/snapshots", ""), ("GET /_patchbay/snapshots/s", ""),
        ("GET /_patchbay/snapshots/s/content", ""),
        ("POST /_patchbay/snapshots/s/restore", "{}"),
        ("POST /_patchbay/snapshots/s/restore?tenant=000000000000000000000257", "{}"),
        ("DELETE /_patchbay/snapshots/s", ""),
        ("GET /_patchbay/openapi/atlas.json", ""), ("GET /_patchbay/openapi.json", ""), ("GET /_patchbay/routes", ""),
        ("GET /_patchbay/clock", ""), ("PUT /_patchbay/clock", #"{"now":"2030-01-01T00:00:00Z","frozen":true}"#),
        ("POST /_patchbay/clock/advance", #"{"seconds":1.5}"#),
        ("GET /api/atlas/v1.0/groups/000000000000000000000257/peers?pageNum=2&x=1", ""),
        ("GET /nowhere?token=1", ""), ("POST /_patchbay/reset", #"{"scope":["state","faults"]}"#),
        ("POST /_patchbay/reset?tenant=000000000000000000000257", #"{"scope":["clock"]}"#),
        (
            "PUT /_patchbay/faults/a",
            #"{"api":"atlas","error":"503","retryAfter":1,"headers":{"X-A":"b"},"when":{"nth":9},"parameters":{"pageNum":1}}"#
        ),
        ("PUT /_patchbay/faults/b", #"{"connection":"reset","when":{"probability":0.5},"after":true}"#),
        ("PUT /_patchbay/faults/c", #"{"delay":{"milliseconds":{"from":1,"to":2.5}},"when":{"every":2}}"#),
        ("PUT /_patchbay/faults/d", #"{"rateLimit":{"requests":1,"seconds":60}}"#),
        ("PUT /_patchbay/faults/e?tenant=000000000000000000000257", #"{"truncate":{"bytes":1},"when":{"first":2}}"#),
        ("GET /_patchbay/faults", ""), ("GET /_patchbay/faults/a", ""), ("DELETE /_patchbay/faults/a", ""),
        (
            "PUT /_patchbay/faults",
            #"{"faults":[{"name":"f","dribble":{"pieces":2,"milliseconds":1},"delay":{"milliseconds":{"median":1,"sigma":1}}}]}"#
        ),
        ("DELETE /_patchbay/faults", ""), ("GET /_patchbay/lifecycles", ""),
        (
            "POST /_patchbay/transitions",
            #"{"api":"atlas","collection":"peers","path":["000000000000000000000257","$peer"],"event":"accept"}"#
        ),
        ("POST /api/sessions", #"{"email":"a@b","password":"c"}"#),
        ("GET /_patchbay/requests", ""), ("GET /_patchbay/requests/1", ""),
        ("POST /_patchbay/requests/verify", #"{"request":{"api":"atlas"},"count":{"atLeast":1}}"#),
        ("DELETE /_patchbay/requests?tenant=000000000000000000000257", ""), ("DELETE /_patchbay/requests", ""),
        ("GET /_patchbay/events", ""), ("GET /_patchbay/diagnostics", ""), ("DELETE /_patchbay/diagnostics", ""),
        ("GET /_patchbay/metrics", ""), ("POST /_patchbay/seeds/reload", "{}"),
    ]

    @Test func `What is answered is what is described`() throws {
        let peers = try call("GET \(seededPaths[2].path)?itemsPerPage=500", "").json?["results"]?.arrayValue
        let pending = try #require(peers?.first { $0["statusName"] == "PENDING_ACCEPTANCE" }?["id"]?.stringValue)
        var unused = Set(ControlAPI.endpoints.map(\.operation))
        for (line, body) in Self.uses.map({ ($0.line, $0.body.replacing("$peer", with: pending)) }) {
            let answer = try call(line, body)
            let parts = line.split(separator: " ").map(String.init)
            guard parts[1].hasPrefix("/_patchbay") else { continue }
            let request = try Request(parsing: "\(line) HTTP/1.1\r\nHost: localhost\r\n\r\n")
            guard case .endpoint(let endpoint, _, _) = try Router<ControlAPI>().match(request, Readings()) else {
                Issue.record("\(line) leads nowhere")
                continue
            }
            unused.remove(endpoint.operation)
            let responses = operation(endpoint.path, parts[0])?["responses"]
            let response = try #require(responses?[String(answer.status)], "\(line): \(answer.status) \(answer.text)")
            #expect(answer.status < 300, "\(line): \(answer.text)")
            if let taken = endpoint.body?() {
                #expect(SchemaValidator().findings(try JSON(parsing: body), .object(taken)) == [], "\(line)")
            }
            let content = try #require(response["content"]?.objectValue?.first, "\(line)")
            #expect(answer["Content-Type"] == content.name)
            let json = content.name == "application/json" ? try #require(answer.json) : .string(answer.text)
            let schema = try #require(content.value["schema"])
            #expect(SchemaValidator().findings(json, schema).prefix(5) == [], "\(line)")
        }
        #expect(unused == [])
    }
}
