import PatchbayJSON

/// A JSON Schema (draft 2020-12), as far as the schemas of seeds and of OpenAPI descriptions go.
///
/// `format`, `title`, `description`, `default` and `$schema` say nothing about what is valid.
struct SchemaValidator {
    private static let notes: Set = ["$schema", "title", "description", "default", "format"]

    /// What is wrong with a value, each with its place; nothing when it is valid.
    func findings(_ value: JSON, _ schema: JSON, at place: String = "") -> [String] {
        var found: [String] = []
        for (keyword, rule) in schema.objectValue ?? [:] where !Self.notes.contains(keyword) {
            found += check(value, keyword, rule, schema, at: place)
        }
        return found
    }

    private func check(_ value: JSON, _ keyword: String, _ rule: JSON, _ schema: JSON, at place: String) -> [String] {
        switch keyword {
        case "type", "enum", "pattern", "maxLength", "minLength", "minimum", "maximum", "const", "maxItems":
            return holds(value, keyword, rule) ? [] : ["\(place): \(value) breaks \(keyword) \(rule)"]
        case "required":
            guard let object = value.objectValue else { return [] }
            let missing = (rule.arrayValue ?? []).compactMap(\.stringValue).filter { object[$0] == nil }
            return missing.map { "\(place): \($0) is missing" }
        case "properties":
            return (value.objectValue ?? [:]).flatMap { name, member in
                rule[name].map { findings(member, $0, at: "\(place)/\(name)") } ?? []
            }
        case "additionalProperties":
            guard rule == false else { return ["\(place): additionalProperties \(rule) is not known"] }
            let names = (value.objectValue ?? [:]).keys.filter { schema["properties"]?[$0] == nil }
            return names.map { "\(place): \($0) is one too many" }
        case "items":
            return (value.arrayValue ?? []).enumerated().flatMap { findings($1, rule, at: "\(place)/\($0)") }
        case "oneOf", "anyOf":
            let shapes = (rule.arrayValue ?? []).map { findings(value, $0, at: place) }
            let fitting = shapes.count(where: \.isEmpty)
            if keyword == "oneOf" ? fitting == 1 : fitting > 0 { return [] }
            return ["\(place): \(fitting) of \(keyword) fit"] + shapes.flatMap(\.self)
        default:
            return ["\(place): the keyword \(keyword) is not known"]
        }
    }

    private func holds(_ value: JSON, _ keyword: String, _ rule: JSON) -> Bool {
        switch keyword {
        case "type":
            (rule.arrayValue ?? [rule]).contains { kinds(of: value).contains($0.stringValue ?? "") }
        case "const": rule == value
        case "maxItems": (value.arrayValue?.count ?? 0) <= rule.int64Value ?? 0
        case "minLength": (value.stringValue?.unicodeScalars.count ?? .max) >= rule.int64Value ?? 0
        case "enum": rule.arrayValue?.contains(value) == true
        case "pattern":
            value.stringValue.map { text in
                (try? Regex(rule.stringValue ?? "(").firstMatch(in: text)) != nil
            } ?? true
        case "maxLength": (value.stringValue?.unicodeScalars.count ?? 0) <= rule.int64Value ?? 0
        case "minimum": value.int64Value.map { $0 >= rule.int64Value ?? .max } ?? true
        case "maximum": value.int64Value.map { $0 <= rule.int64Value ?? .min } ?? true
        default: false
        }
    }

    private func kinds(of value: JSON) -> [String] {
        switch value {
        case .null: ["null"]
        case .bool: ["boolean"]
        case .number: value.int64Value == nil ? ["number"] : ["number", "integer"]
        case .string: ["string"]
        case .array: ["array"]
        case .object: ["object"]
        }
    }
}
