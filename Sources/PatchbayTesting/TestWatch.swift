internal import Patchbay
internal import Synchronization
internal import Testing

/// Looks whether a test fails, and tells what its tenant was asked if it does.
final class TestWatch: Sendable {
    private let account: TenantAccount
    private let label: String
    private let isStrict: Bool
    private let place: SourceLocation
    private let hasFailed = Atomic(false)

    init(_ tenant: TestTenant, at place: SourceLocation) {
        account = TenantAccount(tenant)
        label = tenant.label
        isStrict = tenant.emulator.isStrict
        self.place = place
    }

    /// Adds what the tenant was asked to the comments of each failure.
    var trait: IssueHandlingTrait {
        .compactMapIssues { issue in
            guard issue.isFailure else { return issue }
            self.hasFailed.store(true, ordering: .relaxed)
            var issue = issue
            issue.comments.append(Comment(rawValue: self.account.summary()))
            return issue
        }
    }

    /// Says the same of an error that the test ends with.
    ///
    /// What is made of it is not for a trait to change, and an expectation that was required has failed before; a test that is
    /// cancelled throws, too.
    func note(_ error: any Error) {
        guard !(error is ExpectationFailedError), !Task.isCancelled else { return }
        hasFailed.store(true, ordering: .relaxed)
        Issue.record(Comment(rawValue: account.summary()), severity: .warning, sourceLocation: place)
    }

    /// Records what requests did that no operation provides for.
    func recordFindings() {
        for finding in account.findings() {
            if isStrict { hasFailed.store(true, ordering: .relaxed) }
            Issue.record(Comment(rawValue: finding), severity: isStrict ? .error : .warning, sourceLocation: place)
        }
    }

    /// Attaches journal and findings to a test that has failed.
    func attach() {
        guard hasFailed.load(ordering: .relaxed) else { return }
        Attachment.record(account.journal(), named: "\(label)-requests.json", sourceLocation: place)
        Attachment.record(account.diagnostics(), named: "\(label)-findings.json", sourceLocation: place)
    }
}
