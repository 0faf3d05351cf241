internal import APIKit
internal import HTTP
internal import JSON
internal import OTCKit
internal import Store

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
