package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayStore

extension CloudflareAPI {
    /// A token, or an email address with its key (contract `cloudflare.md`, section 2).
    package enum Credentials: Sendable {
        case token(String)
        case key(String, email: String)
    }

    /// Who asks, and what that one may do.
    package struct Identity: Sendable {
        /// The accounts that may be read; all when `nil`.
        fileprivate let accounts: [String]?
        /// Whether what they hold may be changed.
        let mayWrite: Bool
        /// Whether this is an account itself, and no user.
        let isAccount: Bool

        fileprivate init(_ document: JSON.Object) {
            accounts = document.texts("accounts")
            mayWrite = document["access"] != "read"
            isAccount = document["owner"] == "account"
        }

        /// Whether an account may be read.
        func reaches(_ account: String) -> Bool { accounts?.contains(account) ?? true }
    }

    package static func credentials(of call: borrowing Call<Self>) throws(Failure) -> Credentials {
        let headers = call.request.headers
        if let authorization = headers["Authorization"] {
            let header = AuthorizationHeader(authorization)
            if let token = header.bearerToken { return .token(token) }
            if header.scheme == "bearer", header.rest.isEmpty, call.quirks.take(Quirks.emptyBearer, "9106") {
                throw Failure(.unauthenticated)
            }
            throw .malformedHeaders([Failure.malformedAuthorization])
        }
        guard let email = headers["X-Auth-Email"], let key = headers["X-Auth-Key"], !email.isEmpty, !key.isEmpty else {
            throw Failure(.unauthenticated)
        }
        var malformed: [Failure.Entry] = []
        if !isEmail(email) { malformed.append(Failure.malformedEmail) }
        if !isKey(key) { malformed.append(Failure.malformedKey) }
        guard malformed.isEmpty else { throw .malformedHeaders(malformed) }
        return .key(key, email: email)
    }

    package static func identify(_ credentials: Credentials, _ call: borrowing Call<Self>) throws(Failure) -> Identity {
        switch credentials {
        case .token(let token):
            let document = try call.credential(apiTokens, token)
            guard let document, document["status"] == "active" else {
                // What asks about no account has an error of its own (contract section 2.2).
                throw call.capture("account_id").raw.isEmpty ? .invalidAccessToken : .unknownToken
            }
            return Identity(document)
        case .key(let key, let email):
            let document = try call.credential(globalKeys, email)
            guard let document, document["key"]?.stringValue == key else { throw .unknownKey }
            return Identity(document)
        }
    }

    /// The account of a call's path, when whoever asks may do so there.
    ///
    /// - Parameters:
    ///   - call: the call.
    ///   - mayWrite: whether something is to be changed.
    /// - Returns: the account, and its row if there is one.
    /// - Throws: 10000.
    static func allowedAccount(
        _ call: borrowing Call<Self>,
        mayWrite: Bool = false,
    ) throws(Failure) -> (id: String, row: RowID?) {
        let account = call.capture("account_id").text
        if let identity = call.identity {
            guard identity.reaches(account), !mayWrite || identity.mayWrite else { throw Failure(.forbidden) }
        }
        let row = try call.find(accounts, account)
        if row == nil, call.quirks.take(Quirks.unknownAccount, "403") { throw Failure(.forbidden) }
        return (account, row)
    }

    private static func isEmail(_ text: String) -> Bool {
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && !text.contains(where: \.isWhitespace)
    }

    /// 32 digits in the document's example, 37 in the wild, newer keys begin with `cfk_`.
    private static func isKey(_ text: String) -> Bool {
        if text.hasPrefix("cfk_") { return text.utf8.count > 4 && text.utf8.allSatisfy(\.isIdentifier) }
        return [32, 37].contains(text.utf8.count) && text.utf8.allSatisfy(\.isHexDigit)
    }
}

extension CloudflareAPI {
    private static let emailForm = Member.TextForm("an email address") { isEmail($0) }
    private static let keyForm = Member.TextForm("32 or 37 hexadecimal digits, or cfk_ and more") { isKey($0) }
    private static let accountList = Member(
        "accounts",
        .list(of: .text(accountID)),
        .optional,
        says: "The accounts it reaches; all without it.",
    )
    private static let access = Member(
        "access",
        .choice(["edit", "read"]),
        .standard("edit"),
        says: "What it may do there.",
    )

    /// API tokens.
    package static let apiTokens = Collection(
        "api_tokens",
        in: "cloudflare",
        key: "token",
        members: [
            Member("token", .text(.token)),
            Member("status", .choice(["active", "disabled", "expired"]), .standard("active")),
            Member("owner", .choice(["user", "account"]), .standard("user"), says: "Whose token it is."),
            accountList, access, .expiry, .note,
        ],
    )

    /// Global keys, by the address that they are sent with.
    package static let globalKeys = Collection(
        "global_keys",
        in: "cloudflare",
        key: "email",
        members: [
            Member("email", .text(emailForm)), Member("key", .text(keyForm)), accountList, access, .expiry, .note,
        ],
    )
}
