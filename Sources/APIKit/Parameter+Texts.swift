internal import PatchbayHTTP
internal import PatchbayJSON
public import PatchbayStore

extension Parameter where Value == String? {
    /// A text of a form, which may be left out.
    public static func text(_ name: String, _ form: Member.TextForm) -> Parameter {
        var schema: JSON.Object = ["type": "string"]
        if let pattern = form.pattern { schema["pattern"] = .string(pattern) }
        let description = ParameterDescription(
            name: name,
            type: "string",
            range: form.name,
            otherwise: "refused",
            schema: schema,
        )
        return Parameter(description: description, standard: nil, shown: shown) { encoded throws(Refusal) in
            guard form.matches(encoded.text) else {
                throw Refusal(reason: "must be \(form.name)", misfit: .malformed(form.name))
            }
            return encoded.text
        }
    }

    /// A text that may be left out.
    public static func text(_ name: String, atMost length: Int? = nil) -> Parameter {
        var schema: JSON.Object = ["type": "string"]
        if let length { schema["maxLength"] = .number(JSON.Number(length)) }
        let description = ParameterDescription(
            name: name,
            type: "string",
            range: length.map { "at most \($0) characters" },
            otherwise: length == nil ? "any text is taken" : "refused",
            schema: schema,
        )
        return Parameter(description: description, standard: nil, shown: shown) { encoded throws(Refusal) in
            if let length, encoded.text.unicodeScalars.count > length {
                let most = "at most \(length) characters"
                throw Refusal(reason: "must have \(most)", misfit: .malformed("a text of \(most)"))
            }
            return encoded.text
        }
    }

    @Sendable private static func shown(_ text: String?) -> JSON { text.map(JSON.string) ?? .null }
}

extension Parameter where Value == Bool {
    /// A flag that is on for `true` in any case, and off for every other text.
    public static func flag(_ name: String, default standard: Bool) -> Parameter {
        let description = ParameterDescription(
            name: name,
            type: "boolean",
            standard: String(standard),
            range: "true, false",
            otherwise: "false",
            schema: ["type": ["boolean", "string"]],
        )
        return Parameter(
            description: description,
            standard: standard,
            shown: JSON.bool,
            misfit: { isOn, encoded in
                isOn || encoded.text.lowercased() == "false" ? nil : .unknownWord(among: ["true", "false"])
            }
        ) { encoded in encoded.text.lowercased() == "true" }
    }
}

extension Parameter {
    /// One of some words, each with a meaning.
    public static func choice(
        _ name: String,
        default standard: Value,
        named standardWord: String? = nil,
        _ choices: [(word: String, meaning: Value)],
        ignoringCase: Bool = false,
    ) -> Parameter {
        // Apart, because a pair whose type is not known is looked up for each value that is read.
        let (words, meanings) = (choices.map(\.word), choices.map(\.meaning))
        let description = ParameterDescription(
            name: name,
            type: "string",
            standard: standardWord,
            range: words.joined(separator: ", "),
            otherwise: "refused",
            schema: ignoringCase
                ? ["type": "string", "pattern": .string("^(\(words.map(anyCase).joined(separator: "|")))$")]
                : ["type": "string", "enum": .array(words.map(JSON.string))],
        )
        let known = ignoringCase ? words.map { $0.lowercased() } : words
        // What is shown is the word: a meaning may be anything.
        let word = { @Sendable (encoded: PercentEncoded) -> Int? in
            let typed = ignoringCase ? encoded.text.lowercased() : encoded.text
            // Byte by byte: for Swift, "K" and the Kelvin sign are the same text.
            return known.firstIndex { $0.hasSameBytes(as: typed) }
        }
        let parameter = Parameter(description: description, standard: standard, shown: { _ in .null }) {
            encoded throws(Refusal) in
            guard let index = word(encoded) else {
                let reason = "must be one of \(words.joined(separator: ", "))"
                throw Refusal(reason: reason, misfit: .unknownWord(among: words))
            }
            return meanings[index]
        }
        return parameter.described { $0.judge = $0.judge.showing { word($0).map { .string(words[$0]) } } }
    }
}

/// A regular expression for a word in any case.
private func anyCase(_ word: String) -> String {
    word.map { $0.isLetter ? "[\($0.uppercased())\($0.lowercased())]" : "\($0)" }.joined()
}

extension Parameter {
    /// The same parameter, of which no value has an effect.
    public func ignored() -> Parameter {
        var description = description
        description.otherwise = "any text is taken"
        description.schema = ["type": "string"]
        let standard = standard
        return Parameter(description: description, standard: standard, shown: { _ in .null }) { _ in standard }
            .described { $0.judge = .withoutEffect }
    }
}

extension Parameter where Value == String? {
    /// One of some words, or none.
    public static func choice(_ name: String, _ words: [String]) -> Parameter {
        choice(name, default: nil, words.map { ($0, $0) })
    }
}
