import Dispatch
import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import SeededGenerator
import Synchronization
import Testing

/// What the vectors cannot say of writes: several writers at once, bodies that are no text, a restart, a long random life.
@Suite(.timeLimit(.minutes(5)))
struct WriterTests {
    private static let services = "/client/v4/accounts/a/connectivity/directory/services"
    private static let tunnels = "/client/v4/accounts/a/cfd_tunnel"

    private let emulator: Emulator

    init() throws {
        emulator = try Emulator(authentication: .off)
        try emulator.load(.directories([]))
    }

    @Test func `of several who create a service of one name at once, one does`() throws {
        for round in 0..<50 {
            let answers = try atOnce(4) { _ in ("POST", Self.services, Self.body("n\(round)", port: 80)) }
            #expect(answers.filter { $0.status == 200 }.count == 1)
            for answer in answers where answer.status != 200 {
                #expect(
                    answer.error == "5101 request contained invalid parameters: Service name 'n\(round)' already exists"
                )
            }
            #expect(try list().count == round + 1)
        }
    }

    @Test func `of several who create a tunnel of one name at once, one does`() throws {
        let answers = try atOnce(8) { _ in ("POST", Self.tunnels, #"{"name":"t"}"#) }
        #expect(answers.map(\.status).sorted() == [200] + [Int](repeating: 409, count: 7))
    }

    @Test func `of several who delete a service at once, one does`() throws {
        for _ in 0..<50 {
            let id = try create("n")
            let answers = try atOnce(4) { _ in ("DELETE", "\(Self.services)/\(id)", "") }
            #expect(answers.map(\.status).sorted() == [200, 404, 404, 404])
            #expect(Set(answers.map(\.error)) == ["", "5104 Service (ID: \"\(id)\") not found"])
            #expect(try list().isEmpty)
        }
    }

    @Test func `a replacement and a deletion at once leave no service`() throws {
        for _ in 0..<50 {
            let id = try create("n")
            let answers = try atOnce(2) { number in
                (number == 0 ? "PUT" : "DELETE", "\(Self.services)/\(id)", Self.body("n", port: 1))
            }
            #expect([200, 404].contains(answers[0].status))
            #expect(answers[1].status == 200)
            #expect(try list().isEmpty)
        }
    }

    @Test func `of two who take one name for two services at once, one does`() throws {
        let ids = [try create("one"), try create("other")]
        for round in 0..<50 {
            let answers = try atOnce(2) { ("PUT", "\(Self.services)/\(ids[$0])", Self.body("n\(round)", port: 1)) }
            #expect(answers.map(\.status).sorted() == [200, 400])
            let names = try list().compactMap { $0["name"]?.stringValue }
            #expect(Set(names).count == 2)
            #expect(names.contains("n\(round)"))
        }
    }

    /// A service's name and port are always written together.
    @Test func `a list never shows half of a write`() throws {
        let id = try create("n1", port: 1)
        let outcome = Mutex<[String]>([])
        let isOver = Atomic<Bool>(false)
        try atOnce(3) { number in
            if number == 0 {
                for port in 2...200 {
                    let changed = try send("PUT", "\(Self.services)/\(id)", Self.body("n\(port)", port: port))
                    let added = try send("POST", Self.services, Self.body("x", port: port))
                    let removed = try send("DELETE", "\(Self.services)/\(added.id)")
                    let isDone = [changed, added, removed].allSatisfy { $0.status == 200 }
                    if !isDone { outcome.withLock { $0.append("\(port) was refused") } }
                }
                isOver.store(true, ordering: .relaxed)
                return
            }
            while !isOver.load(ordering: .relaxed) {
                let answer = try send("GET", Self.services)
                let services = answer.json["result"]?.arrayValue ?? []
                let isWhole = services.allSatisfy { service in
                    let port = service["http_port"]?.int64Value ?? 0
                    return ["n\(port)", "x"].contains(service["name"]?.stringValue)
                }
                let total = answer.json["result_info"]?["total_count"]?.int64Value
                if !isWhole || total != Int64(services.count) || !(1...2).contains(services.count) {
                    outcome.withLock { $0.append(answer.json.text) }
                }
            }
        }
        #expect(outcome.withLock { $0.first } == nil)
    }

    /// Bytes that are no text, and texts that go deep or on for long.
    @Test func `no body is too much`() throws {
        try create("n")
        let before = try list()
        let deep = String(repeating: #"{"host":"#, count: 100_000)
        let bodies: [[UInt8]] = [
            [0xFF], [0xC3, 0x28], Array(#"{"name":""#.utf8) + [0xFF] + Array(#""}"#.utf8), [0], [0xEF, 0xBB, 0xBF],
            Array(deep.utf8), Array(String(repeating: "[", count: 1_000_000).utf8),
            Array(#"{"type":"\#(String(repeating: "x", count: 1_000_000))"}"#.utf8),
            Array("{\"http_port\":\(String(repeating: "9", count: 1_000_000))}".utf8),
            Array(#"{"name":"a","name":"b","type":"http","type":"tcp"}"#.utf8),
            Array(String(repeating: " ", count: 100_000).utf8),
        ]
        for body in bodies {
            for (method, path) in [("POST", Self.services), ("PUT", Self.services + "/x"), ("POST", Self.tunnels)] {
                let answer = try send(method, path, body)
                #expect(answer.status == 400)
                #expect(answer.error.hasPrefix("5102 invalid json: bad json data: "))
            }
        }
        #expect(try list() == before)
    }

    @Test func `identifiers rise, also from one creation to the next`() throws {
        let ids = try (0..<300).map { try create("n\($0)") }
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) })
        #expect(try list().compactMap { $0["service_id"]?.stringValue } == ids)
    }

    @Test func `a store in a file goes on where it was, with identifiers of its own`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        var names: [String] = []
        for run in 0..<3 {
            // The same time in each run: identifiers are made anew until one is free.
            let clock = Clock.frozen(at: Timestamp(seconds: 1_800_000_000))
            let file = folder.appending(path: "store.db").path
            let emulator = try Emulator(authentication: .off, file: file, clock: clock)
            try emulator.load(.directories([]))
            for number in 0..<3 {
                names.append("n\(run)-\(number)")
                let path = Self.services
                #expect(
                    try Self.send("POST", path, Array(Self.body(names.last ?? "", port: 1).utf8), to: emulator).status
                        == 200
                )
            }
            let services = try Self.send("GET", Self.services, [], to: emulator).json["result"]?.arrayValue ?? []
            #expect(Set(services.compactMap { $0["name"]?.stringValue }) == Set(names))
            #expect(Set(services.compactMap { $0["service_id"]?.stringValue }).count == names.count)
        }
    }

    /// Any life of an account, against an array of names in the order of their creation.
    @Test(arguments: [UInt64.random(in: 0...(.max)), 1, 2, 3])
    func `the directory is what the writes make of it`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var kept: [(id: String, name: String, port: Int)] = []
        for step in 0..<200 {
            let name = "n\(Int.random(in: 0..<12, using: &generator))"
            let port = Int.random(in: 1...65_535, using: &generator)
            let place = kept.indices.randomElement(using: &generator)
            let id = place.map { kept[$0].id } ?? "none"
            let isTaken = kept.contains { $0.name == name && $0.id != id }
            switch (Int.random(in: 0..<3, using: &generator), place) {
            case (0, _):
                let answer = try send("POST", Self.services, Self.body(name, port: port))
                let isFree = !kept.contains { $0.name == name }
                #expect(answer.status == (isFree ? 200 : 400), "step \(step)")
                if isFree { kept.append((answer.id, name, port)) }
            case (1, let place?):
                let answer = try send("PUT", "\(Self.services)/\(id)", Self.body(name, port: port))
                #expect(answer.status == (isTaken ? 400 : 200), "step \(step)")
                if !isTaken { kept[place] = (id, name, port) }
            case (2, let place?):
                #expect(try send("DELETE", "\(Self.services)/\(id)").status == 200, "step \(step)")
                kept.remove(at: place)
            default:
                #expect(try send("DELETE", "\(Self.services)/\(id)").status == 404, "step \(step)")
            }
            let shown = try list().map { "\($0["name"]?.stringValue ?? "") \($0["http_port"]?.int64Value ?? 0)" }
            #expect(shown == kept.map { "\($0.name) \($0.port)" }, "step \(step)")
        }
    }
}

