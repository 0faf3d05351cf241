import Foundation
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

@testable import Patchbay

/// Where what is found of requests goes: the diagnostics, the log, and refusals where they are asked for.
@Suite struct DiagnosticsTests {
    private let emulator: Emulator
    private let lines = Lines()
    private static let atlas = seededPaths[2].path
    private static let cloudflare = seededPaths[4].path
    private static let account = "00000000000000000000000000000257"
    private static let other = "00000000000000000000000000000000"

    /// What was told.
    private final class Lines: Sendable {
        private let lines = Mutex<[String]>([])

        var all: [String] { lines.withLock { $0 } }

        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    init() throws {
        emulator = try Self.emulator(isStrict: false, lines)
    }

    private static func emulator(isStrict: Bool, _ lines: Lines) throws -> Emulator {
        let emulator = try Emulator(
            clock: .frozen(at: Emulator.moment),
            isStrict: isStrict,
            notice: { lines.append($0) },
        )
        try emulator.load(.bundled)
        return emulator
    }

    private func list(_ query: String = "") throws -> [JSON] {
        try emulator.answer("GET /_patchbay/diagnostics\(query)").json?["findings"]?.arrayValue ?? []
    }

    @Test func `A finding stands there once, with its number and the last exchange`() throws {
        for _ in 1...3 { #expect(try emulator.answer("GET \(Self.atlas)?itemsperpage=5").status == 200) }
        _ = try emulator.answer("GET \(Self.atlas)?itemsPerPage=5")
        let answer = try emulator.answer("GET /_patchbay/diagnostics")
        #expect(answer.status == 200)
        let expected: JSON = [
            "strict": false,
            "findings": [
                [
                    "kind": "wrong-case", "api": "atlas", "operation": "listPeeringConnections",
                    "parameter": "itemsperpage", "says": "itemsperpage: case matters, it is itemsPerPage",
                    "documented": "ignored; itemsPerPage stays at 100 (our reading)", "count": 3,
                    "first": "2027-01-15T08:00:00Z", "last": "2027-01-15T08:00:00Z", "example": 3,
                ]
            ],
            "further": 0,
        ]
        #expect(answer.json == expected)
    }

    @Test func `The body says nothing, and so does the journal's neighbour`() throws {
        let plain = try emulator.answer("GET \(Self.cloudflare)")
        let odd = try emulator.answer("GET \(Self.cloudflare)?perpage=5")
        #expect(plain.text == odd.text)
        #expect(odd.response.headers.map(\.name) == plain.response.headers.map(\.name))
        #expect(emulator.world.journal.extract().entries.map(\.findings.count) == [0, 1])
    }

    @Test func `The clock of the tenant says when`() throws {
        let clock = "/_patchbay/clock/advance?tenant=\(Self.account)&api=cloudflare"
        _ = try emulator.answer("GET \(Self.cloudflare)?x=1")
        let request = "POST \(clock) HTTP/1.1\r\nHost: a\r\nContent-Length: 14\r\n\r\n{\"seconds\": 5}"
        #expect(emulator.respond(to: try Request(parsing: request)).status == .ok)
        _ = try emulator.answer("GET \(Self.cloudflare)?x=1")
        #expect(try list()[0]["first"] == "2027-01-15T08:00:00Z")
        #expect(try list()[0]["last"] == "2027-01-15T08:00:05Z")
    }

    @Test func `Tenants are kept apart, and counted together where nobody is named`() throws {
        let other = Self.cloudflare.replacing(Self.account, with: Self.other)
        _ = try emulator.answer("GET \(Self.cloudflare)?x=1")
        _ = try emulator.answer("GET \(other)?x=1")
        _ = try emulator.answer("GET \(other)?per_page=0")
        _ = try emulator.answer("GET \(Self.atlas)?x=1")
        #expect(try list().map { $0["count"] } == [2, 1, 1])
        #expect(try list("?api=cloudflare").count == 2)
        #expect(try list("?tenant=\(Self.account)&api=cloudflare").map { $0["count"] } == [1])
        #expect(try list("?tenant=\(Self.other)&api=cloudflare").count == 2)
        let forgotten = try emulator.answer("DELETE /_patchbay/diagnostics?tenant=\(Self.other)&api=cloudflare")
        #expect(forgotten.json == ["tenant": .string(Self.other), "removed": 2])
        #expect(try list().map { $0["count"] } == [1, 1])
        #expect(try emulator.answer("DELETE /_patchbay/diagnostics").json == ["removed": 2])
        #expect(try list().isEmpty)
    }

    @Test func `A reset of the journal forgets them, and another one does not`() throws {
        _ = try emulator.answer("GET \(Self.cloudflare)?x=1")
        let reset = { (scope: String) in
            let body = #"{"scope":["\#(scope)"]}"#
            let head = "POST /_patchbay/reset?tenant=\(Self.account)&api=cloudflare HTTP/1.1\r\nHost: a\r\n"
            let request = "\(head)Content-Length: \(body.utf8.count)\r\n\r\n\(body)"
            return Answer(response: emulator.respond(to: try Request(parsing: request)))
        }
        #expect(try reset("state").status == 200)
        #expect(try list().count == 1)
        #expect(try reset("journal").json?["journal"] == ["removed": 1, "findings": 1])
        #expect(try list().isEmpty)
    }

    @Test func `No more than a thousand are kept of a tenant, and the rest is counted`() throws {
        for number in 1...1_005 { _ = try emulator.answer("GET \(Self.cloudflare)?per_page=a\(number)") }
        _ = try emulator.answer("GET \(Self.cloudflare)?per_page=a1")
        _ = try emulator.answer("GET \(Self.atlas)?x=1")
        let answer = try emulator.answer("GET /_patchbay/diagnostics").json
        #expect(answer?["findings"]?.arrayValue?.count == 1_001)
        #expect(answer?["findings"]?[0]?["count"] == 2)
        #expect(answer?["further"] == 5)
        #expect(lines.all.count == 1_000)
        #expect(lines.all.last?.hasSuffix("; further findings are in /_patchbay/diagnostics only") == true)
    }

    @Test func `Of paths that lead nowhere no more than a thousand are told`() throws {
        for number in 1...1_005 { _ = try emulator.answer("GET /nowhere/\(number)") }
        #expect(lines.all.count == 1_000)
    }

    @Test func `Each is told once`() throws {
        let other = Self.cloudflare.replacing(Self.account, with: Self.other)
        for path in [Self.cloudflare, other, Self.cloudflare] { _ = try emulator.answer("GET \(path)?per_page=0") }
        _ = try emulator.answer("GET \(Self.cloudflare)?a%0Ab=1")
        for line in ["GET \(Self.cloudflare)/a/b/c", "PUT \(Self.atlas)", "GET /nowhere"] {
            for _ in 1...2 { _ = try emulator.answer(line) }
        }
        #expect(
            lines.all == [
                "cloudflare connectivity-services-list: per_page=0 is out of range, 1 … 1000; documented: refused, 400 5101 "
                    + "(documentation-derived)",
                "cloudflare connectivity-services-list: a\u{FFFD}b is no parameter of connectivity-services-list; there "
                    + "are page, per_page, type; documented: ignored (our reading)",
                "cloudflare \("GET \(Self.cloudflare)/a/b/c".prefix(64))…: cloudflare has no such path; the "
                    + "nearest is /client/v4/accounts/{account_id}/connectivity/directory/services/{service_id}; "
                    + "documented: refused, 404 7003 (our reading)",
                "atlas PUT \(Self.atlas): atlas has this path for GET, HEAD, POST only; documented: refused, 405 "
                    + "METHOD_NOT_ALLOWED (our reading)",
                "GET /nowhere: outside every emulated API; documented: no service has such a path",
            ]
        )
        let kinds: [JSON] = ["out-of-range", "unknown-parameter", "unmatched-path", "wrong-method", "unmatched-path"]
        #expect(try list().map { $0["kind"] } == kinds)
    }

