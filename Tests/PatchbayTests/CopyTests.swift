import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

@testable import Patchbay
@testable import PatchbayStore

/// Copies of the bundled tenants.
@Suite struct CopyTests {
    private let emulator: Emulator
    private static let vpcep = "a4a5d4098fb4474fa22cd05f897d6b99"
    private static let apig = "77b6a44cba5143ab91d13ab9a8ff44fd"

    init() throws {
        emulator = try Emulator.loaded()
    }

    private var store: Store { emulator.world.store }

    /// The roots of a service, with the natural identifier of a copy.
    private static let apis: [(api: String, copy: String)] = [
        ("vpcep", "copy-1"), ("atlas", "abcdefabcdefabcdefabcdef"), ("cloudflare", "copy-1"),
        ("confluent", "abcdefab-cdef-4abc-8def-abcdefabcdef"),
    ]

    @Test(arguments: apis)
    func `Every row of a copy is what it would be had it been written`(api: String, copy: String) throws {
        let service = try #require(emulator.world.services.first { $0.name == api })
        let root = try #require(service.root)
        let sources = try store.documents(in: root).map { $0.keys[0] }
        #expect(!sources.isEmpty)
        for source in sources {
            let made = try store.make([MadeTenant("copy", Root(root, copy), from: [source], for: [api])])
            let rows = try check(root, copy, likeThoseOf: source)
            #expect(made.rows == [rows])
        }
    }

    /// Writes all rows below a root again, and compares.
    private func check(_ root: Collection, _ key: String, likeThoseOf source: String) throws -> Int {
        var count = 0
        for collection in store.collections where collection.lineage[0] === root {
            let keys = try store.documents(in: collection).map(\.keys)
            let below = { (root: String) in keys.filter { $0[0] == root }.map { $0.dropFirst() } }
            #expect(below(key) == below(source))
            for (keys, document) in try store.documents(in: collection) where keys[0] == key {
                count += 1
                _ = try collection.checked(document, as: .written)
                let written = WrittenRow(document, of: collection, below: keys.dropLast())
                let row = try #require(try store.find(collection, keys))
                let columns = ["document"] + collection.views.map(\.column)
                let stored = try store.read { reader in
                    let statement = try reader.connection.statement(
                        "SELECT \(columns.joined(separator: ", ")) FROM \(collection.table) WHERE row = \(row.number)"
                    )
                    defer { statement.reset() }
                    #expect(try statement.step())
                    return columns.indices.map { column in
                        var bytes: [UInt8] = []
                        statement.appendBytes(column, to: &bytes)
                        return bytes
                    }
                }
                #expect(stored == [written.document] + written.views)
                guard !keys.contains(source) else { continue }
                #expect(!stored.contains { String(decoding: $0, as: UTF8.self).contains(source) })
            }
        }
        return count
    }

    private func call(_ line: String, _ body: String? = nil) throws -> Answer {
        try emulator.call(line, body ?? "", credentials + ["Content-Type: application/json"])
    }

    /// All rows below a project.
    private func content(of project: String) throws -> [[String]] {
        try store.collections.filter { $0.lineage[0].table == "otc_projects" }.flatMap { collection in
            try store.documents(in: collection).filter { $0.keys[0] == project }
                .map { $0.keys + [JSON.object($0.document).text] }
        }
    }

    private func makeProjects(_ labels: [String]) throws {
        let projects = try #require(store.collections.first { $0.table == "otc_projects" })
        for label in labels {
            try store.make([
                MadeTenant(label, Root(projects, label), from: [Self.vpcep, Self.apig], for: ["vpcep", "apig"])
            ])
        }
    }

    private static let service = "4189d3c2-8882-4871-a3c2-d380272eed88"
    private static let endpoint = "adb7b229-bb11-4072-bcc0-3327cd784263"
    private static let gateway = "eddc4d25480b4cd6b512f270a1b8b341"
    private static let gatewayEndpoint = "76ad893c-6a1e-4055-8019-fe9c9bd3204d"

    /// Changes to a project: method and path below its API's, body, and what its endpoints are in afterwards.
    private static let changes: [(line: String, body: String?, endpoint: String, status: String?)] = [
        (
            "POST /v1/P/vpc-endpoint-services/\(service)/connections/action",
            #"{"action":"reject","endpoints":["\#(endpoint)"]}"#, endpoint, "rejected"
        ),
        (
            "POST /v2/P/apigw/instances/\(gateway)/vpc-endpoint/connections/action",
            #"{"action":"reject","endpoints":["\#(gatewayEndpoint)"]}"#, gatewayEndpoint, "rejected"
        ),
        ("DELETE /v1/P/vpc-endpoints/\(endpoint)", nil, endpoint, nil),
        ("DELETE /v1/P/vpc-endpoints/\(gatewayEndpoint)", nil, gatewayEndpoint, nil),
        ("DELETE /v2/P/apigw/instances/\(gateway)", nil, gatewayEndpoint, nil),
    ]

    @Test(arguments: changes)
    func `What is accepted, rejected and deleted in one project changes no copy of it`(
        line: String,
        body: String?,
        endpoint: String,
        status: String?
    ) throws {
        try makeProjects(["one", "two"])
        let others = [Self.vpcep, Self.apig, "two"]
        let before = try others.map(content)
        let own = try content(of: "one")
        let answer = try call(line.replacing("/P/", with: "/one/"), body)
        #expect((200..<300).contains(answer.status), "\(answer.text)")
        _ = try call("GET /v1/one/vpc-endpoints")
        #expect(try content(of: "one") != own)
        #expect(try others.map(content) == before)
        let seen = try call("GET /v1/one/vpc-endpoints/\(endpoint)")
        #expect(seen.json?["status"]?.stringValue == status)
        if status != nil {
            let accept = body?.replacing("reject", with: "receive")
            _ = try call(line.replacing("/P/", with: "/one/"), accept)
            let seen = try call("GET /v1/one/vpc-endpoints/\(endpoint)")
            #expect(seen.json?["status"]?.stringValue == "accepted")
            #expect(try others.map(content) == before)
        }
    }

