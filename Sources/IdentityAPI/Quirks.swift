internal import PatchbayAPIKit

/// Where the documents leave more than one reading (contract `vpcep.md`, section 2.2).
enum Quirks {
    static let wrongPassword = Quirk(
        "identity.wrongPassword",
        "Contract vpcep.md, 2.2: the documents of Huawei Cloud have other words than the live Open Telekom Cloud.",
        ("documented", "401 \"The username or password is wrong.\""),
        ("live", "401 \"Unauthorized.\""),
    )
    static let unknownProject = Quirk(
        "identity.unknownProject",
        "Obtaining a User Token: the status codes have 401 and 404; what a scope that does not exist gets is not said.",
        ("404", "404 \"Could not find project: …\", likewise for accounts."),
        ("401", "401 \"The request you have made requires authentication.\", as Keystone does."),
    )
    static let noCatalog = Quirk(
        "identity.noCatalog",
        "Obtaining a User Token: with nocatalog \"no catalog information will be displayed\"; a sample has an empty list.",
        ("empty", "catalog is an empty list."),
        ("absent", "There is no catalog."),
    )

    static let all = [wrongPassword, unknownProject, noCatalog]
}
