import Foundation
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Synchronization
import Testing

@testable import Patchbay
@testable import PatchbayStore

/// The five APIs and the control plane in one.
@Suite struct EmulatorTests {
    @Test func `Before the seeds are loaded only the control plane answers`() throws {
        let emulator = try Emulator()
        for (_, path) in seededPaths + [("none", "/"), ("none", "/nowhere")] {
            let answer = try emulator.answer("GET \(path)")
            #expect(answer.status == 503)
            #expect(answer["Retry-After"] == "1")
            #expect(answer["Content-Type"] == "application/problem+json")
            #expect(answer.json?["status"] == 503)
        }
        for call in ["ready", "tenants"] {
            let answer = try emulator.answer("GET /_patchbay/\(call)")
            #expect(answer.status == 503)
            #expect(answer["Content-Type"] == "application/problem+json")
        }
        #expect(try emulator.answer("GET /_patchbay/health").status == 200)
        try emulator.load(.bundled)
        #expect(try emulator.answer("GET /_patchbay/ready").json == ["status": "ready"])
        #expect(try emulator.answer("GET /_patchbay/tenants").status == 200)
        for (_, path) in seededPaths { #expect(try emulator.answer("GET \(path)").status == 200) }
    }

    @Test func `Seeds that are wrong leave the emulator closed and empty`() throws {
        let emulator = try Emulator()
        #expect(throws: SeedError.self) { try emulator.load(.directories(["/nowhere"])) }
        #expect(try emulator.answer("GET /_patchbay/ready").status == 503)
        #expect(try emulator.world.store.isEmpty)
        #expect(try emulator.load(.bundled) > 1_000)
        #expect(try emulator.load(.bundled) == 0)
    }

    @Test func `The example of an API is the seeds' first list, whatever is deleted before anybody asks for it`() throws
    {
        let emulator = try Emulator()
        try emulator.load(.bundled)
        let world = emulator.world
        let first = try world.services.map { try $0.tenants(world.store).first?.parameters.map(\.value) }
        try world.store.write { rows in
            for (service, keys) in zip(world.services, first) {
                guard let root = service.root, let key = keys?[0], let row = try rows.find(root, [key]) else {
                    continue
                }
                try rows.delete(row, from: root)
            }
        }
        #expect(try world.services.map { try $0.tenants(world.store).first?.parameters.map(\.value) } != first)
        #expect(try world.services.map { try world.example(of: $0)?.parameters.map(\.value) } == first)
    }

    @Test func `An emulator whose warm-up fails is not ready`() throws {
        let folder = try Folder()
        try Emulator(file: folder.file).load(.bundled)
        let emulator = try Emulator(file: folder.file)
        let peers = try #require(emulator.world.services.flatMap(\.collections).first { $0.name == "peers" })
        try Connection(location: folder.file, readOnly: false).execute("DROP TABLE \(peers.table)")
        #expect(throws: SQLiteError.self) { try emulator.load(.bundled) }
        #expect(try emulator.answer("GET /_patchbay/ready").status == 503)
        #expect(try emulator.answer("GET \(seededPaths[0].path)").status == 503)
    }

    @Test(arguments: seededPaths)
    func `A failure of the store is reported, and the client gets the vendor's own error`(
        api: String,
        path: String
    ) throws {
        let folder = try Folder()
        let reports = Mutex<[String]>([])
        let emulator = try Emulator(file: folder.file, report: { text in reports.withLock { $0.append(text) } })
        try emulator.load(.bundled)
        #expect(try emulator.answer("GET \(path)").status == 200)
        #expect(reports.withLock { $0 } == [])
        // Somebody else changes the file.
        let connection = try Connection(location: folder.file, readOnly: false)
        let service = try #require(emulator.world.services.first { $0.name == api })
        for collection in service.collections.reversed() { try connection.execute("DROP TABLE \(collection.table)") }
        let answer = try emulator.answer("GET \(path)")
        #expect(answer.status == 500)
        #expect(isErrorOf(api, answer.json))
        #expect(!answer.text.contains("no such table"))
        let report = reports.withLock { $0 }
        #expect(report.count == 1)
        #expect(report.first?.hasPrefix("\(api): the store failed: SQLite: no such table") == true)
    }

    @Test(arguments: [
        "//", "/nowhere", "/v4/projects", "/v10/x", "/api/atlas/v3/groups", "/api/atlas", "/_patchbayx", "/clients/v4",
    ])
    func `Outside the prefixes a problem document names them`(path: String) throws {
        let answer = try Emulator.shared().answer("GET \(path)")
        #expect(answer.status == 404)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer["X-Patchbay-Unmatched"] == "outside every emulated API")
        let all = try Emulator.shared().world.services.flatMap(\.basePaths).filter { !$0.isEmpty }
        let prefixes = answer.json?["prefixes"]?.arrayValue?.compactMap(\.stringValue) ?? []
        #expect(prefixes == all)
        let some = ["/v1", "/api/atlas/v1.0", "/api/atlas/v2", "/sql/v1", "/org/v2", "/api/sessions", "/client/v4"]
        #expect(Set(some).isSubset(of: prefixes))
        #expect(answer.json?["detail"]?.stringValue?.contains("/org/v2") == true)
        #expect(answer.json?["detail"]?.stringValue?.contains(" \(path). ") == true)
        #expect(answer.json?.objectValue?.keys.prefix(4) == ["type", "title", "status", "detail"])
    }

    @Test(arguments: [
        ("/sql/v1", "/sql/v1/organizations/{organization_id}/environments/{environment_id}/connections"),
        ("/api/login", "/api/login/realm"), ("/api/me/x", "/api/me"),
        ("/org/v2/organisations", "/org/v2/organizations"),
        ("/client/v4/user/tokens", "/client/v4/user/tokens/verify"), ("/client/v4/account", "/client/v4/accounts"),
        ("/client/v4/accounts/1/connectivity", "/client/v4/accounts/{account_id}/connectivity/directory/services"),
        (
            "/client/v4/accounts//connectivity/directory/services",
            "/client/v4/accounts/{account_id}/connectivity/directory/services"
        ),
    ])
    func `A hint names a path below the prefix that was asked for`(path: String, nearest: String) throws {
        let hint = try Emulator.shared().answer("GET \(path)")["X-Patchbay-Unmatched"]
        #expect(hint?.hasSuffix(" has no such path; the nearest is \(nearest)") == true)
    }

    @Test func `RFC 9110, 9.3.7: The server as a whole says which methods there are`() throws {
        for emulator in [try Emulator.shared(), try Emulator(isStrict: true)] {
            let answer = try emulator.answer("OPTIONS *")
            #expect(answer.status == 204 && answer.text.isEmpty)
            #expect(answer["Allow"] == "DELETE, GET, HEAD, OPTIONS, PATCH, POST, PUT")
        }
    }

    @Test func `RFC 9110, 9.3.6: No tunnel is opened`() throws {
        let answer = try Emulator.shared().answer("CONNECT example.org:443")
        #expect(answer.status == 501)
        #expect(answer["X-Patchbay-Unmatched"] == "outside every emulated API")
        #expect(answer.json?["detail"] == "Patchbay is no proxy: it opens no tunnel to example.org:443.")
    }

    @Test func `RFC 9112, 3.2.2: A whole URI is answered as its path is`() throws {
        let emulator = try Emulator.shared()
        for (_, path) in seededPaths {
            let answer = try emulator.answer("GET http://localhost:4747\(path)", host: "example.org")
            #expect(try answer.status == 200 && answer.text == emulator.answer("GET \(path)").text)
        }
    }

    @Test(arguments: [
        ("vpcep", "/v1/nowhere", 404), ("apig", "/v2/p/apigw/instances/i/vpc-endpoint/connection", 404),
        ("atlas", "/api/atlas/v1.0/groups/000000000000000000000257/peer", 404),
        ("confluent", "/sql/v1/organizations/o/environments/e/connection", 404),
        ("cloudflare", "/client/v4/accounts/a/connectivity/directory/service", 404),
        ("vpcep", "/v1/", 404), ("cloudflare", "/client/v4/", 404),
    ])
    func `Inside a prefix the vendor's own error says that there is no such path`(
        api: String,
        path: String,
        status: Int
    ) throws {
        let answer = try Emulator.shared().answer("GET \(path)")
        #expect(answer.status == status)
        #expect(isErrorOf(api, answer.json))
        let reason = try #require(answer["X-Patchbay-Unmatched"])
        #expect(reason.hasPrefix("\(api) has no such path; the nearest is /"))
    }

    @Test(arguments: seededPaths)
    func `A missing resource is not taken for an unmatched request`(api: String, path: String) throws {
        let emulator = try Emulator.shared()
        #expect(try emulator.answer("GET \(path)")["X-Patchbay-Unmatched"] == nil)
        let missing = path.replacing("257", with: "999")
        let answer = try emulator.answer("GET \(missing)")
        // An account that no seed names has an empty directory.
        #expect(answer.status == (api == "cloudflare" ? 200 : 404))
        #expect(answer["X-Patchbay-Unmatched"] == nil)
    }

    @Test func `The same requests have the same answers on two emulators`() throws {
        let lines =
            seededPaths.map { "GET \($0.path)" }
            + seededPaths.map { "GET \($0.path)?limit=x&page=x&pageNum=x&page_size=x" }
            + [
                "GET /v1/nowhere", "GET /nowhere", "DELETE \(seededPaths[2].path)", "GET /_patchbay/tenants",
                "GET /_patchbay/health",
            ]
        let (first, second) = (try Emulator.loaded(), try Emulator.loaded())
        for headers in [credentials, []] {
            for line in lines + lines {
                #expect(try first.answer(line, headers).whole == second.answer(line, headers).whole)
            }
        }
    }

    @Test(arguments: seededPaths)
    func `Links follow the request's host, or the public URL`(api: String, path: String) throws {
        let plain = try Emulator.shared().answer("GET \(path)", host: "10.1.2.3:99").text
        let configured = try Emulator.loaded(publicURL: "https://api.example.org").answer("GET \(path)").text
        let hasLinks = ["atlas", "confluent"].contains(api)
        #expect(plain.contains("http://10.1.2.3:99\(path)") == hasLinks)
        #expect(configured.contains("https://api.example.org\(path)") == hasLinks)
        #expect(!configured.contains("localhost"))
        #expect(!plain.contains(OriginMark.text))
        #expect(
            plain.replacing("http://10.1.2.3:99", with: "") == configured.replacing("https://api.example.org", with: "")
        )
    }

    @Test(arguments: seededPaths)
    func `HEAD is answered as GET is`(api: String, path: String) throws {
        let answers = try ["GET", "HEAD"].map { try Emulator.loaded().answer("\($0) \(path)") }
        #expect(answers[0].whole == answers[1].whole)
    }

    @Test func `An absolute target reaches the same endpoint`() throws {
        let emulator = try Emulator.shared()
        let path = seededPaths[4].path
        #expect(try emulator.answer("GET http://api.cloudflare.com\(path)").text == emulator.answer("GET \(path)").text)
    }
}
