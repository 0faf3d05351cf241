internal import Patchbay
internal import Synchronization
internal import Testing

/// Looks whether a test fails, and tells what its tenant was asked if it does.
final class TestWatch: Sendable {
    private let test: Test
    private let shared: SharedServer
    private let account: TenantAccount
    private let isStrict: Bool
    private let hasFailed = Atomic(false)

    init(_ test: Test, _ tenant: TestTenant, of shared: SharedServer) {
        self.test = test
        self.shared = shared
        account = TenantAccount(tenant)
        isStrict = tenant.emulator.isStrict
    }

    /// Adds what the tenant was asked to the comments of the test's failures.
    var trait: IssueHandlingTrait {
        .compactMapIssues { issue in
            // What is recorded where no test is, in a detached task, comes to all that run. It is told once without them.
            guard let current = Test.current else { return nil }
            guard current.id == self.test.id, issue.isFailure else { return issue }
            var issue = issue
            issue.comments.append(Comment(rawValue: self.account.summary()))
            self.hasFailed.store(true, ordering: .relaxed)
            return issue
        }
    }

    /// Says the same of an error that the test ends with, and of a test that runs out of its time.
    ///
    /// What is made of those is not for a trait to change. A required expectation has failed before, and a test that cancels itself does not
    /// fail.
    func note(_ error: (any Error)?) {
        let isNews = error.map { !($0 is ExpectationFailedError) && !Self.isCancellation($0) } ?? Task.isCancelled
        guard isNews, !hasFailed.exchange(true, ordering: .relaxed) else { return }
        record(account.summary(), .warning)
    }

    /// Whether `Test.cancel` threw an error, whose type is in no public interface.
    private static func isCancellation(_ error: any Error) -> Bool { "\(type(of: error))" == "SkipInfo" }

    /// Records what requests did that no operation provides for, those of no tenant too where that is an error.
    func recordFindings() {
        var findings = account.findings()
        if isStrict {
            let strays = account.strays()
            let untold = shared.untold(strays.map(\.number))
            findings += strays.filter { untold.contains($0.number) }.flatMap(\.findings)
        }
        for finding in findings {
            if isStrict { hasFailed.store(true, ordering: .relaxed) }
            record("Patchbay: \(finding)", isStrict ? .error : .warning)
        }
    }

    private func record(_ text: String, _ severity: Issue.Severity) {
        Issue.record(Comment(rawValue: text), severity: severity, sourceLocation: test.sourceLocation)
    }

    /// Attaches journal and findings to a test that has failed.
    func attach() {
        guard hasFailed.load(ordering: .relaxed) else { return }
        for (name, text) in [("requests", account.journal()), ("findings", account.diagnostics())] {
            Attachment.record(text, named: "\(account.label)-\(name).json", sourceLocation: test.sourceLocation)
        }
    }
}
