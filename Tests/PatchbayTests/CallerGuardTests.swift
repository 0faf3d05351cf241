import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// Who may drive the control plane: programs, and those with the token where there is one.
@Suite struct CallerGuardTests {
    @Test(arguments: [
        "127.0.0.1", "127.0.0.1:4747", "10.0.0.7:80", "[::1]", "[::1]:4747", "[2001:db8::1]:1", "localhost",
        "LOCALHOST:4747",
        "patchbay", "patchbay:4747", "api.example.org", "API.example.org:8443",
    ])
    func `A local host, a name without dots and the public URL's are trusted`(host: String) throws {
        let emulator = try Emulator(publicURL: "https://api.example.org:8443")
        #expect(try emulator.answer("GET /_patchbay/health", [], host: host).status == 200)
        #expect(try emulator.answer("GET /_patchbay/health", ["Origin: http://\(host)"], host: host).status == 200)
    }

    @Test(arguments: [
        "example.org", "rebind.attacker.example:4747", "127.0.0.1.nip.io", "localhost.attacker.example", "1.2.3",
        "1.2.3.4.5",
        "attacker%2eexample", "256.1.1.1", "+1.2.3.4", "1.2.3.4x", "0x7f.0.0.1", "api.example.org.evil.example",
        "localhost.", "127.0.0.1.",
    ])
    func `Any other host is refused before anything else`(host: String) throws {
        let emulator = try Emulator(publicURL: "https://api.example.org")
        for path in ["/_patchbay/health", "/_patchbay/tenants", "/_patchbay/nowhere"] {
            let answer = try emulator.answer("GET \(path)", [], host: host)
            #expect(answer.status == 403)
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json?["detail"]?.stringValue?.contains(host) == true)
        }
    }

    @Test(arguments: [
        "http://example.org", "null", "https://localhost.example.org", "http://127.0.0.1:4748", "http://127.0.0.1",
        "file://127.0.0.1:4747", "http://127.0.0.1:4747.example.org", "http://127.0.0.1:4747/", "",
    ])
    func `A page of another origin is refused`(origin: String) throws {
        let answer = try Emulator.shared().answer(
            "GET /_patchbay/health",
            ["Origin: \(origin)"],
            host: "127.0.0.1:4747"
        )
        #expect(answer.status == 403)
    }

    @Test(arguments: ["cross-site", "same-site", "other"], ["GET", "HEAD", "POST", "PUT", "DELETE"])
    func `What a page of another site loads or posts is refused`(site: String, method: String) throws {
        let frame = ["Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: iframe"]
        for headers in [[], ["Sec-Fetch-Mode: no-cors"], frame] {
            let line = "\(method) /_patchbay/health"
            #expect(try Emulator.shared().answer(line, ["Sec-Fetch-Site: \(site)"] + headers).status == 403)
        }
    }

    @Test(arguments: ["same-origin", "none", "cross-site"])
    func `A person may follow a link to look`(site: String) throws {
        let headers = ["Sec-Fetch-Site: \(site)", "Sec-Fetch-Mode: navigate", "Sec-Fetch-Dest: document"]
        #expect(try Emulator.shared().answer("GET /_patchbay/health", headers).status == 200)
        let form = try Emulator.shared().answer("POST /_patchbay/health", headers)
        #expect(form.status == (site == "cross-site" ? 403 : 405))
    }

    @Test func `A request without Host comes from no page`() throws {
        #expect(try Emulator.shared().answer("GET /_patchbay/health", [], host: nil).status == 200)
        #expect(try Emulator.shared().answer("GET /_patchbay/health", ["Origin: http://a"], host: nil).status == 403)
    }

    @Test func `The data plane takes any host and origin`() throws {
        let emulator = try Emulator.shared()
        for (_, path) in seededPaths {
            let headers = credentials + ["Origin: https://example.org"]
            #expect(try emulator.answer("GET \(path)", headers, host: "api.vendor.example").status == 200)
        }
    }

    // MARK: Nothing is done

    /// Every call that does something, with a body that it takes.
    private static let calls: [(method: String, path: String, body: String)] = [
        ("PUT", "/tenants/made", ""), ("DELETE", "/tenants/there", ""),
        ("PUT", "/snapshots/made", ""), ("DELETE", "/snapshots/there", ""), ("POST", "/snapshots/there/restore", ""),
        ("POST", "/reset", ""), ("POST", "/seeds/reload", ""), ("PUT", "/clock", #"{"now":"2020-01-01T00:00:00Z"}"#),
        ("POST", "/clock/advance", #"{"seconds":60}"#),
        ("PUT", "/faults", #"{"faults":[]}"#), ("DELETE", "/faults", ""),
        ("PUT", "/faults/made", #"{"api":"atlas","error":"RATE_LIMITED"}"#), ("DELETE", "/faults/there", ""),
        (
            "POST", "/transitions",
            #"{"api":"atlas","collection":"peers","path":["000000000000000000000257","5f5e103c0000000000000003"]}"#
        ),
        ("DELETE", "/requests", ""), ("POST", "/requests/verify", #"{"request":{},"count":1}"#),
        ("DELETE", "/diagnostics", ""),
    ]

    /// An emulator that every call of those finds something to do in.
    private static func emulator() throws -> Emulator {
        let emulator = try Emulator(adminToken: token, clock: .frozen(at: Emulator.moment), pace: .manual)
        try emulator.load(.bundled)
        for (line, body) in [
            ("PUT /_patchbay/tenants/there", #"{"api":"atlas"}"#), ("PUT /_patchbay/snapshots/there", ""),
            ("PUT /_patchbay/faults/there", #"{"api":"vpcep","error":"EndPoint.0005"}"#),
        ] {
            #expect(try emulator.call(line, body, [bearer]).status < 300, "\(line)")
        }
        // A finding, and a row that is not as it was.
        #expect(try emulator.answer("GET \(seededPaths[2].path)?per_page=1").status == 200)
        let service = "\(seededPaths[4].path)/\(try #require(try Self.firstService(emulator)))"
        #expect(try emulator.answer("DELETE \(service)").status == 200)
        return emulator
    }

    private static func firstService(_ emulator: Emulator) throws -> String? {
        let answer = try emulator.answer("GET \(seededPaths[4].path)")
        return answer.json?["result"]?[0]?["service_id"]?.stringValue
    }

    /// All that the control plane and the store can tell.
    private static func state(_ emulator: Emulator) throws -> String {
        let calls = ["tenants", "snapshots", "clock", "faults", "requests", "diagnostics"]
        let texts = try calls.map { try emulator.answer("GET /_patchbay/\($0)", [bearer]).text }
        return texts.joined(separator: "\n") + "\n\(emulator.world.store.generation)"
    }

    private static let token = "t0ken-._~+/="
    private static let bearer = "Authorization: Bearer \(token)"

    private static let strangers: [(headers: [String], status: Int)] = [
        ([bearer, "Origin: http://attacker.example"], 403), ([bearer, "Origin: null"], 403),
        ([bearer, "Origin: http://localhost", "Origin: http://attacker.example"], 403),
        ([bearer, "Sec-Fetch-Site: cross-site", "Content-Type: text/plain"], 403),
        ([bearer, "Sec-Fetch-Site: same-site", "Content-Type: application/x-www-form-urlencoded"], 403),
        ([bearer, "Origin: https://attacker.example", "Content-Type: multipart/form-data; boundary=x"], 403),
        ([], 401), (["Authorization: Bearer t0ken"], 401),
    ]

    @Test(arguments: strangers)
    func `A stranger is refused before anything is done`(headers: [String], status: Int) throws {
        let emulator = try Self.emulator()
        let before = try Self.state(emulator)
        for call in Self.calls {
            let answer = try emulator.call("\(call.method) /_patchbay\(call.path)", call.body, headers)
            #expect(answer.status == status, "\(call)")
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(try Self.state(emulator) == before, "\(call)")
        }
    }

    @Test(arguments: calls)
    func `The same call of a program does something`(method: String, path: String, body: String) throws {
        let emulator = try Self.emulator()
        let before = try Self.state(emulator)
        let answer = try emulator.call("\(method) /_patchbay\(path)", body, [Self.bearer])
        #expect(answer.status < 300 || path == "/requests/verify", "\(answer.text)")
        #expect(try (Self.state(emulator) != before) == (path != "/requests/verify"))
    }

    @Test func `Every call that does something has been tried`() throws {
        for route in try Service(ControlAPI.self).routes where route.method != .get {
            let steps = route.path.dropFirst(ControlAPI.basePath.count).split(separator: "/")
            let isTried = Self.calls.contains { method, path, _ in
                let parts = path.split(separator: "/")
                return method == route.method.name && parts.count == steps.count
                    && zip(parts, steps).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
            }
            #expect(isTried, "\(route.method) \(route.path)")
        }
    }

    // MARK: The token

    @Test(arguments: [
        "Bearer \(token)", "bearer \(token)", "BEARER  \(token)",
    ])
    func `The token opens every call`(authorization: String) throws {
        let emulator = try Self.emulator()
        for path in ["/tenants", "/requests", "/metrics", "/openapi.json", "/nowhere"] {
            let status = try emulator.answer("GET /_patchbay\(path)", ["Authorization: \(authorization)"]).status
            #expect(status == (path == "/nowhere" ? 404 : 200))
        }
    }

    @Test(arguments: [
        [], [""], ["Bearer"], ["Bearer "], ["Bearer t0ken"], ["Bearer \(token)x"], ["Basic \(token)"], [token],
        ["Bearer T0KEN-._~+/="], ["Bearer \(token), Bearer \(token)"], ["Bearer other", "Bearer \(token)"],
    ])
    func `Anything else opens none but health and ready`(authorizations: [String]) throws {
        let emulator = try Self.emulator()
        let headers = authorizations.map { "Authorization: \($0)" }
        for path in ["/tenants", "/requests", "/metrics", "/events", "/nowhere", ""] {
            let answer = try emulator.answer("GET /_patchbay\(path)", headers)
            #expect(answer.status == 401)
            #expect(answer["WWW-Authenticate"] == #"Bearer realm="patchbay""#)
            #expect(!answer.whole.contains(Self.token))
        }
        for path in ["/health", "/ready"] {
            #expect(try emulator.answer("GET /_patchbay\(path)", headers).status == 200)
        }
    }

    @Test(arguments: [AuthenticationMode.off, .present, .known])
    func `The token is asked for whatever is asked of the APIs' credentials, and not by the APIs`(
        mode: PatchbayAPIKit.AuthenticationMode
    ) throws {
        let emulator = try Emulator(authentication: mode, adminToken: Self.token)
        try emulator.load(.bundled)
        #expect(try emulator.answer("GET /_patchbay/tenants", []).status == 401)
        #expect(try emulator.answer("GET /_patchbay/tenants", [Self.bearer]).status == 200)
        let status = try emulator.answer("GET \(seededPaths[4].path)", ["Authorization: Bearer full-token"]).status
        #expect(status == 200)
        #expect(try emulator.answer("GET \(seededPaths[4].path)", []).status == (mode == .off ? 200 : 400))
    }

    // MARK: Names

    @Test(arguments: [
        "..%2F..%2Fetc%2Fpasswd", "%2E%2E", "..%5C..%5Cwindows", "%2Fetc%2Fpasswd", "a%00b", "a%0D%0Ab", "~root", "%25",
        "C%3A%5Cx", "%FF%FE", "..", ".", "%2e%2e%2f", "CON", "a%2F..%2F..%2Fb",
    ])
    func `A name leads to no file`(name: String) throws {
        let emulator = try Emulator.loaded()
        for path in ["/openapi/\(name)", "/openapi/\(name).json", "/snapshots/\(name)/content", "/tenants/\(name)"] {
            let answer = try emulator.answer("GET /_patchbay\(path)", [])
            #expect([400, 404].contains(answer.status), "\(path): \(answer.text)")
            #expect(!answer.text.contains("root:"))
        }
        for path in ["/snapshots/\(name)", "/faults/\(name)"] {
            let body = path.hasPrefix("/faults") ? #"{"api":"atlas","error":"RATE_LIMITED"}"# : ""
            let saved = try emulator.call("PUT /_patchbay\(path)", body)
            let read = try emulator.answer("GET /_patchbay\(path)", [])
            #expect([201, 400, 404].contains(saved.status), "\(path): \(saved.text)")
            #expect(read.status == (saved.status == 201 ? 200 : 404), "\(path): \(read.text)")
        }
    }
}
