package import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit

extension IdentityAPI {
    /// Accounts with as many users.
    package static func samples(rows: Int) -> (collection: String, samples: [Sample]) {
        let numbers = rows == 0 ? [0] : [rows, 0]
        let samples = numbers.map { number in
            let users = Sample.Rows.plain(count: number) { place in
                [
                    "id": .string("1" + Sample.digits(place, 31)),
                    "name": .string("user-\(place)"),
                    "password": .string("password-\(place)"),
                    "permissions": ["*"],
                ]
            }
            let account: JSON.Object = [
                "id": .string(Sample.digits(number, 32)), "name": .string("account-\(number)"),
            ]
            return Sample(account, [("users", users)])
        }
        return ("domains", samples)
    }
}
