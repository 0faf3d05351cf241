internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What everything begins with.
extension ControlAPI {
    static let seedEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .post,
            "/seeds/reload",
            operation: "reloadSeeds",
            summary: "Reads the seeds anew, in place of all that there is.",
            body: { Schema.object([:]) },
            isBodyOptional: true,
            answer: Schema.object([
                "state": Schema.list(of: reversalSchema), "dropped": Schema.list(of: ["type": "string"]),
            ]),
            handler: reloadSeeds,
        )
    ]

    /// Reads the directories of `--seed` anew, or the bundled seeds; what is wrong with them leaves everything as it is.
    static func reloadSeeds(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        try checkEmptiness(call)
        let restoration: Restoration?
        do {
            restoration = try call.world.reloadSeeds()
        } catch let error as SeedError {
            throw .badSeeds(error)
        } catch {
            throw Failure(.storage("\(error)"))
        }
        guard let restoration else { throw .conflict("The program began with a snapshot, and has no seeds.") }
        return Reply(json: [
            "state": .array(restoration.reversals.map(description)),
            "dropped": .array(restoration.dropped.labels.map(JSON.string)),
        ])
    }
}
