import Foundation
import JSON
import SeededGenerator
import Synchronization
import Testing

/// A store whose program is killed again and again while clients of all five APIs write to it.
///
/// `make test-kills` does it a hundred times; `PATCHBAY_KILLS` and `PATCHBAY_KILL_SEED` say how often, and which moments.
@Suite(.timeLimit(.minutes(60)))
struct KillTests {
    private static let variables = ProcessInfo.processInfo.environment
    private static let kills = variables["PATCHBAY_KILLS"].flatMap { Int($0) } ?? 8
    private static let seed = variables["PATCHBAY_KILL_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999)
    /// What the documents show: an API each, which loads at once.
    private static let documented = ["vpcep", "apig", "atlas", "confluent", "cloudflare"].map {
        "\($0)/\($0)-documented.json"
    }

    private let folder = Scratch()

    /// Starts the program with the store, whose seeds are those of the folder.
    private func start(_ store: String = "store.db") throws -> Program {
        let seeds = ["--seed", folder.path("seeds")]
        return try Program(["--port", "0", "--auth", "off", "--store", folder.path(store)] + seeds)
    }

    private func copySeeds(_ names: [String]) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../seed-data")
        for name in names {
            try folder.write("seeds/\(name)", try String(contentsOf: root.appending(path: name), encoding: .utf8))
        }
    }

    @Test(arguments: [seed])
    func `Every acknowledged write is there after a kill, and none is half done`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        try copySeeds(Self.documented + ["cloudflare/cloudflare-generated.json"])
        var clients: [KillClient] = []
        var written = 0
        var (unsure, wasDone) = (0, 0)
        for kill in 0...Self.kills {
            if kill % 4 == 3 {
                // In the middle of a start, which may find what the last kill has left.
                let program = try start()
                usleep(.random(in: 0...600_000, using: &generator))
                program.send(SIGKILL)
                #expect(try program.end().code == -SIGKILL)
            }
            let server = try RunningServer(start())
            if clients.isEmpty { clients = try KillTrade.all.map { try KillClient($0, of: server.door) } }
            for client in clients {
                unsure += client.unsure == nil ? 0 : 1
                wasDone += try client.checkAfterRestart(server.door) ? 1 : 0
            }
            guard kill < Self.kills else { break }
            let (program, door) = (server.program, server.door)
            let seeds = clients.map { _ in generator.next() }
            let group = DispatchGroup()
            for (client, seed) in zip(clients, seeds) {
                DispatchQueue.global().async(group: group) { client.write(to: door, seed: seed) }
            }
            // Nobody is killed before the work has begun; at first, that of every client.
            let began = Program.eventually {
                let all = clients.map(\.written)
                return written == 0 ? all.allSatisfy { $0 > 0 } : all.reduce(0, +) > written
            }
            #expect(began)
            usleep(.random(in: 0...400_000, using: &generator))
            if kill % 4 == 1 {
                // In the middle of a stop, which brings what was written into the file.
                program.send(SIGTERM)
                usleep(.random(in: 0...150_000, using: &generator))
            }
            program.send(SIGKILL)
            #expect([0, -SIGKILL].contains(try program.end().code))
            group.wait()
            written = clients.reduce(0) { $0 + $1.written }
        }
        let summary =
            "\(Self.kills) kills, seed \(seed): \(written) writes acknowledged and there; "
            + "\(unsure) in flight, of which \(wasDone) were done\n"
        if Self.variables["PATCHBAY_KILLS"] != nil {
            try FileHandle.standardError.write(contentsOf: Data(summary.utf8))
        }
    }

    @Test(arguments: [seed])
    func `A first load that was killed is begun again`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let apis = ["vpcep", "apig", "atlas", "confluent", "cloudflare"]
        try copySeeds(
            Self.documented + apis.map { "\($0)/\($0)-generated.json" } + ["identity/identity-generated.json"]
        )
        let whole = try RunningServer(start("whole.db"))
        let tenants = try whole.get("/_patchbay/tenants").text.drop { $0 != "{" }
        let began = ContinuousClock.now
        _ = try RunningServer(start("timed.db"))
        let duration = (ContinuousClock.now - began) / .microseconds(1)
        for number in 0..<max(3, Self.kills / 3) {
            let program = try start("store-\(number).db")
            usleep(.random(in: 0...UInt32(duration), using: &generator))
            program.send(SIGKILL)
            #expect(try program.end().code == -SIGKILL)
            let server = try RunningServer(start("store-\(number).db"))
            #expect(try server.get("/_patchbay/tenants").text.drop { $0 != "{" } == tenants)
        }
    }
}

