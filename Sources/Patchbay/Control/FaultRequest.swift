internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// Reads faults as control calls write them, and refuses what could never strike.
struct FaultRequest {
    private let scope: Scope
    /// The services whose requests can be those of the tenant.
    private let services: [Service]
    /// The errors of each of them by name, which take a while to be found.
    private let errorNames: [String: [String]]
    /// Those that all of them have, so that nobody needs to name an API.
    private let sharedErrors: [String]

    init(scope: Scope, world: World) {
        self.scope = scope
        services = world.services.filter { service in
            guard let roots = scope.roots else { return true }
            return service.root.map { root in roots.contains { $0 == Root(root, $0.key) } } ?? false
        }
        let names = services.map { (api: $0.name, errors: $0.errorNames(world)) }
        errorNames = Dictionary(names.map { ($0.api, $0.errors) }) { first, _ in first }
        sharedErrors = names.first?.errors.filter { name in names.allSatisfy { $0.errors.contains(name) } } ?? []
    }

    /// The most that may be counted or waited for, so that nothing overflows.
    private static let most: Int64 = 1_000_000_000
    private static let longest = 86_400_000.0

    /// A fault of a name.
    func fault(_ name: String, _ members: inout ControlBody) throws(ControlAPI.Failure) -> Fault {
        try members.require(Self.members)
        try readShown(name, &members)
        let service = try service(&members)
        let operation = try operation(&members, of: service)
        let parameters = try parameters(&members, of: service, operation)
        let effect = try effect(&members, of: service)
        let delay = try delay(&members)
        guard effect != nil || delay != nil else {
            throw members.bad(
                "error",
                "is missing, and so are \(Self.outcomes.dropFirst().joined(separator: ", ")) and delay"
            )
        }
        let schedule = try schedule(&members)
        if case .rateLimit = effect, schedule != .always {
            throw members.bad("when", "does not go with a rateLimit, which counts by itself")
        }
        let seed = try members.integer("seed", in: 0...Int64(UInt32.max))
        let isAfter = try members.boolean("after") ?? false
        guard !isAfter || Self.mayComeAfter(effect) else {
            throw members.bad("after", "goes with an error, or a connection that is reset or closed")
        }
        return Fault(
            name,
            tenant: scope.name,
            of: scope.roots,
            api: service?.name,
            operation: operation?.operation,
            parameters: parameters,
            schedule: schedule,
            seed: seed.map(UInt64.init) ?? Self.seed(of: name),
            delay: delay,
            effect: effect,
            isAfter: isAfter
        )
    }

    /// What a fault of the name follows from when nobody says: equal runs have equal faults (FNV-1a, 32 bits).
    private static func seed(of name: String) -> UInt64 {
        UInt64(name.utf8.reduce(UInt32(0x811c_9dc5)) { ($0 ^ UInt32($1)) &* 0x0100_0193 })
    }

    /// All members of a fault, the last of which only answers say.
    private static let members =
        ["api", "operation", "parameters", "when", "seed"] + outcomes
        + ["retryAfter", "headers", "delay", "after", "name", "tenant", "seen", "fired"]

    /// Reads what answers say of a fault beside what was asked for, so that an answer can be written again: it has to be
    /// true, and the counts begin anew.
    private func readShown(_ name: String, _ members: inout ControlBody) throws(ControlAPI.Failure) {
        if let given = try members.string("name"), given != name { throw members.bad("name", "is not \(name)") }
        if let given = try members.string("tenant"), given != scope.name {
            throw members.bad("tenant", "is not \(scope.name ?? "named in the query")")
        }
        for name in ["seen", "fired"] { _ = try members.integer(name, in: 0...Int64.max) }
    }

    /// The members of which one says what becomes of an answer.
    private static let outcomes = ["error", "connection", "truncate", "dribble", "rateLimit"]

    private static func mayComeAfter(_ effect: Fault.Effect?) -> Bool {
        switch effect {
        case .error, .reset, .empty, .garbage: true
        case .truncated, .dribbled, .rateLimit, nil: false
        }
    }
}

/// Which requests.
extension FaultRequest {
    private func service(_ members: inout ControlBody) throws(ControlAPI.Failure) -> Service? {
        guard let name = try members.choice("api", among: services.map(\.name)) else {
            // The only one of the tenant need not be named.
            return scope.roots != nil && services.count == 1 ? services.first : nil
        }
        return services.first { $0.name == name }
    }

