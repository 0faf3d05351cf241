internal import PatchbayAPIKit
internal import PatchbayJSON
package import PatchbayStore

/// Accounts and their users, who log in to the identity service.
extension OTC {
    /// Accounts, which the documents also call domains: they own projects.
    package static let domains = Collection(
        "domains",
        in: "otc",
        key: "id",
        members: [
            Member("id", .text(.hexadecimal(32)), says: "What projects name as their account."),
            Member("name", .text(.nonempty.atMost(64)), says: "What users name when they log in."),
        ],
        unique: ["name"],
    )

    /// Users of an account.
    package static let users = Collection(
        "users",
        in: "otc",
        under: domains,
        key: "id",
        members: [
            Member("id", .text(.hexadecimal(32))),
            Member("name", .text(.nonempty.atMost(64)), says: "What the user logs in with."),
            Member("password", .text(.nonempty)),
            Member("permissions", .list(of: .text(.nonempty)), says: "What the user's tokens may be used for."),
            Member(
                "projects",
                .list(of: .text(.nonempty)),
                .standard(["*"]),
                says: "The projects of the account that the user reaches, by identifier; * for all of them.",
            ),
            Member("enabled", .boolean, .standard(true), says: "Whether the user may log in."),
            Member(
                "password_expires_at",
                .timestamp(fractionDigits: 0),
                .optional,
                says: "When the password runs out; never without it.",
            ),
            .note,
        ],
        unique: ["name"],
    )
}
