internal import PatchbayAPIKit
internal import PatchbayJSON

/// Reads descriptions of requests as tests write them, and refuses what no request could be.
struct PatternReader {
    let services: [Service]
    /// The API that all descriptions are about; `nil` when each says it itself.
    let api: String?
    /// What comparing may cost.
    let effort: Effort

    /// What is looked for: `{"operation": "listPeeringConnections", "parameters": {"pageNum": "2"}}`.
    func pattern(_ members: inout ControlBody) throws(ControlAPI.Failure) -> ExchangePattern {
        let named = members.value("api")?.stringValue
        var pattern = ExchangePattern()
        pattern.effort = effort
        for field in RecordedExchange.questions {
            guard let value = members.value(field.name) else {
                if field.name == "api", let api { pattern.fields.append((field, .exactly(.string(api)))) }
                continue
            }
            let words = field.isPresence ? nil : field.words(services, of: named ?? api)
            let place = members.pointer(to: field.name)
            pattern.fields.append((field, try self.pattern(value, of: field, among: words, at: place)))
        }
        return pattern
    }

    private func pattern(
        _ value: JSON,
        of field: RecordedExchange.Field,
        among words: [String]?,
        at place: JSON.Pointer
    ) throws(ControlAPI.Failure) -> ValuePattern {
        switch field.kind {
        case .text:
            if field.isPresence, let isPresent = value.boolValue { return .present(isPresent) }
            let pattern = try Self.text(value, at: place)
            if let words { try Self.check(pattern, among: words, at: place) }
            if field.isNumber { try Self.checkNumber(pattern, at: place) }
            return pattern
        case .texts:
            let members = try ControlBody(value, at: place)
            var patterns: [(name: String, pattern: ValuePattern)] = []
            for (name, value) in value.objectValue ?? [:] {
                let pattern = try Self.text(value, at: members.pointer(to: name))
                patterns.append((field.name == "headers" ? name.lowercased() : name, pattern))
            }
            return .members(patterns)
        case .document: return try Self.document(value, at: place)
        }
    }

    /// What can be said of a value in place of the value itself.
    private static let operators = ["equals", "contains", "startsWith", "endsWith", "oneOf", "absent"]

    /// A text or number, several where there may be several, or something said of it.
    private static func text(_ value: JSON, at place: JSON.Pointer) throws(ControlAPI.Failure) -> ValuePattern {
        switch value {
        case .null: return .present(false)
        case .object(let object):
            return try said(object, at: place) { value, place throws(ControlAPI.Failure) in
                try text(value, at: place)
            }
        case .array(let elements): return .elements(try patterns(elements, at: place, text))
        case .bool, .number, .string: return .exactly(value)
        }
    }

    /// A document with at least what stands there.
    private static func document(_ value: JSON, at place: JSON.Pointer) throws(ControlAPI.Failure) -> ValuePattern {
        switch value {
        case .object(let object):
            if object.count == 1, operators.contains(object[0].name) { return try said(object, at: place, document) }
            var members: [(name: String, pattern: ValuePattern)] = []
            for (name, value) in object { members.append((name, try document(value, at: place.appending(name)))) }
            return .members(members)
        case .array(let elements): return .elements(try patterns(elements, at: place, document))
        case .null, .bool, .number, .string: return .exactly(value)
        }
    }

    private typealias Read = (JSON, JSON.Pointer) throws(ControlAPI.Failure) -> ValuePattern

    private static func said(
        _ object: JSON.Object,
        at place: JSON.Pointer,
        _ read: Read
    ) throws(ControlAPI.Failure) -> ValuePattern {
        guard object.count == 1 else {
            throw .bad(at: place, "does not say one of \(operators.joined(separator: ", "))")
        }
        return try ControlBody.whole(.object(object), at: place) { members throws(ControlAPI.Failure) in
            if let value = members.value("equals") { return .exactly(value) }
            if let text = try members.string("contains") { return .containing(text) }
            if let text = try members.string("startsWith") { return .beginning(text) }
            if let text = try members.string("endsWith") { return .ending(text) }
            if let isAbsent = try members.boolean("absent") { return .present(!isAbsent) }
            guard let values = members.value("oneOf") else { return .present(true) }
            guard let elements = values.arrayValue else { throw members.bad("oneOf", "is no list") }
            return .oneOf(try patterns(elements, at: members.pointer(to: "oneOf"), read))
        }
    }

    private static func patterns(
        _ elements: [JSON],
        at place: JSON.Pointer,
        _ read: Read
    ) throws(ControlAPI.Failure) -> [ValuePattern] {
        var patterns: [ValuePattern] = []
        for (number, element) in elements.enumerated() { patterns.append(try read(element, place.appending(number))) }
        return patterns
    }

    private static func check(
        _ pattern: ValuePattern,
        among words: [String],
        at place: JSON.Pointer
    ) throws(ControlAPI.Failure) {
        for value in pattern.exactValues {
            guard let word = value.stringValue, words.contains(word) else {
                throw .unknown(value.stringValue ?? value.text, at: place, among: words)
            }
        }
    }

    private static func checkNumber(_ pattern: ValuePattern, at place: JSON.Pointer) throws(ControlAPI.Failure) {
        for value in pattern.exactValues where Int64(value.stringValue ?? value.text) == nil {
            throw .bad(at: place, "is no integer")
        }
    }
}

extension ValuePattern {
    /// The values that it names.
    fileprivate var exactValues: [JSON] {
        switch self {
        case .exactly(let value): [value]
        case .oneOf(let patterns), .elements(let patterns): patterns.flatMap(\.exactValues)
        default: []
        }
    }
}
