import Foundation
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

@testable import Patchbay

/// Control calls that make tenants.
@Suite struct TenantCallTests {
    private let emulator: Emulator

    init() throws {
        emulator = try Emulator.loaded()
    }

    private func call(_ line: String, _ body: String = "") throws -> Answer {
        try emulator.call(line, body, credentials)
    }

    /// The identifier that a label stands for in an API.
    private func identifier(_ label: String, in api: String) throws -> String {
        let tenants = try call("GET /_patchbay/tenants/\(label)").json?["tenants"]?.arrayValue
        return try #require(tenants?.first { $0["api"] == .string(api) }?["tenant"]?.stringValue)
    }

    @Test func `A tenant is made for all APIs, and its lists can be asked for`() throws {
        let made = try call("PUT /_patchbay/tenants/test-1")
        #expect(made.status == 201)
        #expect(made.json?["id"] == "test-1")
        let entries = try #require(made.json?["tenants"]?.arrayValue)
        #expect(
            entries.map { $0["api"]?.stringValue } == ["vpcep", "vpcep", "apig", "atlas", "confluent", "cloudflare"]
        )
        for entry in entries {
            let api = try #require(entry["api"]?.stringValue)
            let service = try #require(emulator.world.services.first { $0.name == api })
            #expect(entry["label"] == "test-1")
            var path = try #require(service.routes.first).path
            for (name, value) in try #require(entry["parameters"]?.objectValue) {
                path.replace("{\(name)}", with: URLText.encoded(value.stringValue ?? ""))
            }
            #expect(try ControlTests.total(api, path, emulator) == entry["rows"]?.int64Value)
        }
        #expect(entries[0]["tenant"]?.stringValue?.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        #expect(entries[0]["from"] == ["a4a5d4098fb4474fa22cd05f897d6b99", "77b6a44cba5143ab91d13ab9a8ff44fd"])
        #expect(entries[3]["tenant"]?.stringValue?.wholeMatch(of: /[0-9a-f]{24}/) != nil)
        #expect(entries[4]["tenant"]?.stringValue?.wholeMatch(of: /[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/) != nil)
        #expect(entries[5]["tenant"] == entries[0]["tenant"])
        #expect(try call("GET /_patchbay/tenants/test-1").json == made.json)
        let listed = try #require(try call("GET /_patchbay/tenants").json?["tenants"]?.arrayValue)
        #expect(listed.filter { $0["label"] == "test-1" } == entries)
    }

    @Test func `A label always stands for the same identifiers`() throws {
        let first = try call("PUT /_patchbay/tenants/a").json
        #expect(try Emulator.loaded().call("PUT /_patchbay/tenants/a", "", credentials).json == first)
        let other = try call("PUT /_patchbay/tenants/b").json
        for (left, right) in zip(
            try #require(first?["tenants"]?.arrayValue),
            try #require(other?["tenants"]?.arrayValue)
        ) {
            #expect(left["tenant"] != right["tenant"])
        }
    }

    @Test(arguments: [
        ("atlas", "abcdefabcdefabcdefabcdef", true), ("atlas", "ABCDEFABCDEFABCDEFABCDEF", false),
        ("confluent", "12345678-1234-1234-1234-123456789abc", true), ("confluent", "t", false),
        ("cloudflare", "abcdefabcdefabcdefabcdefabcdefab", true), ("cloudflare", "a_b-c", false),
        ("cloudflare", String(repeating: "x", count: 33), false),
        ("vpcep", "abcdefabcdefabcdefabcdefabcdefab", true), ("apig", "a.b~c", false),
    ])
    func `A label that is like an identifier is the identifier`(api: String, label: String, isIdentifier: Bool) throws {
        let made = try call("PUT /_patchbay/tenants/\(label)", #"{"api":"\#(api)"}"#)
        #expect(made.status == 201)
        let entries = try #require(made.json?["tenants"]?.arrayValue)
        #expect(entries.count == 1)
        #expect((entries[0]["tenant"] == .string(label)) == isIdentifier)
    }

    @Test func `Where accounts have to be hexadecimal, those of labels are`() throws {
        let emulator = try Emulator(quirks: ["cloudflare.accountID=strict"])
        try emulator.load(.bundled)
        let made = try emulator.call("PUT /_patchbay/tenants/t", #"{"api":"cloudflare"}"#, credentials)
        let account = try #require(made.json?["tenants"]?[0]?["tenant"]?.stringValue)
        let path = "/client/v4/accounts/\(account)/connectivity/directory/services"
        #expect(try emulator.call("GET \(path)", "", credentials).json?["result_info"]?["total_count"] == 1)
    }

    @Test func `What to copy can be said`() throws {
        let made = try call("PUT /_patchbay/tenants/big", #"{"api":"atlas","from":"000000000000000000000257"}"#)
        #expect(made.status == 201)
        #expect(made.json?["tenants"]?[0]?["rows"] == 257)
        #expect(made.json?["tenants"]?[0]?["from"] == ["000000000000000000000257"])
        // Several APIs have one of that identifier.
        let both = try call("PUT /_patchbay/tenants/big", #"{"from":"00000000000000000000000000000257"}"#)
        #expect(both.status == 200)
        let apis = both.json?["tenants"]?.arrayValue?.compactMap { $0["api"]?.stringValue }
        #expect(apis == ["vpcep", "vpcep", "apig", "cloudflare"])
        #expect(try call("GET /_patchbay/tenants/big").json == both.json)
    }

    @Test func `Several APIs can be named`() throws {
        let made = try call("PUT /_patchbay/tenants/two", #"{"api":["cloudflare","atlas","atlas"]}"#)
        #expect(made.status == 201)
        let apis = made.json?["tenants"]?.arrayValue?.compactMap { $0["api"]?.stringValue }
        #expect(apis == ["atlas", "cloudflare"])
        #expect(try emulator.world.store.madeTenants().map(\.apis) == [["atlas"], ["cloudflare"]])
    }

    @Test func `What to copy can be a label`() throws {
        _ = try call("PUT /_patchbay/tenants/big", #"{"api":"atlas","from":"000000000000000000000257"}"#)
        let group = try identifier("big", in: "atlas")
        let made = try call("PUT /_patchbay/tenants/copy", #"{"from":"big"}"#)
        #expect(made.status == 201)
        #expect(made.json?["tenants"]?.arrayValue?.count == 1)
        #expect(made.json?["tenants"]?[0]?["rows"] == 257)
        #expect(made.json?["tenants"]?[0]?["from"] == [.string(group)])
        #expect(try call("PUT /_patchbay/tenants/copy", #"{"from":"copy"}"#).status == 409)
    }

    @Test func `A copy is of the example as it is in the seeds, whatever a test did to that`() throws {
        let (account, service) = ("023e105f4ecef8ad9ca31a8372d0c353", "550e8400-e29b-41d4-a716-446655440000")
        let path = "/client/v4/accounts/\(account)/connectivity/directory/services"
        #expect(try call("DELETE \(path)/\(service)").status == 200)
        let made = try call("PUT /_patchbay/tenants/m", #"{"api":"cloudflare"}"#)
        #expect(made.json?["tenants"]?[0]?["rows"] == 1)
        #expect(try call("GET /_patchbay/tenants/\(account)").json?["tenants"]?[0]?["rows"] == 0)
        let own = path.replacing(account, with: try identifier("m", in: "cloudflare"))
        #expect(try call("GET \(own)/\(service)").status == 200)
    }

    @Test func `Made again, it is as fresh as when it was made`() throws {
        let made = try call("PUT /_patchbay/tenants/t", #"{"api":"cloudflare"}"#)
        let path = "/client/v4/accounts/\(try identifier("t", in: "cloudflare"))/connectivity/directory/services"
        let list = try call("GET \(path)").text
        let service = "550e8400-e29b-41d4-a716-446655440000"
        #expect(try call("DELETE \(path)/\(service)").status == 200)
        _ = try call("PUT /_patchbay/clock?tenant=t", #"{"now":"2030-01-01T00:00:00Z","frozen":true}"#)
        _ = try call("PUT /_patchbay/faults/f?tenant=t", #"{"error":500}"#)
        let again = try call("PUT /_patchbay/tenants/t", #"{"api":"cloudflare"}"#)
        #expect(again.status == 200)
        #expect(again.json == made.json)
        #expect(try call("GET \(path)").text == list)
        #expect(try call("GET /_patchbay/clock?tenant=t").json?["frozen"] == false)
        #expect(try call("GET /_patchbay/faults?tenant=t").json == ["faults": []])
    }

    @Test func `A dropped tenant is gone`() throws {
        _ = try call("PUT /_patchbay/tenants/t", #"{"api":"atlas"}"#)
        let group = try #require(
            try call("GET /_patchbay/tenants/t").json?["tenants"]?[0]?["tenant"]?.stringValue
        )
        #expect(try call("GET /api/atlas/v1.0/groups/\(group)/peers").status == 200)
        let dropped = try call("DELETE /_patchbay/tenants/t")
        #expect(dropped.status == 200)
        #expect(
            dropped.json == [
                "id": "t",
                "removed": [
                    ["collection": "groups", "removed": 1], ["collection": "containers", "removed": 1],
                    ["collection": "peers", "removed": 1],
                ],
            ]
        )
        #expect(try call("GET /api/atlas/v1.0/groups/\(group)/peers").status == 404)
        #expect(try call("GET /_patchbay/tenants/t").status == 404)
        #expect(try call("DELETE /_patchbay/tenants/t").status == 404)
    }

    @Test func `A label names its tenants in other calls, and a reset takes them back`() throws {
        _ = try call("PUT /_patchbay/tenants/t")
        let path = "/client/v4/accounts/\(try identifier("t", in: "cloudflare"))/connectivity/directory/services"
        let service = "550e8400-e29b-41d4-a716-446655440000"
        #expect(try call("DELETE \(path)/\(service)").status == 200)
        let peers = "/v1/\(try identifier("t", in: "vpcep"))/vpc-endpoints/adb7b229-bb11-4072-bcc0-3327cd784263"
        #expect(try call("DELETE \(peers)").status < 300)
        let reset = try call("POST /_patchbay/reset?tenant=t")
        #expect(reset.status == 200)
        #expect(reset.json?["dropped"] == nil)
        #expect(try call("GET \(path)/\(service)").status == 200)
        #expect(try call("GET \(peers)").json?["status"] == "accepted")
        #expect(try call("DELETE \(path)/\(service)").status == 200)
        #expect(try call("POST /_patchbay/reset?tenant=t&api=atlas").json?["state"] == [])
        #expect(try call("GET \(path)/\(service)").status == 404)
        let all = try call("POST /_patchbay/reset")
        #expect(all.json?["dropped"] == ["t"])
        #expect(try call("GET /_patchbay/tenants/t").status == 404)
    }

    @Test func `The name of a copied project leads to it and says the region`() throws {
        _ = try call("PUT /_patchbay/tenants/t", #"{"api":"vpcep"}"#)
        let found = try call("GET /v3/projects?name=eu-de_t").json?["projects"]?.arrayValue
        #expect(found?.count == 1)
        #expect(found?[0]["id"]?.stringValue == (try identifier("t", in: "vpcep")))
        #expect(found?[0]["parent_id"] == "a4a5d4098fb4474fa22cd05f897d6b99")
    }

    private static let group = "5356823b3794dee37132bb7b"

    /// What is wrong with a call, and the answer's status and members.
    private static let refusals: [(line: String, body: String, status: Int, members: JSON.Object)] = [
        ("PUT /_patchbay/tenants/a%20b", "", 400, ["parameter": "id"]),
        ("PUT /_patchbay/tenants/\(String(repeating: "x", count: 65))", "", 400, ["parameter": "id"]),
        ("PUT /_patchbay/tenants/\(group)", "", 409, [:]),
        ("PUT /_patchbay/tenants/t", #"{"api":"atlus"}"#, 400, ["pointer": "/api", "nearest": "atlas"]),
        ("PUT /_patchbay/tenants/t", #"{"api":"identity"}"#, 400, ["pointer": "/api"]),
        ("PUT /_patchbay/tenants/t", #"{"api":["atlas","atlus"]}"#, 400, ["pointer": "/api/1", "nearest": "atlas"]),
        ("PUT /_patchbay/tenants/t", #"{"api":["atlas",1]}"#, 400, ["pointer": "/api"]),
        ("PUT /_patchbay/tenants/t", #"{"api":[]}"#, 400, ["pointer": "/api"]),
        ("PUT /_patchbay/tenants/t", #"{"api":1}"#, 400, ["pointer": "/api"]),
        ("PUT /_patchbay/tenants/t", #"{"from":"mad"}"#, 400, ["pointer": "/from", "nearest": "made"]),
        ("PUT /_patchbay/tenants/t", #"{"api":"vpcep","from":"made"}"#, 400, ["pointer": "/from"]),
        (
            "PUT /_patchbay/tenants/t", #"{"api":"atlas","from":"5356823b3794dee37132bb7c"}"#, 400,
            ["pointer": "/from", "nearest": .string(group)]
        ),
        ("PUT /_patchbay/tenants/t", #"{"api":"vpcep","from":"\#(group)"}"#, 400, ["pointer": "/from"]),
        ("PUT /_patchbay/tenants/t", #"{"frm":"x"}"#, 400, ["pointer": "/frm", "nearest": "from"]),
        ("PUT /_patchbay/tenants/t", #"{"from":1}"#, 400, ["pointer": "/from"]),
        ("PUT /_patchbay/tenants/t", "[]", 400, ["pointer": ""]),
        ("PUT /_patchbay/tenants/t", "{", 400, [:]),
        ("GET /_patchbay/tenants/mate", "", 404, ["nearest": "made"]),
        ("GET /_patchbay/tenants/5356823b3794dee37132bb7c", "", 404, ["nearest": .string(group)]),
        ("DELETE /_patchbay/tenants/mate", "", 404, ["nearest": "made", "allowed": ["made"]]),
        ("DELETE /_patchbay/tenants/\(group)", "", 409, [:]),
    ]

    @Test(arguments: refusals)
    func `A call that means nothing is refused, and changes nothing`(
        line: String,
        body: String,
        status: Int,
        members: JSON.Object
    ) throws {
        _ = try call("PUT /_patchbay/tenants/made", #"{"api":"atlas"}"#)
        let before = try call("GET /_patchbay/tenants").text
        let answer = try call(line, body)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer["Content-Type"] == "application/problem+json")
        for (name, value) in members { #expect(answer.json?[name] == value) }
        #expect(try call("GET /_patchbay/tenants").text == before)
    }

    @Test func `A made tenant's identifier is no label, and its own source neither`() throws {
        let made = try call("PUT /_patchbay/tenants/t", #"{"api":"atlas"}"#)
        let group = try #require(made.json?["tenants"]?[0]?["tenant"]?.stringValue)
        #expect(try call("GET /_patchbay/tenants/\(group)").json?["tenants"]?[0]?["label"] == "t")
        #expect(try call("PUT /_patchbay/tenants/\(group)").status == 409)
        let refused = try call("DELETE /_patchbay/tenants/\(group)")
        #expect(refused.status == 409)
        #expect(refused.json?["detail"]?.stringValue?.contains("label t") == true)
        #expect(try call("PUT /_patchbay/tenants/t", #"{"api":"atlas","from":"\#(group)"}"#).status == 409)
        #expect(try call("PUT /_patchbay/tenants/u", #"{"api":"atlas","from":"\#(group)"}"#).status == 201)
    }
}

/// Tenants that are made when they are asked for.
@Suite struct OpenTenantTests {
    private static func emulator(_ authentication: AuthenticationMode = .present) throws -> Emulator {
        let emulator = try Emulator(authentication: authentication, opensTenants: true)
        try emulator.load(.bundled)
        return emulator
    }

    /// The first list of each API's example.
    private static let lists: [(api: String, path: String, rows: Int64)] = [
        ("vpcep", "/v1/new/vpc-endpoint-services/4189d3c2-8882-4871-a3c2-d380272eed88/connections", 2),
        ("apig", "/v2/new/apigw/instances/eddc4d25480b4cd6b512f270a1b8b341/vpc-endpoint/connections", 2),
        ("atlas", "/api/atlas/v1.0/groups/00000000000000000000abcd/peers", 1),
        ("confluent", "/sql/v1/organizations/00000000-0000-0000-0000-00000000abcd/environments/env-123/connections", 1),
        ("cloudflare", "/client/v4/accounts/new/connectivity/directory/services", 1),
    ]

    @Test(arguments: lists)
    func `A tenant that nobody knows is a copy of the example`(api: String, path: String, rows: Int64) throws {
        let emulator = try Self.emulator()
        #expect(try ControlTests.total(api, path, emulator) == rows)
        #expect(try emulator.world.store.madeTenants().count == 1)
        let closed = try Emulator.shared().answer("GET \(path)")
        #expect(closed.status != 200 || api == "cloudflare")
    }

    @Test func `What was deleted from the example is in the copy`() throws {
        let emulator = try Self.emulator()
        let path = "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/connectivity/directory/services"
        #expect(try emulator.answer("DELETE \(path)/550e8400-e29b-41d4-a716-446655440000").status == 200)
        #expect(try ControlTests.total("cloudflare", Self.lists[4].path, emulator) == 1)
    }

    @Test func `One project is opened for all services that have projects`() throws {
        let emulator = try Self.emulator()
        for (api, path, rows) in Self.lists.prefix(2) {
            #expect(try ControlTests.total(api, path, emulator) == rows)
        }
        #expect(try emulator.world.store.madeTenants().map(\.apis) == [["vpcep", "apig"]])
        #expect(try emulator.answer("DELETE /_patchbay/tenants/new").status == 200)
    }

    @Test(arguments: [
        "/api/atlas/v1.0/groups/nonsense/peers", "/api/atlas/v1.0/groups/00000000000000000000ABCG/peers",
        "/sql/v1/organizations/nonsense/environments/env-123/connections",
        "/client/v4/accounts/\(String(repeating: "x", count: 33))/connectivity/directory/services",
        "/v1/\(String(repeating: "x", count: 65))/vpc-endpoints",
    ])
    func `What can be no identifier is answered as ever`(path: String) throws {
        let emulator = try Self.emulator()
        let answer = try emulator.answer("GET \(path)")
        #expect(answer.status == (try Emulator.shared().answer("GET \(path)").status))
        #expect(try emulator.world.store.madeTenants().isEmpty)
    }

    @Test(arguments: lists)
    func `Who brings no credentials, or wrong ones, opens nothing`(api: String, path: String, rows: Int64) throws {
        for authentication in [AuthenticationMode.present, .known] {
            let emulator = try Self.emulator(authentication)
            let headers = authentication == .present ? [] : ["X-Auth-Token: nobody", "Authorization: Bearer nobody"]
            let status = try emulator.answer("GET \(path)", headers).status
            #expect([400, 401, 403].contains(status))
            #expect(try emulator.world.store.madeTenants().isEmpty)
            #expect(try emulator.answer("GET \(path.replacing("/peers", with: "/nowhere"))x/y/z").status >= 400)
            #expect(try emulator.world.store.madeTenants().isEmpty)
        }
    }

    @Test func `Many who ask at once get one and the same`() throws {
        let emulator = try Self.emulator()
        let answers = Mutex<[String]>([])
        let threads = (0..<8).map { number in
            Thread {
                for (api, path, _) in Self.lists where (number % 2 == 0) || api != "apig" {
                    let answer = try? emulator.answer("GET \(path)")
                    answers.withLock { $0.append("\(api) \(answer?.status ?? 0) \(answer?.text ?? "")") }
                }
            }
        }
        for thread in threads { thread.start() }
        while threads.contains(where: { !$0.isFinished }) { usleep(1_000) }
        #expect(Set(answers.withLock { $0 }).count == Self.lists.count)
        #expect(answers.withLock { $0.allSatisfy { $0.contains(" 200 ") } })
        #expect(try emulator.world.store.madeTenants().count == 4)
    }
}
