internal import HTTP
package import JSON

/// What some exchanges have in common: what is looked for in the journal.
package struct ExchangePattern: Sendable {
    /// What is expected of which field.
    package var fields: [(field: RecordedExchange.Field, pattern: ValuePattern)]

    /// Declares what is looked for.
    package init(_ fields: [(field: RecordedExchange.Field, pattern: ValuePattern)] = []) {
        self.fields = fields
    }

    /// Whether an exchange is one of those.
    package func matches(_ exchange: RecordedExchange) -> Bool {
        fields.allSatisfy { mismatches($0, exchange).isEmpty } && !mayMatch(exchange)
    }

    /// Whether an exchange is one of those but for its body, which was not kept.
    package func mayMatch(_ exchange: RecordedExchange) -> Bool {
        exchange.entry.hasLostBody && fields.contains { $0.field.kind == .document }
            && fields.allSatisfy { $0.field.kind == .document || mismatches($0, exchange).isEmpty }
    }

    /// What is other than expected of an exchange, and how much speaks against it.
    package func mismatches(with exchange: RecordedExchange) -> (found: [Mismatch], weight: Int) {
        var found: [Mismatch] = []
        var weight = 0
        for part in fields {
            let more = mismatches(part, exchange)
            found += more
            weight += more.count * part.field.weight
        }
        return (found, weight)
    }

    /// Something that is other than expected.
    package struct Mismatch: Sendable {
        /// Where, from the fields down.
        package var place: JSON.Pointer
        /// What should be there.
        package var expected: JSON
        /// What is there; `nil` when nothing is.
        package var found: JSON?
    }

    private func mismatches(
        _ part: (field: RecordedExchange.Field, pattern: ValuePattern),
        _ exchange: RecordedExchange
    ) -> [Mismatch] {
        let reader = ValuePattern.Reader(
            isLoose: part.field.kind != .document,
            secrets: part.field.kind == .document ? exchange.secrets : nil
        )
        let value = part.field.value(exchange)
        // Spelt out: to the compiler, nil could be the JSON value.
        let found = value.isNull ? Optional<JSON>.none : value
        return reader.mismatches(part.pattern, found, at: [part.field.name])
    }
}

/// What a value is expected to be.
package indirect enum ValuePattern: Sendable {
    /// Just this.
    case exactly(JSON)
    /// An object with at least these members.
    case members([(name: String, pattern: ValuePattern)])
    /// A list of just these elements.
    case elements([ValuePattern])
    /// Any of these.
    case oneOf([ValuePattern])
    /// A text with another one in it.
    case containing(String)
    /// A text with another one at its beginning.
    case beginning(String)
    /// A text with another one at its end.
    case ending(String)
    /// Whether there is anything.
    case present(Bool)

    /// How it is written.
    package var json: JSON {
        switch self {
        case .exactly(let value): value
        case .members(let members): .object(JSON.Object(members.map { ($0.name, $0.pattern.json) }))
        case .elements(let elements): .array(elements.map(\.json))
        case .oneOf(let patterns): ["oneOf": .array(patterns.map(\.json))]
        case .containing(let text): ["contains": .string(text)]
        case .beginning(let text): ["startsWith": .string(text)]
        case .ending(let text): ["endsWith": .string(text)]
        case .present(let isPresent): ["absent": .bool(!isPresent)]
        }
    }
}

extension ValuePattern {
    /// Compares values with patterns.
    struct Reader {
        /// Whether texts and numbers that are written alike are the same.
        var isLoose: Bool
        /// Where secrets stand, of which only marks are compared.
        var secrets: Secrets?

        /// What is other than expected of a value, with its place.
        func mismatches(_ pattern: ValuePattern, _ value: JSON?, at path: [String]) -> [ExchangePattern.Mismatch] {
            switch pattern {
            case .members(let members):
                guard let object = value?.objectValue else { break }
                return members.flatMap { mismatches($0.pattern, object[$0.name], at: path + [$0.name]) }
            case .elements(let elements):
                guard let list = value?.arrayValue, list.count == elements.count else { break }
                return zip(elements, list).enumerated().flatMap { number, pair in
                    mismatches(pair.0, pair.1, at: path + [String(number)])
                }
            default:
                if isMet(pattern, by: value, at: path) { return [] }
            }
            return [.init(place: JSON.Pointer(path), expected: hiding(pattern.json, at: path), found: value)]
        }

        private func isMet(_ pattern: ValuePattern, by value: JSON?, at path: [String]) -> Bool {
            switch pattern {
            // An empty list of faults or findings is none.
            case .present(let isPresent): return (value != nil && value?.arrayValue?.isEmpty != true) == isPresent
            case .oneOf(let patterns): return patterns.contains { mismatches($0, value, at: path).isEmpty }
            case .exactly(.null): return value.map { $0.isNull || $0.arrayValue?.isEmpty == true } ?? true
            case .members, .elements: return mismatches(pattern, value, at: path).isEmpty
            default: break
            }
            guard let value else { return false }
            // Where a list stands, one of its elements is enough.
            if case .array(let elements) = value, !pattern.isList {
                return elements.contains { isMet(pattern, by: $0, at: path) }
            }
            switch pattern {
            case .exactly(let expected): return isSame(hiding(expected, at: path), value)
            case .containing(let text): return Self.text(value)?.contains(text) ?? false
            case .beginning(let text): return Self.text(value)?.hasPrefix(text) ?? false
            case .ending(let text): return Self.text(value)?.hasSuffix(text) ?? false
            case .members, .elements, .oneOf, .present: return false
            }
        }

        private func isSame(_ expected: JSON, _ value: JSON) -> Bool {
            if isLoose, let left = Self.text(expected), let right = Self.text(value) {
                return left.hasSameBytes(as: right)
            }
            if case .number(let left) = expected, case .number(let right) = value {
                // Integers are compared as such: a Double cannot tell large ones apart.
                if left.int64 == nil || right.int64 == nil, let left = left.double { return left == right.double }
                return left.int64 == right.int64
            }
            return expected.sortedByName() == value.sortedByName()
        }

        /// The path within the body, where secrets are told by it.
        private func hiding(_ expected: JSON, at path: [String]) -> JSON {
            guard let secrets else { return expected }
            return secrets.withheld(expected, at: path.dropFirst().filter { Int($0) == nil })
        }

        private static func text(_ value: JSON) -> String? { value.stringValue ?? value.numberValue?.text }
    }

    private var isList: Bool {
        guard case .exactly(.array) = self else { return false }
        return true
    }
}