    private func operation(
        _ members: inout ControlBody,
        of service: Service?
    ) throws(ControlAPI.Failure) -> RouteDescription? {
        guard let service else {
            guard members.value("operation") == nil else { throw members.bad("operation", "needs an api beside it") }
            return nil
        }
        guard let name = try members.choice("operation", among: service.routes.map(\.operation)) else { return nil }
        let found = service.routes.first { $0.operation == name }
        if let found, scope.roots != nil, found.rootCapture == nil {
            throw members.bad("operation", "has no tenant in its path, so that no request of it is the tenant's")
        }
        return found
    }

    private func parameters(
        _ members: inout ControlBody,
        of service: Service?,
        _ operation: RouteDescription?
    ) throws(ControlAPI.Failure) -> [(name: String, value: String?)] {
        try members.object("parameters") { values throws(ControlAPI.Failure) in
            let routes = operation.map { [$0] } ?? service?.routes ?? services.flatMap(\.routes)
            var distinct: Set<String> = []
            let known = routes.flatMap { $0.captureNames + $0.parameters.map(\.name) }
                .filter { distinct.insert($0).inserted }
            var parameters: [(name: String, value: String?)] = []
            for name in values.names {
                guard known.contains(name) else { throw .unknown(name, at: values.pointer(to: name), among: known) }
                let keys = (scope.roots ?? []).map(\.key)
                if scope.roots != nil, routes.contains(where: { $0.rootCapture == name }),
                    let key = values.peek(name)?.stringValue, !keys.contains(key)
                {
                    throw .unknown(key, at: values.pointer(to: name), among: keys, as: "is another tenant")
                }
                switch values.value(name) {
                case .string(let text): parameters.append((name, text))
                case .number(let number): parameters.append((name, number.text))
                case .bool(let flag): parameters.append((name, String(flag)))
                case .null: parameters.append((name, nil))
                default: throw values.bad(name, "is neither a text nor null, which stands for an absent parameter")
                }
            }
            return parameters
        } ?? []
    }

    private static let schedules = ["nth", "first", "every", "probability"]

    private func schedule(_ members: inout ControlBody) throws(ControlAPI.Failure) -> Fault.Schedule {
        guard case .object? = members.peek("when") else {
            guard let word = members.value("when") else { return .always }
            guard word == "always" else {
                let kinds = Self.schedules.joined(separator: ", ")
                throw members.bad("when", "is neither \"always\" nor an object with one of \(kinds)")
            }
            return .always
        }
        return try members.object("when") { when throws(ControlAPI.Failure) in
            let kinds = Self.schedules
            guard when.names.count == 1, let kind = when.names.first else {
                throw .bad(at: when.place, "has not exactly one of \(kinds.joined(separator: ", "))")
            }
            if let probability = try when.number("probability", in: 0...1) { return .probability(probability) }
            if let number = try when.integer("nth", in: 1...Self.most) { return .nth(number) }
            if let count = try when.integer("first", in: 1...Self.most) { return .first(count) }
            if let count = try when.integer("every", in: 1...Self.most) { return .every(count) }
            throw .unknown(kind, at: when.pointer(to: kind), among: kinds)
        } ?? .always
    }
}

/// What becomes of them.
extension FaultRequest {
    private func effect(
        _ members: inout ControlBody,
        of service: Service?
    ) throws(ControlAPI.Failure) -> Fault.Effect? {
        let named = members.names.filter(Self.outcomes.contains)
        guard named.count < 2 else { throw members.bad(named[1], "stands beside \(named[0]); an answer has one end") }
        let retryAfter = try members.integer("retryAfter", in: 0...Self.most).map(Int.init)
        let headers = try headers(&members)
        if let error = try error(&members, of: service) {
            return .error(error, retryAfter: retryAfter, headers: headers)
        }
        for name in ["retryAfter", "headers"] where members.names.contains(name) {
            throw members.bad(name, "goes with an error")
        }
        switch try members.choice("connection", among: ["reset", "empty", "garbage"]) {
        case "reset": return .reset
        case "empty": return .empty
        case "garbage": return .garbage(bytes: 256)
        default: break
        }
        return try answerInPart(&members)
    }

