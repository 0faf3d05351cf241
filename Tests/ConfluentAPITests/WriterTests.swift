import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

@testable import PatchbayConfluentAPI

/// Several writers of one connection at the same time: one wins, and the others are told so.
@Suite(.timeLimit(.minutes(5)))
struct WriterTests {
    private static let organization = "9bb441c4-edef-46ac-8a41-c49e44a3fd9a"
    private static let path = "/sql/v1/organizations/\(organization)/environments/env-1/connections"
    private let emulator: Emulator

    init() throws {
        emulator = try Emulator(authentication: .off)
        let content = #"{"organizations":[{"id":"\#(Self.organization)","environments":[{"id":"env-1"}]}]}"#
        let roots = SeedFile(name: "roots", collections: ConfluentAPI.collections, content: Array(content.utf8))
        try emulator.world.store.load([roots])
        emulator.world.becomeReady()
    }

    private func send(_ method: String, _ target: String, _ body: String = "") throws -> (status: Int, body: JSON?) {
        let head =
            "\(method) \(Self.path)\(target) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        let response = emulator.respond(to: try Request(parsing: head + body))
        return (response.status.code, try? JSON(parsing: response.body))
    }

    private static func connection(_ name: String, version: String? = nil) -> String {
        let metadata = version.map { #""metadata":{"resource_version":"\#($0)"},"# } ?? ""
        return
            #"{"name":"\#(name)",\#(metadata)"spec":{"connection_type":"REST","endpoint":"h","auth_data":{"data":"s"}}}"#
    }

    /// Sends all requests at once, each from a thread of its own; the statuses, sorted.
    private func race(_ requests: [(method: String, target: String, body: String)]) -> [Int] {
        let statuses = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: requests.count) { number in
            let request = requests[number]
            let status = (try? send(request.method, request.target, request.body))?.status ?? 0
            statuses.withLock { $0.append(status) }
        }
        return statuses.withLock { $0.sorted() }
    }

    @Test func `Of several that create a name, one does, and the others get 409`() throws {
        for round in 0..<100 {
            let name = "c-\(round)"
            let statuses = race(Array(repeating: ("POST", "", Self.connection(name)), count: 4))
            #expect(statuses == [201, 409, 409, 409])
        }
        #expect(try send("GET", "").body?["metadata"]?["total_size"]?.int64Value == 100)
    }

    @Test func `Of several that replace a version, one does, and the others get 409`() throws {
        _ = try send("POST", "", Self.connection("c"))
        for version in 1...100 {
            let replacement = Self.connection("c", version: String(version))
            let statuses = race(Array(repeating: ("PUT", "/c", replacement), count: 3))
            #expect(statuses == [200, 409, 409])
        }
        #expect(try send("GET", "/c").body?["metadata"]?["resource_version"] == "101")
    }

    @Test func `Of several that delete, one does, and the others get 404`() throws {
        for _ in 0..<100 {
            _ = try send("POST", "", Self.connection("c"))
            let statuses = race(Array(repeating: ("DELETE", "/c", ""), count: 3))
            #expect(statuses == [200, 404, 404])
        }
    }

    @Test func `Who replaces while another deletes is in time, or gets 404`() throws {
        for _ in 0..<100 {
            _ = try send("POST", "", Self.connection("c"))
            let statuses = race([("PUT", "/c", Self.connection("c")), ("DELETE", "/c", "")])
            #expect([[200, 200], [200, 404]].contains(statuses))
            #expect(try send("GET", "/c").status == 404)
        }
    }

    @Test func `A list has every connection whole, and no other, while writers come and go`() throws {
        let wrong = Mutex<[String]>([])
        DispatchQueue.concurrentPerform(iterations: 4) { number in
            for _ in 0..<60 {
                do {
                    if number < 2 {
                        _ = try send("POST", "", Self.connection("c-\(number)"))
                        _ = try send("PUT", "/c-\(number)", Self.connection("c-\(number)"))
                        _ = try send("DELETE", "/c-\(number)")
                    } else if let fault = try fault(in: send("GET", "?page_size=100").body) {
                        wrong.withLock { $0.append(fault) }
                    }
                } catch {
                    wrong.withLock { $0.append("\(error)") }
                }
            }
        }
        #expect(wrong.withLock { $0 } == [])
    }

    /// What is wrong with a list that holds all there is.
    private func fault(in list: JSON?) -> String? {
        let rows = list?["data"]?.arrayValue ?? []
        guard list?["metadata"]?["total_size"]?.int64Value == Int64(rows.count) else { return "another total" }
        let isWhole = rows.allSatisfy { row in
            ["1", "2"].contains(row["metadata"]?["resource_version"]) && row["spec"]?["endpoint"] == "h"
        }
        return isWhole ? nil : "a row is not whole"
    }

    @Test func `A body that is no UTF-8 is refused, and nothing is written`() throws {
        var bytes = Array(Self.connection("c").utf8)
        bytes.replaceSubrange(9..<10, with: [0xff])
        var request = try Request(parsing: "POST \(Self.path) HTTP/1.1\r\nHost: test\r\n\r\n")
        request.body = bytes
        #expect(emulator.respond(to: request).status == .badRequest)
        #expect(try send("GET", "").body?["data"] == [])
    }
}
