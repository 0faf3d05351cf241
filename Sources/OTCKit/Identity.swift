package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayStore

/// Who sends a request to an Open Telekom Cloud service: where that one may act, and what it may do there.
package struct OTCIdentity: Sendable {
    /// Where an identity may act.
    package enum Scope: Sendable {
        /// In one project; in none when `nil`, in all when `*`.
        case project(String?)
        /// In all projects of an account.
        case account(String)
    }

    private let scope: Scope
    private let permissions: [String]

    private init(scope: Scope, permissions: [String]) {
        self.scope = scope
        self.permissions = permissions
    }

    /// Looks credentials up.
    ///
    /// - Throws: why they are refused, or the API's error when the store fails.
    package init<A: API>(
        _ credentials: OTCCredentials,
        _ call: borrowing Call<A>
    ) throws(A.Failure) where A.Failure: OTCFailure {
        switch credentials {
        case .token(let token): self = try Self.holder(of: token, call)
        case .signature(let signature): self = try Self.signer(signature, call)
        }
    }

    private static func holder<A: API>(
        of token: String,
        _ call: borrowing Call<A>
    ) throws(A.Failure) -> OTCIdentity where A.Failure: OTCFailure {
        guard let row = try call.find(OTC.tokens, token), let document = try call.document(OTC.tokens, row) else {
            throw A.Failure(OTCRefusal.unknownToken)
        }
        let project = document["project_id"]?.stringValue
        // Where a path names no project, the time is that of the token's own.
        let root = call.root ?? project.map { Root(OTC.projects, $0) }
        if let expiry = document.expiry, expiry <= call.now(of: root) {
            throw A.Failure(OTCRefusal.expiredToken(expiry))
        }
        guard document["revoked"]?.boolValue != true else { throw A.Failure(OTCRefusal.revokedToken) }
        return Self(scope: .project(project), permissions: document.texts("permissions") ?? [])
    }

    /// Well-formed is known by now; then come date, key and signature.
    private static func signer<A: API>(
        _ signature: OTCSignature,
        _ call: borrowing Call<A>
    ) throws(A.Failure) -> OTCIdentity where A.Failure: OTCFailure {
        let now = call.now
        guard !signature.isStale(at: now) else {
            let canonical = signature.canonicalText(of: call.request)
            throw A.Failure(OTCRefusal.staleSignature(date: signature.dateText, canonicalRequest: canonical))
        }
        guard let document = try call.credential(OTC.accessKeys, signature.accessKey) else {
            throw A.Failure(OTCRefusal.unknownAccessKey(signature.accessKey))
        }
        let secretKey = document["secret_key"]?.stringValue ?? ""
        if let canonical = signature.mismatch(with: call.request, secretKey: secretKey) {
            throw A.Failure(OTCRefusal.wrongSignature(canonicalRequest: canonical))
        }
        // A temporary key is worth nothing without the token that was issued with it.
        if let token = document["security_token"]?.stringValue, token != call.request.headers["X-Security-Token"] {
            throw A.Failure(OTCRefusal.unknownAccessKey(signature.accessKey))
        }
        let account = document["domain_id"]?.stringValue ?? ""
        return Self(scope: .account(account), permissions: document.texts("permissions") ?? [])
    }

    /// Why an action in a project is refused; `nil` when it is not.
    ///
    /// - Parameters:
    ///   - action: the permission that it takes.
    ///   - project: the project of the path.
    ///   - owner: the account that owns the project; `nil` when there is no such project.
    ///   - named: the project that the request names in a header.
    /// - Returns: the reason.
    func refusal(of action: String, in project: String, owner: String?, named: String?) -> OTCRefusal? {
        switch scope {
        case .project(nil): return .noProject
        case .project("*"), .account("*"): break
        case .project(let own): if own != project { return .foreignProject }
        case .account(let own): if own != owner { return .foreignProject }
        }
        if let named, !named.isEmpty, named != project { return .foreignProject }
        return permits(action) ? nil : .noPermission(action: action, resource: project)
    }

    /// Whether the permissions have an action; an asterisk in one stands for any text.
    package func permits(_ action: String) -> Bool {
        permissions.contains { Self.matches(action.utf8[...], $0.utf8[...]) }
    }

    private static func matches(_ text: Substring.UTF8View, _ pattern: Substring.UTF8View) -> Bool {
        guard let first = pattern.first else { return text.isEmpty }
        guard first == UInt8(ascii: "*") else {
            return text.first == first && matches(text.dropFirst(), pattern.dropFirst())
        }
        return matches(text, pattern.dropFirst()) || (!text.isEmpty && matches(text.dropFirst(), pattern))
    }
}

extension OTC {
    private static let permissions = Member(
        "permissions",
        .list(of: .text(.nonempty)),
        says: "What may be done with it: vpcep:connections:list, or vpcep:*:list*, or * for everything.",
    )

    private static let word = Member.TextForm("a text of visible ASCII characters", pattern: "^[!-~]+$") {
        !$0.isEmpty && $0.utf8.allSatisfy { (UInt8(ascii: "!")...UInt8(ascii: "~")).contains($0) }
    }
    /// A slash ends the key in a signature of the second form.
    private static let keyForm = Member.TextForm("a text of letters and digits", pattern: "^[A-Za-z0-9]+$") {
        !$0.isEmpty && $0.utf8.allSatisfy { $0.isLetter || $0.isDigit }
    }

    /// Tokens that the identity service has issued.
    package static let tokens = Collection(
        "tokens",
        in: "otc",
        key: "token",
        members: [
            Member("token", .text(word), says: "What stands in X-Auth-Token."),
            Member(
                "project_id",
                .text(.nonempty),
                .optional,
                says: "The project it is for; * for every project, which no real token is; none without it.",
            ),
            permissions,
            Member("expires_at", .timestamp(fractionDigits: 6), .optional, says: Member.expiry.summary),
            Member("revoked", .boolean, .standard(false), says: "Whether it was withdrawn before it ran out."),
            Member(
                "domain_id",
                .text(.nonempty),
                .optional,
                says: "The account it is for, where it is for no project.",
            ),
            Member("user", .object(holderMembers), .optional, says: "Whom it was issued to."),
            Member("methods", .list(of: .text(.nonempty)), .optional, says: "How that one logged in."),
            Member("issued_at", .timestamp(fractionDigits: 6), .optional, says: "When it was issued."),
            .note,
        ],
    )

    private static let holderMembers = [
        Member("id", .text(.nonempty)), Member("name", .text(.any)),
        Member("domain", .object([Member("id", .text(.nonempty)), Member("name", .text(.any))])),
        Member("password_expires_at", .timestamp(fractionDigits: 0), .optional),
    ]

    /// Access keys, with which requests are signed.
    package static let accessKeys = Collection(
        "access_keys",
        in: "otc",
        key: "access_key",
        members: [
            Member("access_key", .text(keyForm)),
            Member("secret_key", .text(.nonempty)),
            Member(
                "domain_id",
                .text(.nonempty),
                says: "The account whose projects it reaches; * for every account, which no real key is.",
            ),
            Member("security_token", .text(.nonempty), .optional, says: "What a temporary key is sent with."),
            permissions, .expiry, .note,
        ],
    )

    /// What the identity service keeps: accounts, credentials, and the projects that they are good for.
    package static let accounts = [domains, users, tokens, accessKeys, projects]

    /// What both other services keep: that, and the objects behind both lists.
    package static let collections = accounts + [endpointServices, connections, whitelist, endpoints]
}
