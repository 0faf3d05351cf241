internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

typealias Field = BodyMember<APIGAPI.Failure>

extension BodyMember where Failure == APIGAPI.Failure {
    /// Declares a member that has to be there; the error names it, whatever is wrong with it.
    static func required(
        _ name: String,
        _ kind: Member.Kind,
        where holds: @escaping @Sendable (JSON) -> Bool = { _ in true },
    ) -> Self {
        .required(name, kind, missing: .badMember(name), otherwise: .badMember(name), where: holds)
    }

    /// Declares a member that may be left out.
    static func optional(_ name: String, _ kind: Member.Kind) -> Self {
        .optional(name, kind, otherwise: .badMember(name))
    }
}
