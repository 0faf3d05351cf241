import Foundation
import Testing

/// A command with a server of its own, and the variables by which clients find one.
@Suite(.timeLimit(.minutes(2)))
struct ExecTests {
    private static let list = """
        curl -sf -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" \
        "$CLOUDFLARE_BASE_URL/accounts/023e105f4ecef8ad9ca31a8372d0c353/connectivity/directory/services
        """

    private static func shell(_ script: String, _ options: String...) throws -> Program {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return try Program(["exec"] + options + ["--", "sh", "-c", script], environment: ["PATH": path])
    }

    @Test func `A command finds its server, and what it prints is all that is printed`() throws {
        let ended = try Self.shell(Self.list + "\"; echo; echo told >&2").end()
        #expect(ended.code == 0, "\(ended)")
        #expect(ended.output.hasPrefix(#"{"result":[{"service_id":"550e8400-e29b-41d4-a716-446655440000""#))
        #expect(ended.output.hasSuffix("}\n") && ended.errors == "told\n", "\(ended)")
    }

    @Test(
        arguments: [
            ("exit 7", 7), ("kill -KILL $$", 137), ("true", 0), ("exec /nowhere/at/all", 127), ("kill -PIPE $$", 141),
        ]
    )
    func `The exit code is the command's`(script: String, code: Int32) throws {
        #expect(try Self.shell(script).end().code == code)
    }

    @Test(arguments: [(["nosuchcommand"], 127, "No such file"), (["/"], 126, "Permission denied")])
    func `A command that cannot be run is told as a shell does`(words: [String], code: Int32, reason: String) throws {
        let ended = try Program.run("exec", "--", words[0])
        #expect(ended.code == code)
        #expect(ended.errors.hasPrefix("patchbay: exec: \(words[0]): \(reason)"), "\(ended)")
        #expect(ended.output.isEmpty)
    }

    @Test(arguments: [["exec"], ["exec", "--"], ["exec", "true"], ["exec", "--port", "x", "--", "true"]])
    func `Without a command, or with a bad flag, it is exit 2`(words: [String]) throws {
        #expect(try Program(words).end().code == 2)
    }

