package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayStore

extension ConfluentAPI {
    /// An API key with its secret, or a token (contract `confluent.md`, section 2).
    package enum Credentials: Sendable {
        case key(String, secret: String)
        case token(String)
    }

    /// Who asks, and how far that one reaches.
    package struct Identity: Sendable {
        /// The name in errors.
        let user: String
        /// The only one when there is one.
        var organization: String?
        /// All when `nil`.
        let environments: [String]?
        let role: String

        init(
            user: String,
            organization: String? = nil,
            environments: [String]? = nil,
            role: String = ConfluentAPI.writers[0],
        ) {
            self.user = user
            self.organization = organization
            self.environments = environments
            self.role = role
        }

        /// Who has a credential of the seeds.
        init(user: String, credential: JSON.Object) {
            self.init(
                user: user,
                organization: credential["organization"]?.stringValue,
                environments: credential.texts("environments"),
                role: credential["role"]?.stringValue ?? "",
            )
        }

        /// Whether it may create, replace and delete.
        var mayWrite: Bool { ConfluentAPI.writers.contains(role) }

        /// Whether it belongs to an organization.
        func reaches(_ organization: String) -> Bool {
            self.organization?.utf8.elementsEqual(organization.utf8) ?? true
        }

        /// Whether it reaches an environment.
        func reaches(_ organization: String, environment: String) -> Bool {
            reaches(organization) && environments?.contains(environment) ?? true
        }
    }

    package static func credentials(of call: borrowing Call<Self>) throws(Failure) -> Credentials {
        let header = AuthorizationHeader(call.request.headers["Authorization"] ?? "")
        if let token = header.bearerToken, call.quirks.take(Quirks.credentials, "all") { return .token(token) }
        if let pair = header.basicPair, !pair.user.isEmpty { return .key(pair.user, secret: pair.password) }
        throw Failure(.unauthenticated)
    }

    package static func identify(_ credentials: Credentials, _ call: borrowing Call<Self>) throws(Failure) -> Identity {
        let known: JSON.Object?
        switch credentials {
        case .token(let token):
            // It was handed out by the clock of all, whatever the tenant's says.
            if let own = AccessToken(token, at: call.now(of: nil)) { return own.identity }
            known = try call.credential(tokens, token)
        case .key(let key, let secret):
            let document = try call.credential(apiKeys, key)
            let isTaken = call.quirks.take(Quirks.credentials, "all") || document?["kind"]?.stringValue != "cloud"
            let isRight = document?["secret"]?.stringValue.map { $0.utf8.elementsEqual(secret.utf8) } ?? false
            known = isTaken && isRight ? document : nil
        }
        guard let known else { throw Failure(.unauthenticated) }
        let user = known["key"]?.stringValue ?? known["user"]?.stringValue ?? ""
        return Identity(user: user, credential: known)
    }

    /// Who asks, as errors name it.
    static func user(of call: borrowing Call<Self>) -> String {
        if let identity = call.identity { return identity.user }
        if case .key(let key, _)? = call.credentials { return key }
        return "unknown"
    }

    /// Refuses who does not reach an environment, or may only read there.
    static func authorize(
        _ call: borrowing Call<Self>,
        in path: [String],
        toWrite writes: Bool = false,
    ) throws(Failure) {
        guard let identity = call.identity else { return }
        guard identity.reaches(path[0], environment: path[1]), identity.mayWrite || !writes else {
            throw .forbidden(user: identity.user, resource: path[1])
        }
    }
}

extension ConfluentAPI {
    private static let organization = Member(
        "organization",
        .text(.uuid),
        .optional,
        says: "The organization it belongs to; every one without it.",
    )

    private static let environmentList = Member(
        "environments",
        .list(of: .text(.nonempty)),
        .optional,
        says: "The environments it reaches; all without it.",
    )

    /// The roles that may create, replace and delete connections; the others may only refer to them.
    fileprivate static let writers = ["OrganizationAdmin", "EnvironmentAdmin", "FlinkAdmin"]

    private static let role = Member(
        "role",
        .choice(writers + ["FlinkDeveloper", "ModelResourceOwner"]),
        .standard("OrganizationAdmin"),
        says: "What it may do there; the last two may only read.",
    )

    /// A colon would be taken for the end of the key (RFC 7617, section 2).
    private static let keyForm = Member.TextForm("a key without a colon", pattern: "^[^:]+$") {
        !$0.isEmpty && !$0.utf8.contains(UInt8(ascii: ":"))
    }

    /// API keys.
    package static let apiKeys = Collection(
        "api_keys",
        in: "confluent",
        key: "key",
        members: [
            Member("key", .text(keyForm)), Member("secret", .text(.any)),
            Member("kind", .choice(["flink", "global", "cloud"]), .standard("flink")),
            organization, environmentList, role, .expiry, .note,
        ],
    )

    /// Tokens, of the data plane or of an identity provider.
    package static let tokens = Collection(
        "tokens",
        in: "confluent",
        key: "token",
        members: [
            Member("token", .text(.token)),
            Member("user", .text(.nonempty), .standard("u-patchbay"), says: "Whose token it is, as errors name it."),
            organization, environmentList, role, .expiry, .note,
        ],
    )

    /// Users, who log in with the vendor's CLI.
    package static let users = Collection(
        "users",
        in: "confluent",
        key: "email",
        members: [
            Member("email", .text(.nonempty)), Member("password", .text(.nonempty)),
            organization, environmentList, role, .expiry, .note,
        ],
    )
}
