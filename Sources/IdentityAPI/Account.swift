internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit

/// An account, which Keystone calls a domain.
struct Account {
    var id: String
    var name: String

    /// As it stands in tokens.
    var json: JSON { ["id": .string(id), "name": .string(name)] }

    private init(_ document: JSON.Object) {
        id = document["id"]?.stringValue ?? ""
        name = document["name"]?.stringValue ?? ""
    }

    /// One that the seeds name in passing only.
    init(id: String, name: String? = nil) {
        self.id = id
        self.name = name ?? id
    }

    /// All accounts, in the order of the seeds.
    static func all(_ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) -> [Account] {
        try call.documents(in: OTC.domains).map { Account($0.document) }
    }

    /// The account with an identifier, which projects may name without its being described.
    static func named(_ id: String, _ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) -> Account {
        guard let row = try call.find(OTC.domains, id), let document = try call.document(OTC.domains, row) else {
            return Account(id: id)
        }
        return Account(document)
    }

    /// Whether the seeds have an account, if only as the owner of a project; credentials that nobody knows may name others.
    static func exists(_ id: String, _ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) -> Bool {
        if try call.find(OTC.domains, id) != nil { return true }
        return try Project.all(call).contains { $0.domainID == id }
    }

    /// The identifier of the account that a token is for; `nil` when the token says nothing of it.
    static func owner(
        of token: JSON.Object,
        _ call: borrowing Call<IdentityAPI>
    ) throws(IdentityAPI.Failure) -> String? {
        if let domain = token["domain_id"]?.stringValue ?? token["user"]?["domain"]?["id"]?.stringValue {
            return domain
        }
        guard let id = token["project_id"]?.stringValue, let row = try call.find(OTC.projects, id) else { return nil }
        return try call.document(OTC.projects, row)?["domain_id"]?.stringValue
    }
}

extension Login.Reference {
    /// Whether this is meant.
    func matches(id: String, name: String) -> Bool {
        // Byte by byte: for Swift, texts that look alike are the same.
        (self.id.map { $0.hasSameBytes(as: id) } ?? true)
            && (self.name.map { $0.hasSameBytes(as: name) } ?? true)
    }
}
