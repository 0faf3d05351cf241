import Crypto
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// What is taken down of exchanges, and how tests ask for it.
@Suite struct JournalTests {
    private let emulator: Emulator

    init() throws {
        emulator = try Emulator.loaded()
        emulator.world.journal.clear()
    }

    private func journal(_ query: String = "", _ emulator: Emulator? = nil) throws -> JSON {
        let answer = try (emulator ?? self.emulator).answer("GET /_patchbay/requests\(query)", [])
        #expect(answer.status == 200)
        return try #require(answer.json)
    }

    private func entries(_ query: String = "", _ emulator: Emulator? = nil) throws -> [JSON] {
        try #require(try journal(query, emulator)["requests"]?.arrayValue)
    }

    private static let tenants = [
        "vpcep": "00000000000000000000000000000257", "apig": "00000000000000000000000000000257",
        "atlas": "000000000000000000000257", "confluent": "00000000-0000-4000-8000-000000000257",
        "cloudflare": "00000000000000000000000000000257",
    ]

    @Test(arguments: seededPaths)
    func `A list is taken down with its operation, parameters, rows and size`(route: (api: String, path: String)) throws
    {
        let answer = try emulator.answer("GET \(route.path)?a=1&b&a=%C3%A9+x", credentials + ["User-Agent: me"])
        let entry = try #require(try entries().first)
        let service = try #require(emulator.world.services.first { $0.name == route.api })
        let described = try #require(service.routes.first)
        #expect(entry["api"] == .string(route.api))
        #expect(entry["operation"] == .string(described.operation))
        #expect(entry["tenant"]?.stringValue == Self.tenants[route.api])
        #expect(entry["method"] == "GET")
        #expect(entry["path"] == .string(route.path))
        #expect(entry["query"] == "a=1&b&a=%C3%A9+x")
        #expect(entry["parameters"]?["a"] == ["1", "é x"])
        #expect(entry["parameters"]?["b"] == "")
        let captures = described.path.split(separator: "/").filter { $0.hasPrefix("{") }
        for capture in captures {
            let value = try #require(entry["parameters"]?[String(capture.dropFirst().dropLast())]?.stringValue)
            #expect(route.path.split(separator: "/").contains { $0 == value })
        }
        #expect(entry["status"] == .number(JSON.Number(answer.status)))
        // Confluent refuses a filter that it does not know.
        #expect((entry["rows"]?.int64Value ?? 0 > 0) == (answer.status == 200))
        #expect(entry["bytes"] == .number(JSON.Number(answer.response.body.count)))
        #expect(entry["time"] == .string(Emulator.moment.text(fractionDigits: 6)))
        #expect(entry["headers"]?["user-agent"] == "me")
        #expect(entry["faults"] == [])
        #expect(entry["unmatched"]?.isNull == true)
        #expect(entry["body"]?.isNull == true)
        #expect(entry["bodyBytes"] == 0)
        #expect(entry["findings"]?.arrayValue?.first?["kind"] == "unknown-parameter")
        let id = try #require(entry["id"]?.stringValue)
        #expect(route.api == "atlas" || answer.whole.contains(id))
        let one = try emulator.answer("GET /_patchbay/requests/\(entry["number"]?.int64Value ?? 0)", [])
        #expect(one.json == entry)
    }

    @Test func `Parameters are shown as given and as taken`() throws {
        _ = try emulator.answer("GET \(seededPaths[2].path)?itemsPerPage=500&pageNum=x")
        let coerced = try #require(try entries().first?["coerced"])
        #expect(coerced["itemsPerPage"]?["given"] == "500")
        #expect(coerced["itemsPerPage"]?["taken"]?.int64Value != nil)
        #expect(coerced["pageNum"]?["given"] == "x")
    }

    // MARK: Outside

    @Test func `What leads to no API is taken down, and to no operation of one`() throws {
        #expect(try emulator.answer("GET /nowhere?x=1").status == 404)
        #expect(try emulator.answer("PATCH \(seededPaths[2].path)").status == 405)
        #expect(try emulator.answer("GET /api/atlas/v1.0/grups").status == 404)
        let entries = try entries("?unmatched=true")
        #expect(entries.map { $0["status"] } == [404, 405, 404])
        #expect(entries.map { $0["api"] } == [.null, "atlas", "atlas"])
        #expect(entries.allSatisfy { $0["operation"]?.isNull == true })
        #expect(entries[0]["unmatched"] == "outside every emulated API")
        #expect(entries[0]["parameters"] == ["x": "1"])
        #expect(entries[1]["unmatched"] == "atlas has this path for GET, HEAD, POST only")
        #expect(try self.entries("?unmatched=false").isEmpty)
    }