extension WriterTests {
    /// What a request was answered with.
    private struct Answer: Sendable {
        var status: Int
        var json: JSON

        /// The identifier of what the answer shows.
        var id: String { json["result"]?["service_id"]?.stringValue ?? "" }

        /// Code and message of the first error.
        var error: String {
            guard let error = json["errors"]?.arrayValue?.first else { return "" }
            return "\(error["code"]?.int64Value ?? 0) \(error["message"]?.stringValue ?? "")"
        }
    }

    private static func body(_ name: String, port: Int) -> String {
        let host = #"{"ipv4":"10.0.0.1","network":{"tunnel_id":"0191dce4-9ab4-7fce-b660-8e5dec5172da"}}"#
        return #"{"name":"\#(name)","type":"http","host":\#(host),"http_port":\#(port)}"#
    }

    private static func send(
        _ method: String,
        _ path: String,
        _ body: [UInt8],
        to emulator: Emulator,
    ) throws -> Answer {
        var request = try Request(parsing: "\(method) \(path) HTTP/1.1\r\nHost: test\r\n\r\n")
        request.body = body
        let response = emulator.respond(to: request)
        return Answer(status: response.status.code, json: try JSON(parsing: response.body))
    }

    private func send(_ method: String, _ path: String, _ body: [UInt8]) throws -> Answer {
        try Self.send(method, path, body, to: emulator)
    }

    private func send(_ method: String, _ path: String, _ body: String = "") throws -> Answer {
        try send(method, path, Array(body.utf8))
    }

    @discardableResult
    private func create(_ name: String, port: Int = 80) throws -> String {
        let answer = try send("POST", Self.services, Self.body(name, port: port))
        try #require(answer.status == 200)
        return answer.id
    }

    private func list() throws -> [JSON] {
        try send("GET", Self.services).json["result"]?.arrayValue ?? []
    }

    /// The answers to several requests, each from a thread of its own.
    private func atOnce(
        _ count: Int,
        _ request: @Sendable (Int) -> (method: String, path: String, body: String),
    ) throws -> [Answer] {
        let answers = Mutex<[Int: Answer]>([:])
        try atOnce(count) { number in
            let (method, path, body) = request(number)
            let answer = try send(method, path, body)
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
