import Foundation
import Testing

/// What is wrong with a command line is said before anything is served, with exit 2.
@Suite(.timeLimit(.minutes(5)))
struct UsageTests {
    @Test(arguments: [
        (["--prot", "1"], "--port"), (["--hots", "::1"], "--host"), (["--seeds", "x"], "--seed"),
        (["--stor", "x"], "--store"), (["--ready-fiel", "x"], "--ready-file"),
        (["--log-levle", "info"], "--log-level"),
        (["serve", "--log-fromat", "json"], "--log-format"), (["--public-ulr", "http://a"], "--public-url"),
        (["healthcheck", "--prt", "1"], "--port"),
        (["seed", "generate", "--rows", "1", "--out", "x", "--apy", "atlas"], "--api"),
    ])
    func `An unknown flag is exit 2 and the nearest one is named`(arguments: [String], nearest: String) throws {
        let ended = try Program(arguments).end()
        #expect(ended.code == 2)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.contains(arguments.first { $0.hasPrefix("--") } ?? "?"))
        #expect(ended.errors.contains("'\(nearest)'"))
    }

    @Test(arguments: [
        ["--port"], ["nonsense"], ["serve", "nonsense"], ["seed"], ["seed", "check"], ["seed", "generate"],
        ["seed", "generate", "--rows", "x", "--out", "/tmp"], ["routes", "nonsense"], ["--port", "0", "nonsense"],
    ])
    func `A command line that means nothing is exit 2`(arguments: [String]) throws {
        let ended = try Program(arguments).end()
        // A verb that only holds others shows its help.
        #expect(ended.code == (arguments == ["seed"] ? 0 : 2))
        #expect(ended.errors.isEmpty == (arguments == ["seed"]))
    }

    @Test(
        arguments: [
            ("port", "x"), ("port", "65536"), ("port", "-1"), ("port", " 1"), ("host", "nowhere.example"),
            ("host", "300.1.1.1"), ("host", "127.0.0.1:80"),
            ("auth", "maybe"), ("auth", "OFF"), ("loops", "0"), ("loops", "257"), ("loops", "many"),
            ("journal", "-1"), ("journal", "all"), ("journal", "1000001"),
            ("log-level", "loud"),
            ("log-format", "xml"), ("public-url", "example.org"), ("public-url", "http://"),
            ("public-url", "http://a/b"), ("public-url", "ftp://a"), ("public-url", "http://a?b"),
            ("public-url", "http://["), ("public-url", "http://[]"), ("public-url", "http://h\"x"),
            ("public-url", "http://:80"), ("public-url", "http://h:abc"), ("public-url", "http://h:65536"),
            ("public-url", "https://user@h"), ("public-url", "http://h/path"), ("public-url", "http://h?x"),
            ("public-url", "http://h#x"), ("public-url", "http://h//"), ("public-url", "http://h x"),
            ("public-url", "http://h/?"), ("public-url", "/"), ("public-url", "*"),
        ],
        [true, false]
    )
    func `A bad value is exit 2 and names its flag or variable`(bad: (flag: String, value: String), isFlag: Bool) throws
    {
        let variable = "PATCHBAY_" + bad.flag.uppercased().replacingOccurrences(of: "-", with: "_")
        var environment = isFlag ? [:] : [variable: bad.value]
        if bad.flag != "port" { environment["PORT"] = "0" }
        let ended = try Program(isFlag ? ["--\(bad.flag)=\(bad.value)"] : [], environment: environment).end()
        #expect(ended.code == 2)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.contains("\"\(bad.value)\""))
        #expect(ended.errors.contains(isFlag ? "--\(bad.flag)" : variable))
    }

    @Test(arguments: [
        (["--seed", ""], "--seed"), (["--seed", "/tmp", "--seed", ""], "--seed"), (["--store", ""], "--store"),
        (["--snapshot", ""], "--snapshot"), (["--ready-file", ""], "--ready-file"),
        (["seed", "generate", "--rows", "1", "--out", ""], "--out"), (["seed", "check", ""], "directories"),
        (["seed", "check", "/tmp", ""], "directories"),
    ])
    func `A name of a file or folder that is empty is exit 2`(arguments: [String], named: String) throws {
        let ended = try Program(arguments, environment: ["PORT": "0"]).end()
        #expect(ended.code == 2)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.hasPrefix("patchbay: \(named): \"\" is not "))
    }