    @Test func `What leads outside every API is found as well`() throws {
        #expect(try emulator.answer("GET /nowhere").status == 404)
        #expect(try list().map { $0["value"] } == ["GET /nowhere"])
        #expect(try list()[0]["api"] == nil)
    }

    // MARK: Strictness

    private static let service =
        #"{"name":"new","type":"http","host":{"ipv4":"10.9.9.9","network":{"tunnel_id":"0191dce4-9ab4-7fce-b660-8e5dec5172da"}}}"#

    @Test(arguments: [
        ("GET \(atlas)?per_page=5", "other-api per_page"),
        ("GET \(atlas)?itemsPerPage=501", "out-of-range itemsPerPage"),
        ("GET \(cloudflare)?a%0D%0AX:%20b=5", "unknown-parameter a%EF%BF%BD%EF%BF%BDX:%20b"),
        ("GET \(cloudflare)/a/b/c", "unmatched-path"), ("PATCH \(atlas)", "wrong-method"),
        ("GET /nowhere", "unmatched-path"),
    ])
    func `A request with a finding is refused, where that is asked for`(line: String, header: String) throws {
        let emulator = try Self.emulator(isStrict: true, lines)
        #expect(!emulator.world.diagnostics.hasFound)
        #expect(try emulator.answer("GET \(Self.atlas)?itemsPerPage=5").status == 200)
        let answer = try emulator.answer(line)
        #expect(answer.status == 501)
        #expect(answer["X-Patchbay-Strict"] == header)
        #expect(answer["Content-Type"] == "application/problem+json")
        let detail =
            "The request does not keep to the contract of what it asks for; GET /_patchbay/diagnostics says how."
        #expect(
            answer.json == [
                "type": "about:blank", "title": "Not Implemented", "status": 501, "detail": .string(detail),
            ]
        )
        #expect(emulator.world.diagnostics.hasFound)
        let listed = try emulator.answer("GET /_patchbay/diagnostics").json
        #expect(listed?["strict"] == true)
        #expect(listed?["findings"]?.arrayValue?.count == 1)
    }

