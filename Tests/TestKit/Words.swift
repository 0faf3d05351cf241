internal import PatchbayJSON

/// Texts with names in braces, `{L}?limit=5`, and what the names stand for.
struct Words: Sendable {
    private var meanings: [String: String]

    init(_ meanings: [String: String] = [:]) {
        self.meanings = meanings
    }

    /// Adds words, each of which may use those before it.
    mutating func define(_ object: JSON.Object) throws(FormatError) {
        for (name, value) in object {
            guard let text = value.stringValue else { throw FormatError("define: \(name) is no string") }
            meanings[name] = try expand(text)
        }
    }

    /// A text with its words replaced; what is left for the time of the run (`{listener}`, `{/pointer}`) stays.
    func expand(_ text: String) throws(FormatError) -> String {
        try Self.replacing(in: text) { name throws(FormatError) in
            if let meaning = meanings[name] { return meaning }
            if let repeated = Self.repeated(name) { return repeated }
            guard Self.isWord(name), name != "listener" else { return nil }
            throw FormatError("nothing is defined as {\(name)}")
        }
    }

    /// A value with the words in all its strings replaced.
    func expand(_ value: JSON) throws(FormatError) -> JSON {
        switch value {
        case .string(let text): return .string(try expand(text))
        case .array(let elements):
            var expanded: [JSON] = []
            for element in elements { expanded.append(try expand(element)) }
            return .array(expanded)
        case .object(let object):
            var expanded: [(name: String, value: JSON)] = []
            for (name, member) in object { expanded.append((name, try expand(member))) }
            return .object(JSON.Object(members: expanded))
        default: return value
        }
    }

    /// A text with what stands in braces replaced; a brace that nothing is known of stays as it is.
    static func replacing<Failure: Error>(
        in text: String,
        with meaning: (_ name: String) throws(Failure) -> String?,
    ) throws(Failure) -> String {
        var replaced = ""
        var rest = text[...]
        while let open = rest.firstIndex(of: "{") {
            replaced += rest[..<open]
            rest = rest[open...]
            if let close = rest.firstIndex(of: "}"),
                let meaning = try meaning(String(rest[rest.index(after: open)..<close]))
            {
                replaced += meaning
                rest = rest[rest.index(after: close)...]
            } else {
                replaced.append(rest.removeFirst())
            }
        }
        return replaced + rest
    }

    /// `a*256`: a text many times.
    private static func repeated(_ name: String) -> String? {
        guard
            let star = name.lastIndex(of: "*"), star > name.startIndex,
            let count = Int(name[name.index(after: star)...])
        else { return nil }
        return String(repeating: String(name[..<star]), count: count)
    }

    private static func isWord(_ name: String) -> Bool {
        name.first?.isLetter == true && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" || $0 == "-" }
    }
}
