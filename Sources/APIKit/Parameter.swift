internal import HTTP
public import JSON
internal import Store

/// A query parameter of an operation: its name, what it may be, and what it is when it is left out.
public struct Parameter<Value: Sendable>: Sendable {
    /// What it says in tables and descriptions.
    public var description: ParameterDescription
    /// Its value when it is left out.
    public var standard: Value
    /// Its value for a text; throws a reason that follows the parameter's name.
    let read: @Sendable (PercentEncoded) throws(Refusal) -> Value
    /// What it is instead, under other readings of quirks.
    private var others: [(quirk: Quirk, reading: String, parameter: Self)] = []

    /// The parameter's name on the wire.
    public var name: String { description.name }

    init(
        description: ParameterDescription,
        standard: Value,
        read: @escaping @Sendable (PercentEncoded) throws(Refusal) -> Value,
    ) {
        self.description = description
        self.standard = standard
        self.read = read
    }

    /// The same parameter, which is another one under a reading of a quirk.
    public func under(_ quirk: Quirk, _ reading: String, _ other: Self) -> Self {
        var parameter = self
        parameter.others.append((quirk, reading, other))
        return parameter
    }

    /// What the parameter is under the readings that are in force.
    func taken(by quirks: Readings) -> Self {
        guard !quirks.areStandard, !others.isEmpty else { return self }
        return others.first { quirks.take($0.quirk, $0.reading) }?.parameter ?? self
    }

    /// Why a value is not taken.
    struct Refusal: Error {
        var reason: String
    }
}

/// What tables and descriptions say of a parameter.
public struct ParameterDescription: Sendable {
    /// The name on the wire.
    public var name: String
    /// `integer`, `string` or `boolean`.
    public var type: String
    /// The value when it is left out, if it has one.
    public var standard: String?
    /// The values it may have, in words: `1 … 500`.
    public var range: String?
    /// What happens to another value.
    public var otherwise: String
    /// The JSON Schema of the values that are taken, coerced ones included.
    public var schema: JSON.Object
}

/// What becomes of an integer beyond its range.
public enum Beyond: Sendable {
    /// It is refused.
    case refused
    /// It is taken for another one.
    case becomes(Int64)
}

/// How an integer may be written, beyond ASCII digits with any number of zeros before them.
public enum IntegerForm: Sendable {
    /// Digits alone, up to the largest 32-bit integer.
    case digits32
    /// Digits alone, up to the largest 64-bit integer.
    case digits64
    /// Digits with a minus sign or without, 64 bits.
    case signed64

    /// The integer that a text writes in this form.
    public func integer(_ text: String) -> Int64? {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = isNegative ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit) else { return nil }
        switch self {
        case .digits32: return isNegative ? nil : Int32(text).map(Int64.init)
        case .digits64: return isNegative ? nil : Int64(text)
        case .signed64: return Int64(text)
        }
    }

    /// The integers that can be written in this form.
    var range: ClosedRange<Int64> {
        switch self {
        case .digits32: 0...Int64(Int32.max)
        case .digits64: 0...Int64.max
        case .signed64: Int64.min...Int64.max
        }
    }
}

extension ClosedRange<Int64> {
    fileprivate var schema: JSON.Object {
        ["type": "integer", "minimum": .number(JSON.Number(lowerBound)), "maximum": .number(JSON.Number(upperBound))]
    }
}

extension Parameter where Value == Int64 {
    /// An integer with a value of its own when it is left out.
    public static func integer(
        _ name: String,
        default standard: Int64,
        in range: ClosedRange<Int64>,
        form: IntegerForm,
        below: Beyond = .refused,
        above: Beyond = .refused,
    ) -> Self {
        let upper = range.upperBound == .max ? "" : " … \(range.upperBound)"
        let description = ParameterDescription(
            name: name,
            type: "integer",
            standard: String(standard),
            range: upper.isEmpty ? "≥ \(range.lowerBound)" : "\(range.lowerBound)\(upper)",
            otherwise: otherwise(range, below: below, above: above),
            schema: taken(range, form: form, below: below, above: above).schema,
        )
        return Self(description: description, standard: standard) { encoded throws(Refusal) in
            guard let integer = form.integer(encoded.text) else { throw Refusal(reason: "must be an integer") }
            switch (range.contains(integer), integer < range.lowerBound ? below : above) {
            case (true, _): return integer
            case (false, .becomes(let other)): return other
            case (false, .refused): throw Refusal(reason: "must be \(description.range ?? "in range")")
            }
        }
    }

