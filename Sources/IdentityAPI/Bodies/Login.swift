internal import PatchbayAPIKit
internal import PatchbayJSON

/// What the body of a log-in says: who it is, how that is shown, and what the token is to be for.
struct Login {
    /// Something by its identifier or its name.
    struct Reference {
        var id: String?
        var name: String?

        /// What an error calls it.
        var text: String { id ?? name ?? "" }
    }

    /// A user with a password.
    struct User {
        var reference: Reference
        /// The user's account, without which a name is none.
        var domain: Reference?
        var password: String
    }

    /// What a token is for.
    enum Scope {
        /// The user's own account, for the services that belong to no region.
        case usual
        case domain(Reference)
        /// A project, by name in the account that is named or else in the user's.
        case project(Reference, domain: Reference?)
    }

    let methods: [String]
    private(set) var user: User?
    private(set) var token: String?
    private(set) var scope = Scope.usual

    /// Reads a body.
    ///
    /// - Throws: when it is not what the document describes, or wants a method that there is not.
    init(_ body: JSON) throws(IdentityAPI.Failure) {
        guard let whole = body.objectValue, whole.duplicateNames.isEmpty else { throw .malformedBody }
        let auth = try Self.object("auth", of: whole)
        let identity = try Self.object("identity", of: auth)
        guard let list = identity["methods"]?.arrayValue, !list.isEmpty else { throw .malformedBody }
        methods = list.compactMap(\.stringValue)
        guard methods.count == list.count else { throw .malformedBody }
        guard methods.allSatisfy({ ["password", "token"].contains($0) }) else { throw .unsupportedMethod }
        if methods.contains("password") { user = try Self.user(try Self.object("password", of: identity)) }
        if methods.contains("token") { token = try Self.text("id", of: try Self.object("token", of: identity)) }
        if auth["scope"] != nil { scope = try Self.scope(try Self.object("scope", of: auth)) }
    }

    private static func user(_ password: JSON.Object) throws(IdentityAPI.Failure) -> User {
        let user = try object("user", of: password)
        let reference = try reference(user)
        let domain = user["domain"] == nil ? nil : try Self.reference(try object("domain", of: user))
        guard reference.id != nil || domain != nil else { throw .malformedBody }
        return User(reference: reference, domain: domain, password: try text("password", of: user))
    }

    /// Of a project and an account, the project counts.
    private static func scope(_ scope: JSON.Object) throws(IdentityAPI.Failure) -> Scope {
        var read = Scope.usual
        if scope["domain"] != nil { read = .domain(try reference(try object("domain", of: scope))) }
        guard scope["project"] != nil else { return read }
        let project = try object("project", of: scope)
        let domain = project["domain"] == nil ? nil : try reference(try object("domain", of: project))
        return .project(try reference(project), domain: domain)
    }

    private static func reference(_ object: JSON.Object) throws(IdentityAPI.Failure) -> Reference {
        let id = object["id"] == nil ? nil : try text("id", of: object)
        let name = object["name"] == nil ? nil : try text("name", of: object)
        guard id != nil || name != nil else { throw .malformedBody }
        return Reference(id: id, name: name)
    }

    private static func object(_ name: String, of object: JSON.Object) throws(IdentityAPI.Failure) -> JSON.Object {
        guard let member = object[name]?.objectValue, member.duplicateNames.isEmpty else { throw .malformedBody }
        return member
    }

    private static func text(_ name: String, of object: JSON.Object) throws(IdentityAPI.Failure) -> String {
        guard let text = object[name]?.stringValue, !text.isEmpty else { throw .malformedBody }
        return text
    }
}
