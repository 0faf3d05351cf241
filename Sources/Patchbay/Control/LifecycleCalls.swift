internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What happens to resources without their API's doing: the service goes on, somebody else accepts or refuses.
extension ControlAPI {
    static let lifecycleEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/lifecycles",
            operation: "listLifecycles",
            summary: "What can happen to which resources, without their API's doing.",
            answer: Schema.object(["pace": Schema.text, "lifecycles": Schema.list(of: lifecycleSchema)]),
            handler: listLifecycles,
        ),
        Endpoint(
            .post,
            "/transitions",
            operation: "takeStep",
            summary: "Makes something happen to a resource.",
            body: {
                let members: JSON.Object = [
                    "api": Schema.text, "collection": Schema.text, "path": Schema.list(of: ["type": "string"]),
                    "event": Schema.text,
                ]
                return Schema.object(members, optional: ["event"])
            },
            answer: Schema.object(["before": ["type": ["object", "null"]], "after": ["type": ["object", "null"]]]),
            handler: takeStep,
        ),
    ]

    private static let lifecycleSchema: JSON.Object = {
        let text: JSON = ["type": ["string", "null"]]
        let texts = Schema.list(of: ["type": "string"])
        let step = Schema.object([
            "event": Schema.text, "from": texts, "to": text, "seconds": ["type": ["integer", "null"]],
        ])
        return Schema.object([
            "api": Schema.text, "collection": Schema.text, "path": texts, "variant": text, "state": Schema.text,
            "steps": Schema.list(of: step),
        ])
    }()

    /// What can happen to which resources.
    static func listLifecycles(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        var entries: [JSON] = []
        for service in call.world.services {
            for collection in service.collections {
                for lifecycle in collection.lifecycles {
                    entries.append(description(of: lifecycle, collection, service))
                }
            }
        }
        return Reply(json: ["pace": .string(call.world.pace.rawValue), "lifecycles": .array(entries)])
    }

    /// Makes something happen to a resource:
    /// `{"api": "atlas", "collection": "peers", "path": ["<group>", "<peer>"], "event": "accept"}`.
    ///
    /// Without `event`, what would come next by itself.
    static func takeStep(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let step = try ControlBody.whole(of: call) { members throws(Failure) in
            try StepRequest(&members, call.world.services)
        }
        let (collection, path, event) = (step.collection, step.path, step.event)
        let root = path.first.map { Root(collection.lineage[0], $0) }
        let now = call.world.clocks.now(of: root)
        do {
            let change = try call.world.store.trigger(event, in: collection, path, at: now, pace: call.world.pace)
            guard let change else { throw Failure.noResource(path) }
            let (before, after) = (change.before, change.after)
            return Reply(json: [
                "before": before.map { .object(collection.withoutSecrets($0)) } ?? .null,
                "after": after.map { .object(collection.withoutSecrets($0)) } ?? .null,
            ])
        } catch let failure as Failure {
            throw failure
        } catch let step as NoSuchStep {
            throw .noStep(event, in: step.state, possible: step.events)
        } catch {
            throw Failure(.storage("\(error)"))
        }
    }

    private static func description(
        of lifecycle: Lifecycle,
        _ collection: Collection,
        _ service: Service
    ) -> JSON {
        let steps = lifecycle.steps.map { step -> JSON in
            [
                "event": .string(step.event), "from": .array(step.from.map(JSON.string)),
                "to": step.to.map(JSON.string) ?? .null,
                "seconds": step.delay.map { .number(JSON.Number($0)) } ?? .null,
            ]
        }
        return [
            "api": .string(service.name), "collection": .string(collection.name),
            "path": .array(collection.lineage.map { .string($0.name) }),
            "variant": lifecycle.variant.map(JSON.string) ?? .null, "state": .string(lifecycle.state),
            "steps": .array(steps),
        ]
    }
}

/// What is to happen to which resource.
private struct StepRequest {
    var collection: Collection
    var path: [String]
    var event: String?

    init(_ members: inout ControlBody, _ services: [Service]) throws(ControlAPI.Failure) {
        try members.require(["api", "collection", "path", "event"])
        guard let api = try members.choice("api", among: services.map(\.name)) else {
            throw members.bad("api", "is missing")
        }
        let living = services.first { $0.name == api }?.collections.filter { !$0.lifecycles.isEmpty } ?? []
        guard !living.isEmpty else {
            throw members.bad("collection", "names none of \(api)'s with states; there are none")
        }
        guard let name = try members.choice("collection", among: living.map(\.name)) else {
            throw members.bad("collection", "is missing")
        }
        guard let collection = living.first(where: { $0.name == name }) else {
            throw members.bad("collection", "is none of \(api)'s with states")
        }
        self.collection = collection
        path = try members.strings("path") ?? []
        guard path.count == collection.lineage.count else {
            let names = collection.lineage.map(\.name).joined(separator: ", ")
            throw members.bad("path", "has not one key for each of \(names)")
        }
        var events: [String] = []
        for event in collection.lifecycles.flatMap(\.steps).map(\.event) where !events.contains(event) {
            events.append(event)
        }
        event = try members.choice("event", among: events)
    }
}
