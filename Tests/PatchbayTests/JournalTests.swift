import APIKit
import Crypto
import HTTP
import JSON
import Store
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

/// No secret that a request brings can be read in the journal, and equal ones can be told from others.
@Suite struct SecrecyTests {
    private let emulator: Emulator
    private static let secret = "S3cr3t0fTheTest"

    init() throws {
        // What is asked of need not be there.
        emulator = try Emulator(clock: .frozen(at: Emulator.moment))
        emulator.world.becomeReady()
    }

    private func send(_ line: String, _ headers: [String], _ body: String = "") throws {
        let lines = [line + " HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)"] + headers
        let request = try Request(parsing: lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        _ = emulator.respond(to: request)
    }

    /// All that the journal says.
    private func text() throws -> String { try emulator.answer("GET /_patchbay/requests", []).text }

    private func credential() throws -> String? {
        let requests = try emulator.answer("GET /_patchbay/requests", []).json?["requests"]?.arrayValue
        return requests?.last?["credential"]?.stringValue
    }

    private static func hash(_ text: String) -> String {
        String(Signer.hexadecimal(SHA256.hash(data: Array(text.utf8))).prefix(8))
    }

    private static func basic(_ pair: String) -> String { "Basic " + Base64.encode(Array(pair.utf8)) }

    private static let connections =
        "/sql/v1/organizations/00000000-0000-4000-8000-000000000257/environments/env-257/connections"
    private static let tunnels = "/client/v4/accounts/00000000000000000000000000000257/cfd_tunnel"
    private static let form = "Content-Type: application/x-www-form-urlencoded"

    /// Every place of a body that takes a secret, `$` for the secret.
    static let bodies: [(line: String, header: String, body: String)] = [
        (
            "POST /v3/auth/tokens", "",
            #"{"auth":{"identity":{"methods":["password"],"password":{"user":{"id":"u","password":"$"}}}}}"#
        ),
        ("POST /v3/auth/tokens", "", #"{"auth":{"identity":{"methods":["token"],"token":{"id":"$"}}}}"#),
        ("POST /v3/auth/tokens", "", #"{"auth":{"identity":{"methods":["token"],"token":"$"}}}"#),
        ("POST /v3/auth/tokens", "", #"{"auth":{"identity":{"methods":["password"],"password":"$"}}}"#),
        ("POST /v3/auth/tokens", "", #"{"auth":{"identity":{"password":{"user":{"Password":["$"]}}}}}"#),
        ("POST /v3/auth/tokens", "", #"{"password":"a","password":"$"}"#),
        ("POST /v3/auth/tokens", "", #"{"auth":{"identity":{"password":{"user":{"password":"$"}}}}"#),
        ("POST /v3/auth/tokens", "", #""$""#),
        ("POST /v3/auth/tokens/", "", #"{"auth":{"identity":{"password":{"user":{"password":"$"}}}}}"#),
        ("PUT /v3/auth/tokens", "", #"{"auth":{"identity":{"password":{"user":{"password":"$"}}}}}"#),
        ("POST /auth/tokens", "", #"{"auth":{"identity":{"password":{"user":{"password":"$"}}}}}"#),
        ("POST /auth/tokens", "", "$"),
        ("POST /api/oauth/token", form, "grant_type=client_credentials&client_id=a&client_secret=$"),
        ("POST /api/oauth/token", form, "grant_type=client_credentials&client_assertion=$"),
        ("POST /api/oauth/token", "", "grant_type=client_credentials&client_secret=$"),
        ("POST /api/oauth/revoke", form, "token=$"),
        ("POST /api/oauth/tokens", form, "client_secret=$"),
        (
            "POST \(connections)", "",
            #"{"name":"c","spec":{"connection_type":"OPENAI","auth_data":{"kind":"PlaintextProvider","data":"$"}}}"#
        ),
        ("PUT \(connections)/c", "", #"{"name":"c","spec":{"auth_data":{"data":{"password":["$"]}}}}"#),
        ("PUT \(connections)/c", "", #"{"name":"c","spec":{"auth_data":"$"}}"#),
        ("POST /api/sessions", "", #"{"email":"a@b","password":"$"}"#),
        ("POST \(tunnels)", "", #"{"name":"t","tunnel_secret":"$"}"#),
    ]

    @Test(arguments: bodies)
    func `A secret in a body is shown by a mark`(line: String, header: String, body: String) throws {
        let headers = credentials + [header.isEmpty ? "Content-Type: application/json" : header]
        try send(line, headers, body.replacing("$", with: Self.secret))
        let text = try text()
        #expect(!text.contains(Self.secret))
        #expect(text.contains("\"bodyBytes\":\(body.utf8.count - 1 + Self.secret.utf8.count)"))
        // What stands beside it can be read.
        for name in ["\"id\":\"u\"", "\"email\":\"a@b\"", "\"name\":\"t\"", "client_credentials"]
        where body.contains(name) && (header == Self.form) == (name == "client_credentials") {
            #expect(text.contains(name))
        }
    }

    @Test func `Every endpoint that takes a secret has been tried`() throws {
        let declared = emulator.world.services.flatMap(\.routes).filter { !$0.secrets.isEmpty }
        for route in declared {
            let steps = route.path.split(separator: "/")
            let isTried = Self.bodies.contains { line, _, _ in
                let parts = line.split(separator: " ")
                let path = parts[1].split(separator: "/")
                return parts[0] == route.method.name && path.count == steps.count
                    && zip(path, steps).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
            }
            #expect(isTried, "\(route.method) \(route.path)")
        }
        #expect(declared.count == 7)
    }

    @Test(
        arguments: [
            (["Authorization: Bearer \(secret)"], "Bearer " + hash(secret)),
            (["Authorization: bearer \(secret)"], "Bearer " + hash(secret)),
            (["Authorization: " + basic("user:" + secret)], "Basic " + hash("user:" + secret)),
            (["Authorization: Basic \(secret)"], "Basic " + hash(secret)),
            (
                [#"Authorization: Digest username="\#(secret)", realm="r", nonce="n", response="\#(secret)""#],
                "Digest " + hash(secret)
            ),
            (["Authorization: \(secret)"], "sha256:" + hash(secret)),
            (["Authorization: \(secret) x"], "sha256:" + hash(secret + " x")),
            (["Authorization: Token \(secret)"], "sha256:" + hash("Token " + secret)),
            (["X-Auth-Token: \(secret)"], "X-Auth-Token " + hash(secret)),
            (["X-Auth-Email: a@b", "X-Auth-Key: \(secret)"], "X-Auth-Key " + hash("a@b:" + secret)),
            (
                ["Authorization: SDK-HMAC-SHA256 Access=\(secret), SignedHeaders=host, Signature=\(secret)"],
                "SDK-HMAC-SHA256 " + hash(secret)
            ),
            (
                ["Authorization: SDK-HMAC-SHA256 Credential=\(secret)/20260102///sdk_request, Signature=a"],
                "SDK-HMAC-SHA256 " + hash(secret)
            ),
            (
                ["X-Subject-Token: \(secret)", "Cookie: a=\(secret)", "X-Api-Key: \(secret)", "Password: \(secret)"],
                nil
            ),
            (["Proxy-Authorization: Basic \(secret)", "X-Amz-Security-Token: \(secret)"], nil),
            (["Idempotency-Key: \(secret)", "X-Client-Secret: \(secret)"], nil),
        ] as [([String], String?)],
        seededPaths.map(\.path) + ["/nowhere", "/v3/auth/tokens"]
    )
    func `A credential is shown by its scheme and a hash`(
        sent: (headers: [String], shown: String?),
        path: String
    ) throws {
        try send("GET \(path)", sent.headers)
        #expect(!(try text()).contains(Self.secret))
        // A service of Open Telekom Cloud takes no Bearer token, and shows none all the same.
        #expect(try credential() == sent.shown)
    }

    @Test func `The credential is the one that the API looks at`() throws {
        let expected = [
            "vpcep": "X-Auth-Token", "apig": "X-Auth-Token", "atlas": "Bearer", "confluent": "Bearer",
            "cloudflare": "Bearer",
        ]
        for (api, path) in seededPaths {
            try send("GET \(path)", credentials)
            #expect(try credential()?.hasPrefix((expected[api] ?? "") + " ") == true)
        }
        let all = try emulator.answer("GET /_patchbay/requests?credential=Bearer%20\(Self.hash("t"))", [])
        #expect(all.json?["matched"] == 3)
    }

    @Test func `A credential in a query is shown by a mark, and a page's token as it is`() throws {
        try send(
            "GET \(Self.connections)?page_token=abc&access_token=\(Self.secret)&api%5Fkey=\(Self.secret)",
            credentials
        )
        try send("GET /nowhere?token=\(Self.secret)", credentials)
        let text = try text()
        #expect(!text.contains(Self.secret))
        #expect(text.contains(#""page_token":"abc""#))
        #expect(text.contains("page_token=abc&access_token=sha256:\(Self.hash(Self.secret))"))
    }

    @Test func `A body is shown as far as its operation describes it`() throws {
        let peers = seededPaths[2].path
        let secret = "sha256:2bb80d53"
        func body(_ line: String, _ headers: [String], _ body: String) throws -> JSON? {
            try send(line, headers, body)
            return try emulator.answer("GET /_patchbay/requests", []).json?["requests"]?.arrayValue?.last?["body"]
        }
        let described = #"{"vpcId":"vpc-1","pasword":"secret","n":1,"vpc":["secret",null],"x":{"vpcId":"secret"}}"#
        let shown: JSON = [
            "vpcId": "vpc-1", "pasword": .string(secret), "n": 1, "vpc": [.string(secret), nil],
            "x": ["vpcId": .string(secret)],
        ]
        #expect(try body("POST \(peers)", credentials, described) == shown)
        // As curl sends it without a type.
        #expect(try body("POST \(peers)", credentials + [Self.form], described) == shown)
        #expect(try body("GET \(peers)", credentials, #"{"vpcId":"secret"}"#) == ["vpcId": .string(secret)])
        #expect(try body("POST /nowhere", [], #"{"vpcId":"secret"}"#) == ["vpcId": .string(secret)])
        for unreadable in ["{\"password\":\"secret", "secret", "password: secret"] {
            #expect(try body("POST \(peers)", credentials, unreadable) == .null)
        }
        let token = "POST /api/oauth/token"
        let form = try body(
            token,
            [Self.form],
            "grant_type=client_credentials&client_secrt=secret&client_secret=secret"
        )
        #expect(form?["grant_type"] == "client_credentials")
        #expect(form?["client_secret"]?.stringValue?.hasPrefix("sha256:") != false)
        #expect(form?.text.contains("=secret") == false)
        #expect(form?.text.contains("\"secret\"") == false)
        let broken = try body(token, [Self.form], "{\"client_secret\":\"secret")
        #expect(broken?.text.contains("secret") == false)
    }
}
