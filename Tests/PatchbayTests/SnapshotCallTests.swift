import Foundation
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// Control calls that save how things are, and put it back.
@Suite struct SnapshotCallTests {
    private let emulator: Emulator
    private static let account = "00000000000000000000000000000257"
    private static let services = "/client/v4/accounts/\(account)/connectivity/directory/services"

    init() throws {
        emulator = try Emulator.loaded()
    }

    private func call(_ line: String, _ body: String = "") throws -> Answer {
        try emulator.call(line, body, credentials)
    }

    /// Deletes the first service of an account.
    private func deleteOne(of account: String = account) throws {
        let list = "/client/v4/accounts/\(account)/connectivity/directory/services"
        let id = try #require(try call("GET \(list)").json?["result"]?[0]?["service_id"]?.stringValue)
        #expect(try call("DELETE \(list)/\(id)").status == 200)
    }

    @Test func `What was saved is put back, and the answer says what that changed`() throws {
        try deleteOne()
        let saved = try call("PUT /_patchbay/snapshots/before")
        #expect(saved.status == 201)
        #expect(saved.json?["name"] == "before")
        #expect(saved.json?["version"] == .string(Emulator.version))
        #expect(saved.json?["time"] == "2027-01-15T08:00:00Z")
        #expect(saved.json?["rows"]?.arrayValue?.contains(["collection": "peers", "rows": 258]) == true)
        let before = try call("GET \(Self.services)").text
        try deleteOne()
        let restored = try call("POST /_patchbay/snapshots/before/restore")
        #expect(
            restored.json == [
                "name": "before",
                "state": [["collection": "services", "removed": 0, "restored": 1, "reverted": 0]],
                "made": [], "dropped": [],
            ]
        )
        #expect(try call("GET \(Self.services)").text == before)
        #expect(try call("PUT /_patchbay/snapshots/before").status == 200)
        #expect(try call("GET /_patchbay/snapshots").json == ["snapshots": [saved.json ?? nil]])
        #expect(try call("GET /_patchbay/snapshots/before").json == saved.json)
        #expect(try call("DELETE /_patchbay/snapshots/before").json == saved.json)
        #expect(try call("GET /_patchbay/snapshots").json == ["snapshots": []])
        let reset = try call("POST /_patchbay/reset")
        #expect(reset.json?["state"]?[0]?["restored"] == 1)
    }

    @Test func `Two tenants may each have one of a name`() throws {
        let (one, two) = (String(repeating: "1", count: 32), String(repeating: "2", count: 32))
        for label in [one, two] {
            _ = try call("PUT /_patchbay/tenants/\(label)", #"{"api":"cloudflare","from":"\#(Self.account)"}"#)
            let saved = try call("PUT /_patchbay/snapshots/before?tenant=\(label)")
            #expect(saved.status == 201)
            #expect(saved.json?["tenant"] == .string(label))
            try deleteOne(of: label)
        }
        let restored = try call("POST /_patchbay/snapshots/before/restore?tenant=\(one)").json
        #expect(restored?["tenant"] == .string(one))
        #expect(restored?["state"] == [["collection": "services", "removed": 0, "restored": 1, "reverted": 0]])
        #expect(restored?["made"] == nil)
        let total = { (account: String) in
            try self.call("GET /client/v4/accounts/\(account)/connectivity/directory/services").json?["result_info"]?[
                "total_count"
            ]
        }
        #expect(try total(one) == 257)
        #expect(try total(two) == 256)
        #expect(try total(Self.account) == 257)
        #expect(try call("GET /_patchbay/snapshots?tenant=\(two)").json?["snapshots"]?.arrayValue?.count == 1)
        #expect(try call("GET /_patchbay/snapshots").json?["snapshots"]?.arrayValue?.count == 2)
        // Whose snapshots go with it.
        #expect(try call("DELETE /_patchbay/tenants/\(two)").status == 200)
        #expect(try call("GET /_patchbay/snapshots").json?["snapshots"]?.arrayValue?.count == 1)
        _ = try call("PUT /_patchbay/tenants/\(one)", #"{"api":"cloudflare"}"#)
        #expect(try call("GET /_patchbay/snapshots?tenant=\(one)").json == ["snapshots": []])
    }

    @Test func `Made tenants come back and go with everything`() throws {
        _ = try call("PUT /_patchbay/tenants/one")
        _ = try call("PUT /_patchbay/snapshots/s")
        _ = try call("PUT /_patchbay/tenants/two")
        let one = try call("GET /_patchbay/tenants/one").json
        _ = try call("DELETE /_patchbay/tenants/one")
        _ = try call("PUT /_patchbay/faults/f?tenant=two", #"{"error":500}"#)
        let restored = try call("POST /_patchbay/snapshots/s/restore").json
        #expect(restored?["made"] == ["one"])
        #expect(restored?["dropped"] == ["two"])
        #expect(try call("GET /_patchbay/tenants/one").json == one)
        #expect(try call("GET /_patchbay/tenants/two").status == 404)
        #expect(try call("GET /_patchbay/faults").json == ["faults": []])
    }

    @Test func `The content is a database with which another emulator begins`() throws {
        _ = try call("PUT /_patchbay/tenants/kept", #"{"api":"cloudflare"}"#)
        try deleteOne()
        _ = try call("PUT /_patchbay/snapshots/s")
        let content = try call("GET /_patchbay/snapshots/s/content")
        #expect(content.status == 200)
        #expect(content["Content-Type"] == "application/vnd.sqlite3")
        #expect(content.response.body.starts(with: Array("SQLite format 3\0".utf8)))
        let file = NSTemporaryDirectory() + "/patchbay-" + UUID().uuidString
        defer { try? FileManager.default.removeItem(atPath: file) }
        try Data(content.response.body).write(to: URL(filePath: file))
        let other = try Emulator(clock: .frozen(at: Emulator.moment))
        try other.load(snapshot: file)
        for (_, path) in seededPaths + [("", "/client/v4/accounts/kept/connectivity/directory/services")] {
            #expect(try other.call("GET \(path)", "", credentials).text == call("GET \(path)").text)
        }
        #expect(
            try other.call("GET /_patchbay/tenants/kept", "", credentials).json
                == call("GET /_patchbay/tenants/kept").json
        )
        #expect(try other.call("PUT /_patchbay/tenants/kept", #"{"api":"cloudflare"}"#, credentials).status == 200)
        // It is what a reset goes back to.
        #expect(try other.call("POST /_patchbay/reset", "", credentials).json?["state"] == [])
        #expect(try other.call("GET \(Self.services)", "", credentials).json?["result_info"]?["total_count"] == 256)
        #expect(throws: StoreFileError.self) { try other.load(snapshot: file) }
        let known = try Emulator(authentication: .known)
        try known.load(snapshot: file)
        #expect(try known.answer("GET \(Self.services)", ["Authorization: Bearer full-token"]).status == 200)
    }

    @Test(
        arguments: [
            ("PUT /_patchbay/snapshots/a%20b", 400, ["parameter": "name"]),
            ("PUT /_patchbay/snapshots/s?tenant=nobody", 404, ["parameter": "tenant"]),
            ("PUT /_patchbay/snapshots/s?tenant=\(account)&api=atlus", 400, ["parameter": "api", "nearest": "atlas"]),
            ("GET /_patchbay/snapshots/befor", 404, ["nearest": "before", "allowed": ["before"]]),
            ("GET /_patchbay/snapshots/befor/content", 404, ["nearest": "before"]),
            ("DELETE /_patchbay/snapshots/befor", 404, ["nearest": "before"]),
            ("POST /_patchbay/snapshots/befor/restore", 404, ["nearest": "before"]),
            ("POST /_patchbay/snapshots/before/restore?tenant=5356823b3794dee37132bb7b", 404, [:]),
            ("POST /_patchbay/snapshots/before", 405, [:]),
            ("GET /_patchbay/snapshots/before/restore", 405, [:]),
        ] as [(String, Int, JSON.Object)]
    )
    func `A call that means nothing is refused, and changes nothing`(
        line: String,
        status: Int,
        members: JSON.Object
    ) throws {
        _ = try call("PUT /_patchbay/snapshots/before")
        try deleteOne()
        let before = try call("GET /_patchbay/snapshots").text + call("GET \(Self.services)").text
        let answer = try call(line)
        #expect(answer.status == status, "\(answer.text)")
        #expect(answer["Content-Type"] == "application/problem+json")
        for (name, value) in members { #expect(answer.json?[name] == value) }
        #expect(try call("GET /_patchbay/snapshots").text + call("GET \(Self.services)").text == before)
    }

    @Test(arguments: ["PUT /_patchbay/snapshots/s", "POST /_patchbay/snapshots/before/restore"])
    func `A body that says something is refused`(line: String) throws {
        _ = try call("PUT /_patchbay/snapshots/before")
        let answer = try call(line, #"{"tenant":"t"}"#)
        #expect(answer.status == 400)
        #expect(answer.json?["pointer"] == "/tenant")
        #expect(try call("GET /_patchbay/snapshots").json?["snapshots"]?.arrayValue?.count == 1)
    }

    @Test func `Nothing is saved before there is anything`() throws {
        let emulator = try Emulator()
        #expect(try emulator.call("PUT /_patchbay/snapshots/s", "", credentials).status == 503)
        #expect(try emulator.call("PUT /_patchbay/tenants/t", "", credentials).status == 503)
    }
}
