internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

extension ConfluentAPI {
    /// The body of a request, which has to be a JSON object each of whose members has one value.
    static func objectBody(_ call: borrowing Call<Self>) throws(Failure) -> JSON.Object {
        if let type = call.mediaType, type != "application/json", !type.hasSuffix("+json") {
            throw Failure(.unsupportedMediaType(type))
        }
        let body = try call.json()
        guard case .object(let members) = body else { throw .badBody("is no JSON object") }
        if let name = body.repeatedName { throw .badBody("has the member '\(name)' twice in one object") }
        return members
    }
}

extension JSON {
    /// A name that an object in here has twice, which readers of JSON take differently (RFC 8259, section 4).
    fileprivate var repeatedName: String? {
        switch self {
        case .object(let members):
            members.duplicateNames.first ?? members.lazy.compactMap(\.value.repeatedName).first
        case .array(let elements): elements.lazy.compactMap(\.repeatedName).first
        default: nil
        }
    }
}
