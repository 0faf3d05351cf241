internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// Which exchanges a call is about, by its query: `?operation=listPeeringConnections&status=200&parameter.pageNum=2`.
///
/// A name that stands there several times takes any of its values.
struct ExchangeFilter {
    /// What they have in common.
    private(set) var pattern = ExchangePattern()

    /// The parameters of the filter, with those that say which tenant, and further ones of a call.
    static func parameters(_ further: [ParameterDescription] = []) -> [ParameterDescription] {
        let families = prefixes.map { Parameter<String?>.text($0.0 + "NAME").repeatable(isFamily: true) }
        let others = fields.map { Parameter<String?>.text($0.name).repeatable() }
        return [Scope.tenant] + (families + others).map(\.description) + further
    }

    /// The fields that are asked for by a name alone; the tenant is looked up.
    private static let fields = RecordedExchange.questions.filter { $0.kind == .text && $0.name != "tenant" }
    /// Those whose members are asked for, by what stands before a member's name.
    private static let prefixes = [("parameter.", "parameters"), ("header.", "headers")]

    /// Reads a query.
    ///
    /// - Parameters:
    ///   - call: the call.
    ///   - others: the parameters that mean something else to it.
    /// - Throws: for a name or a value that means nothing.
    init(_ call: borrowing Call<ControlAPI>, besides others: [String] = []) throws(ControlAPI.Failure) {
        let services = call.world.services
        var texts: [(name: String, values: [String])] = []
        var count = 0
        for item in call.request.target.query {
            let (name, value) = (item.name.text, item.value?.text ?? "")
            guard !value.isEmpty, name != Scope.tenant.name, !others.contains(name) else { continue }
            count += 1
            guard count <= ControlBound.filters else {
                throw .badParameter(
                    ControlAPI.Failure.brief(name),
                    "comes after \(ControlBound.filters) other values, which are too many"
                )
            }
            if let place = texts.firstIndex(where: { $0.name == name }) {
                texts[place].values.append(value)
            } else {
                texts.append((name, [value]))
            }
        }
        for (name, values) in texts {
            if let field = Self.fields.first(where: { $0.name == name }) {
                let words = field.words(services, of: call.queryValue("api")?.text)
                for value in values where words?.contains(value) == false {
                    throw .badParameter(name, "has no meaning as it is", among: words ?? [], near: value)
                }
                if field.isNumber, let value = values.first(where: { Int64($0) == nil }) {
                    throw .badParameter(name, "is \(value), which is no integer")
                }
                pattern.fields.append((field, Self.pattern(values, of: field)))
            } else if let (field, member) = Self.member(name) {
                pattern.fields.append((field, .members([(member, Self.anyOf(values))])))
            } else {
                let names = Self.parameters().map(\.name) + others
                throw .badParameter(name, "is no filter", among: names, near: name)
            }
        }
    }

    private static func pattern(_ values: [String], of field: RecordedExchange.Field) -> ValuePattern {
        field.isPresence ? .oneOf(values.map { .present($0 == "true") }) : anyOf(values)
    }

    private static func anyOf(_ values: [String]) -> ValuePattern { .oneOf(values.map { .exactly(.string($0)) }) }

    private static func member(_ name: String) -> (field: RecordedExchange.Field, member: String)? {
        for (prefix, fieldName) in prefixes where name.hasPrefix(prefix) && name != prefix {
            guard let field = RecordedExchange.questions.first(where: { $0.name == fieldName }) else { continue }
            let member = String(name.dropFirst(prefix.count))
            return (field, fieldName == "headers" ? member.lowercased() : member)
        }
        return nil
    }
}

extension RecordedExchange.Field {
    /// Whether it is asked for by whether it is there.
    var isPresence: Bool { name == "unmatched" }

    /// Whether it is an integer.
    var isNumber: Bool { ["status", "rows"].contains(name) }

    /// What it may be; `nil` where it may be anything.
    ///
    /// - Parameters:
    ///   - services: the APIs that there are.
    ///   - api: the one that is asked about.
    /// - Returns: the words.
    func words(_ services: [Service], of api: String?) -> [String]? {
        switch name {
        case "api": services.map(\.name)
        case "operation": services.filter { api == nil || $0.name == api }.flatMap { $0.routes.map(\.operation) }
        case "unmatched": ["true", "false"]
        case "finding": Finding.Kind.allCases.map(\.rawValue)
        default: nil
        }
    }
}
