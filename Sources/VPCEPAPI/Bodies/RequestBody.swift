internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

typealias Field = BodyMember<VPCEPAPI.Failure>

extension BodyMember where Failure == VPCEPAPI.Failure {
    /// Declares a member that has to be there, of which the table has no word for its absence.
    static func required(
        _ name: String,
        _ kind: Member.Kind,
        otherwise refused: Failure,
        where holds: @escaping @Sendable (JSON) -> Bool = { _ in true },
    ) -> Self {
        .required(name, kind, missing: .emptyInput, otherwise: refused, where: holds)
    }

    /// Declares a member that may be left out, of which the table has no word.
    static func optional(
        _ name: String,
        _ kind: Member.Kind,
        where holds: @escaping @Sendable (JSON) -> Bool = { _ in true },
    ) -> Self {
        .optional(name, kind, otherwise: .badMember, where: holds)
    }
}

extension RequestBody where A == VPCEPAPI {
    /// Reads the body.
    init(_ call: borrowing Call<VPCEPAPI>) throws(VPCEPAPI.Failure) {
        if call.request.body.isEmpty, call.quirks.take(Quirks.emptyBody, "0011") { throw .bodyIsNull }
        try self.init(call, otherwise: .invalidRequest)
    }
}
