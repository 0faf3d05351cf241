internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// Whom a token is issued to.
struct Holder {
    /// The user as tokens hold it.
    var user: JSON.Object
    /// The user's account.
    var account: Account
    /// Whether the user is one of the seeds, and is bound to what stands there.
    var isKnown: Bool
    var permissions: [String]
    /// The projects of the account that the user reaches, by identifier; * for all of them.
    var projects: [String]
    /// When the token runs out from which this one is made.
    var expiry: Timestamp?

    private init(_ user: JSON.Object, of account: Account) {
        self.user = [
            "id": user["id"] ?? "", "name": user["name"] ?? "", "domain": account.json,
        ]
        self.user["password_expires_at"] = user["password_expires_at"]
        self.account = account
        isKnown = true
        permissions = user.texts("permissions") ?? []
        projects = user.texts("projects") ?? ["*"]
    }

    /// A user that nobody knows, where any credentials are taken: the same name always gets the same identifier.
    private init(madeUp reference: Login.Reference, of account: Account) {
        let id = reference.id ?? Self.identifier(reference.text)
        user = ["id": .string(id), "name": .string(reference.name ?? id), "domain": account.json]
        self.account = account
        isKnown = false
        permissions = ["*"]
        projects = ["*"]
    }

    /// 32 hexadecimal digits that begin with those of a text.
    private static func identifier(_ text: String) -> String {
        let digits = text.utf8.prefix(16).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        return digits + String(repeating: "0", count: 32 - digits.utf8.count)
    }
}

extension Holder {
    /// Who a log-in shows to be.
    ///
    /// - Throws: when nobody is known by that, or it is not shown.
    init(_ login: Login, _ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) {
        var holder: Holder?
        if let token = login.token { holder = try Self.holder(of: token, call) }
        if let user = login.user { holder = try Self.holder(user, call) }
        guard let holder else { throw .malformedBody }
        self = holder
    }

    private static func holder(
        _ user: Login.User,
        _ call: borrowing Call<IdentityAPI>
    ) throws(IdentityAPI.Failure) -> Holder {
        let accounts = try Account.all(call).filter { user.domain?.matches(id: $0.id, name: $0.name) ?? true }
        let isStrict = call.world.authentication == .known
        for (keys, document) in try call.documents(in: OTC.users) {
            guard let account = accounts.first(where: { $0.id == keys.first }) else { continue }
            let name = document["name"]?.stringValue ?? ""
            guard user.reference.matches(id: keys.last ?? "", name: name) else { continue }
            guard !isStrict || admits(document, user.password, call) else { throw .wrongPassword(call.quirks) }
            return Holder(document, of: account)
        }
        guard !isStrict else { throw .wrongPassword(call.quirks) }
        let domain = user.domain ?? user.reference
        let account = user.domain == nil ? nil : accounts.first
        let madeUp = Account(id: domain.id ?? identifier(domain.text), name: domain.text)
        return Holder(madeUp: user.reference, of: account ?? madeUp)
    }

    private static func admits(
        _ user: JSON.Object,
        _ password: String,
        _ call: borrowing Call<IdentityAPI>
    ) -> Bool {
        let end = user["password_expires_at"]?.stringValue.flatMap { Timestamp($0) }
        return user["password"]?.stringValue?.utf8.elementsEqual(password.utf8) == true
            && user["enabled"]?.boolValue != false && end.map { $0 > call.now } ?? true
    }

    private static func holder(
        of token: String,
        _ call: borrowing Call<IdentityAPI>
    ) throws(IdentityAPI.Failure) -> Holder {
        guard let document = try IdentityAPI.validToken(token, call) else {
            guard call.world.authentication != .known else { throw IdentityAPI.Failure(OTCRefusal.unknownToken) }
            let reference = Login.Reference(id: nil, name: "token")
            return Holder(madeUp: reference, of: Account(id: identifier("token"), name: "token"))
        }
        let owner = try Account.owner(of: document, call)
        let account = try owner.map { id throws(IdentityAPI.Failure) in try Account.named(id, call) }
        let usual = Account(id: identifier("token"), name: "token")
        var holder = Holder(madeUp: Login.Reference(id: nil, name: "token"), of: account ?? usual)
        // A token of every project is good for any account, and so is that of a user who is made up.
        holder.isKnown = false
        if let owner {
            let exists = try Account.exists(owner, call)
            holder.isKnown = exists || call.world.authentication == .known
        }
        if let user = document["user"]?.objectValue {
            holder.user = user
            let row = try call.find(OTC.users, holder.account.id, user["id"]?.stringValue ?? "")
            if let row { holder.projects = try call.document(OTC.users, row)?.texts("projects") ?? ["*"] }
        } else if let project = document["project_id"]?.stringValue {
            holder.projects = [project]
        }
        holder.permissions = document.texts("permissions") ?? []
        holder.expiry = document.expiry
        return holder
    }
}

extension Holder {
    /// What the token is to be for: a project, or an account.
    enum Scope {
        case project(Project)
        case account(Account)
    }

    /// Looks up what a log-in wants the token for.
    ///
    /// - Throws: when there is no such project or account, or the user does not reach it.
    func scope(_ wanted: Login.Scope, _ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) -> Scope {
        switch wanted {
        case .usual: return .account(account)
        case .domain(let reference):
            let accounts = isKnown ? [account] : try Account.all(call) + [account]
            guard let found = accounts.first(where: { reference.matches(id: $0.id, name: $0.name) }) else {
                throw .noScope("domain", reference.text, call.quirks)
            }
            return .account(found)
        case .project(let reference, let domain):
            let accounts = try Account.all(call)
            // An account that no seed describes is known by its identifier alone.
            let isOfDomain = { (id: String) in
                let name = accounts.first { $0.id == id }?.name ?? id
                return domain?.matches(id: id, name: name) ?? true
            }
            // Of a user that is made up, the account may be: then it does not count.
            let isBound = isKnown || accounts.contains { $0.id == account.id }
            let found = try Project.all(call).first { project in
                reference.matches(id: project.id, name: project.name)
                    && (!isBound || project.domainID == account.id) && (isOfDomain(project.domainID) || !isBound)
            }
            guard let found else { throw .noScope("project", reference.text, call.quirks) }
            guard projects.contains("*") || projects.contains(found.id) else { throw .denied }
            return .project(found)
        }
    }
}
