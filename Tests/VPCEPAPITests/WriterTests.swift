import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

@testable import PatchbayVPCEPAPI

/// Several writers of one connection at the same time: one wins, and the others are told so.
@Suite(.timeLimit(.minutes(5)))
struct WriterTests {
    private static let service = "4189d3c2-8882-4871-a3c2-d380272eed88"
    private static let vpc = "33333333-3333-4333-8333-333333333333"
    private let emulator: Emulator

    init() throws {
        emulator = try Emulator(authentication: .off)
        let account = "5fc973eea581490997e82ea11a1df31f"
        let content =
            #"{"projects":[{"project_id":"p","domain_id":"\#(account)","endpoint_services":[{"id":"\#(Self.service)"}]}]}"#
        let roots = SeedFile(name: "roots", collections: VPCEPAPI.collections, content: Array(content.utf8))
        try emulator.world.store.load([roots])
        emulator.world.becomeReady()
    }

    private func send(_ method: String, _ target: String, _ body: String = "") throws -> (status: Int, body: JSON?) {
        let head = "\(method) /v1/p/\(target) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let response = emulator.respond(to: try Request(parsing: head + body))
        return (response.status.code, try? JSON(parsing: response.body))
    }

    /// Makes an endpoint, and waits for its connection to wait for approval.
    private func endpoint() throws -> String {
        let body = #"{"endpoint_service_id":"\#(Self.service)","vpc_id":"\#(Self.vpc)","subnet_id":"\#(Self.vpc)"}"#
        let answer = try send("POST", "vpc-endpoints", body)
        return try #require(answer.body?["id"]?.stringValue)
    }

    private static func action(_ word: String, _ id: String) -> (method: String, target: String, body: String) {
        let body = #"{"action":"\#(word)","endpoints":["\#(id)"]}"#
        return ("POST", "vpc-endpoint-services/\(service)/connections/action", body)
    }

    @Test func `Thousands of records are refused before any is made, and leave the whitelist as it was`() throws {
        let target = "vpc-endpoint-services/\(Self.service)/permissions"
        let records = (0..<20_000).map { number in
            let digits = String(number, radix: 16)
            return "\"iam:domain::\(String(repeating: "0", count: 32 - digits.count))\(digits)\""
        }
        for (action, code) in [("add", "EndPoint.3049"), ("remove", nil)] {
            let body = #"{"action":"\#(action)","permissions":[\#(records.joined(separator: ","))]}"#
            let before = emulator.world.identifiers.nextNumber()
            let answer = try send("POST", "\(target)/action", body)
            #expect(answer.body?["error_code"]?.stringValue == code)
            // None was drawn for a record.
            #expect(emulator.world.identifiers.nextNumber() < before + 100)
        }
        #expect(try send("GET", target).body?["total_count"] == 0)
    }

