internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// How the vendor's CLI logs in, in the forms of its own test server.
extension ConfluentAPI {
    /// Whether an address of an e-mail belongs to single sign-on: none does here.
    static func getLoginRealm(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        Reply(json: ["is_sso": false, "realm": ""])
    }

    /// Hands out a token for an e-mail and a password.
    static func createSession(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let body = try objectBody(call)
        guard
            let email = body["email"]?.stringValue, let password = body["password"]?.stringValue,
            !email.isEmpty, !password.isEmpty
        else { throw Failure(.unauthenticated) }
        var identity = Identity(user: email)
        if call.world.authentication == .known {
            let user = try call.credential(users, email)
            guard let user, user["password"]?.stringValue?.utf8.elementsEqual(password.utf8) ?? false else {
                throw .forbidden(user: email, resource: "session")
            }
            identity = Identity(user: email, credential: user)
        }
        let wanted = body["org_resource_id"]?.stringValue ?? ""
        let organization = try organization(of: identity, call) { wanted.isEmpty || $0 == wanted }
        guard let organization else { throw .forbidden(user: email, resource: wanted) }
        identity.organization = organization["id"]?.stringValue
        return Reply(json: [
            "organization": shown(account: organization),
            "token": .string(AccessToken(identity: identity, issued: call.now).text),
            "user": shown(user: identity),
        ])
    }

    /// Who asks, and what that one reaches.
    static func getMe(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let identity = call.identity ?? Identity(user: user(of: call))
        guard let organization = try organization(of: identity, call, where: { _ in true }) else {
            throw .forbidden(user: identity.user, resource: identity.organization ?? "")
        }
        let accounts = try call.documents(in: environments)
            .filter { .string($0.keys[0]) == organization["id"] }
            .filter { identity.reaches($0.keys[0], environment: $0.keys[1]) }
            .map { environment -> JSON in
                [
                    "id": .string(environment.keys[1]), "name": environment.document["display_name"] ?? .null,
                    "org_resource_id": .string(environment.keys[0]),
                ]
            }
        return Reply(json: [
            "accounts": .array(accounts), "organization": shown(account: organization), "user": shown(user: identity),
        ])
    }

    /// The first organization that an identity belongs to, among those that are wanted; one that was made only where there
    /// is no other.
    private static func organization(
        of identity: Identity,
        _ call: borrowing Call<Self>,
        where isWanted: (String) -> Bool,
    ) throws(Failure) -> JSON.Object? {
        let made = try call.madeRoots()
        let place = { (key: String) in (made.contains(Root(organizations, key)) ? "1" : "0") + key }
        return try call.documents(in: organizations)
            .filter { identity.reaches($0.keys[0]) && isWanted($0.keys[0]) }
            .min { place($0.keys[0]) < place($1.keys[0]) }?.document
    }

    private static func shown(account organization: JSON.Object) -> JSON {
        ["name": organization["display_name"] ?? .null, "resource_id": organization["id"] ?? .null]
    }

    private static func shown(user identity: Identity) -> JSON {
        ["email": .string(identity.user), "resource_id": "u-patchbay"]
    }
}