    /// Makes how everything is what a reset goes back to, as if seeds had brought it.
    private func makeSeeds() throws {
        try store.rewrite { transaction in
            for collection in store.collections {
                try transaction.connection.run("DELETE FROM \(collection.baseline)")
            }
        }
    }

    /// The body of a request for an endpoint that leads to a service.
    private static func newEndpoint(to service: String) -> String {
        #"{"endpoint_service_id":"\#(service)","vpc_id":"\#(endpoint)","subnet_id":"\#(endpoint)"}"#
    }

    /// Deletes the documented service of a project, with the endpoints that lead to it.
    private func deleteService(of project: String) throws {
        for endpoint in [Self.endpoint, "fd69d29f-dc29-4a9b-80d8-b51d1e7e58ea"] {
            #expect(try call("DELETE /v1/\(project)/vpc-endpoints/\(endpoint)").status < 300)
        }
        _ = try call("GET /v1/\(project)/vpc-endpoints")
        let answer = try call("DELETE /v1/\(project)/vpc-endpoint-services/\(Self.service)")
        #expect(answer.status < 300, "\(answer.text)")
        _ = try call("GET /v1/\(project)/vpc-endpoints")
    }

    @Test func `A service that a project has lost is not looked for among its copies`() throws {
        try makeProjects(["one", "two"])
        try deleteService(of: "one")
        let before = try [Self.vpcep, "two"].map(content)
        let body = Self.newEndpoint(to: Self.service)
        #expect(try call("POST /v1/one/vpc-endpoints", body).status >= 400)
        #expect(try call("GET /v1/one/vpc-endpoint-services/describe?id=\(Self.service)").status == 404)
        #expect(try [Self.vpcep, "two"].map(content) == before)
        // The others have theirs.
        #expect(try call("POST /v1/two/vpc-endpoints", body).status == 200)
        #expect(try call("GET /v1/two/vpc-endpoint-services/describe?id=\(Self.service)").status == 200)
        #expect(try content(of: Self.vpcep) == before[0])
        _ = try call("POST /_patchbay/reset?tenant=one")
        #expect(try call("POST /v1/one/vpc-endpoints", body).status == 200)
    }

    @Test
    func `An endpoint that leads elsewhere is copied, and its connection stays that of the one it was copied from`()
        throws
    {
        let own = "00000000000000000000000000000257"
        let body = Self.newEndpoint(to: Self.service)
        let made = try call("POST /v1/\(own)/vpc-endpoints", body)
        let id = try #require(made.json?["id"]?.stringValue, "\(made.text)")
        try makeSeeds()
        let projects = try #require(store.collections.first { $0.table == "otc_projects" })
        try store.make([MadeTenant("copy", Root(projects, "copy"), from: [own], for: ["vpcep", "apig"])])
        _ = try call("GET /v1/\(own)/vpc-endpoints")
        let before = try [own, Self.vpcep].map(content)
        #expect(try call("DELETE /v1/copy/vpc-endpoints/\(id)").status < 300)
        #expect(try call("GET /v1/copy/vpc-endpoints/\(id)").status == 404)
        #expect(try [own, Self.vpcep].map(content) == before)
        #expect(try call("POST /_patchbay/reset?tenant=copy").status == 200)
        #expect(try call("DELETE /v1/\(own)/vpc-endpoints/\(id)").status < 300)
        _ = try call("GET /v1/\(own)/vpc-endpoints")
        #expect(try call("GET /v1/copy/vpc-endpoints/\(id)").status == 200)
    }

    @Test func `With a service go the endpoints that lead to it, and not the copies of them`() throws {
        let own = "00000000000000000000000000000257"
        let service = "00000000-0000-4000-a000-000000000001"
        let permissions = "/v1/\(Self.apig)/vpc-endpoint-services/\(service)/permissions/action"
        #expect(try call("POST \(permissions)", #"{"action":"add","permissions":["*"]}"#).status == 200)
        let body = Self.newEndpoint(to: service)
        let id = try #require(try call("POST /v1/\(own)/vpc-endpoints", body).json?["id"]?.stringValue)
        try makeSeeds()
        let projects = try #require(store.collections.first { $0.table == "otc_projects" })
        try store.make([MadeTenant("copy", Root(projects, "copy"), from: [own], for: ["vpcep", "apig"])])
        let gateway = "/v2/\(Self.apig)/apigw/instances/\(Self.gateway)"
        #expect(try call("DELETE \(gateway)").status < 300)
        _ = try call("GET /v1/\(own)/vpc-endpoints")
        #expect(try call("GET /v1/\(own)/vpc-endpoints/\(id)").status == 404)
        #expect(try call("GET /v1/copy/vpc-endpoints/\(id)").status == 200)
    }

    @Test func `Public services are those of the seeds and one's own`() throws {
        let path = "/v1/\(Self.vpcep)/vpc-endpoint-services/\(Self.service)/permissions/action"
        let answer = try call("POST \(path)", #"{"action":"add","permissions":["*"]}"#)
        #expect(answer.status == 200, "\(answer.text)")
        try makeSeeds()
        try makeProjects(["one", "two"])
        for (project, count) in [(Self.vpcep, 1), (Self.apig, 1), ("one", 2), ("two", 2)] {
            let list = try call("GET /v1/\(project)/vpc-endpoint-services/public")
            #expect(list.json?["total_count"]?.int64Value == Int64(count))
        }
    }
}
