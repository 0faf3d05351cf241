import Foundation
import PatchbayAPIKit
import PatchbayCSystem
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

@testable import Patchbay

/// Following what happens through server-sent events.
@Suite(.timeLimit(.minutes(5)))
struct EventTests {
    private let served: Served
    private var emulator: Emulator { served.emulator }

    private static let peers = "/api/atlas/v1.0/groups/000000000000000000000257/peers"
    private static let group = "000000000000000000000257"
    private static let services = "/client/v4/accounts/00000000000000000000000000000257/connectivity/directory/services"

    init() throws {
        served = try Served(Emulator.loaded(authentication: .off))
    }

    /// An event as a reader gets it.
    private struct Event {
        var id: UInt64?
        var kind = ""
        var data: JSON?

        init(_ text: String) throws {
            for line in text.split(separator: "\n") {
                let parts = line.split(separator: ": ", maxSplits: 1)
                switch parts[0] {
                case "id": id = UInt64(parts[1])
                case "event": kind = String(parts[1])
                case "data": data = try JSON(parsing: String(parts[1]))
                default: Issue.record("\(line) is no line of an event")
                }
            }
        }

        var path: String? { data?["path"]?.stringValue }
        var dropped: JSON? { data?["dropped"] }
    }

    /// Begins to follow, and reads what every stream begins with.
    private func follow(_ query: String = "", after last: String? = nil, receiveBuffer: Int32? = nil) throws -> Wire {
        var wire = try Wire(
            port: served.port,
            receiveBuffer: receiveBuffer,
            ["GET /_patchbay/events\(query)"] + (last.map { ["Last-Event-ID: \($0)"] } ?? [])
        )
        let head = try wire.text(to: "\r\n\r\n")
        #expect(head.hasPrefix("HTTP/1.1 200 OK\r\n"))
        #expect(head.contains("\r\nContent-Type: text/event-stream\r\n") && !head.contains("Content-Length"))
        #expect(try wire.text(to: "\n\n") == "retry: 1000")
        return wire
    }

    private func ask(_ paths: String...) throws {
        for path in paths { _ = try emulator.answer("GET \(path)") }
    }

    private func isUnfollowed() -> Bool {
        for _ in 0..<500 where emulator.world.journal.isFollowed { usleep(10_000) }
        return !emulator.world.journal.isFollowed
    }

    @Test func `Every request is told of as it is answered`() throws {
        var wire = try follow()
        for (number, path) in [Self.peers, Self.services, "/api/atlas/v1.0/nothing", "\(Self.peers)?itemsPerPage=3"]
            .enumerated()
        {
            try ask(path)
            let event = try Event(wire.text(to: "\n\n"))
            #expect(event.id == UInt64(number + 1) && event.kind == "request")
            #expect(event.data?["number"]?.int64Value == Int64(number + 1))
            #expect(event.path == path.split(separator: "?").first.map(String.init))
            #expect(event.data?["status"] == (path.hasSuffix("nothing") ? 404 : 200))
        }
        // Control calls are no part of what is tested.
        try ask("/_patchbay/health", Self.peers)
        #expect(try Event(wire.text(to: "\n\n")).id == 5)
    }

