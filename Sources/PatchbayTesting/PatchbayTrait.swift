internal import Patchbay
public import Testing

/// Gives each test, and each case of one with arguments, a tenant of its own.
///
/// When a test fails, what its tenant was asked stands in the comment of the failure, and whole in its attachments: the
/// journal, and what clients did that no operation provides for. Findings are warnings of the test; with a strict emulator they are failures,
/// those of requests that belong to no tenant too, of a test that ran meanwhile.
public struct PatchbayTrait: TestTrait, SuiteTrait, TestScoping {
    let shared: SharedServer
    let apis: [String]?
    let source: String?

    /// A suite hands it on to its tests.
    public var isRecursive: Bool { true }

    /// Runs a test with a tenant, `TestTenant.current`, that is dropped afterwards.
    ///
    /// - Parameters:
    ///   - test: the test.
    ///   - testCase: which of its cases.
    ///   - function: what it does.
    /// - Throws: what the test throws; why the server cannot start or the tenant cannot be made.
    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable () async throws -> Void,
    ) async throws {
        let tenant = try shared.server().makeTenant(TestLabel(test, testCase).text, of: apis, from: source)
        defer { try? tenant.drop() }
        let watch = TestWatch(test, tenant, of: shared)
        defer { watch.attach() }
        try await watch.trait.provideScope(for: test, testCase: testCase) {
            do {
                try await TestTenant.$scoped.withValue(tenant) { try await function() }
                watch.note(nil)
            } catch {
                watch.note(error)
                throw error
            }
        }
        watch.recordFindings()
    }
}

extension Trait where Self == PatchbayTrait {
    /// A tenant for each test, a copy of the documents' examples, on a server with the bundled seeds.
    ///
    ///     @Suite(.patchbay) struct PeeringTests {
    ///         @Test func `lists what was seeded`() async throws {
    ///             let tenant = try TestTenant.current
    ///             let client = AtlasClient(tenant.url, group: try tenant["group_id"])
    public static var patchbay: Self { .patchbay() }

    /// A tenant for each test.
    ///
    /// - Parameters:
    ///   - shared: what it is a tenant of.
    ///   - apis: the names of the APIs that it is a tenant of; all when `nil`.
    ///   - source: the identifier of the tenant that it is a copy of; the documents' examples when `nil`.
    /// - Returns: the trait, for a test or a suite.
    public static func patchbay(
        on shared: SharedServer = .bundled,
        of apis: [String]? = nil,
        from source: String? = nil,
    ) -> Self {
        Self(shared: shared, apis: apis, source: source)
    }
}
