internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

extension TakenStep {
    /// The schema of ``description(in:)``.
    static let schema = Schema.object([
        "api": ["type": ["string", "null"]], "collection": Schema.text, "path": Schema.list(of: ["type": "string"]),
        "event": Schema.text, "from": Schema.text, "to": ["type": ["string", "null"]], "at": Schema.text,
    ])

    /// The step as control calls and events show it.
    func description(in world: World) -> JSON {
        let api = world.services.first { $0.collections.contains { $0 === collection } }?.name
        return [
            "api": api.map(JSON.string) ?? .null, "collection": .string(collection.name),
            "path": .array(path.map(JSON.string)), "event": .string(event), "from": .string(from),
            "to": to.map(JSON.string) ?? .null, "at": .string(moment.text(fractionDigits: 6)),
        ]
    }
}