    private func error(_ members: inout ControlBody, of service: Service?) throws(ControlAPI.Failure) -> String? {
        guard let value = members.value("error") else { return nil }
        guard let name = value.stringValue ?? value.int64Value.map({ String($0) }) else {
            throw members.bad("error", "is neither the name of an error nor a status")
        }
        let names = service.map { errorNames[$0.name] ?? [] } ?? sharedErrors
        guard service != nil || names.contains(name) else {
            throw .unknown(name, at: members.pointer(to: "error"), among: names, as: "needs an api beside it")
        }
        guard names.contains(name) else { throw .unknown(name, at: members.pointer(to: "error"), among: names) }
        return name
    }

    private static let writersOwn = ["content-length", "transfer-encoding", "connection"]

    private func headers(_ members: inout ControlBody) throws(ControlAPI.Failure) -> [(name: String, value: String)] {
        try members.bound("headers", to: ControlBound.headers)
        return try members.object("headers") { fields throws(ControlAPI.Failure) in
            var headers: [(name: String, value: String)] = []
            for name in fields.names {
                guard AuthorizationHeader.isToken(name) else { throw fields.bad(name, "is no name of a header") }
                guard let value = try fields.string(name) else { continue }
                guard !Self.writersOwn.contains(name.lowercased()) else {
                    throw fields.bad(name, "is the server's own, and follows from the answer")
                }
                guard !value.unicodeScalars.contains(where: { $0.value < 0x20 && $0 != "\t" || $0.value == 0x7f })
                else {
                    throw fields.bad(name, "holds control characters, which no header can (RFC 9110, section 5.5)")
                }
                headers.append((name, value))
            }
            return headers
        } ?? []
    }

    private func answerInPart(_ members: inout ControlBody) throws(ControlAPI.Failure) -> Fault.Effect? {
        if let effect = try members.object(
            "truncate",
            { part throws(ControlAPI.Failure) in
                guard let bytes = try part.integer("bytes", in: 0...Self.most) else {
                    throw part.bad("bytes", "is missing")
                }
                return Fault.Effect.truncated(bytes: Int(bytes))
            }
        ) {
            return effect
        }
        if let effect = try members.object(
            "dribble",
            { part throws(ControlAPI.Failure) in
                guard let pieces = try part.integer("pieces", in: 1...10_000) else {
                    throw part.bad("pieces", "is missing")
                }
                guard let length = try part.number("milliseconds", in: 0...Self.longest) else {
                    throw part.bad("milliseconds", "is missing")
                }
                return Fault.Effect.dribbled(pieces: Int(pieces), over: Int64(length * 1_000))
            }
        ) {
            return effect
        }
        return try members.object("rateLimit") { part throws(ControlAPI.Failure) in
            guard let requests = try part.integer("requests", in: 0...Self.most) else {
                throw part.bad("requests", "is missing")
            }
            guard let seconds = try part.integer("seconds", in: 1...Self.most) else {
                throw part.bad("seconds", "is missing")
            }
            return .rateLimit(requests: Int(requests), seconds: Int(seconds))
        }
    }

    /// Milliseconds: a number, or an object that says how they are spread.
    private func delay(_ members: inout ControlBody) throws(ControlAPI.Failure) -> Fault.Delay? {
        try members.object("delay") { delay throws(ControlAPI.Failure) in
            guard case .object? = delay.peek("milliseconds") else {
                guard let length = try delay.number("milliseconds", in: 0...Self.longest) else {
                    throw delay.bad("milliseconds", "is missing")
                }
                return .fixed(Int64(length * 1_000))
            }
            return try delay.object("milliseconds", distribution) ?? .fixed(0)
        }
    }

    private func distribution(_ spread: inout ControlBody) throws(ControlAPI.Failure) -> Fault.Delay {
        let range = 0...Self.longest
        if let median = try spread.number("median", in: range) {
            guard let sigma = try spread.number("sigma", in: 0...10) else { throw spread.bad("sigma", "is missing") }
            let limit = try spread.number("limit", in: range) ?? Self.longest
            return .logNormal(median: Int64(median * 1_000), sigma: sigma, limit: Int64(limit * 1_000))
        }
        guard let from = try spread.number("from", in: range) else {
            throw .bad(at: spread.place, "has neither from and to, nor median and sigma")
        }
        guard let to = try spread.number("to", in: from...Self.longest) else { throw spread.bad("to", "is missing") }
        return .uniform(from: Int64(from * 1_000), to: Int64(to * 1_000))
    }
}
