internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What goes wrong on purpose.
extension ControlAPI {
    /// The faults in force, with how often each has looked and struck.
    static func listFaults(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call)
        return Reply(json: ["faults": .array(call.world.faults.list(scope.roots).map(\.description))])
    }

    /// Puts faults in force in place of all that the tenant has, or of all: `{"faults": [{"name": "slow", ...}]}`.
    static func replaceFaults(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let scope = try Scope(call)
        let request = FaultRequest(scope: scope, world: call.world)
        let faults = try ControlBody.whole(of: call) { members throws(Failure) in
            try members.objects("faults") { fault throws(Failure) in
                guard let name = fault.peek("name")?.stringValue else {
                    throw fault.bad("name", "is missing, or no text")
                }
                guard isName(name) else { throw fault.bad("name", "is \(nameForm)") }
                return try request.fault(name, &fault)
            }
        }
        guard let faults else { throw .bad(at: JSON.Pointer(["faults"]), "is missing") }
        var names: Set<String> = []
        for (number, fault) in faults.enumerated() where !names.insert(fault.name).inserted {
            throw .bad(at: JSON.Pointer(["faults", String(number), "name"]), "stands there twice")
        }
        guard call.world.faults.replaceAll(scope.roots, by: faults) else { throw tooManyFaults }
        return Reply(json: ["faults": .array(call.world.faults.list(scope.roots).map(\.description))])
    }

    /// Takes faults out of force: those of a tenant, or all.
    static func removeFaults(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call)
        let faults = call.world.faults.list(scope.roots)
        call.world.faults.removeAll(scope.roots)
        return Reply(json: ["removed": .array(faults.map(\.description))])
    }

    /// A fault, with how often it has looked and struck.
    static func readFault(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (scope, name) = (try Scope(call), call.capture("name").text)
        guard let entry = call.world.faults.find(name, of: scope.roots) else {
            throw noFault(name, scope, call.world)
        }
        return Reply(json: entry.description)
    }

    /// Puts a fault in force, in place of one of its name: `{"api": "atlas", "error": "UNEXPECTED_ERROR", "when": {"first": 2}}`.
    static func putFault(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let (scope, name) = (try Scope(call), try name("name", call))
        let request = FaultRequest(scope: scope, world: call.world)
        let fault = try ControlBody.whole(of: call) { members throws(Failure) in
            try request.fault(name, &members)
        }
        guard let (entry, isNew) = call.world.faults.put(fault) else { throw tooManyFaults }
        return Reply(isNew ? .created : .ok, json: entry.description)
    }

    private static var tooManyFaults: Failure {
        .conflict("There would be more than \(FaultTable.most) faults in force, those of all tenants together.")
    }

    /// Takes a fault out of force.
    static func removeFault(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let (scope, name) = (try Scope(call), call.capture("name").text)
        guard let removed = call.world.faults.remove(name, of: scope.roots) else {
            throw noFault(name, scope, call.world)
        }
        return Reply(json: removed.description)
    }

    private static func noFault(_ name: String, _ scope: Scope, _ world: World) -> Failure {
        // A tenant's faults are found with the tenant only.
        let names = world.faults.list(scope.roots).filter { $0.fault.roots == scope.roots }.map(\.fault.name)
        return .none("fault", called: name, among: names)
    }

    private static let nameForm = "not 1 to 64 letters, digits, - . _ or ~"

    /// The name that a path gives to something new.
    static func name(_ capture: String, _ call: borrowing Call<Self>) throws(Failure) -> String {
        let name = call.capture(capture).text
        guard isName(name) else { throw .badParameter(capture, "is \(nameForm)") }
        return name
    }

    /// Whether a text can be a name in a path.
    private static func isName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
                    || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "-._~".utf8.contains(byte)
            }
    }
}

extension FaultTable.Entry {
    /// The fault as it can be written again, with how often it has looked and struck.
    fileprivate var description: JSON {
        var object = fault.description
        object["seed"] = .number(JSON.Number(Int64(fault.seed)))
        object["seen"] = .number(JSON.Number(seen))
        object["fired"] = .number(JSON.Number(fired))
        return .object(object)
    }
}

extension Fault {
    fileprivate var description: JSON.Object {
        var object: JSON.Object = ["name": .string(name)]
        if let tenant { object["tenant"] = .string(tenant) }
        if let api { object["api"] = .string(api) }
        if let operation { object["operation"] = .string(operation) }
        if !parameters.isEmpty {
            object["parameters"] = .object(
                JSON.Object(parameters.map { ($0.name, $0.value.map(JSON.string) ?? .null) })
            )
        }
        object["when"] = schedule.description
        if let delay { object["delay"] = ["milliseconds": delay.description] }
        for (name, value) in effect?.members ?? [] { object[name] = value }
        if isAfter { object["after"] = true }
        return object
    }
}

extension Fault.Schedule {
    fileprivate var description: JSON {
        switch self {
        case .always: "always"
        case .nth(let number): ["nth": .number(JSON.Number(number))]
        case .first(let count): ["first": .number(JSON.Number(count))]
        case .every(let count): ["every": .number(JSON.Number(count))]
        case .probability(let probability): ["probability": .decimal(probability)]
        }
    }
}

extension Fault.Delay {
    /// In milliseconds.
    fileprivate var description: JSON {
        switch self {
        case .fixed(let length): .milliseconds(length)
        case .uniform(let from, let to): ["from": .milliseconds(from), "to": .milliseconds(to)]
        case .logNormal(let median, let sigma, let limit):
            ["median": .milliseconds(median), "sigma": .decimal(sigma), "limit": .milliseconds(limit)]
        }
    }
}

extension Fault.Effect {
    fileprivate var members: [(name: String, value: JSON)] {
        switch self {
        case .error(let name, let retryAfter, let headers):
            var members: [(name: String, value: JSON)] = [("error", .string(name))]
            if let retryAfter { members.append(("retryAfter", .number(JSON.Number(retryAfter)))) }
            if !headers.isEmpty {
                members.append(("headers", .object(JSON.Object(headers.map { ($0.name, .string($0.value)) }))))
            }
            return members
        case .reset: return [("connection", "reset")]
        case .empty: return [("connection", "empty")]
        case .garbage: return [("connection", "garbage")]
        case .truncated(let bytes): return [("truncate", ["bytes": .number(JSON.Number(bytes))])]
        case .dribbled(let pieces, let length):
            return [("dribble", ["pieces": .number(JSON.Number(pieces)), "milliseconds": .milliseconds(length)])]
        case .rateLimit(let requests, let seconds):
            let window: JSON = [
                "requests": .number(JSON.Number(requests)), "seconds": .number(JSON.Number(seconds)),
            ]
            return [("rateLimit", window)]
        }
    }
}

extension JSON {
    /// A number with a fraction, if it has one.
    fileprivate static func decimal(_ number: Double) -> JSON {
        if let whole = Int64(exactly: number) { return .number(JSON.Number(whole)) }
        return (try? JSON(parsing: "\(number)")) ?? .null
    }

    fileprivate static func milliseconds(_ microseconds: Int64) -> JSON { .decimal(Double(microseconds) / 1_000) }
}
