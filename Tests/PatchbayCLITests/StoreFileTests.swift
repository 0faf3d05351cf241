import Foundation
import Synchronization
import Testing

/// A store that outlives its server.
@Suite(.timeLimit(.minutes(5)))
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

    @Test(arguments: [SIGINT, SIGTERM])
    func `The file alone is the whole store after a stop`(signal: Int32) throws {
        let folder = Scratch()
        // Not the bundled seeds, which a store without rows would be given.
        try folder.write("seeds/cloudflare/mine.json", #"{"accounts":[{"id":"kept"}]}"#)
        let first = try RunningServer("--store", folder.path("store.db"), "--seed", folder.path("seeds"))
        #expect(try first.stop(with: signal).code == 0)
        try FileManager.default.copyItem(atPath: folder.path("store.db"), toPath: folder.path("copy.db"))
        let second = try RunningServer("--store", folder.path("copy.db"))
        let tenants = try second.get("/_patchbay/tenants").text
        #expect(tenants.hasSuffix(#"{"tenants":[{"api":"cloudflare","parameters":{"account_id":"kept"},"rows":0}]}"#))
    }

    @Test func `Seeds beside a store that has data are checked and not loaded`() throws {
        let folder = Scratch()
        try folder.write("first/cloudflare/a.json", #"{"accounts":[{"id":"kept"}]}"#)
        try folder.write("second/cloudflare/a.json", #"{"accounts":[{"id":"ignored"}]}"#)
        try folder.write("wrong/cloudflare/a.json", #"{"accounts":[{"id":""}]}"#)
        let warning = " warning the store has data already: the seeds were checked, but not loaded\n"
        let first = try RunningServer("--store", folder.path("store.db"), "--seed", folder.path("first")).stop()
        #expect(!first.errors.contains("warning"))
        let second = try RunningServer("--store", folder.path("store.db"), "--seed", folder.path("second"))
        let tenants = try second.get("/_patchbay/tenants").text
        #expect(tenants.contains("kept") && !tenants.contains("ignored"))
        #expect(try second.stop().errors.contains(warning))
        let wrong = try Program.run("--port", "0", "--store", folder.path("store.db"), "--seed", folder.path("wrong"))
        #expect(wrong.code == 3)
        #expect(wrong.errors.contains("\(folder.path("wrong"))/cloudflare/a.json: /accounts/0/id "))
        #expect(!wrong.output.contains("Ready."))
        let plain = try RunningServer("--store", folder.path("store.db")).stop()
        #expect(!plain.errors.contains("warning"))
    }

    @Test func `Seeds without rows are no reason for a warning`() throws {
        let folder = try Scratch.seedsWithoutRows()
        #expect(try !RunningServer("--seed", folder.root).stop().errors.contains("warning"))
    }

    @Test func `A store whose pages are garbage is exit 3 and named`() throws {
        let folder = try Scratch.seedsWithoutRows()
        let made = try RunningServer("--store", folder.path("store.db"), "--seed", folder.root)
        #expect(try made.stop().code == 0)
        var content = try #require(folder.bytes("store.db"))
        content.replaceSubrange(4_096..., with: Data(repeating: 0xA5, count: content.count - 4_096))
        try content.write(to: URL(filePath: folder.path("store.db")))
        try expectRefusal(
            try Program.run("--port", "0", "--store", folder.path("store.db")),
            of: folder.path("store.db")
        )
        #expect(folder.bytes("store.db") == content)
    }

    /// A superuser writes to any file, unless that is taken away; `nil` where it cannot be.
    private static let withoutPrivileges: [String]? = {
        let setpriv = ["/usr/bin/setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override"]
        guard geteuid() == 0 else { return [] }
        return FileManager.default.isExecutableFile(atPath: setpriv[0]) ? setpriv : nil
    }()

    /// What cannot be written to.
    enum Locked: CaseIterable {
        case file, folder, both

        func lock(_ folder: Scratch, _ file: String) {
            if self != .folder { #expect(chmod(folder.path(file), 0o400) == 0) }
            if self != .file { #expect(chmod(folder.root, 0o500) == 0) }
        }
    }

    private static let service = "/client/v4/accounts/1/connectivity/directory/services"

    private static func post(_ name: String) -> String {
        let tunnel = #"{"tunnel_id":"0191dce4-9ab4-7fce-b660-8e5dec5172da"}"#
        let body = #"{"name":"\#(name)","type":"http","host":{"ipv4":"10.0.0.1","network":\#(tunnel)}}"#
        let head = [
            "POST \(service) HTTP/1.1", "Host: localhost", "Authorization: Bearer t", "Connection: close",
            "Content-Length: \(body.utf8.count)",
        ]
        return head.joined(separator: "\r\n") + "\r\n\r\n" + body
    }

    private static let broken = #""errors":[{"code":10013,"message":"#

    @Test(arguments: Locked.allCases)
    func `A store that cannot be written to is read, and every write is told so`(locked: Locked) throws {
        guard let launcher = Self.withoutPrivileges else { return }
        let folder = Scratch()
        try folder.write("seeds/cloudflare/none.json", #"{"accounts":[{"id":"1"}]}"#)
        try folder.write("data/store.db", "")
        let (store, seeds) = (folder.path("data/store.db"), ["--seed", folder.path("seeds")])
        let first = try RunningServer(Program(["--port", "0", "--store", store] + seeds))
        #expect(try first.exchange(Self.post("kept")).contains(" 200 OK"))
        #expect(try first.stop().code == 0)
        // An empty file is left there, in which a write finds room.
        unlink(store + "-wal")
        let before = folder.bytes("data/store.db")
        let data = Scratch(at: folder.path("data"))
        locked.lock(data, "store.db")
        defer { chmod(data.root, 0o700) }
        let server = try RunningServer(Program(["--port", "0", "--store", store] + seeds, launcher: launcher))
        let authorization = ["Authorization: Bearer t"]
        for number in 1...3 {
            let answer = try server.exchange(Self.post("refused-\(number)"))
            #expect(answer.hasPrefix("HTTP/1.1 500 ") && answer.contains(Self.broken), "\(answer)")
            let list = try server.get(Self.service, headers: authorization)
            #expect(list.status == 200 && list.text.contains("kept") && !list.text.contains("refused"))
        }
        let reset = try server.exchange(
            "POST /_patchbay/reset HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        )
        #expect(reset.contains("The store failed: SQLite: attempt to write a readonly database"), "\(reset)")
        let ended = try server.stop()
        #expect(ended.code == 0)
        #expect(ended.errors.contains(" warning the store cannot be written to: it is served for reading"))
        #expect(folder.bytes("data/store.db") == before)
        #expect(data.names == ["store.db"])
    }

    @Test(arguments: ["rm store.db-wal", "cp store.db-wal x; mv x store.db-wal", "mv store.db x; ln -s x store.db"])
    func `A write that the next start would not find is refused, and what was acknowledged before is kept`(
        script: String
    ) throws {
        let folder = Scratch()
        try folder.write("seeds/cloudflare/none.json", #"{"accounts":[{"id":"1"}]}"#)
        let words = ["--port", "0", "--store", folder.path("store.db"), "--seed", folder.path("seeds")]
        let server = try RunningServer(Program(words))
        #expect(try server.exchange(Self.post("kept")).hasPrefix("HTTP/1.1 200 "))
        let shell = try Foundation.Process.run(
            URL(filePath: "/bin/sh"),
            arguments: ["-c", "cd \(folder.root); \(script)"]
        )
        shell.waitUntilExit()
        for number in 1...3 {
            let answer = try server.exchange(Self.post("refused-\(number)"))
            #expect(answer.hasPrefix("HTTP/1.1 500 ") && answer.contains(Self.broken), "\(answer)")
        }
        let ended = try server.stop()
        #expect(ended.code == 0)
        #expect(ended.errors.contains(" error cloudflare: the store failed: \(folder.path("store.db"))"))
        #expect(ended.errors.contains(": is gone, or another file has its name\n"))
        let list = try RunningServer(Program(words)).get(Self.service, headers: ["Authorization: Bearer t"]).text
        #expect(list.contains("\"kept\"") && !list.contains("refused"))
    }

    @Test(arguments: Locked.allCases)
    func `An empty store that cannot be written to is exit 3 and named`(locked: Locked) throws {
        guard let launcher = Self.withoutPrivileges else { return }
        let folder = Scratch()
        try folder.write("store.db", "")
        locked.lock(folder, "store.db")
        defer { chmod(folder.root, 0o700) }
        let ended = try Program(["--port", "0", "--store", folder.path("store.db")], launcher: launcher).end()
        try expectRefusal(ended, of: folder.path("store.db"))
        #expect(folder.names == ["store.db"])
    }

    @Test(arguments: [false, true])
    func `A store that was killed and cannot be written to any more is exit 3, and nothing of it is lost`(
        isLinked: Bool
    ) throws {
        guard let launcher = Self.withoutPrivileges else { return }
        let folder = Scratch()
        try folder.write("seeds/cloudflare/none.json", #"{"accounts":[{"id":"1"}]}"#)
        let name = isLinked ? "link.db" : "store.db"
        if isLinked { symlink("store.db", folder.path(name)) }
        let words = ["--port", "0", "--store", folder.path(name), "--seed", folder.path("seeds")]
        #expect(try RunningServer(Program(words)).stop(with: SIGKILL).code == -SIGKILL)
        chmod(folder.path("store.db"), 0o400)
        let ended = try Program(words, launcher: launcher).end()
        try expectRefusal(ended, of: folder.path(name))
        #expect(
            ended.errors.contains("/store.db-wal has to be brought into it")
        )
        chmod(folder.path("store.db"), 0o600)
        let tenants = try RunningServer(Program(words)).get("/_patchbay/tenants").text
        #expect(tenants.contains(#""account_id":"1""#))
    }

    @Test func `A store that is in use is exit 3 and named, until whoever has it is gone, however that went`() throws {
        let folder = try Scratch.seedsWithoutRows()
        let words = ["--port", "0", "--store", folder.path("store.db"), "--seed", folder.root]
        let first = try RunningServer(Program(words))
        let second = try Program(words).end()
        try expectRefusal(second, of: folder.path("store.db"))
        #expect(second.errors.hasSuffix(": is in use by another process; it was left as it is\n"))
        #expect(try first.get("/_patchbay/ready").status == 200)
        #expect(try first.stop(with: SIGKILL).code == -SIGKILL)
        #expect(try RunningServer(Program(words)).stop().code == 0)
    }

    @Test func `Every write that was carried out is answered, whenever a stop is asked for`() throws {
        let folder = Scratch()
        try folder.write("seeds/cloudflare/none.json", #"{"accounts":[{"id":"1"}]}"#)
        let words = ["--port", "0", "--store", folder.path("store.db"), "--seed", folder.path("seeds")]
        let answered = Mutex<Set<String>>([])
        for round in 1...5 {
            let server = try RunningServer(Program(words))
            let (program, url) = (server.program, server.url)
            let group = DispatchGroup()
            for client in 1...8 {
                DispatchQueue.global().async(group: group) {
                    let names = Self.keepPosting("n-\(round)-\(client)", to: RunningServer(program, at: url))
                    answered.withLock { $0.formUnion(names) }
                }
            }
            usleep(UInt32(round) * 40_000)
            #expect(try server.stop().code == 0)
            group.wait()
        }
        let again = try RunningServer(Program(words))
        let list = try again.get(Self.service, headers: ["Authorization: Bearer t"]).text
        let names = list.components(separatedBy: #""name":""#).dropFirst().map { String($0.prefix { $0 != "\"" }) }
        #expect(names.count > 20)
        #expect(Set(names) == answered.withLock { $0 })
    }

    /// Asks again and again on one connection, until an answer says that it is the last.
    ///
    /// - Returns: what was answered.
    private static func keepPosting(_ name: String, to server: borrowing RunningServer) -> [String] {
        guard let connection = try? server.connection(sending: "") else { return [] }
        defer { close(connection) }
        var answered: [String] = []
        for number in 1... {
            let request = Array(post("\(name)-\(number)").replacing("Connection: close\r\n", with: "").utf8)
            guard send(connection, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { break }
            var answer = ""
            var piece = [UInt8](repeating: 0, count: 65_536)
            while !answer.hasSuffix(#""errors":[],"messages":[]}"#) {
                let count = recv(connection, &piece, piece.count, 0)
                guard count > 0 else {
                    // Nobody has read the request, then; an answer that has begun is brought to its end.
                    #expect(answer.isEmpty, "\(answer)")
                    return answered
                }
                answer += String(decoding: piece[..<count], as: UTF8.self)
            }
            answered.append("\(name)-\(number)")
            if answer.contains("Connection: close\r\n") { break }
        }
        return answered
    }

    @Test func `What is closed of the standard descriptors is no place for sockets and stores`() throws {
        let folder = try Scratch.seedsWithoutRows()
        let words = ["--port", "0", "--store", folder.path("store.db"), "--seed", folder.root, "--log-level", "debug"]
        let launcher = ["/bin/sh", "-c", "exec \"$@\" 0<&- 2>&-", "sh"]
        let server = try RunningServer(Program(words, launcher: launcher))
        for _ in 1...3 { #expect(try server.get("/nowhere").text.hasPrefix("HTTP/1.1 404 ")) }
        #expect(try server.stop().code == 0)
        #expect(try RunningServer(Program(words)).stop().code == 0)
    }

    @Test(
        .disabled(
            if: ProcessInfo.processInfo.environment["TSAN_OPTIONS"] != nil,
            "The thread sanitizer itself begins with a file, which the limit is for as well.",
        )
    )
    func `A disk that is full from the beginning is exit 3 and named`() throws {
        let folder = Scratch()
        let limited = ["/bin/sh", "-c", "ulimit -f 8; exec \"$@\"", "sh"]
        let ended = try Program(["--port", "0", "--store", folder.path("store.db")], launcher: limited).end()
        try expectRefusal(ended, of: folder.path("store.db"))
    }

    private func expectRefusal(_ ended: Program.Ended, of file: String) throws {
        #expect(ended.code == 3)
        #expect(ended.errors.hasPrefix("patchbay: \(file): "))
        #expect(ended.errors.split(separator: "\n").count == 1)
        #expect(!ended.output.contains("Ready."))
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
