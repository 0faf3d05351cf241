import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

/// Tokens and several clients at once, and what outlives the program.
struct TokenTests {
    private static let project = "a4a5d4098fb4474fa22cd05f897d6b99"

    private func emulator(file: String? = nil) throws -> Emulator {
        let now = Timestamp(seconds: 1_800_000_000)
        let emulator = try Emulator(authentication: .known, file: file, clock: .frozen(at: now))
        try emulator.load(.bundled)
        return emulator
    }

    private func answer(_ line: String, _ headers: [String], body: String = "", _ emulator: Emulator) throws -> Response
    {
        let lines = ["\(line) HTTP/1.1", "Host: a", "Content-Length: \(body.utf8.count)"] + headers
        return emulator.respond(to: try Request(parsing: lines.joined(separator: "\r\n") + "\r\n\r\n" + body))
    }

    private func token(_ emulator: Emulator) throws -> String {
        let user = #"{"name":"full","password":"full-password","domain":{"name":"patchbay"}}"#
        let identity = #"{"methods":["password"],"password":{"user":\#(user)}}"#
        let body = #"{"auth":{"identity":\#(identity),"scope":{"project":{"name":"eu-de"}}}}"#
        let issued = try answer("POST /v3/auth/tokens", ["Content-Type: application/json"], body: body, emulator)
        return try #require(issued.headers.first { $0.name == "X-Subject-Token" }?.value)
    }

    private func list(with token: String, _ emulator: Emulator) throws -> Int {
        let service = "4189d3c2-8882-4871-a3c2-d380272eed88"
        let path = "/v1/\(Self.project)/vpc-endpoint-services/\(service)/connections"
        return try answer("GET \(path)", ["X-Auth-Token: \(token)"], emulator).status.code
    }

    @Test func `Of many who delete a token, one does`() throws {
        let emulator = try emulator()
        let token = try token(emulator)
        let statuses = Mutex<[Int]>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let headers = ["X-Auth-Token: full-token", "X-Subject-Token: \(token)"]
            let status = try? answer("DELETE /v3/auth/tokens", headers, emulator).status.code
            statuses.withLock { $0.append(status ?? 0) }
        }
        #expect(statuses.withLock { $0.sorted() } == [204] + Array(repeating: 404, count: 7))
        #expect(try list(with: token, emulator) == 401)
    }

    @Test func `Many who log in get a token each`() throws {
        let emulator = try emulator()
        let tokens = Mutex<Set<String>>([])
        DispatchQueue.concurrentPerform(iterations: 8) { _ in
            let token = try? token(emulator)
            tokens.withLock { _ = $0.insert(token ?? "") }
        }
        let all = tokens.withLock { $0 }
        #expect(all.count == 8)
        for token in all { #expect(try list(with: token, emulator) == 200) }
    }

    @Test func `A token that was issued before a restart is still good, and no new one is like it`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: "store").path
        let first = try emulator(file: file)
        let before = try token(first)
        try first.close()
        let second = try emulator(file: file)
        #expect(try token(second) != before)
        #expect(try list(with: before, second) == 200)
    }
}
