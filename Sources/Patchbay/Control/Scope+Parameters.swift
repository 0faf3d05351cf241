internal import PatchbayAPIKit
internal import PatchbayJSON

extension Scope {
    /// The tenant that a call is about.
    static let tenant = Parameter<String?>.text("tenant").description
    /// The API that it is a tenant of.
    static let api = Parameter<String?>.text("api").description
    /// What says which tenant a call is about.
    static let parameters = [tenant, api]
}

extension JSON {
    /// How many there are.
    static func count(_ count: some BinaryInteger) -> JSON { .number(JSON.Number(Int64(clamping: count))) }
}
