internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

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
        guard text.utf8.count > (isNegative ? 1 : 0), !isNegative || self == .signed64 else { return .nothing }
        // Below zero there is one more. Every request with a number comes here, and compares it with its contract, too.
        var negated: Int64 = 0
        var isTooLarge = false
        for byte in isNegative ? text.utf8.dropFirst() : text.utf8[...] {
            guard byte.isDigit else { return .nothing }
            let (tens, isBeyond) = negated.multipliedReportingOverflow(by: 10)
            let (sum, isBelow) = tens.subtractingReportingOverflow(Int64(byte - UInt8(ascii: "0")))
            isTooLarge = isTooLarge || isBeyond || isBelow
            negated = sum
        }
        let (integer, isBeyond) = isNegative ? (negated, false) : Int64(0).subtractingReportingOverflow(negated)
        guard !isTooLarge, !isBeyond, range.contains(integer) else {
            return .tooLarge(nearest: isNegative ? range.lowerBound : range.upperBound)
        }
        return .integer(integer)
    }

    /// The integer that a text writes in this form.
    public func integer(_ text: String) -> Int64? {
        if case .integer(let integer) = meaning(of: text) { integer } else { nil }
    }

    /// What is wrong with a text that was taken for an integer, or for none; `nil` when it writes that integer.
    func misfit(of text: String, takenFor taken: Int64?, _ range: String) -> Misfit? {
        switch meaning(of: text) {
        case .integer(let integer): integer == taken ? nil : .outOfRange(range)
        case .tooLarge: .outOfRange(range)
        case .nothing: misfit(ofUnread: text, range)
        }
    }

    /// What is wrong with a text that this form does not read.
    fileprivate func misfit(ofUnread text: String, _ range: String) -> Misfit {
        // An integer below zero is one even where no sign is read, and below every range.
        switch IntegerForm.signed64.meaning(of: text) {
        case .integer(..<0), .tooLarge: .outOfRange(range)
        case .integer, .nothing: .notANumber
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
    fileprivate var words: String { upperBound == .max ? "≥ \(lowerBound)" : "\(lowerBound) … \(upperBound)" }

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
    ) -> Parameter {
        let description = ParameterDescription(
            name: name,
            type: "integer",
            standard: String(standard),
            range: range.words,
            otherwise: otherwise(range, form: form, below: below, above: above),
            schema: taken(range, form: form, below: below, above: above).schema,
        )
        let words = range.words
        let beyond = { @Sendable in Refusal(reason: "must be \(words)", misfit: .outOfRange(words)) }
        return Parameter(
            description: description,
            standard: standard,
            shown: { .number(JSON.Number($0)) },
            misfit: { form.misfit(of: $1.text, takenFor: $0, words) }
        ) { encoded throws(Refusal) in
            let integer: Int64
            switch form.meaning(of: encoded.text) {
            case .integer(let number): integer = number
            case .tooLarge(let nearest):
                guard tooLarge else { throw beyond() }
                integer = nearest
            case .nothing:
                guard case .becomes(let other) = malformed else {
                    throw .unread(form.misfit(ofUnread: encoded.text, words), words)
                }
                return other
            }
            switch (range.contains(integer), integer < range.lowerBound ? below : above) {
            case (true, _): return integer
            case (false, .becomes(let other)): return other
            case (false, .refused): throw beyond()
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
        form: IntegerForm,
        below: Otherwise<Int64>,
        above: Otherwise<Int64>,
    ) -> String {
        var coercions: [String] = []
        // Where nothing below zero can be written, there may be but one number that is too small.
        let less = form.range.lowerBound == range.lowerBound &- 1 ? "\(form.range.lowerBound)" : "less"
        if case .becomes(let other) = below { coercions.append("\(less) becomes \(other)") }
        if case .becomes(let other) = above { coercions.append("more becomes \(other)") }
        return (coercions + ["refused"]).joined(separator: ", else ")
    }
}

extension Parameter where Value == Int64? {
    /// An integer that may be left out.
    public static func integer(
        _ name: String,
        in range: ClosedRange<Int64>? = nil,
        form: IntegerForm,
        malformed: Otherwise<Int64?> = .refused,
    ) -> Parameter {
        let description = ParameterDescription(
            name: name,
            type: "integer",
            range: range?.words,
            otherwise: "refused",
            schema: (range ?? form.range).schema,
        )
        let words =
            range?.words
            ?? (form == .signed64 ? "64 bits" : "\(form.range.lowerBound) … \(form.range.upperBound)")
        return Parameter(
            description: description,
            standard: nil,
            shown: { $0.map { .number(JSON.Number($0)) } ?? .null },
            misfit: { form.misfit(of: $1.text, takenFor: $0, words) }
        ) { encoded throws(Refusal) in
            switch form.meaning(of: encoded.text) {
            case .integer(let integer):
                guard range?.contains(integer) != false else {
                    throw Refusal(reason: "must be \(words)", misfit: .outOfRange(words))
                }
                return integer
            case .tooLarge: throw Refusal(reason: "must be an integer of 64 bits", misfit: .outOfRange(words))
            case .nothing:
                guard case .becomes(let other) = malformed else {
                    throw .unread(form.misfit(ofUnread: encoded.text, words), words)
                }
                return other
            }
        }
    }
}

extension ParameterRefusal {
    fileprivate static func unread(_ misfit: Misfit, _ range: String) -> Self {
        Self(reason: misfit == .notANumber ? "must be an integer" : "must be \(range)", misfit: misfit)
    }
}
