import Foundation
import Patchbay
import PatchbayAPIKit
import Testing

/// The verbs beside `serve`.
@Suite(.timeLimit(.minutes(5)))
struct VerbTests {
    @Test func `Routes lists every operation, the five lists among them`() throws {
        let ended = try Program.run("routes")
        #expect(ended.code == 0)
        let rows = ended.output.split(separator: "\n").map { $0.split(separator: " ").map(String.init) }
        #expect(rows.count == (try Catalogue.services().flatMap(\.routes).count))
        #expect(rows.allSatisfy { $0.count == 4 })
        #expect(
            Set(rows).isSuperset(of: [
                [
                    "vpcep", "GET", "ListServiceConnections",
                    "/v1/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}/connections",
                ],
                [
                    "apig", "GET", "ListEndpointConnections",
                    "/v2/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/connections",
                ],
                ["atlas", "GET", "listPeeringConnections", "/api/atlas/v1.0/groups/{group_id}/peers"],
                [
                    "confluent", "GET", "listSqlv1Connections",
                    "/sql/v1/organizations/{organization_id}/environments/{environment_id}/connections",
                ],
                [
                    "cloudflare", "GET", "connectivity-services-list",
                    "/client/v4/accounts/{account_id}/connectivity/directory/services",
                ],
            ])
        )
    }

    @Test func `Healthcheck is 0 for a ready server and 1 for none`() throws {
        let server = try RunningServer()
        let port = "\(server.port)"
        let healthy = try Program.run("healthcheck", "--port", port)
        #expect(healthy.code == 0)
        #expect(try Program.run("healthcheck", environment: ["PATCHBAY_PORT": port]).code == 0)
        #expect(try Program.run("healthcheck", environment: ["PORT": port, "PATCHBAY_HOST": "0.0.0.0"]).code == 0)
        #expect(try Program.run("healthcheck", "--host", "localhost", "--port", port).code == 0)
        #expect(try server.stop().code == 0)
        let gone = try Program.run("healthcheck", "--port", port)
        #expect(gone.code == 1)
        #expect(gone.errors.hasPrefix("patchbay: not ready: "))
    }

    @Test(arguments: FakeServer.Behaviour.allCases)
    func `Healthcheck of something else is 1 before long, with one line`(behaviour: FakeServer.Behaviour) throws {
        let server = try FakeServer(behaviour)
        let began = ContinuousClock.now
        let ended = try Program.run("healthcheck", "--port", "\(server.port)")
        // The answer may take three seconds; the rest is what a busy machine needs to start a program.
        #expect(ContinuousClock.now - began < .seconds(8))
        #expect(ended.code == 1)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.hasPrefix("patchbay: not ready: no answer from 127.0.0.1:\(server.port) ("))
        #expect(ended.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: [("port", "0"), ("port", "x"), ("port", "65536"), ("host", "nowhere.example")])
    func `Healthcheck of no address is exit 2`(flag: String, value: String) throws {
        let ended = try Program.run("healthcheck", "--\(flag)", value)
        #expect(ended.code == 2)
        #expect(ended.errors.contains("--\(flag): \"\(value)\""))
    }

    @Test func `Generated seeds are the same each time and pass the check`() throws {
        let (first, second) = (Scratch(), Scratch())
        for folder in [first, second] {
            let ended = try Program.run("seed", "generate", "--rows", "23", "--out", folder.root)
            #expect(ended.code == 0)
            #expect(ended.output.split(separator: "\n").count == 6)
        }
        for name in ["vpcep", "apig", "identity", "atlas", "confluent", "cloudflare"] {
            for file in ["\(name)/\(name)-generated.json", "\(name)/\(name).schema.json"] {
                #expect(first.bytes(file) != nil)
                #expect(first.bytes(file) == second.bytes(file))
            }
        }
        let check = try Program.run("seed", "check", first.root)
        #expect(check.code == 0)
        #expect(check.output.hasSuffix(" rows, no errors\n"))
    }

    @Test(arguments: [0, 1, 4_000])
    func `Any number of rows can be generated for one API`(rows: Int) throws {
        let folder = Scratch()
        let ended = try Program.run("seed", "generate", "--api", "atlas", "--rows", "\(rows)", "--out", folder.root)
        #expect(ended.code == 0)
        #expect(ended.output == folder.path("atlas/atlas-generated.json") + "\n")
        #expect(!folder.exists("vpcep"))
        // Two groups, and a container of each provider in the one that has peers.
        let others = rows == 0 ? 1 : 5
        #expect(try Program.run("seed", "check", folder.root).output.hasSuffix(": \(rows + others) rows, no errors\n"))
    }

    @Test(arguments: [
        (["--api", "atlass", "--rows", "1"], "did you mean \"atlas\"?"),
        (["--api", "nothing", "--rows", "1"], "vpcep, apig"),
        (["--rows=-1"], "--rows"),
    ])
    func `What cannot be generated is exit 2`(arguments: [String], reason: String) throws {
        let folder = Scratch()
        let ended = try Program(["seed", "generate", "--out", folder.root] + arguments).end()
        #expect(ended.code == 2)
        #expect(ended.errors.contains(reason))
        #expect(!folder.exists("atlas"))
    }

    @Test func `A folder that cannot be written to is exit 1`() throws {
        let ended = try Program.run("seed", "generate", "--rows", "1", "--out", "/dev/null/x")
        #expect(ended.code == 1)
        #expect(ended.errors.contains("/dev/null/x"))
    }

    /// File, content, and what is said of it: file, place and reason.
    static let wrongSeeds: [(file: String, content: String, finding: String)] = [
        ("cloudflare/a.json", "{\n  \"accounts\": [}", "cloudflare/a.json: line 2, column 16: expected a value"),
        ("cloudflare/a.json", #"{"acounts":[]}"#, #"a.json: /acounts is unknown here, did you mean "accounts"?"#),
        ("cloudflare/a.json", "[]", "a.json: is an array where an object belongs"),
        (
            "atlas/b.json", #"{"groups":[{"id":"x"}]}"#,
            #"b.json: /groups/0/id "x" is not 24 lower-case hexadecimal digits"#
        ),
        ("vpcep/c.json", #"{"projects":[{"project_id":"p"}]}"#, #"c.json: /projects/0 has no member "domain_id""#),
        (
            "apig/e.json",
            """
            {"projects":[{"project_id":"p","domain_id":"00000000000000000000000000000000",
            "instances":[{"id":"00000000000000000000000000000000",
            "endpoint_service_id":"00000000-0000-4000-8000-000000000000"}]}]}
            """,
            "e.json: /projects/0/instances/0/endpoint_service_id "
                + "\"00000000-0000-4000-8000-000000000000\" is none of the endpoint_services beside it"
        ),
        ("confluence/d.json", "{}", #": /confluence is no API, did you mean "confluent"?"#),
    ]

    @Test(arguments: wrongSeeds, [true, false])
    func `Wrong seeds are exit 3 with file, place and reason`(
        seed: (file: String, content: String, finding: String),
        isServed: Bool
    ) throws {
        let folder = Scratch()
        try folder.write("cloudflare/good.json", #"{"accounts":[{"id":"good"}]}"#)
        try folder.write(seed.file, seed.content)
        let arguments = isServed ? ["--port", "0", "--seed", folder.root] : ["seed", "check", folder.root]
        let ended = try Program(arguments).end()
        #expect(ended.code == 3)
        #expect(ended.errors.hasPrefix("patchbay: \(folder.root)"))
        #expect(ended.errors.contains(seed.finding))
        #expect(ended.errors.split(separator: "\n").count == 1)
        #expect(!ended.output.contains("Ready."))
    }

    @Test func `A peer without provider is one of AWS`() throws {
        let folder = Scratch()
        let (group, peer) = (String(repeating: "a", count: 24), String(repeating: "b", count: 24))
        try folder.write(
            "atlas/peer.json",
            #"{"groups":[{"id":"\#(group)","peers":[{"id":"\#(peer)","containerId":"\#(group)","#
                + #""awsAccountId":"123456789012","routeTableCidrBlock":"10.0.0.0/16","statusName":"AVAILABLE","#
                + #""vpcId":"vpc-1"}]}]}"#,
        )
        let check = try Program.run("seed", "check", folder.root)
        #expect(check.code == 0)
        #expect(check.output == "\(folder.root): 2 rows, no errors\n")
        let server = try RunningServer("--seed", folder.root, "--auth", "off")
        for (query, isThere) in [("", true), ("?providerName=AWS", true), ("?providerName=GCP", false)] {
            let text = try server.get("/api/atlas/v1.0/groups/\(group)/peers\(query)").text
            #expect(text.contains(peer) == isThere)
        }
    }

    @Test func `A directory without seeds, and none at all, are exit 3`() throws {
        let folder = Scratch()
        for path in [folder.root, folder.path("missing")] {
            let ended = try Program.run("seed", "check", path)
            #expect(ended.code == 3)
            #expect(ended.errors.contains(path))
        }
    }

    @Test func `Directories are checked together`() throws {
        let (first, second) = (Scratch(), Scratch())
        let peer = { (members: String) in #"{"projects":[{"project_id":"p","domain_id":"\#(members)"}]}"# }
        try first.write("vpcep/a.json", peer(String(repeating: "a", count: 32)))
        try second.write("vpcep/a.json", peer(String(repeating: "b", count: 32)))
        #expect(try Program.run("seed", "check", first.root).code == 0)
        #expect(try Program.run("seed", "check", second.root).code == 0)
        let both = try Program.run("seed", "check", first.root, second.root)
        #expect(both.code == 3)
        #expect(both.errors.contains(#"\#(second.root)/vpcep/a.json: /projects/0/project_id "p" stands elsewhere"#))
    }
}
