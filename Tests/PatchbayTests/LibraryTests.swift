import Foundation
import Patchbay
import PatchbayHTTP
import PatchbayJSON
import PatchbayServer
import Testing

/// What a Swift test target calls: in memory, on a port, with a tenant of its own.
struct LibraryTests {
    private static let services = "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/connectivity/directory/services"
    private static let bearer = [(name: "Authorization", value: "Bearer any")]

    @Test func `an emulator with seeds answers in memory`() throws {
        let emulator = try Emulator(seeds: .bundled)
        let reply = emulator.send("GET", Self.services, headers: Self.bearer)
        #expect(reply.status == 200)
        #expect(reply[header: "content-type"] == "application/json")
        #expect(reply.text.contains(#""name":"web-app""#))
        #expect(emulator.send("HEAD", Self.services, headers: Self.bearer).body.isEmpty)
        #expect(emulator.send("GET", Self.services).status == 400)
    }

    @Test func `an emulator without seeds is not ready, and with wrong ones it is none`() throws {
        #expect(try Emulator().send("GET", Self.services, headers: Self.bearer).status == 503)
        #expect(throws: (any Error).self) { try Emulator(seeds: .directories(["/nowhere"])) }
    }

    @Test func `a text that is sent is JSON, unless its type is another`() throws {
        let emulator = try Emulator(seeds: .bundled)
        let service =
            #"{"name": "a", "type": "tcp", "tcp_port": 5432, "host": {"hostname": "a.example", "resolver_network": {"tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"}}}"#
        #expect(emulator.send("POST", Self.services, headers: Self.bearer, body: service).status == 200)
        let typed = Self.bearer + [(name: "content-type", value: "text/plain")]
        #expect(emulator.send("POST", Self.services, headers: typed, body: service).status == 400)
    }

    @Test func `a request may say its length itself`() throws {
        let emulator = try Emulator(seeds: .bundled)
        let length = Self.bearer + [(name: "content-length", value: "2")]
        let reply = emulator.send("POST", Self.services, headers: length, body: "{}")
        #expect(reply.text == emulator.send("POST", Self.services, headers: Self.bearer, body: "{}").text)
        #expect(emulator.send("POST", Self.services, headers: length, body: "{ }").text != reply.text)
    }

    @Test(
        arguments: [
            ("G ET", "/", [], 400), ("GET", "/a b", [], 400), ("GET", "nowhere", [], 400),
            ("GET", "/client/v4/accounts/1/x\r\nHost: other", [], 400), ("GET\n", "/", [], 400),
            ("GET", "/", [(name: "X-A", value: "1\r\n\r\nGET / HTTP/1.1")], 400),
            ("GET", "/", [(name: "Content-Length", value: "3")], 400),
            ("GET", "/", [(name: "A B", value: "3")], 400),
        ] as [(String, String, [(name: String, value: String)], Int)]
    )
    func `what is no request is refused as on a socket`(
        _ method: String,
        _ target: String,
        _ headers: [(name: String, value: String)],
        _ status: Int
    ) throws {
        #expect(try Emulator.shared().send(method, target, headers: headers).status == status)
    }

    @Test func `what is larger than a server takes is refused as on a socket`() throws {
        let (emulator, limits) = (try Emulator.shared(), Limits())
        let long = String(repeating: "a", count: limits.requestLine)
        #expect(emulator.send("GET", "/" + long, headers: []).status == 414)
        let large = String(repeating: "a", count: limits.head)
        #expect(emulator.send("GET", "/", headers: [(name: "X-A", value: large)]).status == 431)
    }

