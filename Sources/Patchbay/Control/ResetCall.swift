internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// Back to the seeds.
extension ControlAPI {
    static let resetEndpoint = Endpoint<Self>(
        .post,
        "/reset",
        operation: "reset",
        summary: "Takes everything back to the seeds, or one tenant.",
        parameters: Scope.parameters,
        body: {
            let words: JSON.Object = ["enum": .array((["all"] + Part.allCases.map(\.rawValue)).map(JSON.string))]
            return Schema.object(["scope": Schema.list(of: words)], optional: ["scope"])
        },
        isBodyOptional: true,
        answer: resetSchema,
        handler: reset,
    )

    private static let resetSchema: JSON.Object = {
        let removed: JSON = .object(
            Schema.object(["removed": Schema.count, "findings": Schema.count], optional: ["findings"])
        )
        let members: JSON.Object = [
            "tenant": Schema.text, "state": Schema.list(of: reversalSchema),
            "dropped": Schema.list(of: ["type": "string"]),
            "journal": removed, "faults": removed,
            "clock": Schema.text,
        ]
        return Schema.object(members, optional: members.keys)
    }()

    static let reversalSchema = Schema.object([
        "collection": Schema.text, "removed": Schema.count, "restored": Schema.count, "reverted": Schema.count,
    ])

    /// What a reset can take back.
    private enum Part: String, CaseIterable {
        /// Rows to those of the seeds.
        case state
        /// What was recorded of requests, and found out about them.
        case journal
        /// Faults.
        case faults
        /// Clocks to the machine's time.
        case clock
    }

    /// Takes everything back to the seeds, or one tenant: all of it, or what `{"scope": ["state", "clock"]}` names.
    ///
    /// The answer says what that changed.
    static func reset(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let scope = try Scope(call)
        var answer = scope.answer
        for part in try parts(of: call) {
            for (name, value) in try reset(part, scope, call.world) { answer[name] = value }
        }
        return Reply(json: .object(answer))
    }

    private static func parts(of call: borrowing Call<Self>) throws(Failure) -> [Part] {
        guard !call.request.body.isEmpty else { return Part.allCases }
        let names = try ControlBody.whole(of: call) { members throws(Failure) in
            let names = try members.choices("scope", among: ["all"] + Part.allCases.map(\.rawValue))
            guard names?.isEmpty != true else { throw members.bad("scope", "is empty, so that nothing would be reset") }
            return names
        }
        guard let names, !names.contains("all") else { return Part.allCases }
        return Part.allCases.filter { names.contains($0.rawValue) }
    }

    private static func reset(_ part: Part, _ scope: Scope, _ world: World) throws(Failure) -> JSON.Object {
        switch part {
        case .state:
            do {
                let reset = try world.store.reset(scope.roots)
                var answer: JSON.Object = ["state": .array(reset.reversals.map(description))]
                // The seeds know nothing of tenants that were made.
                if scope.roots == nil {
                    world.forget(reset.dropped.map(\.root))
                    answer["dropped"] = .array(reset.dropped.labels.map(JSON.string))
                }
                return answer
            } catch {
                throw Failure(.storage("\(error)"))
            }
        case .journal:
            let findings = scope.parts.reduce(0) { $0 + world.diagnostics.clear($1) }
            let count = scope.parts.reduce(0) { $0 + world.journal.clear($1) }
            return ["journal": ["removed": .number(JSON.Number(count)), "findings": .number(JSON.Number(findings))]]
        case .faults:
            return ["faults": ["removed": .number(JSON.Number(world.faults.removeAll(scope.roots)))]]
        case .clock:
            for root in scope.parts { world.clocks.reset(root) }
            return ["clock": .string(world.clocks.now(of: scope.parts.first ?? nil).text(fractionDigits: 6))]
        }
    }

    static func description(of reversal: Reversal) -> JSON {
        [
            "collection": .string(reversal.collection), "removed": .number(JSON.Number(Int64(reversal.removed))),
            "restored": .number(JSON.Number(Int64(reversal.restored))),
            "reverted": .number(JSON.Number(Int64(reversal.reverted))),
        ]
    }
}