    @Test func `Several run at once, each with its own server`() throws {
        let folder = Scratch()
        // Each waits until the other has said where its server is.
        let script = """
            echo "$PATCHBAY_URL" > "\(folder.root)/$0"
            while [ ! -s "\(folder.path("one"))" ] || [ ! -s "\(folder.path("two"))" ]; do sleep 0.05; done
            curl -sf "$PATCHBAY_URL/_patchbay/ready" > /dev/null
            """
        let path = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let programs = try ["one", "two"].map {
            try Program(["exec", "--", "sh", "-c", script, $0], environment: path)
        }
        for program in programs { #expect(try program.end().code == 0) }
        #expect(folder.text("one") != folder.text("two"))
    }

    @Test func `A port that is asked for is taken`() throws {
        let other = try RunningServer()
        let ended = try Program.run("exec", "--port", String(other.port), "--", "true")
        #expect(ended.code == 4)
    }

    @Test(arguments: [SIGTERM, SIGINT])
    func `A signal is passed on to the command, and its end is waited for`(signal: Int32) throws {
        let program = try Self.shell("trap 'echo asked; exit 3' TERM INT; echo there; while :; do sleep 0.05; done")
        #expect(Program.eventually { program.output.contains("there\n") })
        program.send(signal)
        let ended = try program.end()
        #expect(ended.code == 3 && ended.output == "there\nasked\n", "\(ended)")
    }

    @Test(
        arguments: [
            (strict: true, path: "?type=http\"", status: 0, code: 0),
            (strict: true, path: "?typ=http\"", status: 0, code: 5),
            (strict: true, path: "?typ=http\"", status: 9, code: 9),
            (strict: false, path: "?typ=http\"", status: 0, code: 0),
        ] as [(strict: Bool, path: String, status: Int, code: Int32)]
    )
    func `With --strict a request that does not keep to its contract is a failure of a command that succeeds`(
        strict: Bool,
        path: String,
        status: Int,
        code: Int32,
    ) throws {
        let script = Self.list.replacing("-sf", with: "-s") + path + "; exit \(status)"
        let ended = try strict ? Self.shell(script, "--strict").end() : Self.shell(script).end()
        #expect(ended.code == code, "\(ended)")
        #expect(path.contains("type=") || ended.errors.contains("typ"), "\(ended)")
    }

    /// Runs a script beside a server, in an environment.
    private static func inside(_ environment: [String: String], _ options: [String], _ script: String) throws -> String
    {
        let path = ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"]
        let words = ["exec"] + options + ["--", "sh", "-c", script]
        return try Program(words, environment: path.merging(environment) { $1 }).end().output
    }

    @Test func `What would lead a client elsewhere is not passed on`() throws {
        let others = ["OS_CLOUD": "live", "OS_PROJECT_ID": "x", "CLOUDFLARE_API_KEY": "k", "no_proxy": "internal"]
        let lines = try Self.inside(others, [], "env").split(separator: "\n").map(String.init)
        for name in ["OS_CLOUD", "OS_PROJECT_ID", "CLOUDFLARE_API_KEY"] {
            #expect(!lines.contains { $0.hasPrefix("\(name)=") }, "\(name)")
        }
        #expect(lines.contains("no_proxy=internal,127.0.0.1"))
        #expect(lines.contains("NO_PROXY=127.0.0.1"))
    }

    @Test func `The program finds the server as well, wherever it listens`() throws {
        let program = Program.path
        let script = "echo $PATCHBAY_URL; '\(program)' env | head -1; '\(program)' healthcheck && echo healthy"
        let lines = try Self.inside(["PATCHBAY_PORT": "9"], ["--host", "0.0.0.0"], script).split(separator: "\n")
        #expect(lines.count == 3)
        #expect(lines.first?.hasPrefix("http://127.0.0.1:") == true)
        #expect(lines.dropFirst().first == "export PATCHBAY_URL='\(lines.first ?? "")'")
        #expect(lines.last == "healthy")
    }

    @Test func `The variables are those that env prints, for a shell, for a file, as JSON`() throws {
        let names = ["PATCHBAY_URL", "OS_AUTH_URL", "BASE_URL", "CLOUDFLARE_BASE_URL", "CLOUDFLARE_API_TOKEN"]
        let shell = try Program.run("env", "--port", "80").output
        let file = try Program.run("env", "--format", "dotenv", environment: ["PATCHBAY_PORT": "80"]).output
        let json = try Program.run("env", "--format", "json", "--port", "80", environment: ["PORT": "81"]).output
        let unset = try #require(shell.split(separator: "\n").last).split(separator: " ").dropFirst().map(String.init)
        #expect(unset.contains("OS_CLOUD"))
        #expect(
            shell == file.split(separator: "\n").map(Self.command).joined() + "unset \(unset.joined(separator: " "))\n"
        )
        #expect(json.components(separatedBy: #"":""#).count == file.components(separatedBy: "=").count)
        for name in unset { #expect(json.contains("\"\(name)\":null"), "\(name)") }
        for name in names { #expect(file.contains("\(name)=") && json.contains("\"\(name)\":"), "\(name)") }
        #expect(file.hasPrefix("PATCHBAY_URL=http://127.0.0.1:80\n"))
        let inside = try Self.shell("env").end().output.split(separator: "\n").map(String.init)
        for line in file.split(separator: "\n") {
            let name = line.prefix { $0 != "=" }
            #expect(inside.contains { $0.hasPrefix(name + "=") }, "\(name)")
        }
        #expect(try Program.run("env", "--host", "::1").output.contains("http://[::1]:4747"))
        #expect(try Program.run("env", "--format", "xml").code == 2)
    }

    private static func command(_ line: Substring) -> String {
        let parts = line.split(separator: "=", maxSplits: 1)
        return "export \(parts[0])='\(parts[1])'\n"
    }
}
