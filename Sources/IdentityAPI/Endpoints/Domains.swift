internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

extension IdentityAPI {
    /// Querying the List of Domains Accessible to Users.
    static func listAuthDomains(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = try Caller(call).account
        let accounts = if let account { [try Account.named(account, call)] } else { try Account.all(call) }
        let origin = call.origin
        let domains = accounts.map { account -> JSON in
            [
                "description": "",
                "enabled": true,
                "id": .string(account.id),
                "links": ["self": .string("\(origin)/v3/domains/\(account.id)")],
                "name": .string(account.name),
            ]
        }
        return Reply(json: ["domains": .array(domains), "links": listLinks(call)], rows: domains.count)
    }
}