    @Test(arguments: ["seed", "snapshot", "store", "ready-file"], [true, false])
    func `A name that is not UTF-8 is exit 2, and nothing is made of another name`(flag: String, isFlag: Bool) throws {
        let folder = Scratch()
        // The shell makes the byte: an argument of the test would be UTF-8.
        let variable = "PATCHBAY_" + flag.uppercased().replacingOccurrences(of: "-", with: "_")
        let name = "\(folder.root)/$(printf '\\377').db"
        let line =
            isFlag ? "exec \"$1\" --port 0 --\(flag) \"\(name)\"" : "\(variable)=\"\(name)\" exec \"$1\" --port 0"
        let ended = try Program([], launcher: ["/bin/sh", "-c", line, "sh"]).end()
        #expect(ended.code == 2)
        #expect(ended.output.isEmpty)
        #expect(
            ended.errors.hasPrefix(
                "patchbay: \(isFlag ? "--" + flag : variable): \"\(folder.root)/\u{FFFD}.db\" is not "
            )
        )
        #expect(ended.errors.hasSuffix(", in UTF-8\n") && ended.errors.split(separator: "\n").count == 1)
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: [
        (["--port", "-1"], "--port"), (["--loops", "-1"], "--loops"), (["--journal", "-1"], "--journal"),
        (["healthcheck", "--port", "-1"], "--port"), (["seed", "generate", "--out", "x", "--rows", "-1"], "--rows"),
    ])
    func `A negative number is told in one line`(arguments: [String], named: String) throws {
        let ended = try Program(arguments).end()
        #expect(ended.code == 2)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.hasPrefix("patchbay: \(named): \"-1\" is not "))
        #expect(ended.errors.split(separator: "\n").count == 1)
    }

    @Test(arguments: [
        ("atlas.includeCount", "is not name=reading"),
        ("atlas.includeCounts=zero", "did you mean \"atlas.includeCount\"?"),
        ("includeCount=zero", "names no quirk"),
        ("atlas.includeCount=none", "none of its readings, which are absent, zero"),
        ("atlas.includeCount=", "none of its readings"), ("=", "names no quirk"), ("", "is not name=reading"),
    ])
    func `A reading that there is not is exit 2`(setting: String, reason: String) throws {
        let ended = try Program.run("--port", "0", "--quirk", setting)
        #expect(ended.code == 2)
        #expect(ended.output.isEmpty)
        #expect(ended.errors.hasPrefix("patchbay: --quirk: \"\(setting)\" "))
        #expect(ended.errors.contains(reason))
    }

    @Test func `A quirk is chosen once`() throws {
        let twice = try Program.run("--quirk", "apig.order=oldest", "--quirk", "apig.order=newest")
        #expect(twice.code == 2)
        #expect(twice.errors.contains("again"))
        let variable = ["PATCHBAY_QUIRKS": "apig.order=oldest, atlas.nope=1"]
        let listed = try Program.run(environment: variable)
        #expect(listed.code == 2)
        #expect(listed.errors.hasPrefix("patchbay: PATCHBAY_QUIRKS: \"atlas.nope=1\" names no quirk"))
        let blank = try Program.run(environment: ["PATCHBAY_QUIRKS": "apig.order=oldest atlas.includeCount=zero"])
        #expect(blank.code == 2)
        #expect(blank.errors.contains("\"apig.order=oldest atlas.includeCount=zero\" names none of its readings"))
    }

    @Test(arguments: [true, false])
    func `Readings come from flags or from a list in the variable`(byFlag: Bool) throws {
        let (one, other) = ("cloudflare.resultInfo=absent", "cloudflare.unknownAccount=403")
        let server =
            byFlag
            ? try RunningServer("--auth", "off", "--quirk", one, "--quirk", other)
            : try RunningServer("--auth", "off", environment: ["PATCHBAY_QUIRKS": " \(one) ,, \(other), "])
        let list = { (account: String) in
            try server.get("/client/v4/accounts/\(account)/connectivity/directory/services")
        }
        #expect(try list("023e105f4ecef8ad9ca31a8372d0c353").text.hasSuffix(#""errors":[],"messages":[]}"#))
        #expect(try list("nobody").text.contains("10000"))
    }

    @Test(arguments: [
        "http://a", "http://a/", "https://a.example:8443", "http://[::1]:4747", "http://127.0.0.1/", "http://a_b",
    ])
    func `A public URL is scheme, host and port`(url: String) throws {
        let folder = Scratch()
        let group = String(repeating: "a", count: 24)
        try folder.write("atlas/group.json", #"{"groups":[{"id":"\#(group)"}]}"#)
        let server = try RunningServer("--auth", "off", "--public-url", url, "--seed", folder.root)
        let path = "/api/atlas/v1.0/groups/\(group)/peers"
        let start = url.hasSuffix("/") ? String(url.dropLast()) : url
        #expect(try server.get(path).text.contains("\"href\":\"\(start)\(path)?"))
    }

    @Test func `The port is that of the flag, then the own variable, then PORT`() throws {
        let bad = "bad"
        let all = ["PATCHBAY_PORT": bad, "PORT": bad]
        #expect(try RunningServer(environment: all, port: "0").stop().code == 0)
        #expect(try RunningServer(environment: ["PATCHBAY_PORT": "0", "PORT": bad], port: nil).stop().code == 0)
        #expect(try RunningServer(environment: ["PORT": "0"], port: nil).stop().code == 0)
        #expect(try RunningServer(environment: ["PATCHBAY_PORT": "", "PORT": "0"], port: nil).stop().code == 0)
        // As Kubernetes and Docker tell containers of a service that is called patchbay.
        let told = ["PATCHBAY_PORT": "tcp://10.0.0.1:4747", "PORT": "0"]
        #expect(try RunningServer(environment: told, port: nil).stop().code == 0)
        #expect(try Program.run(environment: all).errors.contains("PATCHBAY_PORT: \"bad\""))
        let last = try Program.run(environment: ["PORT": bad])
        #expect(last.code == 2)
        #expect(last.errors.hasPrefix("patchbay: PORT: \"bad\""))
    }

    @Test(arguments: [
        (["--host", "127.0.0.1"], ["PATCHBAY_HOST": "nowhere.example"]), (["--strict"], ["PATCHBAY_STRICT": "x"]),
        (["--auth", "off"], ["PATCHBAY_AUTH": "x"]), (["--loops", "1"], ["PATCHBAY_LOOPS": "x"]),
        (["--log-level", "error"], ["PATCHBAY_LOG_LEVEL": "x"]),
        (["--log-format", "text"], ["PATCHBAY_LOG_FORMAT": "x"]),
        (["--public-url", "http://a"], ["PATCHBAY_PUBLIC_URL": "x"]),
        (["--seed", "EMPTY"], ["PATCHBAY_SEED": "/nowhere"]),
        (["--store", ":memory:"], ["PATCHBAY_STORE": "/nowhere/x"]),
    ])
    func `A flag goes before its variable`(flags: [String], environment: [String: String]) throws {
        let folder = Scratch()
        try folder.write("cloudflare/none.json", "{}")
        let arguments = flags.map { $0 == "EMPTY" ? folder.root : $0 }
        let program = try Program(["--port", "0"] + arguments, environment: environment)
        #expect(Program.eventually { program.output.hasSuffix("Ready.\n") })
        program.send(SIGTERM)
        #expect(try program.end().code == 0)
    }

    @Test func `Help and version go to standard output with exit 0`() throws {
        let help = try Program.run("--help")
        #expect(help.code == 0)
        #expect(help.output.contains("Exit codes: 0 stopped on request"))
        #expect(help.errors.isEmpty)
        let version = try Program.run("version")
        #expect(version.code == 0)
        #expect(version.output.split(separator: ".").count == 3)
        #expect(try Program.run("--version").output == version.output)
    }
}