    /// Sends all requests at once, each from a thread of its own; the codes of errors, or the statuses, sorted.
    private func race(_ requests: [(method: String, target: String, body: String)]) -> [String] {
        let answers = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: requests.count) { number in
            let request = requests[number]
            let answer = try? send(request.method, request.target, request.body)
            let text = answer?.body?["error_code"]?.stringValue ?? String(answer?.status ?? 0)
            answers.withLock { $0.append(text) }
        }
        return answers.withLock { $0.sorted() }
    }

    @Test func `Of several that accept a connection, one does, and the others are told that it is connected`() throws {
        for _ in 0..<40 {
            let id = try endpoint()
            let answers = race(Array(repeating: Self.action("receive", id), count: 3))
            #expect(answers == ["200", "EndPoint.2014", "EndPoint.2014"])
            _ = try send("DELETE", "vpc-endpoints/\(id)")
        }
    }

    @Test func `Of several that delete an endpoint, one does, and the others are told that it goes or is gone`() throws
    {
        for _ in 0..<40 {
            let id = try endpoint()
            let answers = race(Array(repeating: ("DELETE", "vpc-endpoints/\(id)", ""), count: 3))
            #expect(answers.first == "204")
            #expect(answers.dropFirst().allSatisfy { ["EndPoint.0005", "EndPoint.2018"].contains($0) })
        }
    }

    @Test func `Who accepts while another deletes is in time, or told that it goes or is gone`() throws {
        for _ in 0..<40 {
            let id = try endpoint()
            let answers = race([Self.action("receive", id), ("DELETE", "vpc-endpoints/\(id)", "")])
            #expect([["200", "204"], ["204", "EndPoint.2006"], ["204", "EndPoint.2018"]].contains(answers))
            let list = try send("GET", "vpc-endpoint-services/\(Self.service)/connections")
            #expect(list.body?["total_count"] == 0)
        }
    }

    @Test func `A service is deleted, or gets an endpoint`() throws {
        let answers = race([
            ("DELETE", "vpc-endpoint-services/\(Self.service)", ""),
            (
                "POST", "vpc-endpoints",
                #"{"endpoint_service_id":"\#(Self.service)","vpc_id":"\#(Self.vpc)","subnet_id":"\#(Self.vpc)"}"#
            ),
        ])
        let outcomes = [
            ["200", "204"], ["200", "EndPoint.3006"], ["204", "EndPoint.2003"], ["204", "EndPoint.2004"],
        ]
        #expect(outcomes.contains(answers))
    }

    @Test func `Endpoints made at once have packet identifiers of their own`() throws {
        DispatchQueue.concurrentPerform(iterations: 4) { _ in for _ in 0..<10 { _ = try? endpoint() } }
        let list = try send("GET", "vpc-endpoint-services/\(Self.service)/connections?limit=1000")
        let rows = try #require(list.body?["connections"]?.arrayValue)
        #expect(rows.count == 40)
        #expect(Set(rows.compactMap { $0["marker_id"]?.int64Value }).count == 40)
        #expect(Set(rows.compactMap { $0["id"]?.stringValue }).count == 40)
    }

    @Test func `Endpoints of one subnet have addresses of their own, whatever they lead to`() throws {
        let backend = #""vpc_id":"\#(Self.vpc)","server_type":"VM","approval_enabled":false"#
        let services = try (1...3).map { port in
            let ports = #""port_id":"\#(Self.vpc)","ports":[{"client_port":80,"server_port":\#(port)}]"#
            let answer = try send("POST", "vpc-endpoint-services", "{\(backend),\(ports)}")
            return try #require(answer.body?["id"]?.stringValue)
        }
        var addresses: [String] = []
        for service in services + services {
            let body = #"{"endpoint_service_id":"\#(service)","vpc_id":"\#(Self.vpc)","subnet_id":"\#(Self.vpc)"}"#
            let id = try #require(try send("POST", "vpc-endpoints", body).body?["id"]?.stringValue)
            addresses.append(try #require(try send("GET", "vpc-endpoints/\(id)").body?["ip"]?.stringValue))
        }
        #expect(Set(addresses).count == 6)
    }

    @Test func `Both lists have every row whole, and agree, while writers come and go`() throws {
        let wrong = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            for _ in 0..<40 {
                do {
                    if number < 2 {
                        let id = try endpoint()
                        let action = Self.action("receive", id)
                        _ = try send(action.method, action.target, action.body)
                        _ = try send("DELETE", "vpc-endpoints/\(id)")
                    } else {
                        let target = number == 2 ? "vpc-endpoints" : "vpc-endpoint-services/\(Self.service)/connections"
                        let list = try send("GET", target).body
                        if let fault = Self.fault(in: list) { wrong.withLock { $0.append(fault) } }
                    }
                } catch {
                    wrong.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(wrong.withLock { $0 } == [])
    }

    /// What is wrong with a list that holds all there is.
    private static func fault(in list: JSON?) -> String? {
        let rows = (list?["connections"] ?? list?["endpoints"])?.arrayValue ?? []
        guard list?["total_count"]?.int64Value == Int64(rows.count) else { return "another total" }
        let isWhole = rows.allSatisfy { row in
            let hasAddress = row["ip"] != nil || row["domain_id"] != nil
            return row["marker_id"] != nil && row["created_at"] != nil && (row["status"] != "accepted" || hasAddress)
        }
        return isWhole ? nil : "a row is not whole: \(rows)"
    }
}
