import Foundation
import Patchbay
import PatchbayHTTP
import Testing

/// Starting with a snapshot's file, and opening tenants.
@Suite(.timeLimit(.minutes(5)))
struct SnapshotTests {
    private let folder = Scratch()

    /// Writes the snapshot of an emulator that has one account of its own.
    private func write(_ name: String) throws {
        let seeds = Scratch()
        try seeds.write("cloudflare/mine.json", #"{"accounts":[{"id":"saved"}]}"#)
        let emulator = try Emulator()
        try emulator.load(.directories([seeds.root]))
        let responses = try ["PUT /_patchbay/snapshots/s", "GET /_patchbay/snapshots/s/content"].map { line in
            emulator.respond(to: try Request(parsing: "\(line) HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        }
        try Data(responses[1].body).write(to: URL(filePath: folder.path(name)))
    }

    @Test(arguments: [true, false])
    func `A server begins with what was saved`(isFlag: Bool) throws {
        try write("s.db")
        let server =
            try isFlag
            ? RunningServer("--snapshot", folder.path("s.db"))
            : RunningServer(environment: ["PATCHBAY_SNAPSHOT": folder.path("s.db")])
        let tenants = try server.get("/_patchbay/tenants").text
        #expect(tenants.hasSuffix(#"{"tenants":[{"api":"cloudflare","parameters":{"account_id":"saved"},"rows":0}]}"#))
    }

    @Test func `What is no snapshot is exit 3 with the reason`() throws {
        try write("s.db")
        let whole = try #require(FileManager.default.contents(atPath: folder.path("s.db")))
        try whole.prefix(whole.count / 2).write(to: URL(filePath: folder.path("half.db")))
        try folder.write("text.db", "no database at all, however long it may be")
        for name in ["half.db", "text.db", "missing.db"] {
            let ended = try Program.run("--port", "0", "--snapshot", folder.path(name))
            #expect(ended.code == 3)
            #expect(
                ended.errors.hasPrefix("patchbay: \(folder.path(name)): cannot be the snapshot: "),
                "\(ended.errors)"
            )
        }
    }

    @Test func `A store that has data is not replaced`() throws {
        try write("s.db")
        let store = folder.path("store.db")
        #expect(try RunningServer("--store", store, "--snapshot", folder.path("s.db")).stop().code == 0)
        let again = try Program.run("--port", "0", "--store", store, "--snapshot", folder.path("s.db"))
        #expect(again.code == 3)
        #expect(again.errors.contains("the store has data already"))
        let kept = try RunningServer("--store", store)
        #expect(try kept.get("/_patchbay/tenants").text.contains("saved"))
    }

    @Test func `A snapshot and seeds are one too many`() throws {
        let flags = try Program.run("--snapshot", "s.db", "--seed", "seeds")
        #expect(flags.code == 2)
        #expect(flags.errors == "patchbay: --snapshot: begins with a snapshot, and --seed with seeds\n")
        let variables = try Program.run(environment: ["PATCHBAY_SNAPSHOT": "s.db", "PATCHBAY_SEED": "seeds"])
        #expect(variables.code == 2)
        #expect(variables.errors.contains("PATCHBAY_SNAPSHOT: begins with a snapshot, and PATCHBAY_SEED with seeds"))
    }

    @Test(arguments: [true, false])
    func `Unknown tenants are opened where that is asked for`(isFlag: Bool) throws {
        let path = "/api/atlas/v1.0/groups/00000000000000000000abcd/peers"
        let open =
            try isFlag
            ? RunningServer("--open-tenants", "--auth", "off")
            : RunningServer("--auth", "off", environment: ["PATCHBAY_OPEN_TENANTS": "true"])
        #expect(try open.get(path).status == 200)
        let closed = try RunningServer("--auth", "off", environment: ["PATCHBAY_OPEN_TENANTS": "false"])
        #expect(try closed.get(path).status == 404)
        let bad = try Program.run(environment: ["PATCHBAY_OPEN_TENANTS": "yes"])
        #expect(bad.code == 2)
        #expect(bad.errors == "patchbay: PATCHBAY_OPEN_TENANTS: \"yes\" is not true or false\n")
    }
}
