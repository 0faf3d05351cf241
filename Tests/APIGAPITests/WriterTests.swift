import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

@testable import PatchbayAPIGAPI

/// Several writers at the same time, some of them on the other side of a connection.
@Suite(.timeLimit(.minutes(5)))
struct WriterTests {
    private static let service = "4189d3c2-8882-4871-a3c2-d380272eed88"
    private static let vpc = "33333333-3333-4333-8333-333333333333"
    private static let here = "/v2/p/apigw/instances/eddc4d25480b4cd6b512f270a1b8b341"
    private static let there = "/v1/p/vpc-endpoint-services/\(service)"
    private let emulator: Emulator

    init() throws {
        emulator = try Emulator(authentication: .off)
        let account = "5fc973eea581490997e82ea11a1df31f"
        let content = #"""
            {"projects":[{"project_id":"p","domain_id":"\#(account)","endpoint_services":[{"id":"\#(Self.service)"}],
            "instances":[{"id":"eddc4d25480b4cd6b512f270a1b8b341","endpoint_service_id":"\#(Self.service)"}]}]}
            """#
        let roots = SeedFile(name: "roots", collections: APIGAPI.collections, content: Array(content.utf8))
        try emulator.world.store.load([roots])
        emulator.world.becomeReady()
    }

    private typealias Message = (method: String, target: String, body: String)

    private func send(_ message: Message) throws -> (status: Int, body: JSON?) {
        let head = "\(message.method) \(message.target) HTTP/1.1\r\nHost: test\r\n"
        let length = "Content-Length: \(message.body.utf8.count)\r\n\r\n"
        let response = emulator.respond(to: try Request(parsing: head + length + message.body))
        return (response.status.code, try? JSON(parsing: response.body))
    }

    private func endpoint() throws -> String {
        let body = #"{"endpoint_service_id":"\#(Self.service)","vpc_id":"\#(Self.vpc)","subnet_id":"\#(Self.vpc)"}"#
        return try #require(try send(("POST", "/v1/p/vpc-endpoints", body)).body?["id"]?.stringValue)
    }

    private static func action(_ word: String, _ ids: String..., on side: String) -> Message {
        let list = ids.map { "\"\($0)\"" }.joined(separator: ",")
        return ("POST", "\(side)/connections/action", #"{"action":"\#(word)","endpoints":[\#(list)]}"#)
    }

    /// Sends all requests at once, each from a thread of its own; their statuses or codes, in the order of the requests.
    private func race(_ messages: [Message]) -> [String] {
        let answers = Mutex([String](repeating: "", count: messages.count))
        DispatchQueue.concurrentPerform(iterations: messages.count) { number in
            let answer = try? send(messages[number])
            let text = answer?.body?["error_code"]?.stringValue ?? String(answer?.status ?? 0)
            answers.withLock { $0[number] = text }
        }
        return answers.withLock { $0 }
    }

    /// The states of a connection on both sides, and of its endpoint.
    private func states(of id: String) throws -> [JSON?] {
        let lists = try ["\(Self.here)/vpc-endpoint/connections", "\(Self.there)/connections"].map { path in
            try send(("GET", "\(path)?id=\(id)", "")).body?["connections"]?[0]?["status"]
        }
        return try lists + [send(("GET", "/v1/p/vpc-endpoints/\(id)", "")).body?["status"]]
    }

    @Test func `Both sides accept at once: this one is content with either order, the other is not`() throws {
        for _ in 0..<40 {
            let id = try endpoint()
            let answers = race([
                Self.action("receive", id, on: "\(Self.here)/vpc-endpoint"), Self.action("receive", id, on: Self.there),
            ])
            #expect([["200", "200"], ["200", "EndPoint.2014"]].contains(answers))
            #expect(try states(of: id) == ["accepted", "accepted", "accepted"])
            _ = try send(("DELETE", "/v1/p/vpc-endpoints/\(id)", ""))
        }
    }

    @Test func `Both sides see the last word, whoever says it`() throws {
        let id = try endpoint()
        for _ in 0..<40 {
            let answers = race([
                Self.action("receive", id, on: "\(Self.here)/vpc-endpoint"), Self.action("reject", id, on: Self.there),
            ])
            #expect(answers == ["200", "200"])
            let states = try states(of: id)
            #expect(Set(states).count == 1 && ["accepted", "rejected"].contains(states[0]))
        }
    }

    @Test func `Several are accepted, or none, while one of them is deleted`() throws {
        for _ in 0..<40 {
            let ids = [try endpoint(), try endpoint()]
            let answers = race([
                Self.action("receive", ids[0], ids[1], on: "\(Self.here)/vpc-endpoint"),
                ("DELETE", "/v1/p/vpc-endpoints/\(ids[1])", ""),
            ])
            #expect(answers[1] == "204")
            let state = answers[0] == "200" ? JSON.string("accepted") : "pendingAcceptance"
            #expect(["200", "APIC.7211"].contains(answers[0]))
            #expect(try states(of: ids[0]) == [state, state, state])
            _ = try send(("DELETE", "/v1/p/vpc-endpoints/\(ids[0])", ""))
        }
    }

    @Test func `Of several gateways of one name, one is created`() throws {
        let body = #"""
            {"instance_name":"demo","spec_id":"BASIC","vpc_id":"\#(Self.vpc)","subnet_id":"\#(Self.vpc)",
            "security_group_id":"\#(Self.vpc)","available_zone_ids":["eu-de-01"]}
            """#
        let answers = race(Array(repeating: ("POST", "/v2/p/apigw/instances", body), count: 4))
        #expect(answers.sorted() == ["202", "APIC.7500", "APIC.7500", "APIC.7500"])
        #expect(try send(("GET", "/v1/p/vpc-endpoint-services", "")).body?["total_count"] == 2)
    }

    @Test func `Of several that delete a gateway, one does, and the others are told that it goes or is gone`() throws {
        let answers = race(Array(repeating: ("DELETE", Self.here, ""), count: 4)).sorted()
        #expect(answers[0] == "204")
        #expect(answers.dropFirst().allSatisfy { ["APIC.7302", "APIC.7701"].contains($0) })
        #expect(try send(("GET", "\(Self.there)/connections", "")).status == 404)
    }
}
