internal import APIKit
internal import HTTP
internal import JSON
internal import Store

/// A member of a request's body, and what is answered when it is not there or not what it has to be.
struct Field: Sendable {
    let member: Member
    let missing: VPCEPAPI.Failure
    let refused: VPCEPAPI.Failure
    private let holds: @Sendable (JSON) -> Bool

    /// Declares a member that has to be there.
    static func required(
        _ name: String,
        _ kind: Member.Kind,
        missing: VPCEPAPI.Failure = .emptyInput,
        otherwise refused: VPCEPAPI.Failure,
        where holds: @escaping @Sendable (JSON) -> Bool = { _ in true },
    ) -> Self {
        Self(member: Member(name, kind), missing: missing, refused: refused, holds: holds)
    }

    /// Declares a member that may be left out, or be `null`, which is the same.
    static func optional(
        _ name: String,
        _ kind: Member.Kind,
        otherwise refused: VPCEPAPI.Failure = .badMember,
        where holds: @escaping @Sendable (JSON) -> Bool = { _ in true },
    ) -> Self {
        Self(
            member: Member(name, kind, .optional, nullable: true),
            missing: .emptyInput,
            refused: refused,
            holds: holds
        )
    }

    /// The same member, which may be left out.
    var whenThere: Self { .optional(member.name, member.kind, otherwise: refused, where: holds) }

    /// The member's value; `nil` when it is left out.
    fileprivate func value(in object: JSON.Object) throws(VPCEPAPI.Failure) -> JSON? {
        guard let value = object[member.name], !value.isNull else {
            if case .required = member.presence { throw missing }
            return nil
        }
        if case .required = member.presence, value == "" || value == [] { throw missing }
        do throws(Violation) {
            let checked = try [member].checked([member.name: value])[member.name]
            guard let checked, holds(checked) else { throw Violation(at: JSON.Pointer(), "") }
            return checked
        } catch {
            throw refused
        }
    }
}

/// What a request brings: a JSON object, of which members that nobody knows are left aside.
struct RequestBody {
    private let object: JSON.Object

    /// - Throws: the error for a body that is missing, no JSON, no object, or one that says something twice.
    init(_ call: borrowing Call<VPCEPAPI>) throws(VPCEPAPI.Failure) {
        if call.request.body.isEmpty, call.quirks.take(Quirks.emptyBody, "0011") { throw .bodyIsNull }
        guard let object = try call.json().objectValue, object.duplicateNames.isEmpty else { throw .invalidRequest }
        self.object = object
    }

    /// The members that are there, in the order in which they are declared and looked at.
    func read(_ fields: [Field]) throws(VPCEPAPI.Failure) -> JSON.Object {
        var members: JSON.Object = [:]
        for field in fields { members[field.member.name] = try field.value(in: object) }
        return members
    }

    /// What is taken.
    static func schema(_ fields: [Field]) -> JSON.Object { fields.map(\.member).takenSchema }
}
