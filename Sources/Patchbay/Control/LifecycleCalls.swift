internal import APIKit
internal import HTTP
internal import JSON
internal import Store

/// What happens to resources without their API's doing: the service goes on, somebody else accepts or refuses.
extension ControlAPI {
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
        var members = ControlBody(try call.json())
        let api = try members.string("api")
        let name = try members.string("collection")
        let path = try members.strings("path") ?? []
        let event = try members.string("event")
        try members.finish()
        let services = call.world.services
        guard let service = services.first(where: { $0.name == api }) else {
            throw .badBody("names no API; there are \(services.map(\.name).joined(separator: ", "))")
        }
        let living = service.collections.filter { !$0.lifecycles.isEmpty }
        guard let collection = living.first(where: { $0.name == name }) else {
            let names = living.map(\.name).joined(separator: ", ")
            throw .badBody(
                "names no collection of \(service.name) with states; there "
                    + (living.isEmpty ? "is none" : "are \(names)")
            )
        }
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
