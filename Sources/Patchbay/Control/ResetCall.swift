internal import APIKit
internal import HTTP
internal import JSON
internal import Store

/// Back to the seeds.
extension ControlAPI {
    /// What a reset can take back.
    private enum Scope: String, CaseIterable {
        /// Rows to those of the seeds.
        case state
        /// Clocks to the machine's time.
        case clock
    }

    /// Takes everything back to the seeds, or one tenant: all of it, or what `{"scope": ["state", "clock"]}` names.
    ///
    /// The answer says what that changed.
    static func reset(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let tenant = try TenantName(call)
        let scopes = try scopes(of: call)
        var answer: JSON.Object = [:]
        if let name = tenant.name { answer["tenant"] = .string(name) }
        if scopes.contains(.state) {
            do {
                answer["state"] = .array(try call.world.store.reset(tenant.root).map(description))
            } catch {
                throw Failure(.storage("\(error)"))
            }
        }
        if scopes.contains(.clock) {
            call.world.clocks.reset(tenant.root)
            answer["clock"] = .string(call.world.clocks.now(of: tenant.root).text(fractionDigits: 6))
        }
        return Reply(json: .object(answer))
    }

    private static func scopes(of call: borrowing Call<Self>) throws(Failure) -> [Scope] {
        guard !call.request.body.isEmpty else { return Scope.allCases }
        var members = ControlBody(try call.json())
        let names = try members.strings("scope")
        try members.finish()
        guard let names else { return Scope.allCases }
        var scopes: [Scope] = []
        for name in names {
            guard let scope = Scope(rawValue: name) else {
                let known = Scope.allCases.map(\.rawValue)
                let list = known.joined(separator: " and ")
                throw .badBody("has the scope \(name); there are \(list)" + Nearest.suggestion(for: name, in: known))
            }
            scopes.append(scope)
        }
        return scopes
    }

    private static func description(of reversal: Reversal) -> JSON {
        [
            "collection": .string(reversal.collection), "removed": .number(JSON.Number(Int64(reversal.removed))),
            "restored": .number(JSON.Number(Int64(reversal.restored))),
            "reverted": .number(JSON.Number(Int64(reversal.reverted))),
        ]
    }
}
