internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension IdentityAPI {
    /// How long a token is good, in seconds.
    private static let validity: Int64 = 86_400

    /// Obtaining a User Token, with a password or with another token.
    static func createToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        if let type = call.mediaType, type != "application/json" { throw Failure(.unsupportedMediaType(type)) }
        let withoutCatalog = try call.query(noCatalog) != nil
        let login = try Login(try call.json())
        let holder = try Holder(login, call)
        let scope = try holder.scope(login.scope, call)
        let token = try issue(to: holder, for: scope, by: login.methods, call)
        return try reply(.created, token, withoutCatalog: withoutCatalog, call)
    }

    /// Verifying a Token and Returning a Valid Token.
    static func validateToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let withoutCatalog = try call.query(noCatalog) != nil
        guard let token = try validToken(subject(call), call) else { throw .noToken }
        try authorize(on: token, call)
        return try reply(.ok, token, withoutCatalog: withoutCatalog, call)
    }

    /// Deleting a User Token, "no matter whether the token has expired or not".
    static func deleteToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let text = subject(call)
        guard isToken(text), let row = try call.find(OTC.tokens, text), let token = try call.document(OTC.tokens, row)
        else { throw .noToken }
        try authorize(on: token, call)
        try call.write { rows in
            guard let row = try rows.find(OTC.tokens, [text]), var token = try rows.document(OTC.tokens, row),
                token["revoked"]?.boolValue != true
            else { throw Failure.noToken }
            token["revoked"] = true
            try rows.update(row, in: OTC.tokens, to: token)
        }
        return Reply(.noContent, body: [])
    }

    /// The header with the token that is spoken of.
    static let subjectToken = "X-Subject-Token"

    /// The token that is spoken of.
    private static func subject(_ call: borrowing Call<Self>) -> String {
        call.request.headers[subjectToken] ?? ""
    }

    /// One's own token is anybody's to look at and to delete; another one of the account takes a role.
    private static func authorize(on token: JSON.Object, _ call: borrowing Call<Self>) throws(Failure) {
        guard call.identity != nil else { return }
        let caller = try Caller(call)
        if let own = caller.token, own["token"] == token["token"] { return }
        try authorize("secu_admin", call)
        let owner = try Account.owner(of: token, call)
        guard caller.account == nil || caller.account == owner else { throw .denied }
    }
}

extension IdentityAPI {
    /// What the key of a row can be.
    private static func isToken(_ text: String) -> Bool { !text.isEmpty && !text.utf8.contains(0) }

    /// A token that is good; `nil` when there is none, or it has run out or was withdrawn.
    static func validToken(_ text: String, _ call: borrowing Call<Self>) throws(Failure) -> JSON.Object? {
        guard isToken(text), let row = try call.find(OTC.tokens, text) else { return nil }
        guard let token = try call.document(OTC.tokens, row), token["revoked"]?.boolValue != true else { return nil }
        return token.hasExpired(at: now(of: token, call)) ? nil : token
    }

    /// What time it is for the project that a token is for.
    private static func now(of token: JSON.Object, _ call: borrowing Call<Self>) -> Timestamp {
        call.now(of: token["project_id"]?.stringValue.map { Root(OTC.projects, $0) })
    }

    /// Writes a new token down.
    private static func issue(
        to holder: Holder,
        for scope: Holder.Scope,
        by methods: [String],
        _ call: borrowing Call<Self>
    ) throws(Failure) -> JSON.Object {
        var token: JSON.Object = [
            "permissions": .array(holder.permissions.map(JSON.string)),
            "user": .object(holder.user),
            "methods": .array(methods.map(JSON.string)),
        ]
        switch scope {
        case .project(let project): token["project_id"] = .string(project.id)
        case .account(let account): token["domain_id"] = .string(account.id)
        }
        let issued = now(of: token, call)
        let expiry = holder.expiry ?? issued.advanced(bySeconds: validity)
        token["issued_at"] = .string(issued.text(fractionDigits: 6))
        token["expires_at"] = .string(expiry.text(fractionDigits: 6))
        let world = call.world
        let document = token
        return try call.write { rows in
            var token = document
            repeat {
                token["token"] = .string(world.freshIdentifier(at: issued).hexadecimal)
            } while try rows.find(OTC.tokens, [token["token"]?.stringValue ?? ""]) != nil
            try rows.insert(token, into: OTC.tokens, under: nil)
            return token
        }
    }

    /// Shows a token: itself in a header, what it is good for in the body.
    private static func reply(
        _ status: Status,
        _ token: JSON.Object,
        withoutCatalog: Bool,
        _ call: borrowing Call<Self>
    ) throws(Failure) -> Reply {
        var project: Project?
        if let id = token["project_id"]?.stringValue { project = try Project.named(id, call) }
        let issued = token["issued_at"]?.stringValue.flatMap { Timestamp($0) } ?? now(of: token, call)
        let expiry = token.expiry ?? issued.advanced(bySeconds: validity)
        var body: JSON.Object = [
            "methods": token["methods"] ?? ["password"],
            "expires_at": .string(expiry.fullText + "Z"),
            "issued_at": .string(issued.fullText + "Z"),
            "user": user(of: token),
        ]
        if let project {
            let account = try Account.named(project.domainID, call)
            body["project"] = ["id": .string(project.id), "name": .string(project.name), "domain": account.json]
        } else if let owner = try Account.owner(of: token, call) {
            body["domain"] = try Account.named(owner, call).json
        }
        body["roles"] = roles(of: token)
        switch (withoutCatalog, call.quirks[Quirks.noCatalog]) {
        case (false, _): body["catalog"] = Catalog.entries(for: project, origin: call.origin)
        case (true, "absent"): break
        case (true, _): body["catalog"] = []
        }
        let subject = token["token"]?.stringValue ?? ""
        return Reply(status, headers: [(subjectToken, subject)], json: ["token": .object(body)])
    }

    /// The user with all members; tokens of the seeds may be nobody's.
    private static func user(of token: JSON.Object) -> JSON {
        let nobody: JSON = ["id": "0", "name": "nobody", "domain": ["id": "0", "name": "nobody"]]
        var user = (token["user"] ?? nobody).objectValue ?? [:]
        let end = user["password_expires_at"]?.stringValue.flatMap { Timestamp($0) }
        user["password_expires_at"] = end.map { .string($0.fullText) } ?? .null
        return .object(user)
    }

    /// The policies that stand for all permissions, and for some.
    private static func roles(of token: JSON.Object) -> JSON {
        guard let permissions = token.texts("permissions"), !permissions.isEmpty else { return [] }
        return [["id": "0", "name": permissions.contains("*") ? "te_admin" : "readonly"]]
    }
}

extension Timestamp {
    /// With all six digits after the second, and no zone.
    fileprivate var fullText: String {
        let digits = String((microseconds % 1_000_000 + 1_000_000) % 1_000_000 + 1_000_000).dropFirst()
        return text(fractionDigits: 0).dropLast() + "." + digits
    }
}
