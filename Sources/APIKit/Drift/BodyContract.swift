internal import PatchbayJSON
internal import PatchbayStore

/// What the JSON Schemas of an operation say of a body's members: which there are, and which words they may be.
struct BodyContract: Sendable {
    /// A member that is not as described.
    struct Deviation {
        var kind: Finding.Kind
        var path: [String]
        var value: String?
        var says: String
        var documented: String
    }

    /// What is taken.
    let taken: JSON.Object
    /// What is answered: whoever sends back what was read does nothing wrong.
    let shown: JSON.Object
    /// The names of all members that are taken, at whatever place.
    let names: Set<String>

    init(taken: JSON.Object, shown: JSON.Object) {
        self.taken = taken
        self.shown = shown
        var names: Set<String> = []
        Self.collectNames(in: .object(taken), into: &names)
        self.names = names
    }

    private static func collectNames(in schema: JSON, into names: inout Set<String>) {
        switch schema {
        case .object(let object):
            for (name, value) in object {
                if name == "properties", let properties = value.objectValue { names.formUnion(properties.keys) }
                collectNames(in: value, into: &names)
            }
        case .array(let elements): for element in elements { collectNames(in: element, into: &names) }
        default: break
        }
    }

    /// The first so many of what is not as described.
    private struct Deviations {
        let most: Int
        private(set) var all: [Deviation] = []

        init(atMost most: Int) {
            self.most = most
        }

        /// Whether what would be found further is not kept.
        var isFull: Bool { all.count >= most }

        mutating func append(_ deviation: Deviation) { all.append(deviation) }
    }

    /// What is not as described, in the order of the body: so many at most, and nothing is compared beyond them.
    func deviations(in body: JSON, atMost most: Int) -> [Deviation] {
        var deviations = Deviations(atMost: most)
        // Some answer with the object in an envelope.
        let inner = (shown["properties"]?.objectValue ?? [:]).compactMap(\.value.objectValue)
        let answered = Self.branches(of: [shown] + inner)
        examine(body, at: [], Self.branches(of: [taken]), answered, into: &deviations)
        return deviations.all
    }

    private func examine(
        _ value: JSON,
        at path: [String],
        _ schemas: [JSON.Object],
        _ shown: [JSON.Object],
        into deviations: inout Deviations,
    ) {
        if deviations.isFull { return }
        switch value {
        case .object(let object): examine(object, at: path, schemas, shown, into: &deviations)
        case .array(let elements):
            let (items, others) = (Self.items(of: schemas), Self.items(of: shown))
            for (index, element) in elements.enumerated() {
                if deviations.isFull { return }
                examine(element, at: path + ["\(index)"], items, others, into: &deviations)
            }
        case .string(let text):
            guard let words = Self.words(of: schemas), !words.contains(text) else { return }
            let name = path.last ?? "the body"
            let given = Finding.brief(text)
            let isCase = words.first { $0.lowercased() == text.lowercased() }
            let hint = isCase.map { ": case matters, it is \($0)" }
            let list = words.joined(separator: ", ")
            let says = "\(name) is \(given)" + (hint ?? ", none of \(list)" + Nearest.suggestion(for: text, in: words))
            deviations.append(
                Deviation(
                    kind: .wrongValue,
                    path: path,
                    value: given,
                    says: says,
                    documented: "refused\(Drift.documented)"
                )
            )
        default: break
        }
    }

    private func examine(
        _ object: JSON.Object,
        at path: [String],
        _ schemas: [JSON.Object],
        _ shown: [JSON.Object],
        into deviations: inout Deviations,
    ) {
        let declaring = Self.fitting(object, among: schemas).filter { $0["properties"] != nil }
        // Where no member is described, any may be there.
        guard !declaring.isEmpty else { return }
        var names: [String] = []
        for schema in declaring {
            for name in schema["properties"]?.objectValue?.keys ?? [] where !names.contains(name) { names.append(name) }
        }
        // Null is as good as absent nearly everywhere.
        for (name, value) in object where !value.isNull {
            if deviations.isFull { return }
            let own = Self.member(name, of: declaring)
            let others = Self.member(name, of: shown)
            // What belongs to another kind of the object is no member of this one, even if it is shown of that.
            if own.isEmpty, others.isEmpty || !Self.member(name, of: schemas).isEmpty {
                let isClosed = declaring.allSatisfy { $0["additionalProperties"] == false }
                deviations.append(
                    Deviation(
                        kind: .unknownMember,
                        path: path + [Finding.brief(name)],
                        says: "\(Finding.brief(name)) is no member of \(path.last ?? "the body")"
                            + Nearest.suggestion(for: name, in: names),
                        documented: (isClosed ? "refused" : "without effect") + Drift.read,
                    )
                )
            } else if !own.isEmpty {
                examine(value, at: path + [name], own, others, into: &deviations)
            }
        }
    }

    /// The schemas of a member.
    private static func member(_ name: String, of schemas: [JSON.Object]) -> [JSON.Object] {
        branches(of: schemas.compactMap { $0["properties"]?[name]?.objectValue })
    }

    private static func items(of schemas: [JSON.Object]) -> [JSON.Object] {
        branches(of: schemas.compactMap { $0["items"]?.objectValue })
    }

    /// Schemas, and those that they are put together from.
    private static func branches(of schemas: [JSON.Object]) -> [JSON.Object] {
        schemas.flatMap { schema in
            let parts = ["anyOf", "oneOf", "allOf"].flatMap { schema[$0]?.arrayValue ?? [] }.compactMap(\.objectValue)
            return [schema] + branches(of: parts)
        }
    }

    /// The schemas of the kind that an object says it is of: those whose one word it has; all where none fits.
    private static func fitting(_ object: JSON.Object, among schemas: [JSON.Object]) -> [JSON.Object] {
        let fitting = schemas.filter { schema in
            (schema["properties"]?.objectValue ?? [:]).allSatisfy { name, member in
                guard let words = words(of: branches(of: [member.objectValue ?? [:]])), words.count == 1 else {
                    return true
                }
                guard let value = object[name], !value.isNull else { return true }
                return value.stringValue == words[0]
            }
        }
        return fitting.contains { $0["properties"] != nil } ? fitting : schemas
    }

    /// The words that a text may be; `nil` where it may be any, or must be none.
    private static func words(of schemas: [JSON.Object]) -> [String]? {
        var words: [String] = []
        for schema in schemas {
            if let word = schema["const"] {
                if let text = word.stringValue { words.append(text) }
            } else if let list = schema["enum"]?.arrayValue {
                words += list.compactMap(\.stringValue)
            } else if let type = schema["type"] {
                // A text of any kind.
                if type == "string" || type.arrayValue?.contains("string") == true { return nil }
            }
        }
        return words.isEmpty ? nil : words
    }
}
