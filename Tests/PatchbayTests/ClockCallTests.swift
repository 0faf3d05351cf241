import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// Control calls that move clocks.
@Suite struct ClockCallTests {
    private let emulator: Emulator
    private static let project = "a4a5d4098fb4474fa22cd05f897d6b99"

    init() throws {
        emulator = try Emulator.loaded()
    }

    private func call(_ line: String, _ body: String = "") throws -> Answer {
        try emulator.call(line, body)
    }

    @Test func `A tenant's clock is set, stopped and moved`() throws {
        let clock = "/_patchbay/clock?tenant=\(Self.project)"
        let answer = try call("PUT \(clock)", #"{"now":"2026-01-02T03:04:05Z","frozen":true}"#)
        #expect(answer.status == 200)
        let expected: JSON = [
            "tenant": .string(Self.project), "now": "2026-01-02T03:04:05Z", "frozen": true, "transitions": [],
        ]
        #expect(answer.json == expected)
        let moved = try call("POST /_patchbay/clock/advance?tenant=\(Self.project)", #"{"seconds":1.5}"#)
        #expect(moved.json?["now"] == "2026-01-02T03:04:06.5Z")
        #expect(try call("GET \(clock)").json?["now"] == moved.json?["now"])
        let other = try call("GET /_patchbay/clock").json
        #expect(other == ["now": .string(Emulator.moment.text(fractionDigits: 6)), "frozen": false])
        #expect(try call("PUT \(clock)", #"{"frozen":false}"#).json?["frozen"] == false)
    }

    @Test func `What comes by itself when a clock is moved is listed in its order`() throws {
        let emulator = try Emulator(clock: .frozen(at: Emulator.moment), pace: .realistic)
        try emulator.load(.bundled)
        func call(_ line: String, _ body: String) throws -> Answer {
            try emulator.call(line, body, credentials + ["Content-Type: application/json"])
        }
        let peers = "/api/atlas/v1.0/groups/5356823b3794dee37132bb7b/peers"
        let peer = #"""
            {"containerId": "507f1f77bcf86cd799439011", "accepterRegionName": "us-west-1", "awsAccountId": "999900000000",
            "routeTableCidrBlock": "10.16.0.0/16", "vpcId": "vpc-def456def456"}
            """#
        let id = try #require(try call("POST \(peers)", peer).json?["id"]?.stringValue)
        let early = try call("POST /_patchbay/clock/advance", #"{"seconds":1}"#)
        #expect(early.json?["transitions"] == [])
        let later = try call("POST /_patchbay/clock/advance?tenant=5356823b3794dee37132bb7b", #"{"seconds":3600}"#)
        let steps = try #require(later.json?["transitions"]?.arrayValue)
        #expect(steps.first?["event"] == "request")
        #expect(steps.first?["path"] == ["5356823b3794dee37132bb7b", .string(id)])
        #expect(steps.first?["api"] == "atlas")
        #expect(steps.first?["from"] == "INITIATING")
        #expect(steps.first?["to"] == "PENDING_ACCEPTANCE")
        let moments = steps.compactMap { $0["at"]?.stringValue }
        #expect(moments == moments.sorted())
        #expect(try call("POST /_patchbay/clock/advance", #"{"seconds":3600}"#).json?["transitions"] == [])
    }

    @Test func `The clock of all is every tenant's`() throws {
        _ = try call("PUT /_patchbay/clock", #"{"now":"2030-01-01T00:00:00Z","frozen":true}"#)
        #expect(try call("GET /_patchbay/clock?tenant=\(Self.project)").json?["now"] == "2030-01-01T00:00:00Z")
    }

    @Test(arguments: [
        "", "{", "[]", "{}", #"{"now":"yesterday"}"#, #"{"now":5}"#, #"{"frozen":"yes"}"#, #"{"frozn":true}"#,
        #"{"frozen":true,"frozen":true}"#,
    ])
    func `A body that means nothing is a problem, and nothing changes`(body: String) throws {
        let before = try call("GET /_patchbay/clock").text
        let answer = try call("PUT /_patchbay/clock", body)
        #expect(answer.status == 400)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(try call("GET /_patchbay/clock").text == before)
    }

    @Test(arguments: [#"{}"#, #"{"seconds":-1}"#, #"{"seconds":"1"}"#, #"{"seconds":1e30}"#, #"{"minutes":1}"#])
    func `A clock goes forward only, and within a hundred years`(body: String) throws {
        #expect(try call("POST /_patchbay/clock/advance", body).status == 400)
    }

    @Test(arguments: ["", "?tenant=\(project)"])
    func `A clock goes no further than times can be written`(tenant: String) throws {
        _ = try call("PUT /_patchbay/clock?tenant=\(Self.project)", #"{"now":"9999-12-31T23:59:58Z","frozen":true}"#)
        let before = try call("GET /_patchbay/clock\(tenant)").text
        #expect(try call("POST /_patchbay/clock/advance\(tenant)", #"{"seconds":2}"#).status == 400)
        #expect(try call("GET /_patchbay/clock\(tenant)").text == before)
        #expect(try call("POST /_patchbay/clock/advance\(tenant)", #"{"seconds":1.999999}"#).status == 200)
        let last = try call("GET /_patchbay/clock?tenant=\(Self.project)").json?["now"]
        #expect(last == "9999-12-31T23:59:59.999999Z")
    }

    @Test(arguments: [
        ("1969-12-31T23:59:58.5Z", "Wed, 31 Dec 1969 23:59:58 GMT"),
        ("1950-06-01T12:00:00.000001Z", "Thu, 01 Jun 1950 12:00:00 GMT"),
        ("1970-01-01T00:00:00.5Z", "Thu, 01 Jan 1970 00:00:00 GMT"),
        ("9999-12-31T23:59:59.999999Z", "Fri, 31 Dec 9999 23:59:59 GMT"),
    ])
    func `The Date of an answer is the second that has begun`(now: String, date: String) throws {
        _ = try call("PUT /_patchbay/clock", #"{"now":"\#(now)","frozen":true}"#)
        #expect(try emulator.answer("GET \(seededPaths[4].path)")["Date"] == date)
    }

    @Test(arguments: [
        (
            "POST /api/oauth/token", "grant_type=client_credentials",
            ["Authorization: Basic bWRiX3NhX2lkX2Z1bGw6bWRiX3NhX3NrX2Z1bGw="], "application/x-www-form-urlencoded", 200
        ),
        ("POST /api/access_tokens", "{}", ["Authorization: Basic azpz"], "application/json", 200),
        (
            "POST /v3/auth/tokens",
            #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"name":"full","password":"full-password","#
                + #""domain":{"name":"patchbay"}}}},"scope":{"project":{"name":"eu-de"}}}}"#,
            [], "application/json", 201
        ),
    ])
    func `In the last hour of all, a token is issued until its end`(
        line: String,
        body: String,
        headers: [String],
        type: String,
        status: Int
    ) throws {
        _ = try call("PUT /_patchbay/clock", #"{"now":"9999-12-31T23:30:00Z","frozen":true}"#)
        let answer = try emulator.call(line, body, headers + ["Content-Type: \(type)"])
        #expect(answer.status == status, "\(answer.text)")
        // What a JSON Web Token says of its end.
        let token = answer.json?["access_token"] ?? answer.json?["token"]
        guard let claims = token?.stringValue?.split(separator: ".")[1] else { return }
        let text = Base64.decode(String(claims), .url).flatMap { try? JSON(parsing: $0) }
        #expect(text?["exp"]?.int64Value == Timestamp.last.seconds)
    }

    @Test func `An unknown tenant is not found`() throws {
        let answer = try call("GET /_patchbay/clock?tenant=nobody")
        #expect(answer.status == 404)
        #expect(answer.json?["detail"]?.stringValue?.contains("nobody") == true)
        let elsewhere = try call("GET /_patchbay/clock?tenant=\(Self.project)&api=atlas")
        #expect(elsewhere.status == 404)
    }

    @Test func `A tenant that several APIs have is named with its API`() throws {
        let clock = "/_patchbay/clock?tenant=00000000000000000000000000000000"
        let answer = try call("GET \(clock)")
        #expect(answer.status == 400)
        #expect(answer.json?["detail"]?.stringValue?.contains("cloudflare") == true)
        for api in ["vpcep", "apig", "cloudflare"] { #expect(try call("GET \(clock)&api=\(api)").status == 200) }
        #expect(try call("GET /_patchbay/clock?tenant=77b6a44cba5143ab91d13ab9a8ff44fd").status == 200)
    }
}
