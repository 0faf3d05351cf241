import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// Control calls that let things go wrong on purpose.
@Suite struct FaultCallTests {
    private let emulator: Emulator
    private static let group = "000000000000000000000257"
    private static let list = "/api/atlas/v1.0/groups/\(group)/peers"

    init() throws {
        emulator = try Emulator.loaded()
    }

    private func call(_ line: String, _ body: String = "", _ headers: [String] = []) throws -> Answer {
        try emulator.call(line, body, headers)
    }

    private func listed(_ path: String = list, _ headers: [String] = []) throws -> Answer {
        try call("GET \(path)", "", credentials + headers)
    }

    @Test func `An error of the catalogue strikes the first requests, and is counted`() throws {
        let body =
            #"{"api":"atlas","operation":"listPeeringConnections","error":"UNEXPECTED_ERROR","when":{"first":2}}"#
        let operation = try #require(
            emulator.world.services[3].routes.first { $0.path.hasSuffix("/groups/{group_id}/peers") }
        )
        let named = body.replacing("listPeeringConnections", with: operation.operation)
        let made = try call("PUT /_patchbay/faults/down", named)
        #expect(made.status == 201, "\(made.text)")
        #expect(try [listed(), listed(), listed()].map(\.status) == [500, 500, 200])
        let read = try call("GET /_patchbay/faults/down").json
        #expect(read?["seen"] == 3)
        #expect(read?["fired"] == 2)
        #expect(read?["when"] == ["first": 2])
        #expect(try call("PUT /_patchbay/faults/down", named).status == 200)
        #expect(try call("GET /_patchbay/faults").json?["faults"]?[0]?["seen"] == 0)
        #expect(try call("DELETE /_patchbay/faults/down").status == 200)
        #expect(try listed().status == 200)
        #expect(try call("GET /_patchbay/faults").json == ["faults": []])
    }

    @Test(arguments: ["vpcep", "apig", "identity", "atlas", "confluent", "cloudflare"])
    func `Every error of a catalogue strikes in its vendor's envelope`(api: String) throws {
        let service = try #require(emulator.world.services.first { $0.name == api })
        let path = api == "identity" ? "/v3/auth/projects" : try #require(seededPaths.first { $0.api == api }).path
        for (name, reply) in service.errors(emulator.world) {
            let body = JSON.object(["api": .string(api), "error": .string(name)])
            #expect(try call("PUT /_patchbay/faults/f", String(decoding: body.compact(), as: UTF8.self)).status < 300)
            let answer = try listed(path)
            #expect(answer.status == reply.status.code, "\(name)")
            let isBare = reply.body.isEmpty || reply.contentType.hasPrefix("text/")
            #expect(isBare || isErrorOf(api, answer.json), "\(name): \(answer.text)")
        }
        for status in [502, 503, 504, 429] {
            #expect(
                try call("PUT /_patchbay/faults/f", #"{"api":"\#(api)","error":\#(status),"retryAfter":7}"#).status
                    < 300
            )
            let answer = try listed(path)
            #expect(answer.status == status)
            #expect(answer["Retry-After"] == "7")
        }
    }

    @Test func `The error of a status is one that may befall any operation`() throws {
        let path = try #require(seededPaths.first { $0.api == "apig" }).path
        #expect(try call("PUT /_patchbay/faults/f", #"{"api":"apig","error":500}"#).status == 201)
        #expect(try listed(path).json?["error_code"] == "APIC.9100")
    }

    @Test func `A tenant's faults strike nobody else, and are named apart`() throws {
        let other = "5356823b3794dee37132bb7b"
        for tenant in [Self.group, other] {
            let path = "/_patchbay/faults/f?tenant=\(tenant)"
            #expect(try call("PUT \(path)", #"{"error":"UNEXPECTED_ERROR"}"#).status == 201)
            #expect(try call("GET \(path)").json?["tenant"] == .string(tenant))
        }
        #expect(try call("GET /_patchbay/faults?tenant=\(other)").json?["faults"]?.arrayValue?.count == 1)
        #expect(try call("DELETE /_patchbay/faults?tenant=\(other)").json?["removed"]?.arrayValue?.count == 1)
        #expect(try listed("/api/atlas/v1.0/groups/\(other)/peers").status == 200)
        #expect(try listed().status == 500)
        #expect(try call("GET /_patchbay/faults/f").status == 404)
        #expect(
            try call("POST /_patchbay/reset?tenant=\(Self.group)", #"{"scope":["faults"]}"#).json?["faults"] == [
                "removed": 1
            ]
        )
        #expect(try listed().status == 200)
    }

    @Test func `Faults strike what gets through the checks, and no request for credentials`() throws {
        _ = try call("PUT /_patchbay/faults/f", #"{"api":"atlas","error":500,"when":{"first":1}}"#)
        #expect(try call("GET \(Self.list)").status == 401)
        #expect(try listed("/api/atlas/v1.0/groups/\(Self.group)/nothing").status == 404)
        #expect(try listed().status == 500)
        #expect(try listed().status == 200)
    }

    @Test(arguments: [
        ("{}", "/error"), ("[]", ""), (#"{"error":"UNEXPECTED_ERROR"}"#, "/error"),
        (#"{"api":"atls","error":500}"#, "/api"),
        (#"{"api":"atlas","error":"UNEXPECTED"}"#, "/error"), (#"{"api":"atlas","error":418}"#, "/error"),
        (#"{"api":"atlas","operation":"listPeers","error":500}"#, "/operation"),
        (#"{"operation":"x","error":500}"#, "/operation"),
        (#"{"api":"atlas","parameters":{"per_page":"1"},"error":500}"#, "/parameters/per_page"),
        (#"{"api":"atlas","parameters":{"pageNum":[]},"error":500}"#, "/parameters/pageNum"),
        (#"{"api":"atlas","error":500,"connection":"reset"}"#, "/connection"),
        (#"{"connection":"drop"}"#, "/connection"),
        (#"{"connection":"reset","retryAfter":1}"#, "/retryAfter"), (#"{"connection":"reset","when":{}}"#, "/when"),
        (#"{"connection":"reset","when":{"nth":0}}"#, "/when/nth"),
        (#"{"connection":"reset","when":{"last":1}}"#, "/when/last"),
        (#"{"connection":"reset","when":{"nth":1,"first":1}}"#, "/when"),
        (#"{"connection":"reset","when":"once"}"#, "/when"),
        (#"{"connection":"reset","when":{"probability":1.5}}"#, "/when/probability"),
        (#"{"connection":"reset","seed":-1}"#, "/seed"), (#"{"connection":"reset","chance":1}"#, "/chance"),
        (#"{"delay":5}"#, "/delay"), (#"{"delay":{"milliseconds":-1}}"#, "/delay/milliseconds"),
        (#"{"delay":{"milliseconds":{"from":5,"to":1}}}"#, "/delay/milliseconds/to"),
        (#"{"delay":{"milliseconds":{}}}"#, "/delay/milliseconds"),
        (#"{"delay":{"milliseconds":{"median":5}}}"#, "/delay/milliseconds/sigma"),
        (#"{"truncate":{}}"#, "/truncate/bytes"), (#"{"truncate":{"bytes":1},"after":true}"#, "/after"),
        (#"{"dribble":{"pieces":0,"milliseconds":1}}"#, "/dribble/pieces"),
        (#"{"rateLimit":{"requests":1}}"#, "/rateLimit/seconds"),
        (#"{"rateLimit":{"requests":1,"seconds":1},"when":{"nth":1}}"#, "/when"),
        (#"{"api":"atlas","error":500,"headers":{"a b":"c"}}"#, "/headers/a b"),
        (#"{"api":"atlas","error":500,"error":500}"#, "/error"), (#"{"api":"atlas","eror":500}"#, "/eror"),
        (#"{"connection":"reset","when":"never"}"#, "/when"), (#"{"connection":"reset","when":null}"#, "/when"),
        (#"{"api":"atlas","error":500,"headers":{"Content-Length":"3"}}"#, "/headers/Content-Length"),
        (#"{"api":"atlas","error":500,"headers":{"X-A":"a\r\nSet-Cookie: x"}}"#, "/headers/X-A"),
        (#"{"connection":"reset","name":"g"}"#, "/name"), (#"{"connection":"reset","tenant":"t"}"#, "/tenant"),
    ])
    func `A fault that means nothing is refused with its place, and changes nothing`(body: String, place: String) throws
    {
        _ = try call("PUT /_patchbay/faults/f", #"{"connection":"empty","when":{"nth":9}}"#)
        let before = try call("GET /_patchbay/faults").text
        let answer = try call("PUT /_patchbay/faults/f", body)
        #expect(answer.status == 400)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.json?["pointer"] == .string(place), "\(answer.text)")
        let several = try call(
            "PUT /_patchbay/faults",
            #"{"faults":[{"name":"g","connection":"reset"},\#(body.first == "[" ? "1" : body)]}"#
        )
        #expect(several.status == 400)
        #expect(try call("GET /_patchbay/faults").text == before)
    }

    @Test func `What is allowed and what was meant is said`() throws {
        let answer = try call("PUT /_patchbay/faults/f", #"{"api":"atlas","error":"RATE_LIMITD"}"#).json
        #expect(answer?["nearest"] == "RATE_LIMITED")
        #expect(answer?["allowed"]?.arrayValue?.contains("RATE_LIMITED_TOKEN_BUCKET") == true)
        #expect(try call("PUT /_patchbay/faults/a%20b", #"{"connection":"reset"}"#).status == 400)
        let unknown = try call("GET /_patchbay/faults/ff")
        #expect(unknown.status == 404)
        let wrong = try call("POST /_patchbay/faults/f", "{}")
        #expect(wrong.status == 405)
        #expect(wrong["Allow"] == "DELETE, GET, HEAD, PUT")
    }

    @Test func `What names no tenant in its path cannot be struck by a tenant's fault`() throws {
        let login = #"{"api":"identity","error":500}"#
        let project = "a4a5d4098fb4474fa22cd05f897d6b99"
        #expect(try call("PUT /_patchbay/faults/f?tenant=\(project)", login).json?["pointer"] == "/api")
        let atlas = emulator.world.services[3]
        let groups = try #require(atlas.routes.first { $0.path.hasSuffix("/groups") })
        let body = #"{"api":"atlas","operation":"\#(groups.operation)","error":500}"#
        #expect(try call("PUT /_patchbay/faults/f?tenant=\(Self.group)", body).json?["pointer"] == "/operation")
        #expect(try call("PUT /_patchbay/faults/f", body).status == 201)
    }

    @Test(arguments: [
        (#"{"connection":"reset"}"#, Delivery.Ending.reset), (#"{"connection":"empty"}"#, .empty),
        (#"{"dribble":{"pieces":3,"milliseconds":20}}"#, .dribbled(chunks: 3, over: .milliseconds(20))),
        (#"{"truncate":{"bytes":7}}"#, .truncated(bodyBytes: 7)),
        (#"{"delay":{"milliseconds":1.5}}"#, .complete),
    ])
    func `Answers leave as the fault says`(body: String, ending: Delivery.Ending) throws {
        _ = try call("PUT /_patchbay/faults/f", body)
        let delivery = try listed().response.delivery
        #expect(delivery.ending == ending)
        #expect(delivery.delay == (ending == .complete ? .microseconds(1_500) : .zero))
    }

    @Test func `Garbage is the same for the same seed, and other garbage for another`() throws {
        func garbage(_ seed: Int) throws -> Delivery.Ending {
            _ = try call("PUT /_patchbay/faults/f", #"{"connection":"garbage","seed":\#(seed)}"#)
            return try listed().response.delivery.ending
        }
        guard case .garbage(let bytes) = try garbage(1) else { Issue.record("no garbage"); return }
        #expect(bytes.count == 256)
        #expect(try garbage(1) == .garbage(bytes))
        #expect(try garbage(2) != .garbage(bytes))
    }

    @Test func `A lost answer loses the request's effect only when it is lost before`() throws {
        let account = "/client/v4/accounts/00000000000000000000000000000000"
        let path = "\(account)/connectivity/directory/services"
        let body =
            #"{"type":"http","name":"n","host":{"ipv4":"10.0.0.1","network":{"tunnel_id":"0191dce4-9ab4-7fce-b660-8e5dec5172da"}}}"#
        func make() throws { _ = try call("POST \(path)", body, credentials + ["Content-Type: application/json"]) }
        func total() throws -> Int64? { try listed(path).json?["result_info"]?["total_count"]?.int64Value }
        _ = try call("PUT /_patchbay/faults/f", #"{"api":"cloudflare","connection":"reset","when":{"nth":1}}"#)
        try make()
        #expect(try total() == 0)
        let after = #"{"api":"cloudflare","connection":"reset","when":{"nth":1},"after":true}"#
        _ = try call("PUT /_patchbay/faults/f", after)
        try make()
        let entry = try #require(emulator.world.journal.extract().entries.last)
        #expect(entry.status == nil)
        #expect(entry.faults.map(\.name) == ["f"])
        #expect(entry.faults.map(\.ordinal) == [1])
        #expect(try total() == 1)
    }

    @Test func `A limit has the vendor's headers, counts down by the tenant's clock, and ends in the vendor's 429`()
        throws
    {
        _ = try call("PUT /_patchbay/clock", #"{"now":"2026-01-02T03:04:05Z","frozen":true}"#)
        _ = try call("PUT /_patchbay/faults/f", #"{"rateLimit":{"requests":2,"seconds":60}}"#)
        let path = try #require(seededPaths.last).path
        #expect(try listed(path)["Ratelimit"] == #""default";r=1;t=60"#)
        #expect(try listed(path)["Ratelimit"] == #""default";r=0;t=60"#)
        _ = try call("POST /_patchbay/clock/advance", #"{"seconds":18}"#)
        let refused = try listed(path)
        #expect(refused.status == 429)
        #expect(refused["Ratelimit"] == #""default";r=0;t=42"#)
        #expect(refused["Ratelimit-Policy"] == #""default";q=2;w=60"#)
        #expect(refused["retry-after"] == "42")
        #expect(refused.response.headers.filter { $0.name == "Ratelimit" }.count == 1)
        _ = try call("POST /_patchbay/clock/advance", #"{"seconds":42}"#)
        #expect(try listed(path).status == 200)
        let second = "/api/atlas/v2/groups/\(Self.group)/peers"
        let headers = ["Accept: application/vnd.atlas.2023-01-01+json"]
        #expect(try listed(second, headers)["RateLimit-Remaining"] == "1")
        #expect(try listed(second, headers)["RateLimit-Limit"] == "2")
        let limited = try listed(second, headers)
        #expect(limited.status == 429)
        #expect(limited.json?["errorCode"] == "RATE_LIMITED_TOKEN_BUCKET")
        #expect(limited["Retry-After"] == "60")
    }

    @Test func `The Date follows the tenant's clock`() throws {
        #expect(try listed()["Date"] == nil)
        _ = try call("PUT /_patchbay/clock?tenant=\(Self.group)", #"{"now":"1994-11-06T08:49:37Z","frozen":true}"#)
        #expect(try listed()["Date"] == "Sun, 06 Nov 1994 08:49:37 GMT")
    }

    @Test(
        arguments: [
            ("atlas", 400, "INVALID_QUERY_PARAMETER"), ("atlas", 403, "IP_ADDRESS_NOT_ON_ACCESS_LIST"),
            ("atlas", 404, "GROUP_NOT_FOUND"), ("atlas", 409, "PEER_ALREADY_EXISTS"), ("apig", 400, "APIC.7211"),
            ("apig", 401, "APIC.7102"), ("apig", 404, "APIC.7314"), ("apig", 409, "APIC.7701"),
            ("cloudflare", 400, "5101"), ("cloudflare", 403, "10000 forbidden"), ("cloudflare", 404, "5104"),
        ]
    )
    func `A status stands for the error that lists answer most`(api: String, status: Int, name: String) throws {
        let path = try #require(seededPaths.first { $0.api == api }).path
        let asked = try [String(status), name].map { try listed(path, ["Prefer: code=\"\($0)\""]) }
        #expect(asked.map(\.status) == [status, status])
        #expect(asked[0].text == asked[1].text)
    }

    @Test(
        arguments: [
            ("code=429", 429, "RATE_LIMITED"), ("code=UNEXPECTED_ERROR", 500, "UNEXPECTED_ERROR"),
            ("respond-async, code=\"503\"", 503, nil),
            ("CODE=500; x=y", 500, "UNEXPECTED_ERROR"), ("code=418", 200, nil), ("return=minimal", 200, nil),
            ("code", 200, nil),
        ] as [(String, Int, String?)]
    )
    func `A request can ask for an error itself`(preference: String, status: Int, code: String?) throws {
        let answer = try listed(Self.list, ["Prefer: \(preference)"])
        #expect(answer.status == status)
        #expect((answer["Preference-Applied"] != nil) == (status != 200))
        if let code { #expect(answer.json?["errorCode"] == .string(code)) }
        let found = try #require(emulator.world.journal.extract().entries.last).findings
        #expect(found.map(\.parameter) == (preference == "code=418" ? ["Prefer"] : []))
        #expect(try listed().status == 200)
    }

    @Test(arguments: [
        ("v1.0", "RATE_LIMITED"), ("v1.0", "RATE_LIMITED_TOKEN_BUCKET"), ("v2", "RATE_LIMITED"),
        ("v2", "RATE_LIMITED_TOKEN_BUCKET"),
    ])
    func `An error that is named is answered, whatever would be said of the wait`(edition: String, name: String) throws
    {
        _ = try call("PUT /_patchbay/faults/f", #"{"api":"atlas","error":"\#(name)","retryAfter":7}"#)
        let path = "/api/atlas/\(edition)/groups/\(Self.group)/peers"
        let answer = try listed(path, edition == "v2" ? ["Accept: application/vnd.atlas.2023-01-01+json"] : [])
        #expect(answer.json?["errorCode"] == .string(name))
        #expect(answer.response.headers.filter { $0.name == "Retry-After" }.map(\.value) == ["7"])
    }

    @Test func `What is answered of a fault can be written again`() throws {
        let path = "/_patchbay/faults/f?tenant=\(Self.group)"
        let body = #"{"operation":"listPeeringConnections","error":503,"retryAfter":1,"when":{"probability":0.5}}"#
        #expect(try call("PUT \(path)", body).status == 201)
        _ = try listed()
        let shown = try call("GET \(path)")
        #expect(shown.json?["seen"] == 1)
        let again = try call("PUT \(path)", shown.text)
        #expect(again.status == 200)
        #expect(again.json?["seen"] == 0)
        #expect(again.json?["seed"] == shown.json?["seed"])
    }

    @Test func `What every API can fail with needs no API`() throws {
        #expect(try call("PUT /_patchbay/faults/f", #"{"error":503}"#).status == 201)
        for (_, path) in seededPaths { #expect(try listed(path).status == 503) }
        let named = try call("PUT /_patchbay/faults/f", #"{"error":"RATE_LIMITED"}"#)
        #expect(named.json?["pointer"] == "/error")
        #expect(named.json?["allowed"]?.arrayValue?.contains("503") == true)
    }

    @Test func `Another tenant's identifier is none of a tenant's parameters`() throws {
        let body = #"{"api":"atlas","parameters":{"group_id":"5356823b3794dee37132bb7b"},"error":500}"#
        let refused = try call("PUT /_patchbay/faults/f?tenant=\(Self.group)", body)
        #expect(refused.json?["pointer"] == "/parameters/group_id")
        #expect(refused.json?["allowed"] == [.string(Self.group)])
        #expect(try call("PUT /_patchbay/faults/f", body).status == 201)
    }

    @Test func `A fault's headers take the place of the vendor's`() throws {
        let body = #"{"api":"atlas","error":429,"headers":{"content-type":"text/plain","retry-after":"3"}}"#
        _ = try call("PUT /_patchbay/faults/f", body)
        let headers = try listed().response.headers
        let types = headers.filter { $0.name.lowercased() == "content-type" }.map(\.value)
        let waits = headers.filter { $0.name.lowercased() == "retry-after" }.map(\.value)
        #expect(types == ["text/plain"])
        #expect(waits == ["3"])
    }

    @Test func `What is cut off is not counted as sent`() throws {
        _ = try call("PUT /_patchbay/faults/f", #"{"truncate":{"bytes":3}}"#)
        _ = try listed()
        #expect(emulator.world.journal.extract().entries.last?.bytes == 3)
    }

    @Test func `Several faults are put in force at once, in place of the tenant's others`() throws {
        _ = try call("PUT /_patchbay/faults/all", #"{"connection":"reset","when":{"nth":99}}"#)
        let path = "/_patchbay/faults?tenant=\(Self.group)"
        _ = try call("PUT /_patchbay/faults/old?tenant=\(Self.group)", #"{"connection":"reset"}"#)
        let answer = try call(
            "PUT \(path)",
            #"{"faults":[{"name":"a","delay":{"milliseconds":1}},{"name":"b","error":500,"when":{"every":2}}]}"#
        )
        #expect(answer.json?["faults"]?.arrayValue?.compactMap { $0["name"] } == ["a", "b"])
        #expect(
            try call("GET /_patchbay/faults").json?["faults"]?.arrayValue?.compactMap { $0["name"] } == [
                "all", "a", "b",
            ]
        )
        #expect(try [listed(), listed()].map(\.status) == [200, 500])
        let twice = try call("PUT \(path)", #"{"faults":[{"name":"a","error":500},{"name":"a","error":500}]}"#)
        #expect(twice.json?["pointer"] == "/faults/1/name")
        let again = try call("PUT \(path)", #"{"faults":[]}"#)
        #expect(again.json == ["faults": []])
    }
}
