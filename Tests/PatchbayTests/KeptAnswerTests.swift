import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayStore
import SeededGenerator
import Synchronization
import Testing

/// An answer that is given again is the one that would be made.
@Suite struct KeptAnswerTests {
    @Test(arguments: AuthenticationMode.allCases)
    func `Whatever happens between requests, answers are those of an emulator that keeps none`(
        mode: PatchbayAPIKit.AuthenticationMode
    ) throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let time = Time()
        let (keeping, plain) = (try Client(mode, time), try Client(mode, time, keeps: false))
        var repeated = 0
        for step in 0..<4_000 {
            let isChange = Int.random(in: 0..<12, using: &generator) == 0
            let request = try #require((isChange ? Self.changes : Self.reads).randomElement(using: &generator))
            let remote = Bool.random(using: &generator) ? "127.0.0.1" : "203.0.113.9"
            if Int.random(in: 0..<40, using: &generator) == 0 { time.pass(.random(in: 0...100_000, using: &generator)) }
            let (answer, expected) = try (keeping.ask(request, remote), plain.ask(request, remote))
            #expect(answer == expected, "seed \(seed), step \(step): \(request)")
            if answer.hasPrefix("200") { repeated += 1 }
        }
        #expect(repeated > 1_000)
        let entries = [keeping, plain].map { $0.emulator.world.journal.extract().entries }
        #expect(entries[0].map(Self.brief) == entries[1].map(Self.brief), "seed \(seed)")
    }

    @Test func `A repeated request is taken down each time, under an identifier of its own`() throws {
        let client = try Client(.present, Time())
        let answers = try (0..<5).map { _ in try client.ask(Self.reads[0], "127.0.0.1") }
        #expect(Set(answers).count == 5)
        let entries = client.emulator.world.journal.extract().entries
        #expect(entries.map(\.number) == [1, 2, 3, 4, 5])
        #expect(Set(entries.compactMap(\.id)).count == 5)
        #expect(Set(entries.map { "\($0.rows ?? 0) \($0.bytes) \($0.route ?? 0) \($0.root?.key ?? "")" }).count == 1)
    }

    @Test func `Rows that another program writes to a file are seen at once`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "kept-\(UUID().uuidString).db").path
        defer { for end in ["", "-wal", "-shm"] { try? FileManager.default.removeItem(atPath: file + end) } }
        let client = try Client(.present, Time(), file: file)
        let other = try Client(.present, Time(), file: file)
        let request = try #require(Self.reads.first { $0.contains("cfd_tunnel") })
        let rows = { try client.ask(request, "127.0.0.1").split(separator: "\r\n").last ?? "" }
        let before = [try rows(), try rows(), try rows()].map { $0.split(separator: "\n").last ?? "" }
        #expect(Set(before).count == 1)
        #expect(try other.ask(Self.changes[0], "127.0.0.1").hasPrefix("200"))
        #expect(try rows().split(separator: "\n").last != before[0])
    }

    private static func brief(_ entry: JournalEntry) -> String {
        "\(entry.number) \(entry.moment) \(entry.id?.hexadecimal ?? "") \(entry.api ?? "") \(entry.route ?? -1) "
            + "\(entry.root?.key ?? "") \(entry.status?.code ?? 0) \(entry.bytes) \(entry.rows ?? -1) "
            + "\(entry.faults.map(\.name)) \(entry.findings.count) \(entry.request.target.path)"
    }

    /// The machine's time, which passes when it is told to.
    private final class Time: Sendable {
        private let now = Mutex(Timestamp(seconds: 1_577_836_000))

        func pass(_ seconds: Int64) { now.withLock { $0.microseconds += seconds * 1_000_000 } }

        var clock: Clock { Clock { self.now.withLock { $0 } } }
    }

    /// Somebody who asks an emulator over connections.
    private struct Client {
        let emulator: Emulator
        private let known: KnownHeads?

        init(_ mode: AuthenticationMode, _ time: Time, keeps: Bool = true, file: String? = nil) throws {
            emulator = try Emulator(authentication: mode, file: file, clock: time.clock, pace: .immediate)
            try emulator.load(.bundled)
            known = keeps ? KnownHeads(places: 64) : nil
        }

        func ask(_ text: String, _ remote: String) throws -> String {
            var parser = RequestParser(known: known)
            parser.append(Array(text.utf8))
            var request = try #require(try parser.next())
            request.local = "127.0.0.1:4747"
            request.remote = remote
            return Answer(response: emulator.respond(to: request)).whole
        }
    }

    /// Lists, single resources, errors, findings, preferences, with credentials that are good, bad, run out or missing.
    private static let reads: [String] = {
        let lists = seededPaths.map(\.path)
        let further = [
            lists[0] + "?limit=3&offset=40&sort_dir=asc", lists[0] + "?status=accepted&limit=2", lists[0] + "?limit=x",
            lists[1] + "?limit=2&offset=250", lists[2] + "?itemsPerPage=2&pageNum=3", lists[2] + "?envelope=true",
            lists[3] + "?page_size=3", lists[4] + "?per_page=2&page=2", lists[4] + "/none", "/v3/auth/projects", "/",
            "/v1/00000000000000000000000000000257/vpc-endpoint-services?limit=2", lists[0] + "?nonsense=1",
            "/api/atlas/v1.0/groups/000000000000000000000257/peers/nobody", "/api/atlas/v1.0/groups", "/nowhere",
            "/client/v4/accounts/00000000000000000000000000000257/cfd_tunnel", "/org/v2/environments?page_size=1",
        ]
        let tokens = ["full-token", "expired-token", "denied-token"]
        let credentials = tokens.map { "X-Auth-Token: \($0)\r\nAuthorization: Bearer \($0)\r\n" } + [""]
        return lists.flatMap { path in credentials.map { get(path, $0) } } + further.map { get($0, credentials[0]) } + [
            get(lists[2], credentials[0] + "Prefer: code=RATE_LIMITED\r\n"),
            get(lists[2], credentials[0], host: "other:1"), "GET \(lists[2]) HTTP/1.0\r\n\(credentials[0])\r\n",
            "HEAD \(lists[0]) HTTP/1.1\r\nHost: a\r\n\(credentials[0])\r\n",
        ]
    }()

    /// Rows that come, change and go, faults, clocks, tenants, resets.
    private static let changes: [String] = {
        let group = "/api/atlas/v1.0/groups/000000000000000000000257/peers"
        let tunnels = "/client/v4/accounts/00000000000000000000000000000257/cfd_tunnel"
        let control = "/_patchbay/"
        return [
            send("POST", tunnels, #"{"name":"one"}"#), send("POST", tunnels, #"{"name":"two"}"#),
            send("DELETE", group + "/000000000000000000000001", ""),
            send("PUT", control + "faults/f", #"{"api": "atlas", "error": "RATE_LIMITED", "when": {"first": 2}}"#),
            send("DELETE", control + "faults", ""), send("POST", control + "reset", ""),
            send("POST", control + "reset?tenant=000000000000000000000257", ""),
            send("PUT", control + "tenants/t1", #"{"from": "000000000000000000000257"}"#),
            send("DELETE", control + "tenants/t1", ""),
            send("PUT", control + "clock", #"{"now": "2019-12-31T23:59:58Z", "frozen": true}"#),
            send("PUT", control + "clock", #"{"now": "2019-12-31T23:59:59Z"}"#),
            send("POST", control + "clock/advance", #"{"seconds": 3600}"#),
        ]
    }()

    private static func get(_ path: String, _ fields: String, host: String = "localhost") -> String {
        "GET \(path) HTTP/1.1\r\nHost: \(host)\r\n\(fields)\r\n"
    }

    private static func send(_ method: String, _ path: String, _ body: String) -> String {
        "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nX-Auth-Token: full-token\r\nAuthorization: Bearer full-token\r\n"
            + "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
    }
}