    @Test func `a call of the control plane answers, or throws what its problem document says`() throws {
        let emulator = try Emulator(seeds: .bundled, adminToken: "secret")
        try emulator.control("PUT", "/clock", #"{"now": "2026-01-02T03:04:05Z", "frozen": true}"#)
        let clock = try JSON(parsing: Array(try emulator.control("GET", "/clock").utf8))
        #expect(clock["now"] == "2026-01-02T03:04:05Z")
        let error = #expect(throws: ControlError.self) { try emulator.control("PUT", "/clock", #"{"frozn": true}"#) }
        #expect(error?.status == 400)
        #expect(error?.description.hasSuffix(#"did you mean "frozen"?"#) == true)
        #expect(error?.document.contains(#""nearest":"frozen""#) == true)
    }

    @Test func `a tenant is the test's own, and knows the identifiers that lead to it`() throws {
        let emulator = try Emulator(seeds: .bundled)
        let tenant = try emulator.makeTenant("mine", from: "00000000000000000000000000000257")
        let account = try tenant["account_id"]
        #expect(try emulator.makeTenant("other")["account_id"] != account)
        let list = "/client/v4/accounts/\(account)/connectivity/directory/services?per_page=1"
        #expect(emulator.send("GET", list, headers: Self.bearer).text.contains(#""total_count":257"#))
        try tenant.control("POST", "/requests/verify", #"{"request": {"status": 200}, "count": 1}"#)
        let error = #expect(throws: ControlError.self) {
            try tenant.control("POST", "/requests/verify", #"{"request": {"status": 200}, "count": 2}"#)
        }
        #expect(error?.status == 409)
        #expect(error?.description.hasPrefix("1 of 1 requests") == true)
        let unknown = #expect(throws: TestTenant.UnknownParameter.self) { try tenant["acount_id"] }
        #expect(unknown?.description.hasSuffix(#"did you mean "account_id"?"#) == true)
        try tenant.drop()
        #expect(emulator.send("GET", list, headers: Self.bearer).text.contains(#""total_count":0"#))
        #expect(throws: ControlError.self) { try tenant.drop() }
    }

    @Test(arguments: ["", ".", "a b", "ä", "a/b", "..", String(repeating: "a", count: 65)])
    func `a label that is none makes no tenant`(_ label: String) throws {
        #expect(throws: ControlError.self) { try Emulator.shared().makeTenant(label) }
    }

    @Test func `a tenant is of the APIs that are named`() throws {
        let emulator = try Emulator(seeds: .bundled)
        let tenant = try emulator.makeTenant("two", of: ["atlas", "cloudflare"])
        #expect(tenant.lists.map(\.api) == ["atlas", "cloudflare"])
        #expect(throws: ControlError.self) { try emulator.makeTenant("none", of: ["atlsa"]) }
        #expect(throws: ControlError.self) { try emulator.makeTenant("none", from: "nowhere") }
    }

    @Test func `a server serves as long as a closure takes`() async throws {
        let port = try await Emulator(seeds: .bundled).serve { server in
            let tenant = try server.makeTenant("served")
            #expect(tenant.url == server.url)
            let port = try #require(URL(string: server.url)?.port.flatMap { UInt16(exactly: $0) })
            let probe = HealthProbe(host: "127.0.0.1", port: port)
            #expect(try probe.status(of: "/_patchbay/tenants/served") == 200)
            return port
        }
        #expect(throws: ServerError.self) { try HealthProbe(host: "127.0.0.1", port: port).status(of: "/") }
    }

    @Test func `a server is stopped when the closure throws, and what it threw is thrown`() async throws {
        struct Thrown: Error {}
        var url = ""
        await #expect(throws: Thrown.self) {
            try await Emulator(seeds: .bundled).serve { server in
                url = server.url
                throw Thrown()
            }
        }
        let port = try #require(URL(string: url)?.port.flatMap { UInt16(exactly: $0) })
        #expect(throws: ServerError.self) { try HealthProbe(host: "127.0.0.1", port: port).status(of: "/") }
    }

    @Test func `servers beside each other stop and start without waiting for one another`() async throws {
        try await withThrowingTaskGroup { group in
            for number in 0..<16 {
                group.addTask {
                    try await Emulator(seeds: .bundled).serve(ServerOptions(port: 0, loops: 1)) { server in
                        _ = try server.makeTenant("t\(number)")
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    @Test func `a port that is taken is an error`() async throws {
        try await Emulator(seeds: .bundled).serve { server in
            let port = try #require(URL(string: server.url)?.port.flatMap { UInt16(exactly: $0) })
            await #expect(throws: ServerError.self) {
                try await Emulator(seeds: .bundled).serve(ServerOptions(port: port)) { _ in }
            }
        }
    }
}
