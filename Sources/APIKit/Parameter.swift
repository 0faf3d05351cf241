internal import PatchbayHTTP
public import PatchbayJSON

/// A query parameter of an operation: its name, what it may be, and what it is when it is left out.
///
/// An object: generic code that the compiler does not specialise passes it on for next to nothing.
public final class Parameter<Value: Sendable>: Sendable {
    /// What it says in tables and descriptions.
    public let description: ParameterDescription
    /// Its value when it is left out.
    public let standard: Value
    /// Its value for a text; throws a reason that follows the parameter's name.
    let read: @Sendable (PercentEncoded) throws(Refusal) -> Value
    /// Makes it anew for other readings of quirks; `nil` when it is the same under all.
    private let remake: (@Sendable (Readings) -> Parameter)?

    /// The parameter's name on the wire.
    public var name: String { description.name }

    /// Declares a parameter.
    ///
    /// - Parameters:
    ///   - description: what tables say of it.
    ///   - standard: its value when it is left out.
    ///   - shown: a value as JSON.
    ///   - misfit: what was wrong with a text that is taken for another value; `nil` when nothing was.
    ///   - read: its value for a text.
    convenience init(
        description: ParameterDescription,
        standard: Value,
        shown: @escaping @Sendable (Value) -> JSON,
        misfit: @escaping @Sendable (Value, PercentEncoded) -> Misfit? = { _, _ in nil },
        read: @escaping @Sendable (PercentEncoded) throws(Refusal) -> Value,
    ) {
        var description = description
        description.judge = Judge(shown: shown, misfit: misfit, read: read)
        self.init(description, standard, remake: nil, read: read)
    }

    private init(
        _ description: ParameterDescription,
        _ standard: Value,
        remake: (@Sendable (Readings) -> Parameter)?,
        read: @escaping @Sendable (PercentEncoded) throws(Refusal) -> Value,
    ) {
        self.description = description
        self.standard = standard
        self.remake = remake
        self.read = read
    }

    /// A parameter that depends on readings of quirks.
    ///
    /// - Parameter make: makes it.
    /// - Returns: the parameter under the decided readings, which is made anew when others are in force.
    public static func following(_ make: @escaping @Sendable (Readings) -> Parameter) -> Parameter {
        let parameter = make(Readings())
        var description = parameter.description
        description.judge = description.judge.following { make($0).description.judge }
        return Parameter(description, parameter.standard, remake: make, read: parameter.read)
    }

    /// The same parameter with something else said of it.
    func described(_ change: (inout ParameterDescription) -> Void) -> Parameter {
        var description = description
        change(&description)
        return Parameter(description, standard, remake: remake, read: read)
    }

    /// The same parameter, which may stand there several times; under several names when the last part of its name, after
    /// a dot, stands for any.
    public func repeatable(isFamily: Bool = false) -> Parameter {
        described { description in
            description.isRepeatable = true
            description.isFamily = isFamily
        }
    }

    /// The same parameter, of which it is known what it is for.
    public func means(_ concept: Concept) -> Parameter { described { $0.concept = concept } }

    /// What the parameter is under the readings that are in force.
    func taken(by quirks: Readings) -> Parameter {
        remake?(quirks) ?? self
    }

    typealias Refusal = ParameterRefusal
}

/// Why a value is not taken.
struct ParameterRefusal: Error {
    /// What the value must be, in words that follow the parameter's name.
    var reason: String
    /// What is wrong with it.
    var misfit: Misfit
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
    /// Whether it may stand there several times, where each time counts.
    public internal(set) var isRepeatable = false
    /// Whether the last part of its name, after a dot, stands for any name.
    public internal(set) var isFamily = false
    /// What it is for, in terms that all APIs share.
    public internal(set) var concept: Concept?
    /// What the API makes of a value.
    public internal(set) var judge = Judge()
}
