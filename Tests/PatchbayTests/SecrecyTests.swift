import Crypto
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Synchronization
import Testing

@testable import Patchbay

/// No secret that a request brings can be read anywhere, and equal ones can be told from others in the journal.
@Suite struct SecrecyTests {
    private let emulator: Emulator
    private let log = Log()
    private static let secret = "S3cr3t0fTheTest"

    /// What was told to whoever runs the program.
    private final class Log: Sendable {
        private let lines = Mutex<[String]>([])

        var text: String { lines.withLock { $0.joined(separator: "\n") } }

        func append(_ line: String) { lines.withLock { $0.append(line) } }
    }

    init() throws {
        let log = log
        // What is asked of need not be there.
        emulator = try Emulator(
            clock: .frozen(at: Emulator.moment),
            notice: { log.append($0) },
            report: { log.append($0) },
        )
        emulator.world.becomeReady()
    }

    @discardableResult
    private func send(_ line: String, _ headers: [String], _ body: String = "") throws -> Answer {
        let lines = [line + " HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)"] + headers
        let request = try Request(parsing: lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        return Answer(response: emulator.respond(to: request))
    }

    /// All that is told of requests, but for what answers them.
    private func text() throws -> String {
        let calls = ["requests", "diagnostics", "metrics", "faults", "tenants"]
        return try calls.map { try emulator.answer("GET /_patchbay/\($0)", []).text }.joined() + log.text
    }

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
        ("POST /v3/auth/tokens", "", #"{"auth":"$"}"#),
        ("POST /v3/auth/tokens", "", #"{"auth":{"identity":["$"]}}"#),
        ("POST /v3/auth/tokens", "", #"{"auth":{"identity":{"methods":["password"],"password":{"user":"$"}}}}"#),
        ("POST /v3/auth/tokens", "", #"{"auth":{"scope":"$"}}"#),
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
        ("POST \(connections)", "", #"{"name":"c","spec":{"auth_data":"$"}}"#),
        ("POST \(connections)", "", #"{"name":"c","spec":"$"}"#),
        ("POST /api/sessions", "", #"{"email":"a@b","password":"$"}"#),
        ("POST \(tunnels)", "", #"{"name":"t","tunnel_secret":"$"}"#),
    ]

    @Test(arguments: bodies)
    func `A secret in a body is shown by a mark`(line: String, header: String, body: String) throws {
        let headers = credentials + [header.isEmpty ? "Content-Type: application/json" : header]
        let answer = try send(line, headers, body.replacing("$", with: Self.secret))
        let text = try text()
        #expect(!text.contains(Self.secret))
        // A success may give back what it was given, as Cloudflare's file of a tunnel's credentials does.
        #expect(answer.status < 400 || !answer.whole.contains(Self.secret))
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
            (["Cf-Access-Jwt-Assertion: \(secret)", "DPoP: \(secret)", "X-Session-Id: \(secret)"], nil),
            (["X-Pwd: \(secret)", "X-Otp: \(secret)"], nil),
        ] as [([String], String?)],
        seededPaths.map(\.path) + ["/nowhere", "/v3/auth/tokens"]
    )
    func `A credential is shown by its scheme and a hash`(
        sent: (headers: [String], shown: String?),
        path: String
    ) throws {
        let answer = try send("GET \(path)", sent.headers)
        #expect(!(try text() + answer.whole).contains(Self.secret))
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

    @Test(arguments: ["jwt", "client_assertion", "pwd", "session", "otp", "Password", "api-key"])
    func `A parameter that no document knows is shown by a mark when it sounds like a secret`(name: String) throws {
        try send("GET \(Self.connections)?\(name)=\(Self.secret)", credentials)
        #expect(try !text().contains(Self.secret))
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
