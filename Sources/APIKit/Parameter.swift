internal import HTTP
public import JSON
public import Store

/// A query parameter of an operation: its name, what it may be, and what it is when it is left out.
public struct Parameter<Value: Sendable>: Sendable {
    /// What it says in tables and descriptions.
    public var description: ParameterDescription
    /// Its value when it is left out.
    public var standard: Value
    /// Its value for a text; throws a reason that follows the parameter's name.
    let read: @Sendable (PercentEncoded) throws(Refusal) -> Value
    /// Makes it anew for other readings of quirks; `nil` when it is the same under all.
    private var remake: (@Sendable (Readings) -> Self)?

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

    /// A parameter that depends on readings of quirks.
    ///
    /// - Parameter make: makes it.
    /// - Returns: the parameter under the decided readings, which is made anew when others are in force.
    public static func following(_ make: @escaping @Sendable (Readings) -> Self) -> Self {
        var parameter = make(Readings())
        parameter.remake = make
        return parameter
    }

    /// What the parameter is under the readings that are in force.
    func taken(by quirks: Readings) -> Self {
        guard !quirks.areStandard, let remake else { return self }
        return remake(quirks)
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

/// What becomes of a value that is not taken as it is.
public enum Otherwise<Value: Sendable>: Sendable {
    /// It is refused.
    case refused
    /// It is taken for another one.
    case becomes(Value)
}

/// How an integer may be written, beyond ASCII digits with any number of zeros before them.
public enum IntegerForm: Sendable {
    /// Digits alone, up to the largest 32-bit integer.
    case digits32
    /// Digits alone, up to the largest 64-bit integer.
    case digits64
    /// Digits with a minus sign or without, 64 bits.
    case signed64

    /// What a text says.
    enum Meaning {
        case integer(Int64)
        /// An integer that does not fit, and the nearest one that does.
        case tooLarge(nearest: Int64)
        case nothing
    }

    func meaning(of text: String) -> Meaning {
        let isNegative = text.utf8.first == UInt8(ascii: "-")
        let digits = isNegative ? text.utf8.dropFirst() : text.utf8[...]
        guard !digits.isEmpty, digits.allSatisfy(\.isDigit), !isNegative || self == .signed64 else { return .nothing }
        guard let integer = Int64(text), range.contains(integer) else {
            return .tooLarge(nearest: isNegative ? range.lowerBound : range.upperBound)
        }
        return .integer(integer)
    }

    /// The integer that a text writes in this form.
    public func integer(_ text: String) -> Int64? {
        if case .integer(let integer) = meaning(of: text) { integer } else { nil }
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
    ///
    /// - Parameters:
    ///   - name: the name on the wire.
    ///   - standard: the value when it is left out.
    ///   - range: the values it may have.
    ///   - form: how it may be written.
    ///   - below: what becomes of one below the range.
    ///   - above: what becomes of one above the range.
    ///   - tooLarge: whether one that does not fit its form is taken for the nearest that does, or refused.
    ///   - malformed: what becomes of a text that is no integer.
    /// - Returns: the parameter.
    public static func integer(
        _ name: String,
        default standard: Int64,
        in range: ClosedRange<Int64>,
        form: IntegerForm,
        below: Otherwise<Int64> = .refused,
        above: Otherwise<Int64> = .refused,
        takesTooLarge tooLarge: Bool = false,
        malformed: Otherwise<Int64> = .refused,
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
            let beyond = Refusal(reason: "must be \(description.range ?? "in range")")
            let integer: Int64
            switch form.meaning(of: encoded.text) {
            case .integer(let number): integer = number
            case .tooLarge(let nearest):
                guard tooLarge else { throw beyond }
                integer = nearest
            case .nothing:
                guard case .becomes(let other) = malformed else { throw Refusal(reason: "must be an integer") }
                return other
            }
            switch (range.contains(integer), integer < range.lowerBound ? below : above) {
            case (true, _): return integer
            case (false, .becomes(let other)): return other
            case (false, .refused): throw beyond
            }
        }
    }

    /// The range of what is not refused.
    private static func taken(
        _ range: ClosedRange<Int64>,
        form: IntegerForm,
        below: Otherwise<Int64>,
        above: Otherwise<Int64>,
    ) -> ClosedRange<Int64> {
        let lower = if case .becomes = below { form.range.lowerBound } else { range.lowerBound }
        let upper = if case .becomes = above { form.range.upperBound } else { range.upperBound }
        return lower...upper
    }

    private static func otherwise(
        _ range: ClosedRange<Int64>,
        below: Otherwise<Int64>,
        above: Otherwise<Int64>,
    ) -> String {
        var coercions: [String] = []
        if case .becomes(let other) = below { coercions.append("less becomes \(other)") }
        if case .becomes(let other) = above { coercions.append("more becomes \(other)") }
        return (coercions + ["refused"]).joined(separator: ", else ")
    }
}

extension Parameter where Value == Int64? {
    /// An integer that may be left out.
    public static func integer(
        _ name: String,
        form: IntegerForm,
        malformed: Otherwise<Int64?> = .refused,
    ) -> Self {
        let description = ParameterDescription(
            name: name,
            type: "integer",
            otherwise: "refused",
            schema: form.range.schema,
        )
        return Self(description: description, standard: nil) { encoded throws(Refusal) in
            switch form.meaning(of: encoded.text) {
            case .integer(let integer): return integer
            case .tooLarge: throw Refusal(reason: "must be an integer of 64 bits")
            case .nothing:
                guard case .becomes(let other) = malformed else { throw Refusal(reason: "must be an integer") }
                return other
            }
        }
    }
}

extension Parameter where Value == String? {
    /// A text of a form, which may be left out.
    public static func text(_ name: String, _ form: Member.TextForm) -> Self {
        var schema: JSON.Object = ["type": "string"]
        if let pattern = form.pattern { schema["pattern"] = .string(pattern) }
        let description = ParameterDescription(
            name: name,
            type: "string",
            range: form.name,
            otherwise: "refused",
            schema: schema,
        )
        return Self(description: description, standard: nil) { encoded throws(Refusal) in
            guard form.matches(encoded.text) else { throw Refusal(reason: "must be \(form.name)") }
            return encoded.text
        }
    }

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
    /// The same parameter, of which no value has an effect.
    public func ignored() -> Self {
        var description = description
        description.otherwise = "any text is taken"
        description.schema = ["type": "string"]
        return Self(description: description, standard: standard) { _ in standard }
    }
}

extension Parameter where Value == String? {
    /// One of some words, or none.
    public static func choice(_ name: String, _ words: [String]) -> Self {
        choice(name, default: nil, words.map { ($0, $0) })
    }
}
