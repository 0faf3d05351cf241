public import PatchbayHTTP
public import PatchbayJSON

/// What a request does that the operation's contract does not provide for.
///
/// Of one request there are `mostOfRequest` at most: a client may send any number of members that nobody declares.
public struct Finding: Sendable, Hashable {
    /// So many are found of one request, the first ones; what comes after them is not compared.
    public static let mostOfRequest = 32

    /// The kinds of findings.
    public enum Kind: String, Sendable, CaseIterable {
        /// A query parameter that nobody declares.
        case unknownParameter = "unknown-parameter"
        /// A declared name in another case.
        case wrongCase = "wrong-case"
        /// What another API calls the same thing.
        case otherAPI = "other-api"
        /// Nearly a declared name.
        case misspelt
        /// A text where a word of some is wanted.
        case wrongValue = "wrong-value"
        /// A number beyond its range.
        case outOfRange = "out-of-range"
        /// A text where a number is wanted.
        case notANumber = "not-a-number"
        /// A parameter that stands there more than once.
        case repeated
        /// A parameter without a value.
        case empty
        /// A `%` without two hexadecimal digits, or bytes that are no UTF-8.
        case malformedEscape = "malformed-escape"
        /// A path parameter without the documented form.
        case malformedPath = "malformed-path"
        /// A member of the body that the operation does not describe.
        case unknownMember = "unknown-member"
        /// A path that leads nowhere.
        case unmatchedPath = "unmatched-path"
        /// A path that has other methods.
        case wrongMethod = "wrong-method"
    }

    /// What it is.
    public var kind: Kind
    /// The API's name.
    public var api: String
    /// The operation; `nil` where none was found.
    public var operation: String?
    /// The parameter, as written; for a body the JSON Pointer of the member.
    public var parameter: String?
    /// The value, cut; `nil` where it says nothing, or may be a secret.
    public var value: String?
    /// What was found, in a sentence.
    public var says: String
    /// What the service is documented to do with it.
    public var documented: String

    /// As it stands in the journal and in the diagnostics.
    public var json: JSON.Object {
        var object: JSON.Object = ["kind": .string(kind.rawValue), "api": .string(api)]
        if api.isEmpty { object["api"] = nil }
        if let operation { object["operation"] = .string(operation) }
        if let parameter { object["parameter"] = .string(parameter) }
        if let value { object["value"] = .string(value) }
        object["says"] = .string(says)
        object["documented"] = .string(documented)
        return object
    }

    /// Says that a request leads to none of the APIs.
    public static func outside(_ request: Request, _ reason: String) -> Self {
        Self(
            kind: .unmatchedPath,
            api: "",
            operation: nil,
            parameter: nil,
            value: brief("\(request.method.name) \(request.target.path)"),
            says: reason,
            documented: "no service has such a path",
        )
    }

    /// A text that a request brought, cut to what is shown of it, on one line.
    static func brief(_ text: String) -> String {
        var brief = ""
        for (index, scalar) in text.unicodeScalars.enumerated() {
            guard index < 64 else { return brief + "…" }
            let isBreak = scalar.properties.generalCategory == .control || (0x2028...0x2029).contains(scalar.value)
            brief.unicodeScalars.append(isBreak ? "\u{FFFD}" : scalar)
        }
        return brief
    }
}
