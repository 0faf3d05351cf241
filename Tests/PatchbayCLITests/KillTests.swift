import Foundation
import PatchbayJSON
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
    private let folder = Scratch()

    /// Starts the program with the store, whose seeds are those of the folder.
    private func start(_ store: String = "store.db") throws -> Program {
        let seeds = ["--seed", folder.path("seeds")]
        return try Program(["--port", "0", "--auth", "off", "--store", folder.path(store)] + seeds)
    }

    @Test(arguments: [seed])
    func `Every acknowledged write is there after a kill, and none is half done`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        try folder.copySeeds(Trade.seeds)
        var clients: [Trader] = []
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
            if clients.isEmpty { clients = try Trade.all.map { try Trader($0, of: server.door) } }
            for client in clients {
                unsure += client.unsure == nil ? 0 : 1
                wasDone += try client.checkAfterRestart(server.door) ? 1 : 0
            }
            guard kill < Self.kills else { break }
            let (program, door) = (server.program, server.door)
            let seeds = clients.map { _ in generator.next() }
            let group = DispatchGroup()
            for (client, seed) in zip(clients, seeds) {
                DispatchQueue.global().async(group: group) { client.writeToTheEnd(of: door, seed: seed) }
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
        try folder.copySeeds(
            Trade.seeds + apis.map { "\($0)/\($0)-generated.json" } + ["identity/identity-generated.json"]
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
