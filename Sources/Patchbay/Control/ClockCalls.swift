internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The services' time, by which resources come into other states and credentials run out.
extension ControlAPI {
    static let clockEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/clock",
            operation: "readClock",
            summary: "What a clock shows.",
            parameters: Scope.parameters,
            answer: clockSchema,
            handler: readClock,
        ),
        Endpoint(
            .put,
            "/clock",
            operation: "setClock",
            summary: "Sets a clock, and makes it stand still or go on.",
            parameters: Scope.parameters,
            body: { Schema.object(["now": Schema.text, "frozen": ["type": "boolean"]], optional: ["now", "frozen"]) },
            answer: clockSchema,
            handler: setClock,
        ),
        Endpoint(
            .post,
            "/clock/advance",
            operation: "advanceClock",
            summary: "Moves a clock forward.",
            parameters: Scope.parameters,
            body: { Schema.object(["seconds": ["type": "number", "minimum": 0]]) },
            answer: clockSchema,
            handler: advanceClock,
        ),
    ]

    private static let clockSchema = Schema.object(
        [
            "tenant": Schema.text, "now": Schema.text, "frozen": ["type": "boolean"],
            "transitions": Schema.list(of: TakenStep.schema),
        ],
        optional: ["tenant", "transitions"]
    )

    /// What a clock shows.
    static func readClock(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        Reply(json: .object(clock(of: try Scope(call), call.world)))
    }

    /// Sets a clock, and makes it stand still or go on: `{"now": "2026-01-02T03:04:05Z", "frozen": true}`.
    ///
    /// The answer says what came by itself because of that.
    static func setClock(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call)
        let (moment, isFrozen) = try ControlBody.whole(of: call) { members throws(Failure) in
            try members.require(["now", "frozen"])
            let moment = try members.time("now")
            let isFrozen = try members.boolean("frozen")
            guard moment != nil || isFrozen != nil else {
                throw .bad(at: JSON.Pointer(), "has neither now nor frozen")
            }
            return (moment, isFrozen)
        }
        let clocks = call.world.clocks
        for root in scope.parts {
            clocks.set(root, to: moment, isFrozen: isFrozen ?? (clocks.setting(of: root).frozen != nil))
        }
        return moved(scope, call.world)
    }

    /// Moves a clock forward: `{"seconds": 1.5}`.
    ///
    /// The answer says what came by itself because of that.
    static func advanceClock(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call)
        let microseconds = try ControlBody.whole(of: call) { members throws(Failure) in
            try members.require(["seconds"])
            guard let microseconds = try members.seconds("seconds") else { throw members.bad("seconds", "is missing") }
            return microseconds
        }
        guard call.world.clocks.advance(scope.parts, by: microseconds) else {
            throw .bad(at: JSON.Pointer(["seconds"]), "leads beyond the year 9999")
        }
        return moved(scope, call.world)
    }

    private static func moved(_ scope: Scope, _ world: World) -> Reply {
        let steps = world.settle()
        var answer = clock(of: scope, world)
        answer["transitions"] = .array(steps.map { step in step.description(in: world) })
        return Reply(json: .object(answer))
    }

    private static func clock(of scope: Scope, _ world: World) -> JSON.Object {
        var answer = scope.answer
        // The clocks of a tenant's roots are set and moved together.
        let root = scope.parts.first ?? nil
        answer["now"] = .string(world.clocks.now(of: root).text(fractionDigits: 6))
        answer["frozen"] = .bool(world.clocks.setting(of: root).frozen != nil)
        return answer
    }
}
