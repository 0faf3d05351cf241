package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayStore

extension AtlasAPI {
    /// The realm of the challenge, as recorded.
    static let realm = "MMS Public API"

    /// A service account's token, or the answer to a Digest challenge (contract `atlas.md`, section 2).
    package enum Credentials: Sendable {
        case token(String)
        case digest(DigestResponse, isStale: Bool)
    }

    /// Who asks, and the roles that one has in projects.
    package struct Identity: Sendable {
        /// The credential as the seeds have it.
        let document: JSON.Object

        init(_ document: JSON.Object) {
            self.document = document
        }

        /// What it may do where: a project, or `*` for every one.
        var roles: [(group: String, role: String)] {
            (document["roles"]?.arrayValue ?? []).map {
                ($0["group_id"]?.stringValue ?? "", $0["role"]?.stringValue ?? "")
            }
        }

        /// Whether there is a list of addresses from which the credential may be used.
        fileprivate var hasAccessList: Bool { document.texts("access_list")?.isEmpty == false }

        /// Whether a role in a project allows something there.
        func may(_ action: Action, in group: String) -> Bool {
            roles.contains { ($0.group == group || $0.group == "*") && action.roles.contains($0.role) }
        }
    }

    /// What may be done in a project.
    enum Action: Sendable {
        case read
        case write

        /// The roles that allow it.
        fileprivate var roles: [String] {
            switch self {
            case .read: ["GROUP_READ_ONLY", "GROUP_OWNER"]
            case .write: ["GROUP_OWNER"]
            }
        }
    }

    package static func credentials(of call: borrowing Call<Self>) throws(Failure) -> Credentials {
        let header = AuthorizationHeader(call.request.headers["Authorization"] ?? "")
        if let token = header.bearerToken { return .token(token) }
        guard
            let response = DigestResponse(header, realm: realm, target: call.request.target.pathAndQuery),
            let nonce = DigestNonce(response.nonce)
        else { throw Failure(.unauthenticated) }
        let lifetime = Int64(call.quirks[Quirks.nonceLifetime]) ?? DigestNonce.lifetime
        let isUsed =
            call.quirks.take(Quirks.nonceCount, "increasing")
            && !call.world.nonceCounts.takes(response.count, of: response.nonce)
        let isStale = isUsed || nonce.isStale(at: call.now, after: lifetime)
        // In mode known, stale is said only of what is right otherwise.
        if isStale, call.world.authentication != .known { throw .challenge(isStale: true) }
        return .digest(response, isStale: isStale)
    }

    package static func identify(_ credentials: Credentials, _ call: borrowing Call<Self>) throws(Failure) -> Identity {
        let document: JSON.Object
        switch credentials {
        case .token(let token):
            guard let row = try call.find(accessTokens, token), let known = try call.document(accessTokens, row)
            else { throw Failure(.unauthenticated) }
            // One that was issued runs by the clock of all, which issued it, whatever the tenant's says.
            let root = known["client_id"] == nil ? call.root : nil
            guard !known.hasExpired(at: call.now(of: root)) else { throw Failure(.unauthenticated) }
            document = known
        case .digest(let response, let isStale):
            guard let known = try call.credential(apiKeys, response.username),
                response.isRight(password: known["private_key"]?.stringValue ?? "", method: call.request.method.name)
            else { throw Failure(.unauthenticated) }
            guard !isStale else { throw .challenge(isStale: true) }
            document = known
        }
        try admit(document, call)
        return Identity(document)
    }

    /// Refuses a credential that may not be used from where the request comes.
    static func admit(_ credential: JSON.Object, _ call: borrowing Call<Self>) throws(Failure) {
        guard admits(credential, call.request.remote) else { throw .notOnAccessList(call.request.remote) }
    }

    /// Whether a credential may be used from an address.
    static func admits(_ credential: JSON.Object, _ address: String) -> Bool {
        let accessList = credential.texts("access_list") ?? []
        return accessList.isEmpty || AccessList(accessList).admits(address)
    }

    /// Refuses who may not do something in a project.
    static func authorize(
        _ call: borrowing Call<Self>,
        to action: Action,
        in group: String,
        _ document: JSON.Object,
    ) throws(Failure) {
        guard let identity = call.identity else { return }
        if document["requiresAccessList"]?.boolValue == true, !identity.hasAccessList {
            throw .accessListRequired(call.request.remote)
        }
        guard identity.may(action, in: group) else { throw Failure(.forbidden) }
    }
}

extension AtlasAPI {
    private static let restrictions = [
        Member(
            "roles",
            .list(
                of: .object([
                    Member("group_id", .text(.nonempty), says: "A project, or * for every one."),
                    Member("role", .choice(["GROUP_READ_ONLY", "GROUP_OWNER"])),
                ])
            ),
            .standard([]),
            says: "What it may do where.",
        ),
        Member(
            "access_list",
            .list(of: .text(AccessList.form)),
            .standard([]),
            says: "From where it may be used; from everywhere when empty.",
        ),
        .expiry, .note,
    ]

    /// Programmatic API keys.
    package static let apiKeys = Collection(
        "api_keys",
        in: "atlas",
        key: "public_key",
        members: [Member("public_key", .text(.nonempty)), Member("private_key", .text(.nonempty))] + restrictions,
    )

    /// Service accounts, which get tokens for their secret.
    package static let serviceAccounts = Collection(
        "service_accounts",
        in: "atlas",
        key: "client_id",
        members: [Member("client_id", .text(.nonempty)), Member("client_secret", .text(.nonempty))] + restrictions,
    )

    /// Tokens that were issued to service accounts.
    package static let accessTokens = Collection(
        "access_tokens",
        in: "atlas",
        key: "token",
        members: [
            Member("token", .text(.token)),
            Member("client_id", .text(.nonempty), .optional, says: "The service account that it was issued to."),
        ] + restrictions,
    )
}