    @Test(arguments: [
        ("?tenant=\(group)", [1, 3]), ("?api=cloudflare", [2]), ("?api=atlas&tenant=\(group)", [1, 3]),
        ("?operation=listPeeringConnections", [1, 3]),
        ("", [1, 2, 3]),
    ])
    func `A reader is told of the tenant and the API that it asks for`(query: String, expected: [UInt64]) throws {
        for isMissed in [false, true] {
            var wire = try follow(query)
            let start = emulator.world.journal.lastNumber
            try ask(Self.peers, Self.services, Self.peers)
            if isMissed { wire = try follow(query, after: String(start)) }
            for number in expected { #expect(try Event(wire.text(to: "\n\n")).id == start + number) }
        }
    }

    @Test func `A reader that comes back is told of what it missed`() throws {
        try ask(Self.peers, Self.services, Self.peers)
        var wire = try follow(after: "1")
        try ask(Self.services)
        for number in 2...4 {
            let event = try Event(wire.text(to: "\n\n"))
            #expect(event.id == UInt64(number))
            #expect(event.path == (number % 2 == 0 ? Self.services : Self.peers))
        }
    }

    @Test func `A reader that missed more than there is left is told so`() throws {
        for number in 1...1_003 { try ask("\(Self.peers)?pageNum=\(number)") }
        var wire = try follow(after: "1")
        let gap = try Event(wire.text(to: "\n\n"))
        #expect(gap.kind == "gap" && gap.id == nil && gap.dropped == .null)
        for number in 4...1_003 { #expect(try Event(wire.text(to: "\n\n")).id == UInt64(number)) }
        var other = try follow(after: "3")
        #expect(try Event(other.text(to: "\n\n")).id == 4)
        // Two tenants' entries are more than are told of afterwards; here it is known how many are left out.
        for _ in 0..<10 { try ask(Self.services) }
        var third = try follow(after: "3")
        #expect(try Event(third.text(to: "\n\n")).dropped == 10)
        #expect(try Event(third.text(to: "\n\n")).id == 14)
    }

    @Test func `A reader of another run is told of all of this one, and that there was something else`() throws {
        try ask(Self.peers, Self.services)
        var wire = try follow(after: "500")
        #expect(try Event(wire.text(to: "\n\n")).dropped == .null)
        #expect(try Event(wire.text(to: "\n\n")).id == 1)
        #expect(try Event(wire.text(to: "\n\n")).id == 2)
    }

    @Test func `A reader that is too slow is told how many events it was not told of`() throws {
        var wire = try follow(receiveBuffer: 8 * 1024)
        var other = try follow()
        // More than fits into the buffers of both kernels and ours.
        let long = String(repeating: "x", count: 30_000)
        var asked: UInt64 = 0
        for _ in 0..<400 {
            try ask("/api/atlas/v1.0/\(long)")
            asked += 1
            #expect(try Event(other.text(to: "\n\n")).id == asked)
        }
        var last: UInt64 = 0
        var missing: UInt64 = 0
        var gaps = 0
        // What makes room is heard of with the next request.
        while last < asked {
            let event = try Event(wire.text(to: "\n\n"))
            if event.kind == "gap" {
                missing = try #require(event.dropped?.int64Value.flatMap(UInt64.init(exactly:)))
                gaps += 1
            } else {
                #expect(event.id == last + 1 + missing)
                last = try #require(event.id)
                missing = 0
            }
            if gaps == 0 {
                try ask(Self.peers)
                asked += 1
                #expect(try Event(other.text(to: "\n\n")).id == asked)
            }
        }
        #expect(last == asked && gaps > 0)
    }

    @Test func `Events are in the order of their numbers whoever makes them`() throws {
        var wire = try follow()
        let port = served.port
        let failures = Mutex<[String]>([])
        let threads = (0..<4).map { thread in
            Thread {
                do {
                    for _ in 0..<100 {
                        var wire = try Wire(
                            port: port,
                            ["GET \(thread % 2 == 0 ? Self.peers : Self.services)", "Connection: close"]
                        )
                        _ = try wire.outcome()
                    }
                } catch {
                    failures.withLock { $0.append("\(error)") }
                }
            }
        }
        for thread in threads { thread.start() }
        for number in 1...400 { #expect(try Event(wire.text(to: "\n\n")).id == UInt64(number)) }
        #expect(failures.withLock { $0 } == [])
    }

    @Test func `A reader that has gone is not told of anything`() throws {
        #expect(!emulator.world.journal.isFollowed)
        do {
            let wire = try follow()
            #expect(emulator.world.journal.isFollowed)
            _ = consume wire
        }
        #expect(isUnfollowed())
    }

    @Test func `A stop ends the stream`() throws {
        var wire = try follow()
        try ask(Self.peers)
        served.server.stop()
        served.server.waitUntilStopped()
        #expect(try Event(wire.text(to: "\n\n")).id == 1)
        let (bytes, isReset) = try wire.outcome()
        #expect(bytes == [] && !isReset)
        #expect(!emulator.world.journal.isFollowed)
    }

    @Test func `HEAD is told of nothing`() throws {
        var wire = try Wire(port: served.port, ["HEAD /_patchbay/events"])
        let head = String(decoding: try wire.outcome().bytes, as: UTF8.self)
        #expect(head.contains("\r\nContent-Type: text/event-stream\r\n") && head.hasSuffix("\r\n\r\n"))
        #expect(isUnfollowed())
    }

    @Test func `A call without a socket gets the beginning, and nobody writes to what it does not keep`() throws {
        try ask(Self.peers)
        do {
            let answer = try emulator.answer("GET /_patchbay/events", ["Last-Event-ID: 0"])
            #expect(answer["Content-Type"] == "text/event-stream")
            #expect(answer.text.hasPrefix("retry: 1000\n\nid: 1\nevent: request\ndata: {\"number\":1,"))
            #expect(emulator.world.journal.isFollowed)
        }
        try ask(Self.peers)
        #expect(!emulator.world.journal.isFollowed)
    }

    @Test(arguments: [
        ("?tenant=nobody", [String](), 404, "tenant"), ("?api=atlsa", [], 400, "api"), ("?apy=atlas", [], 400, "apy"),
        ("", ["Last-Event-ID: x"], 400, "Last-Event-ID"), ("", ["Last-Event-ID: -1"], 400, "Last-Event-ID"),
        ("", ["Origin: http://example.com"], 403, nil),
    ])
    func `What means nothing is refused`(query: String, headers: [String], status: Int, named: String?) throws {
        let answer = try emulator.answer("GET /_patchbay/events\(query)", headers)
        #expect(answer.status == status)
        #expect(answer["Content-Type"] == "application/problem+json")
        if let named { #expect(answer.json?["parameter"] ?? answer.json?["header"] == .string(named)) }
        #expect(!emulator.world.journal.isFollowed)
    }
}
