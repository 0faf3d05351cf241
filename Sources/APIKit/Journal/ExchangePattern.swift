internal import PatchbayHTTP
package import PatchbayJSON
internal import Synchronization

/// What some exchanges have in common: what is looked for in the journal.
package struct ExchangePattern: Sendable {
    /// What is expected of which field.
    package var fields: [(field: RecordedExchange.Field, pattern: ValuePattern)]
    /// What comparing may cost; anything when `nil`.
    package var effort: Effort?

    /// Declares what is looked for.
    package init(_ fields: [(field: RecordedExchange.Field, pattern: ValuePattern)] = []) {
        self.fields = fields
    }

    /// Whether an exchange is one of those.
    package func matches(_ exchange: RecordedExchange) -> Bool {
        var values = ExchangeValues(exchange)
        return matches(&values)
    }

    /// Whether an exchange is one of those.
    package func matches(_ values: inout ExchangeValues) -> Bool {
        fields.allSatisfy { isMet($0, &values) } && !mayMatch(&values)
    }

    /// Whether an exchange is one of those but for its body, which was not kept.
    package func mayMatch(_ values: inout ExchangeValues) -> Bool {
        values.exchange.entry.hasLostBody && fields.contains { $0.field.kind == .document }
            && fields.allSatisfy { $0.field.kind == .document || isMet($0, &values) }
    }

    /// How much speaks against an exchange: 0 when nothing does.
    package func weight(against exchange: RecordedExchange) -> Int {
        var values = ExchangeValues(exchange)
        return fields.reduce(0) { sum, part in
            let count = reader(of: part.field, exchange)
                .differences(part.pattern, values[part.field], at: [part.field.name]) { _ in }
            return sum + count * part.field.weight
        }
    }

    /// What is other than expected of an exchange.
    package func mismatches(with exchange: RecordedExchange) -> [Mismatch] {
        var values = ExchangeValues(exchange)
        var found: [Mismatch] = []
        for part in fields {
            let reader = reader(of: part.field, exchange)
            reader.differences(part.pattern, values[part.field], at: [part.field.name]) { found.append($0()) }
        }
        return found
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

    private func isMet(
        _ part: (field: RecordedExchange.Field, pattern: ValuePattern),
        _ values: inout ExchangeValues
    ) -> Bool {
        reader(of: part.field, values.exchange).isMet(part.pattern, by: values[part.field], at: [part.field.name])
    }

    private func reader(of field: RecordedExchange.Field, _ exchange: RecordedExchange) -> ValuePattern.Reader {
        ValuePattern.Reader(
            isLoose: field.kind != .document,
            secrets: field.kind == .document ? exchange.secrets : nil,
            effort: effort
        )
    }
}

/// The fields of an exchange, each of which is made once, however many patterns ask for it.
package struct ExchangeValues {
    let exchange: RecordedExchange
    private var known: [String: JSON] = [:]

    /// Makes none yet.
    package init(_ exchange: RecordedExchange) {
        self.exchange = exchange
    }

    /// A field's value; `nil` when there is none.
    subscript(_ field: RecordedExchange.Field) -> JSON? {
        mutating get {
            let value = known[field.name] ?? field.value(exchange)
            known[field.name] = value
            // Spelt out: to the compiler, nil could be the JSON value.
            return value.isNull ? Optional<JSON>.none : value
        }
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
        /// What comparing may cost.
        var effort: Effort?

        /// How much is other than expected of a value, and each difference for whoever wants it, with its place.
        @discardableResult
        func differences(
            _ pattern: ValuePattern,
            _ value: JSON?,
            at path: [String],
            _ take: (() -> ExchangePattern.Mismatch) -> Void
        ) -> Int {
            switch pattern {
            case .members(let members):
                guard let object = value?.objectValue else { break }
                guard effort?.allows(object.count) != false else { break }
                let found = MemberLookup(object, asked: members.count)
                return members.reduce(0) { sum, member in
                    sum + differences(member.pattern, found[member.name], at: path + [member.name], take)
                }
            case .elements(let elements):
                guard let list = value?.arrayValue, list.count == elements.count else { break }
                return zip(elements, list).enumerated().reduce(0) { sum, pair in
                    sum + differences(pair.element.0, pair.element.1, at: path + [String(pair.offset)], take)
                }
            default:
                if isMet(pattern, by: value, at: path) { return 0 }
            }
            take { .init(place: JSON.Pointer(path), expected: hiding(pattern.json, at: path), found: value) }
            return 1
        }

        /// Whether a value is as expected.
        func isMet(_ pattern: ValuePattern, by value: JSON?, at path: [String]) -> Bool {
            guard effort?.allows(1) != false else { return false }
            switch pattern {
            // An empty list of faults or findings is none.
            case .present(let isPresent): return (value != nil && value?.arrayValue?.isEmpty != true) == isPresent
            case .oneOf(let patterns): return patterns.contains { isMet($0, by: value, at: path) }
            case .exactly(.null): return value.map { $0.isNull || $0.arrayValue?.isEmpty == true } ?? true
            case .members(let members):
                guard let object = value?.objectValue, effort?.allows(object.count) != false else { return false }
                let found = MemberLookup(object, asked: members.count)
                return members.allSatisfy { isMet($0.pattern, by: found[$0.name], at: path + [$0.name]) }
            case .elements(let elements):
                guard let list = value?.arrayValue, list.count == elements.count else { return false }
                return zip(elements, list).enumerated().allSatisfy { number, pair in
                    isMet(pair.0, by: pair.1, at: path + [String(number)])
                }
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

/// The members of an object by name, also where many are asked for of many.
private struct MemberLookup {
    private let object: JSON.Object
    private var places: [[UInt8]: Int]?

    init(_ object: JSON.Object, asked count: Int) {
        self.object = object
        // Making the table has to be worth it.
        guard count > 8, object.count > 32 else { return }
        let places = object.enumerated().map { (Array($0.element.name.utf8), $0.offset) }
        self.places = Dictionary(places) { first, _ in first }
    }

    subscript(name: String) -> JSON? {
        guard let places else { return object[name] }
        return places[Array(name.utf8)].map { object[$0].value }
    }
}

/// How many values may be compared for one call, so that it keeps nobody waiting.
package final class Effort: Sendable {
    /// About a third of a second.
    package static let most = 10_000_000
    private let spent = Atomic<Int>(0)

    /// Nothing is spent yet.
    package init() {}

    /// Whether it was too much, so that nothing is known.
    package var isTooMuch: Bool { spent.load(ordering: .relaxed) > Self.most }

    /// Counts comparisons, and says whether they may be made.
    func allows(_ count: Int) -> Bool {
        spent.wrappingAdd(count, ordering: .relaxed).newValue <= Self.most
    }
}
