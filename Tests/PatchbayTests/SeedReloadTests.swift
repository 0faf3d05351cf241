import Foundation
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

@testable import Patchbay

/// Seeds that are replaced while they are served.
@Suite struct SeedReloadTests {
    private let folder: Folder
    private let emulator: Emulator
    private static let account = "0123456789abcdef0123456789abcdef"
    private static let services = "/client/v4/accounts/\(account)/connectivity/directory/services"

    init() throws {
        folder = try Folder()
        try Self.write("a", 30, into: folder)
        emulator = try Emulator(clock: .frozen(at: Emulator.moment))
        try emulator.load(.directories([folder.path]))
    }

    /// Writes seeds whose services all begin with a letter.
    private static func write(_ letter: String, _ count: Int, into folder: Folder) throws {
        let tunnel = "0191dce4-9ab4-7fce-b660-8e5dec5172da"
        let services = (1...count).map { number in
            #"{"service_id":"00000000-0000-4000-8000-\#(100_000_000_000 + number)","type":"http","name":"\#(letter)-\#(number)","#
                + #""host":{"ipv4":"10.0.0.1","network":{"tunnel_id":"\#(tunnel)"}},"#
                + #""created_at":"2024-01-15T09:30:00Z","updated_at":"2024-01-15T10:45:00Z"}"#
        }
        try folder.write(
            "cloudflare/seeds.json",
            #"{"accounts":[{"id":"\#(account)","services":[\#(services.joined(separator: ","))],"#
                + #""tunnels":[{"id":"\#(tunnel)","name":"t"}]}]}"#
        )
    }

    private func reload(_ query: String = "") throws -> Answer {
        try emulator.call("POST /_patchbay/seeds/reload\(query)")
    }

    /// The first letters of the names of all services, and how many there are.
    private func listed() throws -> (letters: Set<String>, count: Int, total: Int64?) {
        let answer = try emulator.answer("GET \(Self.services)?per_page=1000")
        let names = (answer.json?["result"]?.arrayValue ?? []).compactMap { $0["name"]?.stringValue }
        return (
            Set(names.map { String($0.prefix(1)) }), names.count,
            answer.json?["result_info"]?["total_count"]?.int64Value
        )
    }

    private func expect(_ letter: String, _ count: Int) throws {
        let listed = try listed()
        #expect(listed.letters == [letter])
        #expect(listed.count == count)
        #expect(listed.total == Int64(count))
    }

    @Test func `What has changed in the files takes the place of everything, and is what a reset goes back to`() throws
    {
        try expect("a", 30)
        let first = "\(Self.services)/00000000-0000-4000-8000-100000000001"
        #expect(try emulator.answer("DELETE \(first)").status == 200)
        #expect(try emulator.call("PUT /_patchbay/tenants/made", #"{"api":"cloudflare"}"#).status == 201)
        try Self.write("b", 41, into: folder)
        let answer = try reload()
        #expect(answer.status == 200)
        #expect(answer.json?["dropped"] == ["made"])
        let changed = (answer.json?["state"]?.arrayValue ?? []).compactMap { $0["collection"]?.stringValue }
        #expect(changed.contains("services"))
        try expect("b", 41)
        #expect(try emulator.answer("GET /_patchbay/tenants/made").status == 404)
        #expect(try emulator.answer("DELETE \(first)").status == 200)
        #expect(try emulator.call("POST /_patchbay/reset").json?["state"]?[0]?["restored"] == 1)
        try expect("b", 41)
        #expect(try reload().json?["state"] == [])
    }

    @Test func `A tenant is then copied from what the new seeds begin with`() throws {
        try folder.write("cloudflare/seeds.json", #"{"accounts":[{"id":"ffffffffffffffffffffffffffffffff"}]}"#)
        #expect(try reload().status == 200)
        let made = try emulator.call("PUT /_patchbay/tenants/made", #"{"api":"cloudflare"}"#)
        #expect(made.json?["tenants"]?[0]?["from"] == ["ffffffffffffffffffffffffffffffff"])
    }

    @Test(arguments: [
        ("{", "line 1"), (#"{"acounts":[]}"#, "/acounts"),
        (#"{"accounts":[{"id":"\#(account)","services":[{"name":7}]}]}"#, "/accounts/0/services/0"),
    ])
    func `Seeds that are wrong are refused with file and place, and everything is as it was`(
        text: String,
        place: String
    ) throws {
        try folder.write("cloudflare/wrong.json", text)
        let answer = try reload()
        #expect(answer.status == 422)
        #expect(answer["Content-Type"] == "application/problem+json")
        let finding = answer.json?["findings"]?[0]
        #expect(finding?["file"]?.stringValue?.hasSuffix("cloudflare/wrong.json") == true)
        #expect(finding?["place"]?.stringValue?.hasPrefix(place) == true, "\(answer.text)")
        try expect("a", 30)
        try folder.remove("cloudflare/wrong.json")
        #expect(try reload().status == 200)
        try expect("a", 30)
    }

    @Test func `A folder that has gone is refused`() throws {
        folder.removeAll()
        #expect(try reload().status == 422)
        try expect("a", 30)
    }

    @Test func `The bundled seeds come back, and take the place of a made tenant`() throws {
        let emulator = try Emulator.loaded()
        let before = try emulator.answer("GET /_patchbay/tenants").text
        #expect(try emulator.call("PUT /_patchbay/tenants/made").status == 201)
        let answer = try emulator.call("POST /_patchbay/seeds/reload")
        #expect(answer.json == ["state": answer.json?["state"] ?? nil, "dropped": ["made"]])
        #expect(try emulator.answer("GET /_patchbay/tenants").text == before)
    }

    @Test func `A program that began with a snapshot has no seeds to read`() throws {
        let file = folder.path + "/s.db"
        #expect(try emulator.call("PUT /_patchbay/snapshots/s").status == 201)
        let content = try emulator.answer("GET /_patchbay/snapshots/s/content", []).response.body
        try Data(content).write(to: URL(filePath: file))
        let other = try Emulator()
        try other.load(snapshot: file)
        let answer = try other.call("POST /_patchbay/seeds/reload")
        #expect(answer.status == 409)
        #expect(try other.answer("GET \(Self.services)").json?["result_info"]?["total_count"] == 30)
    }

    @Test func `A call that says more than there is to say is refused`() throws {
        #expect(try reload("?tenant=\(Self.account)").status == 400)
        #expect(try emulator.call("POST /_patchbay/seeds/reload", #"{"seed":"x"}"#).status == 400)
        #expect(try Emulator().call("POST /_patchbay/seeds/reload").status == 503)
    }

    @Test func `Who reads while seeds are replaced has the old ones or the new ones`() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask {
                for round in 0..<40 {
                    try Self.write(round % 2 == 0 ? "b" : "a", round % 2 == 0 ? 41 : 30, into: folder)
                    #expect(try reload().status == 200)
                }
            }
            for _ in 0..<2 {
                group.addTask {
                    for _ in 0..<400 {
                        let listed = try listed()
                        #expect(listed.letters.count == 1)
                        #expect(listed.count == (listed.letters == ["a"] ? 30 : 41))
                        #expect(listed.total == Int64(listed.count))
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