    @Test func `What comes before the seeds are loaded is taken down`() throws {
        let emulator = try Emulator()
        #expect(try emulator.answer("GET \(seededPaths[0].path)").status == 503)
        let entry = try #require(try entries("", emulator).first)
        #expect(entry["status"] == 503)
        #expect(entry["api"]?.isNull == true)
        #expect(entry["unmatched"]?.isNull == true)
        #expect(entry["id"]?.isNull == true)
    }

    @Test func `Control calls are not taken down, and refused bytes are counted only`() throws {
        _ = try emulator.answer("GET /_patchbay/health", [])
        let error = #expect(throws: ParseError.self) { try Request(parsing: "GET / HTTP/1.1\r\n\r\n") }
        _ = emulator.refuse(try #require(error), path: "/api/atlas/v1.0/groups")
        _ = emulator.refuse(try #require(error), path: "/nowhere")
        #expect(try entries().isEmpty)
        let refused = emulator.world.metrics.all.filter { $0.series.status == 400 }.map(\.series.api)
        #expect(refused.sorted() == ["", "atlas"])
    }

    // MARK: Bounds

    @Test func `The newest are kept of each tenant, and what was let go is counted`() throws {
        let emulator = try Emulator(clock: .frozen(at: Emulator.moment), journal: 3)
        try emulator.load(.bundled)
        emulator.world.journal.clear()
        let first = emulator.world.journal.lastNumber
        for page in 1...5 { _ = try emulator.answer("GET \(seededPaths[2].path)?pageNum=\(page)") }
        _ = try emulator.answer("GET \(seededPaths[4].path)")
        let atlas = try journal("?tenant=000000000000000000000257", emulator)
        #expect(atlas["requests"]?.arrayValue?.map { $0["parameters"]?["pageNum"] } == ["3", "4", "5"])
        #expect(atlas["dropped"] == 2)
        #expect(atlas["lastDropped"] == .number(JSON.Number(Int64(first) + 2)))
        #expect(atlas["last"] == .number(JSON.Number(Int64(first) + 6)))
        #expect(try journal("?api=cloudflare&tenant=\(Self.tenants["cloudflare"] ?? "")", emulator)["dropped"] == 0)
        #expect(try journal("", emulator)["dropped"] == 2)
        #expect(emulator.world.journal.count == 4)
        #expect(emulator.world.journal.dropped == 2)
    }

    @Test func `A journal of 0 keeps nothing, and says so`() throws {
        let emulator = try Emulator(journal: 0)
        for _ in 1...3 { _ = try emulator.answer("GET /nowhere") }
        let journal = try journal("", emulator)
        #expect(journal == ["requests": [], "matched": 0, "dropped": 3, "lastDropped": 3, "last": 3])
    }

    @Test(arguments: [(64 * 1024, true), (64 * 1024 + 1, false)])
    func `A large body is counted, and not kept`(bytes: Int, isKept: Bool) throws {
        _ = try send("POST /nowhere", body: "\"" + String(repeating: "x", count: bytes - 2) + "\"")
        let entry = try #require(emulator.world.journal.extract().entries.first)
        #expect(entry.bodyBytes == bytes)
        #expect(entry.request.body.count == (isKept ? bytes : 0))
        #expect(try entries().first?["bodyBytes"] == .number(JSON.Number(bytes)))
    }

    @Test func `What many large requests of a tenant take is bounded`() throws {
        let header = "X-Long: " + String(repeating: "x", count: 100_000)
        for _ in 1...400 { _ = try emulator.answer("GET /nowhere", [header]) }
        let extract = emulator.world.journal.extract()
        #expect(extract.entries.count < 350)
        #expect(extract.entries.count + Int(extract.dropped) == 400)
        #expect(extract.entries.first.map { $0.number == extract.lastDropped + 1 } ?? false)
    }

    @Test func `The oldest requests of a tenant go where sizes differ`() throws {
        let emulator = try Emulator(journal: 1_000_000)
        emulator.world.becomeReady()
        for number in 1...2_400 {
            _ = try emulator.answer("GET /nowhere", ["X-Long: " + String(repeating: "x", count: number % 7 * 10_000)])
        }
        let extract = emulator.world.journal.extract()
        let numbers = extract.entries.map(\.number)
        #expect(numbers == Array(extract.lastDropped + 1...2_400))
        #expect((900...1_200).contains(numbers.count))
        #expect(extract.dropped == extract.lastDropped)
        #expect(emulator.world.journal.entry(2_400)?.number == 2_400)
        #expect(emulator.world.journal.entry(extract.lastDropped) == nil)
    }

    // MARK: Filters

    private func send(_ line: String, _ headers: [String] = credentials, body: String) throws -> Answer {
        let text = ([line + " HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)"] + headers)
            .joined(separator: "\r\n")
        return Answer(response: emulator.respond(to: try Request(parsing: text + "\r\n\r\n" + body)))
    }

    private static let filters = [
        ("", 5), ("?api=atlas", 3), ("?operation=listPeeringConnections", 2),
        ("?operation=listPeeringConnections&operation=getPeeringConnection", 3),
        ("?method=GET", 5), ("?method=get", 0), ("?status=200", 3), ("?status=404", 2), ("?unmatched=true", 1),
        ("?unmatched=false", 4), ("?path=/nowhere", 1), ("?parameter.pageNum=2", 1), ("?parameter.pageNum=3", 0),
        ("?parameter.group_id=000000000000000000000257", 3), ("?header.user-agent=a", 1), ("?header.User-Agent=a", 1),
        ("?query=pageNum=2", 1), ("?rows=0", 0), ("?fault=none", 0), ("?limit=2", 2), ("?limit=0", 0),
        ("?tenant=000000000000000000000257", 3), ("?tenant=000000000000000000000257&status=404", 1),
        ("?tenant=00000000000000000000000000000257&api=cloudflare", 1), ("?finding=misspelt", 1),
    ]

    @Test func `A filter lets through what has all that it names`() throws {
        _ = try emulator.answer("GET \(seededPaths[2].path)?pageNum=2", credentials + ["User-Agent: a"])
        _ = try emulator.answer("GET \(seededPaths[2].path)?paeNum=2")
        _ = try emulator.answer("GET \(seededPaths[2].path)/0123456789abcdef01234567")
        _ = try emulator.answer("GET \(seededPaths[4].path)")
        _ = try emulator.answer("GET /nowhere")
        for (query, count) in Self.filters {
            let found = try entries(query)
            #expect(found.count == count, "\(query)")
        }
    }

    @Test func `What comes after a number, the newest of it, oldest first`() throws {
        for page in 1...5 { _ = try emulator.answer("GET \(seededPaths[2].path)?pageNum=\(page)") }
        let last = emulator.world.journal.lastNumber
        let journal = try journal("?since=\(last - 3)&limit=2")
        #expect(journal["requests"]?.arrayValue?.map { $0["number"]?.int64Value } == [Int64(last) - 1, Int64(last)])
        #expect(journal["matched"] == 3)
        #expect(journal["last"]?.int64Value == Int64(last))
        #expect(try entries("?since=\(last)").isEmpty)
    }

    private static let refused: [(query: String, parameter: String, nearest: String?)] = [
        ("?statsu=200", "statsu", "status"),
        ("?operation=listPeeringConnection", "operation", "listPeeringConnections"),
        ("?api=atlass", "api", "atlas"), ("?unmatched=yes", "unmatched", nil), ("?since=x", "since", nil),
        ("?limit=-1", "limit", nil), ("?tenant=nobody", "tenant", nil), ("?parameter.=1", "parameter.", nil),
        ("?finding=unknown-paramter", "finding", "unknown-parameter"),
        ("?api=cloudflare&operation=listPeeringConnections", "operation", nil), ("?body=x", "body", nil),
        ("?status=", "status", nil),
    ]

    @Test func `A filter that means nothing is refused and named`() throws {
        for (query, parameter, nearest) in Self.refused {
            let answer = try emulator.answer("GET /_patchbay/requests\(query)", [])
            #expect(answer.status == (parameter == "tenant" ? 404 : 400))
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json?["parameter"] == .string(parameter))
            if let nearest { #expect(answer.json?["nearest"] == .string(nearest)) }
        }
    }

    @Test func `One tenant's or all requests are forgotten`() throws {
        _ = try emulator.answer("GET \(seededPaths[2].path)")
        _ = try emulator.answer("GET \(seededPaths[4].path)")
        _ = try emulator.answer("GET /nowhere")
        let path = "/_patchbay/requests"
        let one = try emulator.answer("DELETE \(path)?tenant=000000000000000000000257", [])
        #expect(one.json == ["tenant": "000000000000000000000257", "removed": 1])
        #expect(try entries().count == 2)
        #expect(try emulator.answer("DELETE \(path)?tenant=nobody", []).status == 404)
        // It would be about everything.
        #expect(try emulator.answer("DELETE \(path)?api=atlas", []).status == 400)
        #expect(try emulator.answer("DELETE \(path)", []).json == ["removed": 2])
        #expect(try entries().isEmpty)
    }

    @Test func `A request that there is not is not found`() throws {
        for number in ["0", "x", "999999", "-1", "99999999999999999999999"] {
            let answer = try emulator.answer("GET /_patchbay/requests/\(number)", [])
            #expect(answer.status == 404)
            #expect(answer.json?["detail"]?.stringValue?.contains(number) == true)
        }
    }

    @Test func `A fault that lets no answer leave is taken down with its name`() throws {
        emulator.world.faults.put(Fault("broken", api: "atlas", effect: .reset))
        _ = try emulator.answer("GET \(seededPaths[2].path)")
        let entry = try #require(try entries("?fault=broken").first)
        #expect(entry["status"]?.isNull == true)
        #expect(entry["bytes"] == 0)
        #expect(entry["faults"] == [["name": "broken", "ordinal": 1]])
    }
}
