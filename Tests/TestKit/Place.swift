internal import PatchbayJSON

/// Where something stands in a body: a JSON Pointer (RFC 6901) whose steps may also be `*`, each element of an array,
/// or `name=value`, the elements that have such a member.
struct Place: Sendable {
    private let tokens: [String]

    /// Whether it may lead to several values.
    var isMultiple: Bool { tokens.contains { $0 == "*" || $0.contains("=") } }

    init(_ text: String) throws(FormatError) {
        do throws(JSON.ParseError) {
            tokens = try JSON.Pointer(parsing: text).tokens
        } catch {
            throw FormatError("\(text) is no JSON Pointer")
        }
    }

    /// The values it leads to, in their order.
    func values(in document: JSON) -> [JSON] {
        var values = [document]
        for token in tokens {
            values = values.flatMap { value -> [JSON] in
                if token == "*" { return value.arrayValue ?? [] }
                if token.contains("="), let elements = value.arrayValue {
                    return elements.filter { Self.has(token, $0) }
                }
                return value[JSON.Pointer([token])].map { [$0] } ?? []
            }
        }
        return values
    }

    /// What stands there: an array where the place may lead to several values.
    func value(in document: JSON) -> JSON? {
        let values = values(in: document)
        return isMultiple ? .array(values) : values.first
    }

    private static func has(_ token: String, _ element: JSON) -> Bool {
        let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        return element[parts[0]]?.stringValue == parts[1]
    }
}
