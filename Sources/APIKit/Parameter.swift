internal import HTTP
public import JSON

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
        remake?(quirks) ?? self
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
