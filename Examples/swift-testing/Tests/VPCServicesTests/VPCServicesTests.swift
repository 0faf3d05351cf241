import Foundation
import Patchbay
import PatchbayTesting
import Testing

@testable import VPCServices

/// The client against copies of the bundled account with 257 services: each test has one to itself.
@Suite(.patchbay(of: ["cloudflare"], from: "00000000000000000000000000000257"))
struct VPCServicesTests {
    private let services: VPCServices
    private let tenant: TestTenant

    init() throws {
        tenant = try TestTenant.current
        let address = try #require(URL(string: tenant.url))
        services = VPCServices(address: address, account: try tenant["account_id"], token: "any")
    }

    @Test func `it lists all services`() async throws {
        #expect(try await services.all().count == 257)
        try tenant.control(
            "POST",
            "/requests/verify",
            #"{"request": {"operation": "connectivity-services-list"}, "count": 1}"#
        )
    }

    @Test func `it asks again when it is told to wait`() async throws {
        try tenant.control("PUT", "/faults/busy", #"{"error": 429, "retryAfter": 0, "when": {"first": 2}}"#)
        #expect(try await services.all().count == 257)
        try tenant.control("POST", "/requests/verify", #"{"request": {"status": 429}, "count": 2}"#)
    }

    @Test func `it gives up in the end`() async throws {
        try tenant.control("PUT", "/faults/busy", #"{"error": 429, "retryAfter": 0}"#)
        let refusal = await #expect(throws: VPCServices.Refusal.self) { try await services.all() }
        #expect(refusal?.status == 429)
    }

    @Test func `it says that the API is down`() async throws {
        try tenant.control("PUT", "/faults/down", #"{"error": 503}"#)
        let refusal = await #expect(throws: VPCServices.Refusal.self) { try await services.all() }
        #expect(refusal?.status == 503)
    }

    /// Shows what a failure says: `SHOW_FAILURE=1 swift test`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SHOW_FAILURE"] != nil))
    func `it fails, to show what is said then`() async throws {
        #expect(try await services.all().count == 258)
    }

    /// Shows what is said of a failure in a callback: `SHOW_CALLBACK=1 swift test`.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SHOW_CALLBACK"] != nil))
    func `it fails in a callback, to show what is said then`() async throws {
        await Task.detached { Issue.record("in a callback") }.value
    }
}
