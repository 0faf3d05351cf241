import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// Whether the emulated APIs were asked what a test expects.
@Suite struct VerifyTests {
    private static let group = "000000000000000000000257"
    private static let peers = "/api/atlas/v1.0/groups/\(group)/peers"

    private static func emulator(journal: Int = 1_000) throws -> Emulator {
        let emulator = try Emulator(clock: .frozen(at: Emulator.moment), journal: journal)
        // What is asked for need not be there.
        emulator.world.becomeReady()
        return emulator
    }

    private static func send(_ emulator: Emulator, _ line: String, _ body: String = "", agent: String = "test") throws {
        let text =
            "\(line) HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer t\r\nUser-Agent: \(agent)\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        _ = emulator.respond(to: try Request(parsing: text))
    }

    private static func verify(_ emulator: Emulator, _ body: String, _ query: String = "") throws -> Answer {
        let text =
            "POST /_patchbay/requests/verify\(query) HTTP/1.1\r\nHost: localhost\r\n"
            + "Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
        return Answer(response: emulator.respond(to: try Request(parsing: text)))
    }

    /// Two pages, a new peer, and something that leads nowhere: requests 1 to 4.
    private static func busy() throws -> Emulator {
        let emulator = try emulator()
        try send(emulator, "GET \(peers)?pageNum=1&x=a&x=b")
        try send(emulator, "GET \(peers)?pageNum=2", agent: "other")
        try send(emulator, "POST \(peers)", #"{"vpcId":"vpc-1","n":1,"o":{"p":[1,{"q":null}]},"containers":["a","b"]}"#)
        try send(emulator, "GET /nowhere")
        return emulator
    }

    private static let list = #""operation":"listPeeringConnections""#

    private static let passing: [(body: String, query: String, found: [Int64])] = [
        (#"{"request":{\#(list)}}"#, "", [1, 2]), (#"{"request":{\#(list)},"count":2}"#, "", [1, 2]),
        (#"{"request":{\#(list)},"count":{"atLeast":1,"atMost":3}}"#, "", [1, 2]),
        (#"{"request":{\#(list)},"count":1,"since":1}"#, "", [2]),
        (#"{"request":{"operation":"listProjects"},"count":0}"#, "", []),
        (#"{"request":{}}"#, "", [1, 2, 3, 4]), (#"{"request":{}}"#, "?api=atlas", [1, 2, 3]),
        (#"{"request":{"tenant":"\#(group)"}}"#, "", [1, 2, 3]),
        (#"{"request":{"parameters":{"pageNum":"2","group_id":"\#(group)"}}}"#, "", [2]),
        (#"{"request":{"parameters":{"pageNum":2}}}"#, "", [2]), (#"{"request":{"parameters":{"x":"b"}}}"#, "", [1]),
        (#"{"request":{"parameters":{"x":["a","b"]}}}"#, "", [1]),
        (#"{"request":{"parameters":{"x":null}},"since":0}"#, "", [2, 3, 4]),
        (#"{"request":{"parameters":{"x":{"absent":false}}}}"#, "", [1]),
        (#"{"request":{"parameters":{"pageNum":{"oneOf":["2","3"]}}}}"#, "", [2]),
        (#"{"request":{"status":404,"unmatched":true}}"#, "", [4]),
        (#"{"request":{"unmatched":false}}"#, "", [1, 2, 3]),
        (#"{"request":{"unmatched":{"startsWith":"outside"}}}"#, "", [4]),
        (#"{"request":{"path":{"contains":"/groups/"}}}"#, "", [1, 2, 3]),
        (#"{"request":{"path":{"endsWith":"where"}}}"#, "", [4]), (#"{"request":{"method":"POST"}}"#, "", [3]),
        (#"{"request":{"headers":{"User-Agent":"other"}}}"#, "", [2]),
        (#"{"request":{"credential":{"startsWith":"Bearer "}}}"#, "", [1, 2, 3, 4]),
        (#"{"request":{"body":{"vpcId":"vpc-1"}}}"#, "", [3]), (#"{"request":{"body":{"o":{"p":[1.0,{}]}}}}"#, "", [3]),
        (#"{"request":{"body":{"o":{"p":[1,{"q":null}]},"n":{"oneOf":[1,2]}}}}"#, "", [3]),
        (#"{"request":{"body":{"o":{"equals":{"p":[1,{"q":null}]}},"z":{"absent":true}},"method":"POST"}}"#, "", [3]),
        (#"{"request":{"body":{"containers":"a","vpcId":{"contains":"-"}}}}"#, "", [3]),
        (#"{"request":{"body":null},"count":3}"#, "", [1, 2, 4]),
        (#"{"inOrder":[{\#(list)},{"operation":"createPeeringConnection"}]}"#, "", [1, 3]),
        (#"{"inOrder":[{"parameters":{"pageNum":"2"}},{"method":"POST"}],"adjacent":true}"#, "", [2, 3]),
        (
            #"{"inOrder":[{\#(list)},{\#(list)},{"method":"POST"},{"path":"/nowhere"}],"adjacent":true}"#, "",
            [1, 2, 3, 4]
        ),
        (#"{"inOrder":[{"status":{"oneOf":[404,200]}}],"since":3}"#, "", [4]),
    ]

    @Test func `What came as expected is found, with its numbers`() throws {
        let emulator = try Self.busy()
        for (body, query, found) in Self.passing {
            let answer = try Self.verify(emulator, body, query)
            #expect(answer.status == 200, "\(body): \(answer.text)")
            #expect(answer.json?["result"] == "passed", "\(body)")
            #expect(answer.json?["found"] == .number(JSON.Number(found.count)), "\(body)")
            #expect(answer.json?["requests"]?.arrayValue?.compactMap(\.int64Value) == found, "\(body)")
        }
    }

    private static let failing: [(body: String, nearest: [Int64], member: String, says: String)] = [
        (
            #"{"request":{\#(list),"parameters":{"pageNum":"3"}},"count":1}"#, [2, 1, 4], "/parameters/pageNum",
            #"0 of 4 requests are as described, where 1 should be. The nearest is request 2: /parameters/pageNum is "2" and not "3"."#
        ),
        (#"{"request":{"method":"GET","status":201,"path":"/nowhere"}}"#, [4], "/status", "/status is 404 and not 201"),
        (#"{"request":{\#(list)},"count":1}"#, [], "", "2 of 4 requests are as described, where 1 should be."),
        (#"{"request":{\#(list)},"count":{"atMost":1}}"#, [], "", "where at most 1 should be."),
        (#"{"request":{\#(list)},"count":{"atLeast":3}}"#, [4, 3], "/operation", "where at least 3 should be."),
        (#"{"request":{\#(list)},"count":{"atLeast":3,"atMost":4}}"#, [4, 3], "/operation", "where 3 to 4 should be."),
        (#"{"request":{"path":"/nowhere"},"count":2}"#, [3], "/path", "1 of 4 requests is as described"),
        (#"{"request":{"method":"POST","body":{"n":"1"}}}"#, [3], "/body/n", "/body/n is 1 and not"),
        (#"{"request":{"method":"POST","body":{"containers":["a"]}}}"#, [3], "/body/containers", "/body/containers is"),
        (#"{"request":{"method":"POST","body":{"o":{"p":[2,{}]}}}}"#, [3], "/body/o/p/0", "/body/o/p/0 is 1 and not 2"),
        (#"{"request":{"method":"POST","body":{"z":1}}}"#, [3], "/body/z", "/body/z is absent and not 1"),
        (
            #"{"request":{"path":"/nowhere","unmatched":false}}"#, [4], "/unmatched",
            #"/unmatched is "outside every emulated API" and not {"absent":true}"#
        ),
        (
            #"{"inOrder":[{"method":"POST"},{\#(list)}]}"#, [4], "/api",
            "No request after request 3 is as described in /inOrder/1. Request 2 is, but came before."
        ),
        (#"{"inOrder":[{"path":"/nowhere"},{}]}"#, [], "", "No request after request 4 is as described in /inOrder/1."),
        (
            #"{"inOrder":[{"parameters":{"pageNum":1}},{"method":"POST"}],"adjacent":true}"#, [2], "/method",
            "The request right after request 1 is not as described in /inOrder/1."
        ),
    ]

    @Test func `What did not is a conflict, which names what came nearest and what differed`() throws {
        let emulator = try Self.busy()
        for (body, nearest, member, says) in Self.failing {
            let answer = try Self.verify(emulator, body)
            #expect(answer.status == 409, "\(body)")
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json?["result"] == "failed", "\(body)")
            let detail = answer.json?["detail"]?.stringValue ?? ""
            #expect(detail.contains(says), "\(body): \(detail)")
            let candidates = answer.json?["nearest"]?.arrayValue ?? []
            #expect(candidates.count <= 3)
            let numbers = candidates.compactMap { $0["number"]?.int64Value }
            #expect(numbers.starts(with: nearest), "\(body): \(numbers)")
            #expect(nearest.isEmpty == numbers.isEmpty, "\(body): \(numbers)")
            let difference = candidates.first?["differences"]?[0]
            #expect(
                nearest.isEmpty || member == "/api" || difference?["member"] == .string(member),
                "\(body): \(candidates)"
            )
        }
    }

    @Test func `A failed verification repeats what was expected, and what was found`() throws {
        let emulator = try Self.busy()
        let count = try Self.verify(emulator, #"{"request":{\#(Self.list)},"count":{"atLeast":3}}"#).json
        #expect(count?["expected"] == ["atLeast": 3])
        #expect(count?["found"] == 2)
        #expect(count?["requests"] == [1, 2])
        let order = try Self.verify(emulator, #"{"inOrder":[{\#(Self.list)},{"method":"PUT"}]}"#).json
        #expect(order?["found"] == 1)
        #expect(order?["requests"] == [1])
        #expect(order?["step"] == "/inOrder/1")
    }

    @Test func `A secret can be expected, and is not told`() throws {
        let emulator = try Self.emulator()
        let body = #"{"email":"a@b","password":"S3cr3t"}"#
        try Self.send(emulator, "POST /api/sessions", body)
        #expect(try Self.verify(emulator, #"{"request":{"body":\#(body)}}"#).status == 200)
        let other = try Self.verify(emulator, #"{"request":{"body":{"email":"a@b","password":"An0ther"}}}"#)
        #expect(other.status == 409)
        #expect(!other.text.contains("S3cr3t") && !other.text.contains("An0ther"))
        #expect(other.json?["nearest"]?[0]?["differences"]?[0]?["member"] == "/body/password")
    }

    // MARK: Gaps

    private static let gaps: [(body: String, result: String)] = [
        (#"{"request":{\#(list)}}"#, "passed"), (#"{"request":{\#(list)},"count":{"atLeast":3}}"#, "passed"),
        (#"{"request":{\#(list)},"count":{"atLeast":4}}"#, "unknown"),
        (#"{"request":{\#(list)},"count":{"atLeast":6}}"#, "failed"), (#"{"request":{\#(list)},"count":3}"#, "unknown"),
        (#"{"request":{\#(list)},"count":2}"#, "failed"), (#"{"request":{\#(list)},"count":{"atMost":5}}"#, "passed"),
        (#"{"request":{\#(list)},"count":{"atMost":4}}"#, "unknown"),
        (#"{"request":{\#(list)},"count":{"atMost":2}}"#, "failed"),
        (#"{"request":{\#(list)},"count":3,"since":2}"#, "passed"),
        (#"{"request":{\#(list)},"count":3,"since":1}"#, "unknown"),
        (#"{"request":{\#(list),"parameters":{"pageNum":1}},"count":0}"#, "unknown"),
        (#"{"inOrder":[{"parameters":{"pageNum":3}},{"parameters":{"pageNum":5}}]}"#, "passed"),
        (#"{"inOrder":[{"parameters":{"pageNum":1}},{"parameters":{"pageNum":5}}]}"#, "unknown"),
        (#"{"inOrder":[{"parameters":{"pageNum":1}}],"since":2}"#, "failed"),
        (#"{"inOrder":[{"parameters":{"pageNum":4}},{"parameters":{"pageNum":5}}],"adjacent":true}"#, "passed"),
        (#"{"inOrder":[{"parameters":{"pageNum":3}},{"parameters":{"pageNum":5}}],"adjacent":true}"#, "unknown"),
    ]

    @Test func `What was let go makes unknown what it could have changed, and nothing else`() throws {
        let emulator = try Self.emulator(journal: 3)
        for page in 1...5 { try Self.send(emulator, "GET \(Self.peers)?pageNum=\(page)") }
        for (body, result) in Self.gaps {
            let answer = try Self.verify(emulator, body)
            #expect(answer.status == (result == "passed" ? 200 : 409), "\(body): \(answer.text)")
            #expect(answer.json?["result"] == .string(result), "\(body): \(answer.text)")
            guard result == "unknown" else { continue }
            #expect(answer.json?["dropped"] == 2)
            #expect(answer.json?["lastDropped"] == 2)
            #expect(answer.json?["detail"]?.stringValue?.contains("--journal") == true)
        }
    }

    @Test func `A body that was not kept could be the one that is looked for`() throws {
        let emulator = try Self.emulator()
        let body = #"{"a":""# + String(repeating: "x", count: 70_000) + #""}"#
        try Self.send(emulator, "POST \(Self.peers)", body)
        let verify = { (text: String) in try Self.verify(emulator, text).json?["result"] }
        #expect(try verify(#"{"request":{"method":"POST","body":{"a":"y"}},"count":0}"#) == "unknown")
        #expect(try verify(#"{"request":{"method":"POST","body":{"a":"y"}}}"#) == "unknown")
        #expect(try verify(#"{"request":{"method":"POST","body":null}}"#) == "unknown")
        #expect(try verify(#"{"inOrder":[{"body":{"a":"y"}}]}"#) == "unknown")
        #expect(try verify(#"{"inOrder":[{"body":{"a":"y"}}],"adjacent":true}"#) == "unknown")
        #expect(try verify(#"{"request":{"method":"GET","body":{"a":"y"}},"count":0}"#) == "passed")
        #expect(try verify(#"{"request":{"method":"POST"},"count":1}"#) == "passed")
        let detail = try Self.verify(emulator, #"{"request":{"body":{}}}"#).json?["detail"]?.stringValue
        #expect(detail?.contains("too large to be kept: 1.") == true)
    }

    @Test func `Without a journal nothing can be told`() throws {
        let emulator = try Self.emulator(journal: 0)
        #expect(try Self.verify(emulator, #"{"request":{},"count":0}"#).json?["result"] == "passed")
        try Self.send(emulator, "GET \(Self.peers)")
        for body in [#"{"request":{}}"#, #"{"request":{},"count":0}"#, #"{"inOrder":[{}]}"#] {
            #expect(try Self.verify(emulator, body).json?["result"] == "unknown", "\(body)")
        }
        #expect(try Self.verify(emulator, #"{"request":{},"count":5}"#).json?["result"] == "failed")
    }

    @Test func `A tenant's verification is about its requests, and its gap`() throws {
        let emulator = try Emulator(clock: .frozen(at: Emulator.moment), journal: 2)
        try emulator.load(.bundled)
        emulator.world.journal.clear()
        for _ in 1...3 { try Self.send(emulator, "GET \(Self.peers)?pretty=true") }
        try Self.send(emulator, "GET \(Self.peers.replacing("257", with: "000"))")
        let list = #"{"request":{\#(Self.list)},"count":1}"#
        #expect(try Self.verify(emulator, list, "?tenant=000000000000000000000000").status == 200)
        #expect(try Self.verify(emulator, list, "?tenant=\(Self.group)").json?["result"] == "failed")
        #expect(try Self.verify(emulator, list, "?tenant=nobody").status == 404)
        let four = #"{"request":{\#(Self.list)},"count":4}"#
        #expect(try Self.verify(emulator, four).json?["result"] == "unknown")
    }

    // MARK: Refused

    private static let refused: [(body: String, pointer: String, nearest: String?)] = [
        ("[]", "", nil), ("{}", "", nil), (#"{"request":{},"inOrder":[{}]}"#, "/inOrder", nil),
        (#"{"reqest":{}}"#, "/reqest", "request"), (#"{"request":{},"coun":1}"#, "/coun", "count"),
        (#"{"request":[]}"#, "/request", nil), (#"{"inOrder":[]}"#, "/inOrder", nil),
        (#"{"inOrder":{}}"#, "/inOrder", nil),
        (#"{"inOrder":[{}],"count":1}"#, "/count", nil), (#"{"request":{},"adjacent":true}"#, "/adjacent", nil),
        (#"{"inOrder":[{}],"adjacent":1}"#, "/adjacent", nil),
        (#"{"request":{"opration":"x"}}"#, "/request/opration", "operation"),
        (#"{"request":{"operation":"listPeeringConnection"}}"#, "/request/operation", "listPeeringConnections"),
        (#"{"request":{"api":"cloudflare","operation":"listPeeringConnections"}}"#, "/request/operation", nil),
        (#"{"request":{"api":"atlass"}}"#, "/request/api", "atlas"), (#"{"request":{"api":1}}"#, "/request/api", "1"),
        (#"{"inOrder":[{},{"operation":{"oneOf":["x"]}}]}"#, "/inOrder/1/operation", nil),
        (#"{"request":{"status":"OK"}}"#, "/request/status", nil), (#"{"request":{"rows":1.5}}"#, "/request/rows", nil),
        (#"{"request":{"finding":"misspel"}}"#, "/request/finding", "misspelt"),
        (#"{"request":{"path":{"contians":"x"}}}"#, "/request/path/contians", "contains"),
        (#"{"request":{"path":{"contains":1}}}"#, "/request/path/contains", nil),
        (#"{"request":{"path":{"oneOf":"x"}}}"#, "/request/path/oneOf", nil),
        (#"{"request":{"path":{"absent":"x"}}}"#, "/request/path/absent", nil),
        (#"{"request":{"path":{}}}"#, "/request/path", nil),
        (#"{"request":{"path":{"contains":"x","absent":true}}}"#, "/request/path", nil),
        (#"{"request":{"parameters":"x"}}"#, "/request/parameters", nil),
        (#"{"request":{"parameters":{"a":{"b":1}}}}"#, "/request/parameters/a/b", nil),
        (#"{"request":{"headers":[]}}"#, "/request/headers", nil),
        (#"{"request":{},"count":-1}"#, "/count", nil), (#"{"request":{},"count":"1"}"#, "/count", nil),
        (#"{"request":{},"count":{}}"#, "/count", nil),
        (#"{"request":{},"count":{"atLest":1}}"#, "/count/atLest", "atLeast"),
        (#"{"request":{},"count":{"atLeast":2,"atMost":1}}"#, "/count", nil),
        (#"{"request":{},"since":-1}"#, "/since", nil), (#"{"request":{},"since":"1"}"#, "/since", nil),
    ]

    @Test func `An expectation that means nothing is refused, and its member named`() throws {
        let emulator = try Self.busy()
        for (body, pointer, nearest) in Self.refused {
            let answer = try Self.verify(emulator, body)
            #expect(answer.status == 400, "\(body): \(answer.text)")
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json?["pointer"] == .string(pointer), "\(body): \(answer.text)")
            if let nearest, nearest != "1" {
                #expect(answer.json?["nearest"] == .string(nearest), "\(body): \(answer.text)")
            }
        }
        #expect(try Self.verify(emulator, "{").status == 400)
        #expect(try Self.verify(emulator, #"{"request":{}}"#, "?api=x").json?["parameter"] == "api")
        let wrong = try emulator.answer("GET /_patchbay/requests/verify", [])
        #expect(wrong.status == 405)
        #expect(wrong["Allow"] == "POST")
    }
}
