import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// The control call that takes everything back to the seeds.
@Suite struct ResetTests {
    private let emulator: Emulator
    private static let services =
        "/client/v4/accounts/00000000000000000000000000000257/connectivity/directory/services"
    private static let other = "/client/v4/accounts/00000000000000000000000000000000/connectivity/directory/services"

    init() throws {
        emulator = try Emulator.loaded()
    }

    private func call(_ line: String, _ body: String = "") throws -> Answer {
        try emulator.call(line, body, credentials + ["Content-Type: application/json"])
    }

    private func write(to path: String) throws {
        let tunnel = "0191dce4-9ab4-7fce-b660-8e5dec5172da"
        let body =
            #"{"name":"new","type":"http","host":{"ipv4":"10.9.9.9","network":{"tunnel_id":"\#(tunnel)"}}}"#
        #expect(try call("POST \(path)", body).status == 200)
    }

    @Test func `Everything is as the seeds have it, and the answer says what was not`() throws {
        let before = try call("GET \(Self.services)").text
        try write(to: Self.services)
        let first = try #require(try call("GET \(Self.services)").json?["result"]?[0]?["service_id"]?.stringValue)
        #expect(try call("DELETE \(Self.services)/\(first)").status == 200)
        _ = try call("PUT /_patchbay/clock", #"{"now":"2030-01-01T00:00:00Z","frozen":true}"#)
        let answer = try call("POST /_patchbay/reset")
        #expect(answer.status == 200)
        #expect(
            answer.json?["state"] == [["collection": "services", "removed": 1, "restored": 1, "reverted": 0]]
        )
        #expect(answer.json?["clock"]?.stringValue?.hasPrefix("2030") == false)
        #expect(try call("GET \(Self.services)").text == before)
        #expect(try call("POST /_patchbay/reset").json?["state"] == [])
    }

    @Test func `One tenant goes back, and another one stays as it is`() throws {
        try write(to: Self.services)
        try write(to: Self.other)
        let answer = try call("POST /_patchbay/reset?tenant=00000000000000000000000000000257&api=cloudflare")
        #expect(answer.json?["tenant"] == "00000000000000000000000000000257")
        #expect(try call("GET \(Self.services)").json?["result_info"]?["total_count"] == 257)
        #expect(try call("GET \(Self.other)").json?["result_info"]?["total_count"] == 1)
    }

    @Test func `A scope leaves the rest as it is`() throws {
        try write(to: Self.services)
        _ = try call("PUT /_patchbay/clock", #"{"now":"2030-01-01T00:00:00Z","frozen":true}"#)
        let answer = try call("POST /_patchbay/reset", #"{"scope":["clock"]}"#)
        #expect(answer.json?["state"] == nil)
        #expect(try call("GET \(Self.services)").json?["result_info"]?["total_count"] == 258)
        #expect(try call("POST /_patchbay/reset", #"{"scope":["state"]}"#).json?["clock"] == nil)
        #expect(try call("GET \(Self.services)").json?["result_info"]?["total_count"] == 257)
    }

    @Test(arguments: [
        "[]", "{", #"{"scope":"state"}"#, #"{"scope":["stat"]}"#, #"{"scopes":["state"]}"#, #"{"scope":[1]}"#,
    ])
    func `A body that means nothing is a problem, and nothing goes back`(body: String) throws {
        try write(to: Self.services)
        let answer = try call("POST /_patchbay/reset", body)
        #expect(answer.status == 400)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(try call("GET \(Self.services)").json?["result_info"]?["total_count"] == 258)
    }

    @Test func `An unknown tenant is not found, and a wrong method is named`() throws {
        #expect(try call("POST /_patchbay/reset?tenant=nobody").status == 404)
        let answer = try call("GET /_patchbay/reset")
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "POST")
    }
}
