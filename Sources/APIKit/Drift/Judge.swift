public import PatchbayHTTP
public import PatchbayJSON

/// What is wrong with a value, by what its parameter declares.
public enum Misfit: Sendable, Equatable {
    /// It is no integer.
    case notANumber
    /// It is beyond the range, given in words.
    case outOfRange(String)
    /// It is none of the words.
    case unknownWord(among: [String])
    /// It has not the form, given in words.
    case malformed(String)
}

/// What an API makes of the value of a query parameter.
public enum Judgement: Sendable, Equatable {
    /// It is taken as it is.
    case taken(JSON)
    /// It is taken for another value.
    case coerced(JSON, Misfit)
    /// It is refused; the reason follows the parameter's name.
    case refused(Misfit, reason: String)
    /// No value has an effect.
    case withoutEffect
}

/// Says what an API makes of a parameter's values: made from the same function that handlers read it with.
public struct Judge: Sendable {
    private typealias Shows = @Sendable (PercentEncoded) -> JSON?

    private let plain: @Sendable (PercentEncoded, Readings) -> Bool
    private let judgement: @Sendable (PercentEncoded, Readings) -> Judgement

    private init(
        plain: @escaping @Sendable (PercentEncoded, Readings) -> Bool,
        judgement: @escaping @Sendable (PercentEncoded, Readings) -> Judgement,
    ) {
        self.plain = plain
        self.judgement = judgement
    }

    /// Takes every text as it is.
    init() {
        self.init(plain: { _, _ in true }, judgement: { encoded, _ in .taken(.string(encoded.text)) })
    }

    /// Judges as a parameter reads.
    init<Value>(
        shown: @escaping @Sendable (Value) -> JSON,
        misfit: @escaping @Sendable (Value, PercentEncoded) -> Misfit?,
        read: @escaping @Sendable (PercentEncoded) throws(ParameterRefusal) -> Value,
    ) {
        self.init(
            plain: { encoded, _ in
                // Every parameter of every request comes here, and an optional of a type that is not known is looked up each time.
                do throws(ParameterRefusal) {
                    return misfit(try read(encoded), encoded) == nil
                } catch {
                    return false
                }
            },
            judgement: { encoded, _ in
                do throws(ParameterRefusal) {
                    let value = try read(encoded)
                    guard let misfit = misfit(value, encoded) else { return .taken(shown(value)) }
                    return .coerced(shown(value), misfit)
                } catch {
                    return .refused(error.misfit, reason: error.reason)
                }
            }
        )
    }

    /// That of a parameter that is there for nothing.
    static let withoutEffect = Self(plain: { _, _ in true }, judgement: { _, _ in .withoutEffect })

    /// The same one, which shows what is taken by its text.
    func showing(_ shown: @escaping @Sendable (PercentEncoded) -> JSON?) -> Self {
        let judgement = judgement
        return Self(plain: plain) { encoded, quirks in
            guard case .taken(let value) = judgement(encoded, quirks) else { return judgement(encoded, quirks) }
            return .taken(shown(encoded) ?? value)
        }
    }

    /// The same one under the decided readings, and another one under others.
    func following(_ make: @escaping @Sendable (Readings) -> Self) -> Self {
        let standard = self
        return Self(
            plain: { encoded, quirks in
                (quirks.areStandard ? standard : make(quirks)).plain(encoded, quirks)
            },
            judgement: { encoded, quirks in
                (quirks.areStandard ? standard : make(quirks)).judgement(encoded, quirks)
            }
        )
    }

    /// Whether a value is taken as it is, which most are.
    func takes(_ value: PercentEncoded, _ quirks: Readings) -> Bool { plain(value, quirks) }

    /// What becomes of a value.
    public func callAsFunction(_ value: PercentEncoded, _ quirks: Readings) -> Judgement { judgement(value, quirks) }
}
