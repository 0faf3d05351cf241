import Patchbay
import PatchbayJSON
import Synchronization
import Testing

@testable import PatchbayTesting

/// The trait that gives each test a tenant.
@Suite(.patchbay) struct PatchbayTraitTests {
    private static let path = "/client/v4/accounts/{account}/connectivity/directory/services"
    private static let bearer = [(name: "Authorization", value: "Bearer any")]

    /// Lists a tenant's services, as a client in memory would.
    private static func list(_ tenant: TestTenant, _ query: String = "") throws -> Emulator.Reply {
        let target = path.replacing("{account}", with: try tenant["account_id"]) + query
        return tenant.emulator.send("GET", target, headers: bearer)
    }

    @Test func `a test has a tenant with the documents' example, on a server`() throws {
        let tenant = try TestTenant.current
        #expect(tenant.url.hasPrefix("http://127.0.0.1:"))
        #expect(tenant.label.hasPrefix("a-test-has-a-tenant-with-the-documents-e-"))
        #expect(try Self.list(tenant).text.contains(#""name":"web-app""#))
    }

    @Test(arguments: 1...8) func `each case has a tenant of its own`(_ number: Int) async throws {
        let tenant = try TestTenant.current
        for _ in 0..<number {
            #expect(try Self.list(tenant).status == 200)
            await Task.yield()
        }
        try tenant.control("POST", "/requests/verify", #"{"request": {"status": 200}, "count": \#(number)}"#)
    }

    @Test(.patchbay(of: ["cloudflare"], from: "00000000000000000000000000000257"))
    func `a test's own trait goes before its suite's`() throws {
        let tenant = try TestTenant.current
        #expect(tenant.lists.map(\.api) == ["cloudflare"])
        #expect(tenant.lists.map(\.rows) == [257])
    }

    @Test func `a tenant is the same in child tasks, and gone when its test is over`() async throws {
        let test = try #require(Test.current)
        let seen = Mutex<TestTenant?>(nil)
        let child = Mutex<String?>(nil)
        try await PatchbayTrait.patchbay(of: ["atlas"]).provideScope(for: test, testCase: nil) {
            let tenant = try TestTenant.current
            seen.withLock { $0 = tenant }
            async let label = TestTenant.current.label
            let found = try await label
            child.withLock { $0 = found }
        }
        let tenant = try #require(seen.withLock { $0 })
        #expect(child.withLock { $0 } == tenant.label)
        let error = #expect(throws: ControlError.self) { try tenant.control("GET", "/clock") }
        #expect(error?.status == 404)
    }

    @Test func `a failure says what the tenant was asked`() async throws {
        let issues = try await Self.issues(.patchbay(of: ["cloudflare"])) {
            let tenant = try TestTenant.current
            try tenant.control("PUT", "/faults/busy", #"{"error": 429, "when": {"nth": 2}}"#)
            _ = try Self.list(tenant, "?page=1")
            _ = try Self.list(tenant)
            Issue.record("wrong")
        }
        let path = "GET /client/v4/accounts/"
        let comment = try #require(issues.first?.comments.last?.rawValue)
        #expect(issues.count == 1)
        #expect(comment.contains("Patchbay got 2 requests for the tenant"))
        #expect(comment.contains(path))
        #expect(comment.contains("/services?page=1  200, 1 row\n"))
        #expect(comment.hasSuffix("/services  429, struck by busy"))
    }

    @Test func `beside an error that a test ends with stands what the tenant was asked`() async throws {
        struct Thrown: Error {}
        let recorder = IssueRecorder()
        await #expect(throws: Thrown.self) {
            try await recorder.record(.patchbay(of: ["cloudflare"])) { throw Thrown() }
        }
        let texts = recorder.issues.map { $0.comments.last?.rawValue ?? "" }
        #expect(texts.count == 1)
        #expect(texts.first?.hasPrefix("The journal has no request for the tenant") == true)
    }

    @Test func `an expectation that is required fails once`() async throws {
        let recorder = IssueRecorder()
        await #expect(throws: ExpectationFailedError.self) {
            try await recorder.record(.patchbay(of: ["cloudflare"])) {
                _ = try Self.list(try TestTenant.current)
                try #require(Bool(false))
            }
        }
        #expect(recorder.issues.map(\.isFailure) == [true])
        #expect(recorder.issues[0].comments.last?.rawValue.contains("Patchbay got 1 request for") == true)
    }

    @Test func `a known failure stays as it is`() async throws {
        let issues = try await Self.issues(.patchbay(of: ["cloudflare"])) {
            withKnownIssue { Issue.record("known") }
        }
        #expect(issues.allSatisfy { $0.comments.allSatisfy { !$0.rawValue.contains("Patchbay") } })
    }

    @Test(arguments: [true, false])
    func `a finding is a failure with a strict emulator, and a warning otherwise`(_ isStrict: Bool) async throws {
        let shared = SharedServer { try Emulator(seeds: .bundled, isStrict: isStrict) }
        let issues = try await Self.issues(.patchbay(on: shared)) {
            let reply = try Self.list(try TestTenant.current, "?limit=5")
            #expect(reply.status == (isStrict ? 501 : 200))
        }
        let finding = "connectivity-services-list: limit is VPC Endpoint's, API Gateway's and Identity's name"
        #expect(issues.count == 1)
        #expect(issues.first?.isFailure == isStrict)
        #expect(issues.first?.comments.first?.rawValue.contains("limit is") == true, "\(finding)")
    }

