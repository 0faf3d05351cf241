import Foundation
import Testing

/// A list that the bundled seeds have, with the credentials it wants.
private let token = ["X-Auth-Token: t"]
private let seeded =
    "/v1/00000000000000000000000000000257/vpc-endpoint-services/00000000-0000-4000-8000-000000000257/connections"

/// Starting, serving and stopping.
@Suite(.timeLimit(.minutes(1)))
struct ServeTests {
    @Test(arguments: [[], ["serve"]])
    func `Standard output is exactly two lines, and port 0 a real port`(verb: [String]) throws {
        let program = try Program(verb + ["--port", "0"])
        #expect(Program.eventually { program.output.hasSuffix("Ready.\n") })
        program.send(SIGTERM)
        let ended = try program.end()
        #expect(ended.code == 0)
        let lines = ended.output.split(separator: "\n", omittingEmptySubsequences: false)
        try #require(lines.count == 3)
        #expect(lines[0].hasPrefix("Listening on http://127.0.0.1:"))
        #expect(UInt16(lines[0].split(separator: ":").last ?? "") ?? 0 > 0)
        #expect(lines[1] == "Ready.")
        #expect(lines[2].isEmpty)
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `A request to stop is obeyed with exit 0`(signal: Int32) throws {
        let server = try RunningServer()
        #expect(try server.get(seeded, headers: token).status == 200)
        let ended = try server.stop(with: signal)
        #expect(ended.code == 0)
        #expect(ended.errors.contains("stopped"))
        #expect(ended.output.hasSuffix("\nReady.\n"))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `What is in flight is waited for, but not by who asks twice`(signal: Int32) throws {
        let folder = Scratch()
        let server = try RunningServer("--ready-file", folder.path("ready"))
        let connection = try server.connection(sending: "GET / HTTP/1.1\r\n")
        defer { close(connection) }
        #expect(try server.get("/_patchbay/health").status == 200)
        server.program.send(signal)
        #expect(throws: Program.Failure.self) { try server.program.end(within: 0.5) }
        server.program.send(signal)
        let ended = try server.program.end(within: 5)
        #expect(ended.code == 0)
        #expect(!folder.exists("ready"))
    }

    @Test func `A port in use is exit 4 and names the port`() throws {
        let server = try RunningServer()
        let second = try Program.run("--port", "\(server.port)")
        #expect(second.code == 4)
        #expect(second.output.isEmpty)
        #expect(second.errors == "patchbay: 127.0.0.1:\(server.port) is in use by another process\n")
        #expect(try server.get("/_patchbay/health").status == 200)
    }

    @Test func `An address of another machine is exit 4`() throws {
        let ended = try Program.run("--host", "192.0.2.1", "--port", "0")
        #expect(ended.code == 4)
        #expect(ended.errors.contains("192.0.2.1"))
    }

    @Test func `The ready file holds the address while the server is ready`() throws {
        let folder = Scratch()
        let server = try RunningServer("--ready-file", folder.path("ready"))
        #expect(Program.eventually { folder.exists("ready") })
        #expect(folder.text("ready") == server.url + "\n")
        #expect(try server.stop().code == 0)
        #expect(!folder.exists("ready"))
    }

    @Test func `A ready file of a run that was killed is gone until the server is ready`() throws {
        let folder = Scratch()
        try folder.write("ready", "http://127.0.0.1:1\n")
        let server = try RunningServer("--ready-file", folder.path("ready"))
        #expect(folder.text("ready") == server.url + "\n")
        try folder.write("bad/vpcep/a.json", "{")
        let failing = try Program.run("--port", "0", "--seed", folder.path("bad"), "--ready-file", folder.path("ready"))
        #expect(failing.code == 3)
        #expect(!folder.exists("ready"))
    }

    @Test func `A ready file that cannot be written is exit 2 and named`() throws {
        let ended = try Program.run("--port", "0", "--ready-file", "/nowhere/at/all/ready")
        #expect(ended.code == 2)
        #expect(ended.errors.contains("--ready-file"))
        #expect(!ended.output.contains("Ready."))
    }

    @Test func `Seeds of a directory replace the bundled ones`() throws {
        let folder = Scratch()
        try folder.write("cloudflare/mine.json", #"{"accounts":[{"id":"mine"}]}"#)
        let server = try RunningServer("--seed", folder.root)
        let tenants = try server.get("/_patchbay/tenants").text
        #expect(tenants.hasSuffix(#"{"tenants":[{"api":"cloudflare","parameters":{"account_id":"mine"},"rows":0}]}"#))
    }

    @Test func `Several directories of seeds are one, by flag and by variable`() throws {
        let (first, second) = (Scratch(), Scratch())
        try first.write("cloudflare/a.json", #"{"accounts":[{"id":"one"}]}"#)
        try second.write("atlas/b.json", #"{"groups":[{"id":"507f1f77bcf86cd799439011"}]}"#)
        let flags = try RunningServer("--seed", first.root, "--seed", second.root)
        let variable = try RunningServer(environment: ["PATCHBAY_SEED": "\(first.root):\(second.root)"])
        let tenants = try flags.get("/_patchbay/tenants").text
        #expect(tenants.contains("one") && tenants.contains("507f1f77bcf86cd799439011"))
        #expect(try variable.get("/_patchbay/tenants").text.hasSuffix(tenants.suffix(60)))
    }

    @Test func `Links begin with the public URL`() throws {
        let path = "/api/atlas/v1.0/groups/000000000000000000000257/peers"
        let server = try RunningServer("--public-url", "https://atlas.example.org/", "--auth", "off")
        #expect(try server.get(path).text.contains(#""href":"https://atlas.example.org\#(path)?"#))
        let plain = try RunningServer("--auth", "off")
        #expect(try plain.get(path).text.contains(#""href":"\#(plain.url)\#(path)?"#))
    }

    @Test func `Credentials are wanted unless told otherwise`() throws {
        let strict = try RunningServer()
        let open = try RunningServer(environment: ["PATCHBAY_AUTH": "off"])
        #expect(try strict.get(seeded).status == 401)
        #expect(try strict.get(seeded, headers: token).status == 200)
        #expect(try open.get(seeded).status == 200)
    }

    @Test func `The log goes to standard error and can be JSON`() throws {
        let server = try RunningServer("--log-format", "json", "--log-level", "debug")
        #expect(try server.get("/nowhere?secret").status == 404)
        #expect(try server.get(seeded, headers: token).status == 200)
        let ended = try server.stop()
        #expect(ended.output.split(separator: "\n").count == 2)
        let lines = ended.errors.split(separator: "\n")
        #expect(lines.count >= 4)
        for line in lines {
            let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: String]
            #expect(entry?["time"]?.hasSuffix("Z") == true)
            #expect(entry?["message"] != nil)
            #expect(["debug", "info", "warning"].contains(entry?["level"]))
        }
        #expect(lines.contains { $0.contains(#""unmatched request: "#) && $0.contains(#""path":"/nowhere""#) })
        #expect(!ended.errors.contains("secret"))
    }

    @Test func `A plain log is one line of text for each event`() throws {
        let ended = try RunningServer("--log-level", "info").stop()
        let lines = ended.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains(" info serving rows=") == true)
        #expect(lines.last?.hasSuffix(" info stopped") == true)
    }
}

/// A store that outlives its server.
@Suite(.timeLimit(.minutes(1)))
struct StoreFileTests {
    @Test func `A store file keeps its rows over a restart`() throws {
        let folder = Scratch()
        try folder.write("seeds/cloudflare/mine.json", #"{"accounts":[{"id":"kept"}]}"#)
        let first = try RunningServer("--store", folder.path("store.db"), "--seed", folder.path("seeds"))
        let tenants = try first.get("/_patchbay/tenants").text
        #expect(tenants.contains("kept"))
        #expect(try first.stop().code == 0)
        let second = try RunningServer("--store", folder.path("store.db"))
        #expect(try second.get("/_patchbay/tenants").text.hasSuffix(tenants.suffix(80)))
    }

    @Test(arguments: ["no database at all", String(repeating: "x", count: 5_000)])
    func `A file that is no store is exit 3 and stays as it is`(content: String) throws {
        let folder = Scratch()
        try folder.write("store.db", content)
        let ended = try Program.run("--port", "0", "--store", folder.path("store.db"))
        #expect(ended.code == 3)
        #expect(ended.errors.contains(folder.path("store.db")))
        #expect(ended.output.isEmpty)
        #expect(folder.text("store.db") == content)
    }

    @Test(arguments: [("", 2, "--store"), ("/nowhere/at/all/store.db", 3, "/nowhere/at/all/store.db"), ("/", 3, "/")])
    func `A place where no store can be is refused`(file: String, code: Int32, named: String) throws {
        let ended = try Program.run("--port", "0", "--store", file)
        #expect(ended.code == code)
        #expect(ended.errors.hasPrefix("patchbay: \(named): "))
        #expect(ended.output.isEmpty)
    }
}