    /// The same parameter, for which an integer beyond 64 bits is the nearest that has them.
    public func saturating() -> Self {
        Self(description: description, standard: standard) { encoded throws(Refusal) in
            let digits = encoded.text.utf8.first == UInt8(ascii: "-") ? encoded.text.dropFirst() : encoded.text[...]
            let isBeyond = !digits.isEmpty && digits.utf8.allSatisfy(\.isDigit) && Int64(encoded.text) == nil
            guard isBeyond else { return try read(encoded) }
            let nearest = digits.count == encoded.text.count ? Int64.max : Int64.min
            return try read(PercentEncoded(String(nearest)))
        }
    }

    /// The range of what is not refused.
    private static func taken(
        _ range: ClosedRange<Int64>,
        form: IntegerForm,
        below: Beyond,
        above: Beyond,
    ) -> ClosedRange<Int64> {
        let lower = if case .becomes = below { form.range.lowerBound } else { range.lowerBound }
        let upper = if case .becomes = above { form.range.upperBound } else { range.upperBound }
        return lower...upper
    }

    private static func otherwise(_ range: ClosedRange<Int64>, below: Beyond, above: Beyond) -> String {
        var coercions: [String] = []
        if case .becomes(let other) = below { coercions.append("less becomes \(other)") }
        if case .becomes(let other) = above { coercions.append("more becomes \(other)") }
        return (coercions + ["refused"]).joined(separator: ", else ")
    }
}

extension Parameter where Value == Int64? {
    /// An integer that may be left out.
    public static func integer(_ name: String, form: IntegerForm) -> Self {
        let description = ParameterDescription(
            name: name,
            type: "integer",
            otherwise: "refused",
            schema: form.range.schema,
        )
        return Self(description: description, standard: nil) { encoded throws(Refusal) in
            guard let integer = form.integer(encoded.text) else { throw Refusal(reason: "must be an integer") }
            return integer
        }
    }
}

extension Parameter where Value == String? {
    /// A text that may be left out.
    public static func text(_ name: String, atMost length: Int? = nil) -> Self {
        var schema: JSON.Object = ["type": "string"]
        if let length { schema["maxLength"] = .number(JSON.Number(length)) }
        let description = ParameterDescription(
            name: name,
            type: "string",
            range: length.map { "at most \($0) characters" },
            otherwise: length == nil ? "any text is taken" : "refused",
            schema: schema,
        )
        return Self(description: description, standard: nil) { encoded throws(Refusal) in
            if let length, encoded.text.unicodeScalars.count > length {
                throw Refusal(reason: "must have at most \(length) characters")
            }
            return encoded.text
        }
    }
}

extension Parameter where Value == Bool {
    /// A flag that is on for `true` in any case, and off for every other text.
    public static func flag(_ name: String, default standard: Bool) -> Self {
        let description = ParameterDescription(
            name: name,
            type: "boolean",
            standard: String(standard),
            range: "true, false",
            otherwise: "false",
            schema: ["type": ["boolean", "string"]],
        )
        return Self(description: description, standard: standard) { encoded in encoded.text.lowercased() == "true" }
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
    ) -> Self {
        let words = choices.map(\.word)
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
        return Self(description: description, standard: standard) { encoded throws(Refusal) in
            let typed = ignoringCase ? encoded.text.lowercased() : encoded.text
            for (word, meaning) in choices {
                // Byte by byte: for Swift, "K" and the Kelvin sign are the same text.
                if (ignoringCase ? word.lowercased() : word).utf8.elementsEqual(typed.utf8) { return meaning }
            }
            throw Refusal(reason: "must be one of \(words.joined(separator: ", "))")
        }
    }
}

/// A regular expression for a word in any case.
private func anyCase(_ word: String) -> String {
    word.map { $0.isLetter ? "[\($0.uppercased())\($0.lowercased())]" : "\($0)" }.joined()
}

extension Parameter {
    /// The same parameter, with a value for every text that it would not take otherwise.
    public func otherwise(_ value: Value) -> Self {
        var description = description
        description.otherwise = "any text is taken"
        description.schema = ["type": "string"]
        return Self(description: description, standard: standard) { encoded in (try? read(encoded)) ?? value }
    }

    /// The same parameter, of which no value has an effect.
    public func ignored() -> Self {
        Self(description: otherwise(standard).description, standard: standard) { _ in standard }
    }
}

extension Parameter where Value == String? {
    /// One of some words, or none.
    public static func choice(_ name: String, _ words: [String]) -> Self {
        choice(name, default: nil, words.map { ($0, $0) })
    }
}
