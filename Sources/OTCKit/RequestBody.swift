package import PatchbayAPIKit
internal import PatchbayHTTP
package import PatchbayJSON
package import PatchbayStore

/// A member of a request's body, and what is answered when it is not there or not what it has to be.
package struct BodyMember<Failure: OTCFailure>: Sendable {
    /// Its name, what it may hold, and whether it has to be there.
    package let member: Member
    private let missing: Failure
    private let refused: Failure
    private let holds: @Sendable (JSON) -> Bool

    /// Declares a member that has to be there, and not to be empty.
    package static func required(
        _ name: String,
        _ kind: Member.Kind,
        missing: Failure,
        otherwise refused: Failure,
        where holds: @escaping @Sendable (JSON) -> Bool = { _ in true },
    ) -> Self {
        Self(member: Member(name, kind), missing: missing, refused: refused, holds: holds)
    }

    /// Declares a member that may be left out, or be `null`, which is the same.
    package static func optional(
        _ name: String,
        _ kind: Member.Kind,
        otherwise refused: Failure,
        where holds: @escaping @Sendable (JSON) -> Bool = { _ in true },
    ) -> Self {
        let member = Member(name, kind, .optional, nullable: true)
        return Self(member: member, missing: refused, refused: refused, holds: holds)
    }

    /// The same member, which may be left out.
    package var whenThere: Self { .optional(member.name, member.kind, otherwise: refused, where: holds) }

    /// Whether a value of the right type has nothing in it.
    private func isEmpty(_ value: JSON) -> Bool {
        switch member.kind {
        case .text: value == ""
        case .list: value == []
        default: false
        }
    }

    /// The member's value; `nil` when it is left out.
    fileprivate func value(in object: JSON.Object) throws(Failure) -> JSON? {
        let isRequired = if case .required = member.presence { true } else { false }
        guard let value = object[member.name], !value.isNull else {
            if isRequired { throw missing }
            return nil
        }
        if isRequired, isEmpty(value) { throw missing }
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
package struct RequestBody<A: OTCService> {
    private let object: JSON.Object

    /// Reads it.
    ///
    /// - Parameters:
    ///   - call: the request.
    ///   - malformed: the error for a body that is no object, or says something twice.
    /// - Throws: that error, or the service's for what is no JSON.
    package init(_ call: borrowing Call<A>, otherwise malformed: A.Failure) throws(A.Failure) {
        guard let object = try call.json().objectValue, object.duplicateNames.isEmpty else { throw malformed }
        self.object = object
    }

    /// The members that are there, looked at in the order in which they are declared.
    package func read(_ members: [BodyMember<A.Failure>]) throws(A.Failure) -> JSON.Object {
        var values: JSON.Object = [:]
        for member in members { values[member.member.name] = try member.value(in: object) }
        return values
    }

    /// What is taken.
    ///
    /// A member that is looked at twice is described once.
    package static func schema(_ members: [BodyMember<A.Failure>]) -> JSON.Object {
        var names: Set<String> = []
        return members.map(\.member).filter { names.insert($0.name).inserted }.takenSchema
    }
}
