internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension CloudflareAPI {
    /// List accounts: those that whoever asks may read.
    static func accountsListAccounts(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let window = try DirectoryPaging(call)
        let name = try call.query(DirectoryPaging.name)
        let isDescending = try call.query(DirectoryPaging.direction) == "desc"
        let found = try readableAccounts(call).filter { name == nil || $0["name"]?.stringValue == name }
        return window.reply(isDescending ? found.reversed() : found, call.quirks)
    }

    /// Account details.
    static func accountsAccountDetails(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let id = call.capture("account_id").text
        guard
            call.identity?.reaches(id) ?? true, let row = try call.find(accounts, id),
            let account = try call.document(accounts, row)
        else { throw .unauthorizedResource }
        return Envelope.product(.object(account), .ok, call.quirks)
    }

    /// List memberships: one for each account, all of them accepted.
    static func listMemberships(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let window = try DirectoryPaging(call)
        if call.identity?.isAccount == true { throw .authenticationFailed }
        let role = call.identity?.mayWrite ?? true ? "Super Administrator - All Privileges" : "Administrator Read Only"
        let memberships = try readableAccounts(call).map { account -> JSON.Object in
            let id = account["id"]?.stringValue ?? ""
            return [
                "id": .string(Fingerprint.hexadecimal(of: "membership \(id)")),
                "status": "accepted",
                "account": ["id": .string(id), "name": account["name"] ?? .null],
                "roles": [.string(role)],
            ]
        }
        return window.reply(memberships, call.quirks)
    }

    /// User details.
    static func userDetails(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        if call.identity?.isAccount == true { throw .invalidAccessToken }
        var email = "user@example.com"
        if case .key(_, let address) = call.credentials { email = address }
        let user: JSON.Object = [
            "id": .string(Fingerprint.hexadecimal(of: "user \(email)")),
            "email": .string(email),
            "first_name": nil, "last_name": nil, "telephone": nil, "country": nil, "zipcode": nil,
            "two_factor_authentication_enabled": false, "suspended": false,
        ]
        return Envelope.product(.object(user), .ok, call.quirks)
    }

    /// The accounts that whoever asks may read, by name, then by identifier.
    private static func readableAccounts(_ call: borrowing Call<Self>) throws(Failure) -> [JSON.Object] {
        let identity = call.identity
        let found = try call.documents(in: accounts).filter { identity?.reaches($0.keys[0]) ?? true }
        return found.map { (place: "\($0.document["name"]?.stringValue ?? "")\0\($0.keys[0])", account: $0.document) }
            .sorted { $0.place.utf8.lexicographicallyPrecedes($1.place.utf8) }
            .map(\.account)
    }

    /// The row of an account, which its first resource brings about: a double cannot know all accounts (contract section 8.25).
    static func accountRow(_ id: String, _ rows: borrowing Transaction) throws -> RowID {
        if let row = try rows.find(accounts, [id]) { return row }
        let moment = JSON.string(rows.now.text(fractionDigits: 0))
        return try rows.insert(["id": .string(id), "created_on": moment], into: accounts, under: nil)
    }
}
