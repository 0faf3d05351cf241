public import PatchbayHTTP
public import PatchbayJSON
internal import Synchronization

/// What an operation declares of the requests to it, laid out so that one that keeps to it costs next to nothing.
public final class Contract: Sendable {
    /// The query parameters.
    let parameters: [ParameterDescription]
    /// Their names, and who judges their values.
    private let names: [String]
    private let judges: [Judge]
    /// How the API reads a query.
    private let rules: QueryRules
    /// The forms of path parameters that are not any text.
    private let captures: [(name: String, form: CaptureForm)]
    /// Whether the body is JSON, whose members can be compared with its schema.
    let isBodyJSON: Bool
    /// Makes the schemas of a body and of what is answered.
    private let makeBody: (@Sendable () -> BodyContract)?
    private let madeBody = Mutex<BodyContract?>(nil)

    init(
        _ rules: QueryRules,
        parameters: [ParameterDescription],
        captures: [String: JSON.Object],
        body: (@Sendable () -> JSON.Object)?,
        isBodyJSON: Bool,
        answer: @escaping @Sendable () -> JSON.Object,
    ) {
        self.rules = rules
        self.isBodyJSON = isBodyJSON
        self.parameters = parameters
        names = parameters.map(\.name)
        judges = parameters.map(\.judge)
        self.captures = captures.compactMap { name, schema in CaptureForm(schema).map { (name, $0) } }
        guard let body else {
            makeBody = nil
            return
        }
        makeBody = { BodyContract(taken: body(), shown: answer()) }
    }

    /// What a body may have; `nil` where none is read.
    var body: BodyContract? {
        guard let makeBody else { return nil }
        return madeBody.withLock { made in
            let body = made ?? makeBody()
            made = body
            return body
        }
    }

    /// Whether path and query have nothing that is not provided for.
    func isKept(
        by query: [QueryItem],
        _ captured: [(name: String, value: PercentEncoded)],
        _ quirks: Readings
    ) -> Bool {
        // Bits say which parameters were seen; no operation has nearly as many.
        var seen: UInt64 = 0
        for item in query {
            guard let index = index(of: item.name.text) else { return false }
            let bit: UInt64 = 1 << UInt64(index)
            guard
                seen & bit == 0, let value = item.value, !value.raw.isEmpty, value.fault == nil,
                judges[index].takes(value, quirks)
            else { return false }
            seen |= bit
        }
        return captures.isEmpty || malformedCapture(among: captured) == nil
    }

    /// The place of a declared parameter.
    func index(of name: String) -> Int? {
        for index in names.indices where names[index] == name { return index }
        return nil
    }

    /// The place of a declared parameter, or of a family that a name belongs to.
    func family(of name: String) -> Int? {
        if let index = index(of: name) { return index }
        return parameters.firstIndex { parameter in
            guard parameter.isFamily, let dot = parameter.name.lastIndex(of: ".") else { return false }
            let prefix = parameter.name[...dot]
            return name.hasPrefix(prefix) && name.utf8.count > prefix.utf8.count
        }
    }

    /// The first path parameter that has not its form.
    func malformedCapture(among captured: [(name: String, value: PercentEncoded)]) -> (name: String, form: String)? {
        for (name, form) in captures {
            for capture in captured where capture.name == name && !form.matches(capture.value.text) {
                return (name, form.description)
            }
        }
        return nil
    }

    /// The item that counts of those with a name, and how many there are.
    func counted(_ name: String, in query: [QueryItem]) -> (item: QueryItem, count: Int)? {
        let items = query.filter { $0.name.text == name }
        guard let item = rules.repeated == .first ? items.first : items.last else { return nil }
        return (item, items.count)
    }

    /// Why a value is not taken as it is; `nil` when it is.
    func reason(against value: PercentEncoded, of index: Int, in query: [QueryItem], _ quirks: Readings) -> String? {
        let (name, isRepeatable) = (parameters[index].name, parameters[index].isRepeatable)
        guard isRepeatable || query.count(where: { $0.name.text == name }) == 1 else {
            return "stands there more than once"
        }
        guard !value.raw.isEmpty else { return "has to have a value" }
        guard value.fault == nil else { return "is no text" }
        return switch parameters[index].judge(value, quirks) {
        case .taken, .withoutEffect: nil
        case .refused(_, let reason): reason
        case .coerced: "is not taken"
        }
    }

    /// The declared query parameters that a request brings, by their names: as written, and what the API takes them for.
    ///
    /// One without a value that is as good as absent is taken for its default; a refused one, or one without effect, for nothing.
    public func coerced(_ query: [QueryItem], _ quirks: Readings) -> JSON.Object {
        var object: JSON.Object = [:]
        for parameter in parameters {
            guard let (item, _) = counted(parameter.name, in: query) else { continue }
            let value = item.value ?? PercentEncoded("")
            var entry: JSON.Object = ["given": .string(value.text)]
            if value.raw.isEmpty, rules.emptyIsAbsent {
                if let standard = parameter.standardJSON { entry["taken"] = standard }
            } else {
                switch parameter.judge(value, quirks) {
                case .taken(let value), .coerced(let value, _): entry["taken"] = value
                case .refused(_, let reason): entry["refused"] = .string(reason)
                case .withoutEffect: break
                }
            }
            object[parameter.name] = .object(entry)
        }
        return object
    }
}

extension ParameterDescription {
    /// The value when it is left out, with its type.
    var standardJSON: JSON? {
        guard let standard else { return nil }
        return type == "string" ? .string(standard) : (try? JSON(parsing: Array(standard.utf8))) ?? .string(standard)
    }
}
