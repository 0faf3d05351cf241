import Foundation
import Testing

/// A list that the bundled seeds have, with the credentials it wants.
private let token = ["X-Auth-Token: t"]
private let seeded =
    "/v1/00000000000000000000000000000257/vpc-endpoint-services/00000000-0000-4000-8000-000000000257/connections"

/// Starting, serving and stopping.
@Suite(.timeLimit(.minutes(5)))
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
    func `What is in flight is waited for, but not by a user who asks twice`(first: Int32) throws {
        let folder = Scratch()
        let server = try RunningServer("--ready-file", folder.path("ready"))
        let connection = try server.connection(sending: "GET / HTTP/1.1\r\n")
        defer { close(connection) }
        #expect(try server.get("/_patchbay/health").status == 200)
        server.program.send(first)
        #expect(throws: Program.Failure.self) { try server.program.end(within: 0.3) }
        // timeout(1) sends it twice for one request.
        server.program.send(SIGTERM)
        #expect(throws: Program.Failure.self) { try server.program.end(within: 0.3) }
        server.program.send(SIGINT)
        let ended = try server.program.end(within: 5)
        #expect(ended.code == 0)
        #expect(!folder.exists("ready"))
    }

    @Test(arguments: [true, false])
    func `A divergence is exit 5, where that is asked for`(isFlag: Bool) throws {
        for (query, status, code) in [("?limit=5", 200, 0), ("?Limit=5", 501, 5)] as [(String, Int, Int32)] {
            let server =
                isFlag ? try RunningServer("--strict") : try RunningServer(environment: ["PATCHBAY_STRICT": "true"])
            #expect(try server.get(seeded + query, headers: token).status == status)
            #expect(try server.get("/_patchbay/health").status == 200)
            let ended = try server.stop()
            #expect(ended.code == code)
            #expect(ended.errors.contains("divergence found") == (code == 5))
        }
    }

    @Test func `What is found of requests is told once, and does no harm`() throws {
        let server = try RunningServer()
        for _ in 1...3 { #expect(try server.get(seeded + "?Limit=5", headers: token).status == 200) }
        let ended = try server.stop()
        #expect(ended.code == 0)
        #expect(ended.errors.components(separatedBy: "Limit: case matters, it is limit").count == 2)
        #expect(ended.errors.contains(" warning vpcep ListServiceConnections: Limit"))
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

    @Test func `The journal is as long as is said, and open connections are counted`() throws {
        let server = try RunningServer("--journal", "1")
        for _ in 1...2 { #expect(try server.get("/nowhere").status == 404) }
        let journal = try server.get("/_patchbay/requests").text
        #expect(journal.contains(#""matched":1,"dropped":1,"lastDropped":1,"last":2"#))
        let connection = try server.connection(sending: "GET / HTTP/1.1\r\n")
        defer { close(connection) }
        #expect(
            Program.eventually {
                (try? server.get("/_patchbay/metrics").text.contains("patchbay_connections 2\n")) == true
            }
        )
        #expect(try server.stop().code == 0)
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

    @Test(arguments: [
        "something else\n", "http://a\nhttp://b\n", "http://a", String(repeating: "x", count: 1_000), nil,
    ])
    func `What is no ready file of a run before is exit 2 and stays as it is`(content: String?) throws {
        let folder = Scratch()
        try content.map { try folder.write("file", $0) }
        let path = content == nil ? folder.root : folder.path("file")
        let ended = try Program.run("--port", "0", "--store", folder.path("store.db"), "--ready-file", path)
        #expect(ended.code == 2)
        #expect(
            ended.errors == "patchbay: --ready-file: \"\(path)\" is there, and is not the ready file of another run\n"
        )
        #expect(folder.names == (content == nil ? [] : ["file"]) && folder.text("file") == content ?? "")
    }

    @Test(arguments: [
        ["--store", "store.db", "store.db"], ["--store", "store.db", "./store.db-wal"],
        ["--store", "store.db", "seeds/../store.db-journal"], ["--store", "link.db", "store.db"],
        ["--snapshot", "store.db", "store.db"], ["--seed", "seeds", "seeds/cloudflare/ready.json"],
        ["--seed", "./seeds/", "seeds/cloudflare/ready.json"],
    ])
    func `A ready file where something else is kept is exit 2, and nothing is made`(words: [String]) throws {
        let folder = Scratch()
        try folder.write("seeds/cloudflare/none.json", "{}")
        symlink("store.db", folder.path("link.db"))
        let names = words.dropFirst().map { folder.path($0) }
        if words[1] == "link.db" { try folder.write("store.db", "") }
        let before = folder.names
        let ended = try Program.run("--port", "0", words[0], names[0], "--ready-file", names[1])
        #expect(ended.code == 2)
        let reason = "is where the store, the snapshot or a seed is"
        #expect(ended.errors == "patchbay: --ready-file: \"\(names[1])\" \(reason)\n")
        #expect(folder.names == before)
    }

    @Test func `What has come to stand where the ready file was is not removed`() throws {
        let folder = Scratch()
        let server = try RunningServer("--ready-file", folder.path("ready"))
        try folder.write("ready", "something else\n")
        #expect(try server.stop().code == 0)
        #expect(folder.text("ready") == "something else\n")
    }

    @Test func `A ready file that cannot be written is exit 2 and named`() throws {
        let ended = try Program.run("--port", "0", "--ready-file", "/nowhere/at/all/ready")
        #expect(ended.code == 2)
        #expect(ended.errors.contains("--ready-file"))
        #expect(!ended.output.contains("Ready."))
    }

    @Test(arguments: [SIGINT, SIGTERM])
    func `A long load keeps nobody from asking or stopping`(signal: Int32) throws {
        let folder = Scratch()
        let accounts = (0..<300_000).map { "{\"id\":\"\($0)\"}" }.joined(separator: ",")
        try folder.write("seeds/cloudflare/many.json", "{\"accounts\":[\(accounts)]}")
        let program = try Program(
            ["--port", "0", "--seed", folder.path("seeds"), "--ready-file", folder.path("ready")]
        )
        try #require(Program.eventually { program.output.contains("\n") })
        let server = RunningServer(program, at: String(program.output.dropFirst("Listening on ".count).dropLast()))
        for (path, status) in [("ready", 503), ("tenants", 503), ("health", 200)] {
            let began = ContinuousClock.now
            #expect(try server.get("/_patchbay/\(path)").status == status)
            #expect(ContinuousClock.now - began < .seconds(2))
        }
        let began = ContinuousClock.now
        program.send(signal)
        let ended = try program.end(within: 10)
        #expect(ContinuousClock.now - began < .seconds(2))
        #expect(ended.code == 0)
        #expect(!ended.output.contains("Ready."))
        #expect(!folder.exists("ready"))
    }

    #if os(Linux)
    @Test func `Large bodies do not stay in memory`() throws {
        let seeds = try Scratch.seedsWithoutRows()
        let server = try RunningServer("--log-level", "error", "--seed", seeds.root)
        #expect(try server.get("/nowhere").status == 404)
        let before = try server.program.residentMegabytes
        let head = "POST /nowhere HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(16 << 20)\r\n\r\n"
        let body = String(repeating: "x", count: (16 << 20) - 1)
        for _ in 0..<2 {
            // All but the last byte: ten bodies are there at one time.
            let connections = try (0..<10).map { _ in try server.connection(sending: head + body) }
            for connection in connections {
                #expect(send(connection, "x", 1, 0) == 1)
                var answer = [UInt8](repeating: 0, count: 12)
                #expect(recv(connection, &answer, 12, 0) == 12)
                #expect(String(decoding: answer, as: UTF8.self) == "HTTP/1.1 404")
                close(connection)
            }
        }
        #expect(Program.eventually { (try? server.program.residentMegabytes).map { $0 < before + 64 } == true })
    }
    #endif

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
        let request = #""message":"request","method":"GET","path":"/nowhere","status":"404","unmatched":"outside "#
        #expect(lines.contains { $0.contains(#""level":"debug""#) && $0.contains(request) })
        #expect(!ended.errors.contains("secret"))
    }

    @Test func `A path that leads nowhere is told once`() throws {
        let server = try RunningServer()
        for path in ["/nowhere", "/nowhere?secret", "/elsewhere", "/nowhere"] {
            #expect(try server.get(path).status == 404)
        }
        let warnings = try server.stop().errors.split(separator: "\n").filter { $0.contains(" warning ") }
        let told = "outside every emulated API; documented: no service has such a path"
        try #require(warnings.count == 2)
        #expect(warnings[0].hasSuffix(" warning GET /nowhere: \(told)"))
        #expect(warnings[1].hasSuffix(" warning GET /elsewhere: \(told)"))
    }

    @Test func `A plain log is one line of text for each event`() throws {
        let ended = try RunningServer("--log-level", "info").stop()
        let lines = ended.errors.split(separator: "\n")
        #expect(lines.count == 2)
        #expect(lines.first?.contains(" info serving rows=") == true)
        #expect(lines.last?.hasSuffix(" info stopped") == true)
    }
}
