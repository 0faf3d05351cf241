import Foundation
import Patchbay
import PatchbayTesting
import Testing

@testable import VPCServices

extension SharedServer {
    /// A server with the seeds of these tests, which takes only the credentials that they name.
    static let ours = SharedServer {
        let seeds = try #require(Bundle.module.url(forResource: "Seeds", withExtension: nil))
        return try Emulator(seeds: .directories([seeds.path]), authentication: .known)
    }
}

/// The client against seeds of its own.
@Suite(.patchbay(on: .ours))
struct OwnSeedsTests {
    @Test func `it lists what was seeded`() async throws {
        let services = try await client(token: "token-of-shop").all()
        #expect(services.map(\.name) == ["stock", "orders"])
    }

    @Test func `it says that its token is wrong`() async throws {
        let refusal = await #expect(throws: VPCServices.Refusal.self) { try await client(token: "another").all() }
        #expect(refusal?.status == 401)
    }

    private func client(token: String) throws -> VPCServices {
        let tenant = try TestTenant.current
        let address = try #require(URL(string: tenant.url))
        return VPCServices(address: address, account: try tenant["account_id"], token: token)
    }
}

/// Without a server, and without a trait.
struct InMemoryTests {
    @Test func `an emulator answers in memory`() throws {
        let emulator = try Emulator(seeds: .bundled)
        let tenant = try emulator.makeTenant("in-memory", of: ["cloudflare"])
        let path = "/client/v4/accounts/\(try tenant["account_id"])/connectivity/directory/services"
        let reply = emulator.send("GET", path, headers: [("Authorization", "Bearer any")])
        #expect(reply.status == 200)
        #expect(reply.text.contains(#""name":"web-app""#))
    }

    @Test func `an emulator is served as long as a closure takes`() async throws {
        try await Emulator(seeds: .bundled).serve { server in
            let tenant = try server.makeTenant("served", of: ["cloudflare"])
            let address = try #require(URL(string: tenant.url))
            let services = VPCServices(address: address, account: try tenant["account_id"], token: "any")
            #expect(try await services.all().map(\.name) == ["web-app"])
        }
    }
}