    @Test(arguments: [
        (Seeds?.some(.directories(["/nowhere"])), "/nowhere: is no directory"), (nil, "it has no data"),
    ])
    func `a server that cannot start fails every test that needs it, and says why`(
        _ seeds: Seeds?,
        _ reason: String,
    ) async throws {
        let broken = SharedServer { try Emulator(seeds: seeds) }
        let test = try #require(Test.current)
        for _ in 1...2 {
            let error = await #expect(throws: SharedServer.NotStarted.self) {
                try await PatchbayTrait.patchbay(on: broken).provideScope(for: test, testCase: nil) {}
            }
            #expect(error?.description.hasPrefix("Patchbay's server cannot start: ") == true)
            #expect(error?.description.contains(reason) == true)
        }
    }

    @Test func `an expectation that fails while the server is made is told to every test`() async throws {
        let broken = SharedServer {
            try #require(Bool(false))
            return try Emulator(seeds: .bundled)
        }
        let recorder = IssueRecorder()
        for _ in 1...2 {
            await #expect(throws: SharedServer.NotStarted.self) { try await recorder.record(.patchbay(on: broken)) {} }
        }
    }

    @Test(arguments: [1, 2], ["a"])
    func `a case has the same label in each run`(_ number: Int, _ text: String) throws {
        let labels = [1: "1hhxyokebxqbl", 2: "vrkmlsr3byp3"].mapValues { "a-case-has-the-same-label-in-each-run-\($0)" }
        let label = try TestTenant.current.label
        #expect(label == labels[number])
    }

    @Test func `a tenant within the scope of another is one of its own`() async throws {
        let outer = try TestTenant.current
        let test = try #require(Test.current)
        try await PatchbayTrait.patchbay.provideScope(for: test, testCase: nil) {
            let inner = try TestTenant.current
            #expect(inner.label != outer.label)
            #expect(try Self.list(outer).status == 200)
        }
        try outer.control("POST", "/requests/verify", #"{"request": {"status": 200}, "count": 1}"#)
    }

    @Test func `requests that belong to no tenant are told where the tenant got none`() async throws {
        let shared = SharedServer { try Emulator(seeds: .bundled) }
        let issues = try await Self.issues(.patchbay(on: shared)) {
            _ = try TestTenant.current.emulator.send("GET", "/accounts/1", headers: Self.bearer)
            Issue.record("wrong")
        }
        let comment = try #require(issues.first?.comments.last?.rawValue)
        #expect(comment.contains("of no tenant:\n  1  GET /accounts/1  404, outside every emulated API"))
    }

    @Test func `with a strict emulator, requests that belong to no tenant are failures, once`() async throws {
        let shared = SharedServer { try Emulator(seeds: .bundled, isStrict: true) }
        let issues = try await Self.issues(.patchbay(on: shared)) {
            _ = try TestTenant.current.emulator.send("GET", "/accounts/1", headers: Self.bearer)
        }
        #expect(issues.map(\.isFailure) == [true])
        #expect(try await Self.issues(.patchbay(on: shared)) {}.isEmpty)
    }

    @Test func `what was asked is not known any more when the test has dropped its tenant`() async throws {
        let issues = try await Self.issues(.patchbay(of: ["cloudflare"])) {
            try TestTenant.current.drop()
            Issue.record("wrong")
        }
        #expect(issues.first?.comments.last?.rawValue.hasPrefix("Patchbay no longer knows") == true)
    }

    @Test func `a test that is cancelled for its time tells what was asked`() async throws {
        let issues = try await Task {
            try await Self.issues(.patchbay(of: ["cloudflare"])) {
                _ = try Self.list(try TestTenant.current)
                withUnsafeCurrentTask { $0?.cancel() }
            }
        }
        .value
        #expect(issues.map { $0.comments.first?.rawValue.contains("Patchbay got 1 request for") } == [true])
    }

    /// What goes wrong in a test with a trait; nothing of it counts here.
    private static func issues(
        _ trait: PatchbayTrait,
        _ body: @escaping @Sendable () async throws -> Void,
    ) async throws -> [Issue] {
        let recorder = IssueRecorder()
        try await recorder.record(trait, body)
        return recorder.issues
    }
}

/// Keeps what goes wrong in a test with a trait.
private final class IssueRecorder: Sendable {
    private let recorded = Mutex<[Issue]>([])

    var issues: [Issue] { recorded.withLock { $0 } }

    func record(_ trait: PatchbayTrait, _ body: @escaping @Sendable () async throws -> Void) async throws {
        let test = try #require(Test.current)
        let keeper = IssueHandlingTrait.compactMapIssues { issue in
            self.recorded.withLock { $0.append(issue) }
            return nil
        }
        try await keeper.provideScope(for: test, testCase: nil) {
            try await trait.provideScope(for: test, testCase: nil, performing: body)
        }
    }
}

/// Where no trait is.
struct NoTenantTests {
    @Test func `without the trait, the tenant that is asked for says what to do`() {
        let error = #expect(throws: TestTenant.NoTenant.self) { try TestTenant.current }
        #expect(error?.description.contains(".patchbay") == true)
    }
}
