import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// Many tests at once, each with a tenant of its own: none sees another.
@Suite struct TenantsAtOnceTests {
    private static let tenants = 50
    private static let apis = ["vpcep", "apig", "atlas", "confluent", "cloudflare"]

    @Test func `Fifty tenants write, reset, are struck by faults and verify at once, and none sees another`()
        async throws
    {
        let emulator = try Emulator.loaded()
        let lives = try await withThrowingTaskGroup { group in
            for number in 0..<Self.tenants {
                group.addTask { try Life(of: "test-\(number)", in: emulator).live() }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(lives.count == Self.tenants)
        // All began as the same copies, and none of their identifiers is another's.
        #expect(Set(lives.map(\.beginning)).count == 1)
        #expect(Set(lives.flatMap(\.identifiers)).count == lives.reduce(0) { $0 + $1.identifiers.count })
        #expect(emulator.world.faults.list().isEmpty)
        let tenants = try emulator.answer("GET /_patchbay/tenants").json?["tenants"]?.arrayValue
        #expect(tenants?.count == 18)
    }

    @Test func `Who makes a tenant is told of it, whatever a reset does right after`() async throws {
        let emulator = try Emulator.loaded()
        try await withThrowingTaskGroup { group in
            group.addTask { for _ in 0..<100 { _ = try emulator.answer("POST /_patchbay/reset") } }
            group.addTask {
                for _ in 0..<100 {
                    let made = try emulator.answer("PUT /_patchbay/tenants/t").json?["tenants"]?.arrayValue
                    #expect(made?.isEmpty == false)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `Who reads while a tenant is replaced sees the old one or the new one`() async throws {
        let emulator = try Emulator.loaded()
        let body = #"{"api":"cloudflare","from":"00000000000000000000000000000257"}"#
        let head = "PUT /_patchbay/tenants/t HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)"
        let put = try Request(parsing: "\(head)\r\n\r\n\(body)")
        let made = Answer(response: emulator.respond(to: put)).json
        let account = try #require(made?["tenants"]?[0]?["tenant"]?.stringValue)
        let list = "GET /client/v4/accounts/\(account)/connectivity/directory/services"
        try await withThrowingTaskGroup { group in
            group.addTask { for _ in 0..<40 { _ = emulator.respond(to: put) } }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<400 {
                        let total = try emulator.answer(list).json?["result_info"]?["total_count"]
                        #expect(total == 257)
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// What a test does with its tenant, and what it has seen.
    private struct Life {
        let label: String
        let emulator: Emulator
        /// The path of each API's list.
        private var paths: [(api: String, path: String)] = []
        private(set) var identifiers: Set<String> = []
        /// The lists as they were at first, with a word in place of the identifiers.
        private(set) var beginning = ""

        init(of label: String, in emulator: Emulator) throws {
            self.label = label
            self.emulator = emulator
            let made = try call("PUT /_patchbay/tenants/\(label)")
            #expect(made.status == 201, "\(made.text)")
            for tenant in made.json?["tenants"]?.arrayValue ?? [] {
                // A project has the lists of both documents' examples: one of each API is enough.
                guard let api = tenant["api"]?.stringValue, !paths.contains(where: { $0.api == api }) else { continue }
                let route = try #require(emulator.world.services.first { $0.name == api }?.routes.first)
                var path = route.path
                for (name, value) in tenant["parameters"]?.objectValue ?? [:] {
                    path.replace("{\(name)}", with: value.stringValue ?? "")
                }
                #expect(!path.contains("{"), "\(path)")
                paths.append((api, path))
                identifiers.insert(try #require(tenant["tenant"]?.stringValue))
            }
            #expect(paths.map(\.api) == TenantsAtOnceTests.apis)
        }

        func live() throws -> Life {
            var life = self
            let first = try lists()
            life.beginning = identifiers.reduce(first.joined(separator: "\n")) { $0.replacing($1, with: "TENANT") }
            for (number, (api, path)) in paths.enumerated() {
                try failTwice(api, path)
                try change(api, path)
                #expect(try list(path) != first[number], "\(api)")
            }
            #expect(try call("POST /_patchbay/reset?tenant=\(label)", #"{"scope":["state"]}"#).status == 200)
            #expect(try lists() == first)
            try verify()
            #expect(try call("POST /_patchbay/reset?tenant=\(label)").status == 200)
            #expect(try recorded() == 0)
            #expect(try call("DELETE /_patchbay/tenants/\(label)").status == 200)
            #expect(try call("GET /_patchbay/tenants/\(label)").status == 404)
            return life
        }

        /// Every API of the tenant fails for the first two of its requests, and for nobody else's.
        private func failTwice(_ api: String, _ path: String) throws {
            let fault = "/_patchbay/faults/down?tenant=\(label)"
            let put = try call("PUT \(fault)", #"{"api":"\#(api)","error":500,"when":{"first":2}}"#)
            #expect(put.status == 201, "\(put.text)")
            #expect(try (1...3).map { _ in try ask("GET \(path)").status } == [500, 500, 200], "\(api)")
            let removed = try call("DELETE \(fault)").json
            #expect(removed?["seen"] == 3)
            #expect(removed?["fired"] == 2)
        }

        private func change(_ api: String, _ path: String) throws {
            let json = try #require(try ask("GET \(path)").json)
            let changed =
                switch api {
                case "vpcep", "apig":
                    try ask(
                        "POST \(path)/action",
                        #"{"action":"reject","endpoints":["\#(id(json["connections"]?[0]?["id"]))"]}"#
                    )
                case "atlas": try ask("DELETE \(path)/\(id(json["results"]?[0]?["id"]))")
                case "confluent": try ask("DELETE \(path)/\(id(json["data"]?[0]?["name"]))")
                default: try ask("DELETE \(path)/\(id(json["result"]?[0]?["service_id"]))")
                }
            #expect((200..<300).contains(changed.status), "\(api): \(changed.text)")
        }

        private func id(_ json: JSON?) -> String { json?.stringValue ?? "" }

        /// The journal has what this test did, and nothing else: for each API a list at first and at last, three under the
        /// fault, one to choose from, the change, and one after it.
        private func verify() throws {
            #expect(try recorded() == 8 * paths.count)
            for (api, _) in paths {
                let verification = #"{"request":{"api":"\#(api)","fault":"down","status":500},"count":2}"#
                let answer = try call("POST /_patchbay/requests/verify?tenant=\(label)", verification)
                #expect(answer.json?["result"] == "passed", "\(answer.text)")
            }
        }

        private func recorded() throws -> Int {
            let answer = try call("GET /_patchbay/requests?tenant=\(label)&limit=1000").json
            return answer?["requests"]?.arrayValue?.count ?? -1
        }

        private func lists() throws -> [String] { try paths.map { try list($0.path) } }

        private func list(_ path: String) throws -> String { try ask("GET \(path)").text }

        private func ask(_ line: String, _ body: String = "") throws -> Answer {
            try call(line, body, credentials + ["Content-Type: application/json"])
        }

        private func call(_ line: String, _ body: String = "", _ headers: [String] = []) throws -> Answer {
            try emulator.call(line, body, headers)
        }
    }
}
