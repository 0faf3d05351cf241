import Dispatch
import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayAtlasAPI
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import SeededGenerator
import Synchronization
import Testing

/// What the vectors cannot say of writes: several writers at once, bodies that are no text, a restart, a long random life.
@Suite(.timeLimit(.minutes(5)))
struct WriterTests {
    private static let group = "/api/atlas/v1.0/groups/5356823b3794dee37132bb7b"
    private static let peers = group + "/peers"
    private static let containers = group + "/containers"

    private let emulator: Emulator

    init() throws {
        emulator = try Self.emulator()
    }

    private static func emulator(
        file: String? = nil,
        clock: Clock = .system,
        pace: Lifecycle.Pace = .manual,
    ) throws -> Emulator {
        let emulator = try Emulator(authentication: .off, file: file, clock: clock, pace: pace)
        let seed = #"""
            {"groups":[{"id":"5356823b3794dee37132bb7b","containers":[
            {"id":"507f1f77bcf86cd799439011","atlasCidrBlock":"192.168.248.0/21","regionName":"US_EAST_1"}]}]}
            """#
        let files = [SeedFile(name: "one group", collections: AtlasAPI.collections, content: Array(seed.utf8))]
        // A store in a file has it from the run before.
        if try emulator.world.store.find(AtlasAPI.groups, ["5356823b3794dee37132bb7b"]) == nil {
            try emulator.world.store.load(files)
        }
        emulator.world.becomeReady()
        return emulator
    }

    @Test func `of several who create a peer at once, one does`() throws {
        for round in 0..<50 {
            let answers = try atOnce(4) { _ in ("POST", Self.peers, Self.body(round)) }
            #expect(
                answers.map(\.outcome).sorted() == ["200"] + [String](repeating: "409 PEER_ALREADY_EXISTS", count: 3)
            )
            #expect(try list().count == round + 1)
        }
    }

    @Test func `of several who take the same addresses at once, one does`() throws {
        for round in 0..<50 {
            let block = #""routeTableCidrBlock":"10.\#(round).0.0/16""#
            let answers = try atOnce(4) { number in ("POST", Self.peers, Self.body(round * 4 + number, block: block)) }
            #expect(
                answers.map(\.outcome).sorted() == ["200"] + [String](repeating: "409 OVERLAPPING_CIDR_BLOCK", count: 3)
            )
        }
        #expect(try list().count == 50)
    }

    @Test func `of several who delete a peer at once, one does`() throws {
        for round in 0..<50 {
            let id = try create(round)
            let answers = try atOnce(4) { _ in ("DELETE", "\(Self.peers)/\(id)", "") }
            let refused = [String](repeating: "409 PEER_ALREADY_REQUESTED_DELETION", count: 3)
            #expect(answers.map(\.outcome).sorted() == ["202"] + refused)
        }
    }

    @Test func `where deletions take no time, several who delete a peer find it on its way or gone`() throws {
        let emulator = try Self.emulator(pace: .immediate)
        for round in 0..<50 {
            let id = try Self.send("POST", Self.peers, Array(Self.body(round).utf8), to: emulator).id
            let answers = try atOnce(4, to: emulator) { _ in ("DELETE", "\(Self.peers)/\(id)", "") }
            let outcomes = answers.map(\.outcome).sorted()
            #expect(outcomes.first == "202")
            #expect(
                outcomes.dropFirst().allSatisfy {
                    ["409 PEER_ALREADY_REQUESTED_DELETION", "404 PEER_NOT_FOUND"].contains($0)
                }
            )
        }
        #expect(try Self.send("GET", Self.peers, [], to: emulator).json["totalCount"] == 0)
    }

    @Test func `a change and a deletion at once leave a peer on its way`() throws {
        for round in 0..<50 {
            let id = try create(round)
            let answers = try atOnce(2) { number in
                number == 0
                    ? ("PATCH", "\(Self.peers)/\(id)", #"{"awsAccountId":"111122223333","vpcId":"vpc-x\#(round)"}"#)
                    : ("DELETE", "\(Self.peers)/\(id)", "")
            }
            #expect(["200", "409 PEER_INVALID_STATE"].contains(answers[0].outcome))
            #expect(answers[1].outcome == "202")
            #expect(try send("GET", "\(Self.peers)/\(id)").json["statusName"] == "TERMINATING")
        }
    }

    @Test func `of several who create a container in a region at once, one does`() throws {
        for region in ["EU_WEST_1", "EU_WEST_2", "EU_WEST_3", "EU_NORTH_1", "EU_SOUTH_1", "EU_CENTRAL_1"] {
            let body = #"{"atlasCidrBlock":"10.0.0.0/21","regionName":"\#(region)"}"#
            let answers = try atOnce(4) { _ in ("POST", Self.containers, body) }
            #expect(
                answers.map(\.outcome).sorted()
                    == ["200"] + [String](repeating: "409 CONTAINER_ALREADY_EXISTS", count: 3)
            )
        }
    }

    @Test func `a peer that comes and a container that goes exclude each other`() throws {
        var winners: Set<String> = []
        for round in 0..<50 {
            let container = try send(
                "POST",
                Self.containers,
                #"{"atlasCidrBlock":"10.255.0.0/24","regionName":"EU_WEST_1"}"#
            ).id
            let answers = try atOnce(2) { number in
                number == 0
                    ? ("POST", Self.peers, Self.body(round, container: container))
                    : ("DELETE", "\(Self.containers)/\(container)", "")
            }
            let outcomes = answers.map(\.outcome)
            #expect(
                [["200", "409 CONTAINERS_IN_USE"], ["404 CLOUD_PROVIDER_CONTAINER_NOT_FOUND", "204"]]
                    .contains(outcomes)
            )
            winners.insert(outcomes[0])
            guard outcomes[0] == "200" else { continue }
            #expect(try send("DELETE", "\(Self.peers)/\(answers[0].id)").outcome == "202")
            let step = #"{"api":"atlas","collection":"peers","path":["5356823b3794dee37132bb7b","\#(answers[0].id)"]}"#
            #expect(try send("POST", "/_patchbay/transitions", step).outcome == "200")
            #expect(try send("DELETE", "\(Self.containers)/\(container)").outcome == "204")
        }
        #expect(!winners.isEmpty)
    }

    /// A peer's account and addresses are always written together.
    @Test func `a list never shows half of a write`() throws {
        let id = try create(0)
        let outcome = Mutex<[String]>([])
        let isOver = Atomic<Bool>(false)
        try atOnce(3) { number in
            if number == 0 {
                for round in 1...200 {
                    let changed = try send("PATCH", "\(Self.peers)/\(id)", Self.body(round))
                    if changed.outcome != "200" { outcome.withLock { $0.append(changed.json.text) } }
                }
                isOver.store(true, ordering: .relaxed)
                return
            }
            while !isOver.load(ordering: .relaxed) {
                let answer = try send("GET", Self.peers)
                let peer = answer.json["results"]?[0]
                let vpc = peer?["vpcId"]?.stringValue?.dropFirst(5) ?? ""
                let isWhole =
                    peer?["routeTableCidrBlock"]?.stringValue == "10.\(vpc).0.0/16" && answer.json["totalCount"] == 1
                if !isWhole { outcome.withLock { $0.append(answer.json.text) } }
            }
        }
        #expect(outcome.withLock { $0.first } == nil)
    }

    /// Bytes that are no text, and texts that go deep or on for long.
    @Test func `no body is too much`() throws {
        let id = try create(0)
        let before = try list()
        let long = String(repeating: "9", count: 1_000_000)
        let bodies: [(body: [UInt8], errors: Set<String>)] = [
            ([0xFF], ["MALFORMED_JSON"]), ([0xC3, 0x28], ["MALFORMED_JSON"]), ([0], ["MALFORMED_JSON"]),
            (Array(#"{"vpcId":""#.utf8) + [0xFF] + Array(#""}"#.utf8), ["MALFORMED_JSON"]),
            (Array(String(repeating: #"{"vpcId":"#, count: 100_000).utf8), ["MALFORMED_JSON"]),
            (Array(String(repeating: "[", count: 1_000_000).utf8), ["MALFORMED_JSON"]),
            (Array(#"{"vpcId":"vpc-1","vpcId":"vpc-2"}"#.utf8), ["MALFORMED_JSON"]),
            (Array(#"{"vpcId":\#(long)}"#.utf8), ["INVALID_JSON_ATTRIBUTE"]), (Array(long.utf8), ["INVALID_JSON"]),
            (Array(#"{"vpcId":"vpc-\#(long)"}"#.utf8), ["VALIDATION_ERROR", "MISSING_ATTRIBUTES"]),
            (Array(#"{"routeTableCidrBlock":"\#(long)"}"#.utf8), ["INVALID_CIDR_BLOCK", "MISSING_ATTRIBUTES"]),
            (Array(#"{"vpcId":"vpc-\u0000"}"#.utf8), ["VALIDATION_ERROR", "MISSING_ATTRIBUTES"]),
            (Array(#"{"\#(long)":1}"#.utf8), ["INVALID_ATTRIBUTE"]),
        ]
        for (body, errors) in bodies {
            for (method, path) in [("POST", Self.peers), ("PATCH", "\(Self.peers)/\(id)")] {
                let answer = try Self.send(method, path, body, to: emulator)
                #expect(answer.status == 400)
                #expect(errors.contains(answer.json["errorCode"]?.stringValue ?? ""))
            }
        }
        #expect(try list() == before)
    }

    @Test func `identifiers rise, also within a second`() throws {
        let ids = try (0..<200).map { try create($0) }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(try list().compactMap { $0["id"]?.stringValue } == ids)
    }

    @Test func `a store in a file goes on where it was, with identifiers of its own`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var tokens: Set<String> = []
        for run in 0..<3 {
            // The same time in each run: identifiers are made anew until one is free.
            let clock = Clock.frozen(at: Timestamp(seconds: 1_800_000_000))
            let emulator = try Self.emulator(file: folder.appending(path: "store.db").path, clock: clock)
            for _ in 0..<3 { tokens.insert(try Self.token(of: emulator)) }
            #expect(tokens.count == 3 * (run + 1))
            for number in 0..<3 {
                let body = Array(Self.body(run * 3 + number).utf8)
                #expect(try Self.send("POST", Self.peers, body, to: emulator).status == 200)
            }
            let found = try Self.send("GET", Self.peers, [], to: emulator).json["results"]?.arrayValue ?? []
            #expect(Set(found.compactMap { $0["id"]?.stringValue }).count == 3 * (run + 1))
        }
    }

    /// Any life of a group's peers, against an array of them in the order of their creation.
    @Test(arguments: [UInt64.random(in: 0...(.max)), 1, 2, 3])
    func `the list is what the writes make of it`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var kept: [(id: String, number: Int, state: String)] = []
        for step in 0..<200 {
            let number = Int.random(in: 0..<12, using: &generator)
            let place = kept.indices.randomElement(using: &generator)
            let own = "\(Self.peers)/\(place.map { kept[$0].id } ?? String(repeating: "1", count: 24))"
            let isTaken = kept.indices.contains { $0 != place && kept[$0].number == number }
            switch (Int.random(in: 0..<4, using: &generator), place) {
            case (0, _):
                let answer = try send("POST", Self.peers, Self.body(number))
                let isFree = !kept.contains { $0.number == number }
                #expect(answer.outcome == (isFree ? "200" : "409 PEER_ALREADY_EXISTS"), "step \(step)")
                if isFree { kept.append((answer.id, number, "INITIATING")) }
            case (1, let place?):
                let isLeaving = kept[place].state == "TERMINATING"
                let outcome = isLeaving ? "409 PEER_INVALID_STATE" : isTaken ? "409 PEER_ALREADY_EXISTS" : "200"
                #expect(try send("PATCH", own, Self.body(number)).outcome == outcome, "step \(step)")
                if outcome == "200" { kept[place] = (kept[place].id, number, "INITIATING") }
            case (2, let place?):
                let isLeaving = kept[place].state == "TERMINATING"
                let outcome = isLeaving ? "409 PEER_ALREADY_REQUESTED_DELETION" : "202"
                #expect(try send("DELETE", own).outcome == outcome, "step \(step)")
                kept[place].state = "TERMINATING"
            case (3, let place?):
                let body =
                    #"{"api":"atlas","collection":"peers","path":["5356823b3794dee37132bb7b","\#(kept[place].id)"]}"#
                let isOver = kept[place].state == "FAILED"
                #expect(try send("POST", "/_patchbay/transitions", body).status == (isOver ? 409 : 200), "step \(step)")
                guard !isOver else { break }
                let after = Self.next[kept[place].state]
                if let after { kept[place].state = after } else { kept.remove(at: place) }
            default:
                #expect(try send("DELETE", own).outcome == "404 PEER_NOT_FOUND", "step \(step)")
            }
            let shown = try list().map { "\($0["vpcId"]?.stringValue ?? "") \($0["statusName"]?.stringValue ?? "")" }
            #expect(shown == kept.map { "vpc-n\($0.number) \($0.state)" }, "step \(step)")
        }
    }

    /// What comes next by itself, when nobody accepts; what is missing goes away.
    private static let next = ["INITIATING": "PENDING_ACCEPTANCE", "PENDING_ACCEPTANCE": "FAILED"]
}

extension WriterTests {
    /// What a request was answered with.
    private struct Answer: Sendable {
        var status: Int
        var json: JSON

        /// The identifier of what the answer shows.
        var id: String { json["id"]?.stringValue ?? "" }

        /// The status, and the code of an error.
        var outcome: String {
            json["errorCode"]?.stringValue.map { "\(status) \($0)" } ?? "\(status)"
        }
    }

    private static func body(
        _ number: Int,
        block: String? = nil,
        container: String = "507f1f77bcf86cd799439011",
    ) -> String {
        let block = block ?? #""routeTableCidrBlock":"10.\#(number).0.0/16""#
        return #"{"awsAccountId":"111122223333","containerId":"\#(container)",\#(block),"vpcId":"vpc-n\#(number)"}"#
    }

    private static func send(
        _ method: String,
        _ path: String,
        _ body: [UInt8],
        to emulator: Emulator,
    ) throws -> Answer {
        var request = try Request(parsing: "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        request.body = body
        let response = emulator.respond(to: request)
        let json = response.body.isEmpty ? [:] : try JSON(parsing: response.body)
        return Answer(status: response.status.code, json: json)
    }

    private static func token(of emulator: Emulator) throws -> String {
        let head = "POST /api/oauth/token HTTP/1.1\r\nHost: localhost\r\n"
        var request = try Request(parsing: head + "Content-Type: application/x-www-form-urlencoded\r\n\r\n")
        request.body = Array("grant_type=client_credentials".utf8)
        return try JSON(parsing: emulator.respond(to: request).body)["access_token"]?.stringValue ?? ""
    }

    private func send(_ method: String, _ path: String, _ body: String = "") throws -> Answer {
        try Self.send(method, path, Array(body.utf8), to: emulator)
    }

    private func create(_ number: Int) throws -> String {
        let answer = try send("POST", Self.peers, Self.body(number))
        try #require(answer.status == 200)
        return answer.id
    }

    private func list() throws -> [JSON] {
        try send("GET", Self.peers + "?itemsPerPage=500").json["results"]?.arrayValue ?? []
    }

    /// The answers to several requests, each from a thread of its own.
    private func atOnce(
        _ count: Int,
        to other: Emulator? = nil,
        _ request: @Sendable (Int) -> (method: String, path: String, body: String),
    ) throws -> [Answer] {
        let answers = Mutex<[Int: Answer]>([:])
        try atOnce(count) { number in
            let (method, path, body) = request(number)
            let answer = try Self.send(method, path, Array(body.utf8), to: other ?? emulator)
            answers.withLock { $0[number] = answer }
        }
        return answers.withLock { answers in (0..<count).compactMap { answers[$0] } }
    }

    private func atOnce(_ count: Int, _ body: @Sendable (Int) throws -> Void) throws {
        let errors = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: count) { number in
            do {
                try body(number)
            } catch {
                errors.withLock { $0.append("\(error)") }
            }
        }
        #expect(errors.withLock { $0 } == [])
    }
}
