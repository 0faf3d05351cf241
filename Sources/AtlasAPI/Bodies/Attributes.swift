internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// The attributes that a request's body gives a resource.
struct Attributes: Sendable {
    /// As they were given; `null` is as good as nothing.
    private let given: JSON.Object

    /// Reads the body.
    ///
    /// - Throws: Atlas's error for a body that is no JSON object.
    init(_ call: borrowing Call<AtlasAPI>, _ edition: Edition) throws(AtlasAPI.Failure) {
        guard edition.takes(call.mediaType) else { throw AtlasAPI.Failure(.unsupportedMediaType(call.mediaType ?? "")) }
        guard case .object(let object) = try call.json() else { throw .invalidJSON }
        guard object.duplicateNames.isEmpty else { throw .malformedJSON }
        given = object
    }

    /// The cloud provider that the body names.
    var provider: String? {
        get throws(AtlasAPI.Failure) {
            guard let value = given["providerName"], !value.isNull else { return nil }
            guard let name = value.stringValue else { throw .invalidJSONAttribute("providerName") }
            guard AtlasAPI.providers.contains(name) else { throw .invalidEnumValue(name) }
            return name
        }
    }

    /// The attributes that may be set, when each is one of those, and has the right type and form.
    ///
    /// - Parameters:
    ///   - members: those that may be set, the required ones marked.
    ///   - ignored: those that only the service sets, which clients may send back.
    ///   - isWhole: whether the required ones have to be there.
    /// - Returns: the attributes that were given.
    /// - Throws: Atlas's error for the first that is wrong: unknown ones before wrong types, missing ones and wrong values.
    func checked(
        against members: [Member],
        ignoring ignored: [String],
        isWhole: Bool = true,
    ) throws(AtlasAPI.Failure) -> JSON.Object {
        var set: JSON.Object = [:]
        for (name, value) in given where !ignored.contains(name) {
            guard members.contains(where: { $0.name == name }) else { throw .invalidAttribute(name) }
            if !value.isNull { set[name] = value }
        }
        let values = members.compactMap { member in set[member.name].map { (member: member, value: $0) } }
        for (member, value) in values where !member.kind.hasType(of: value) {
            throw .invalidJSONAttribute(member.name)
        }
        let missing = members.filter { $0.isRequired && set[$0.name] == nil }.map(\.name)
        guard missing.isEmpty || !isWhole else { throw .missingAttributes(missing) }
        for (member, value) in values {
            do throws(Violation) {
                set[member.name] = try [member].checked([member.name: value])[member.name]
            } catch {
                if case .choice = member.kind { throw .invalidEnumValue(value.stringValue ?? "") }
                throw .validation("\(member.name) \(error.reason)")
            }
        }
        return set
    }
}

extension Member {
    fileprivate var isRequired: Bool {
        if case .required = presence { true } else { false }
    }
}

extension Member.Kind {
    /// Whether a value has the JSON type that the member wants, whatever its form.
    fileprivate func hasType(of value: JSON) -> Bool {
        switch (self, value) {
        case (.text, .string), (.choice, .string): true
        case (.list(let element), .array(let values)): values.allSatisfy(element.hasType)
        default: false
        }
    }
}

extension Member.TextForm {
    /// The same form, described by a pattern of which violations have errors of their own.
    func shown(as pattern: String) -> Self {
        var form = self
        form.pattern = pattern
        return form
    }
}