/// Where a server is asked.
struct Door: Sendable {
    let program: Program
    let url: String

    /// What is answered; status 0 when nothing is.
    func ask(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, text: String, json: JSON?) {
        let server = RunningServer(program, at: url)
        let lines = [
            "\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
        ]
        let text = try server.exchange(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        let content = text.range(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return (Int(text.dropFirst(9).prefix(3)) ?? 0, text, try? JSON(parsing: String(content)))
    }

    /// The body of a 200.
    func read(_ path: String) throws -> JSON {
        let answer = try ask("GET", path)
        guard answer.status == 200, let json = answer.json else {
            if answer.status > 0 { Issue.record("GET \(path): \(answer.text)") }
            throw Program.Failure(description: "GET \(path): \(answer.status)")
        }
        return json
    }
}

extension RunningServer {
    fileprivate var door: Door { Door(program: program, url: url) }
}

/// One client, which writes to a tenant of its own.
private final class KillClient: @unchecked Sendable {
    let trade: KillTrade
    private let parameters: [String: String]
    /// What was there at the beginning.
    private let beginning: [String]
    /// What has to be there.
    private var expected: [String]
    /// What may be there instead: what was asked for last has not been answered.
    private(set) var unsure: [String]?
    /// How many writes were acknowledged.
    private let acknowledged = Atomic(0)
    var written: Int { acknowledged.load(ordering: .relaxed) }
    private var number = 0

    init(_ trade: KillTrade, of server: Door) throws {
        self.trade = trade
        let made = try server.ask("PUT", "/_patchbay/tenants/\(trade.name)", trade.tenant)
        let tenants = made.json?["tenants"]?.arrayValue ?? []
        parameters = tenants.reduce(into: [:]) { parameters, tenant in
            for (name, value) in tenant["parameters"]?.objectValue ?? [:] { parameters[name] = value.stringValue }
        }
        beginning = try trade.rows(parameters, server).map(\.mark).sorted()
        #expect(!beginning.isEmpty, "\(made.text)")
        expected = beginning
    }

    /// Makes sure that nothing is missing, and nothing half done.
    ///
    /// - Returns: whether what had not been answered was done.
    func checkAfterRestart(_ server: Door) throws -> Bool {
        let rows = try trade.rows(parameters, server)
        let marks = rows.map(\.mark).sorted()
        let isDone = unsure.map { marks == $0 && marks != expected } ?? false
        #expect(isDone || marks == expected, "\(trade.name): \(marks), or else \(unsure ?? [])")
        for row in rows.prefix(2) {
            #expect(try trade.mark(server.read(trade.single(parameters, row))) == row.mark, "\(trade.name) \(row)")
        }
        expected = marks
        unsure = nil
        return isDone
    }

    /// Writes until the server is gone.
    func write(to server: Door, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        do {
            var saved: [String]?
            var rows = try trade.rows(parameters, server)
            while true {
                number += 1
                let moment = KillTrade.Moment(
                    parameters: parameters,
                    rows: rows,
                    number: number,
                    beginning: beginning,
                    saved: saved,
                )
                guard let step = trade.steps(moment).randomElement(using: &generator) else { return }
                unsure = step.after.sorted()
                guard let answer = try? server.ask(step.method, step.path, step.body), answer.status > 0 else { return }
                #expect((200..<300).contains(answer.status), "\(trade.name): \(step) \(answer.text)")
                expected = step.after.sorted()
                unsure = nil
                acknowledged.add(1, ordering: .relaxed)
                if let isSaving = step.isSaving { saved = isSaving ? expected : nil }
                rows = try trade.rows(parameters, server)
                #expect(rows.map(\.mark).sorted() == expected, "\(trade.name): \(step)")
            }
        } catch {
            // It is gone; what was acknowledged is known.
        }
    }
}