    @Test func `A write that is refused does nothing`() throws {
        let emulator = try Self.emulator(isStrict: true, lines)
        let count = { try emulator.answer("GET \(Self.cloudflare)").json?["result_info"]?["total_count"]?.int64Value }
        let post = { (body: String, query: String) in
            let head = "POST \(Self.cloudflare)\(query) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n"
            let length = "Content-Type: application/json\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            return Answer(response: emulator.respond(to: try Request(parsing: head + length + body)))
        }
        #expect(try post(Self.service, "?x=1").status == 501)
        let colourful = "{\"colour\":1," + Self.service.dropFirst()
        #expect(try post(colourful, "")["X-Patchbay-Strict"] == "unknown-member /colour")
        #expect(try count() == 257)
        #expect(try post(Self.service, "").status == 200)
        #expect(try count() == 258)
    }

    // MARK: Control calls

    @Test(
        arguments: [
            ("GET /_patchbay/clock?tenat=x", "tenat", ["tenant", "api"], "tenant"),
            ("GET /_patchbay/diagnostics?Tenant=x", "Tenant", ["tenant", "api"], "tenant"),
            (
                "GET /_patchbay/diagnostics?api=atlass", "api",
                ["vpcep", "apig", "identity", "atlas", "confluent", "cloudflare"], "atlas"
            ),
            ("DELETE /_patchbay/diagnostics?api=atlas", "api", nil, nil),
            ("GET /_patchbay/health?verbose=1", "verbose", nil, nil),
            ("POST /_patchbay/reset?tenant=", "tenant", nil, nil), ("POST /_patchbay/reset?tenant", "tenant", nil, nil),
            ("GET /_patchbay/clock?tenant=a&tenant=b", "tenant", nil, nil),
            ("GET /_patchbay/clock?tenant=%zz", "tenant", nil, nil),
        ] as [(String, String, [String]?, String?)]
    )
    func `A control call refuses a query that means nothing`(
        line: String,
        parameter: String,
        allowed: [String]?,
        nearest: String?
    ) throws {
        for emulator in [emulator, try Self.emulator(isStrict: true, lines)] {
            let answer = try emulator.answer(line)
            #expect(answer.status == 400)
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json?["parameter"] == .string(parameter))
            #expect(answer.json?["allowed"] == allowed.map { .array($0.map(JSON.string)) })
            #expect(answer.json?["nearest"] == nearest.map(JSON.string))
            #expect(try emulator.answer("GET /_patchbay/diagnostics").json?["findings"] == [])
        }
    }

    // MARK: Page

    /// The rows of the page's table: a request, what is found, what it says, what is documented.
    private static func examples() throws -> [[String]] {
        try text(of: "docs/drift.md").split(separator: "\n").filter {
            $0.hasPrefix("| `GET ") || $0.hasPrefix("| `POST ")
        }.map {
            row in
            row.dropFirst(2).dropLast(2).components(separatedBy: " | ").map {
                $0.trimmingCharacters(in: CharacterSet(charactersIn: "` "))
            }
        }
    }

    @Test func `The page's examples are found as it says`() throws {
        let examples = try Self.examples()
        #expect(examples.count == 10)
        for example in examples {
            try #require(example.count == 4)
            let parts = example[0].split(separator: " ", maxSplits: 2).map(String.init)
            let seeded = seededPaths.first { $0.api == parts[1].prefix { $0 != "?" && $0 != "/" } }
            let path = try #require(seeded.map { parts[1].replacing($0.api, with: $0.path, maxReplacements: 1) })
            let row = DriftTests.Row("\(parts[0]) \(path)", body: parts.count == 3 ? parts[2] : "")
            let found = try DriftTests.found(in: row)
            try #require(found.count == 1, "\(example)")
            #expect(found[0][0].split(separator: " ").first.map(String.init) == example[1])
            #expect(Array(found[0].dropFirst()) == Array(example[2...]), "\(example)")
        }
    }

    @Test func `The page names every kind`() throws {
        let page = try text(of: "docs/drift.md")
        for kind in Finding.Kind.allCases { #expect(page.contains("`\(kind.rawValue)`"), "\(kind)") }
    }
}
