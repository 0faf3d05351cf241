internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// How things were at some moment, by name: everything, or one tenant, whose snapshots are named among its own.
extension ControlAPI {
    static let snapshotEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/snapshots",
            operation: "listSnapshots",
            summary: "The snapshots of a tenant; without one, all.",
            parameters: Scope.parameters,
            answer: Schema.object(["snapshots": Schema.list(of: snapshotSchema)]),
            handler: listSnapshots,
        ),
        Endpoint(
            .get,
            "/snapshots/{name}",
            operation: "readSnapshot",
            summary: "What a snapshot holds, and when it was saved.",
            parameters: Scope.parameters,
            answer: snapshotSchema,
            handler: readSnapshot,
        ),
        Endpoint(
            .put,
            "/snapshots/{name}",
            operation: "saveSnapshot",
            summary: "Saves how everything is, or a tenant, in place of what was saved under that name.",
            parameters: Scope.parameters,
            body: { Schema.object([:]) },
            isBodyOptional: true,
            success: .created,
            answer: snapshotSchema,
            handler: saveSnapshot,
        ),
        Endpoint(
            .delete,
            "/snapshots/{name}",
            operation: "removeSnapshot",
            summary: "Forgets a snapshot.",
            parameters: Scope.parameters,
            answer: snapshotSchema,
            handler: removeSnapshot,
        ),
        Endpoint(
            .get,
            "/snapshots/{name}/content",
            operation: "downloadSnapshot",
            summary: "A snapshot as a file of SQLite, with which `patchbay serve --snapshot` begins.",
            parameters: Scope.parameters,
            answerType: "application/vnd.sqlite3",
            answer: ["type": "string"],
            handler: downloadSnapshot,
        ),
        Endpoint(
            .post,
            "/snapshots/{name}/restore",
            operation: "restoreSnapshot",
            summary: "Puts back what was saved.",
            parameters: Scope.parameters,
            body: { Schema.object([:]) },
            isBodyOptional: true,
            answer: Schema.object(
                [
                    "tenant": Schema.text, "name": Schema.text, "state": Schema.list(of: reversalSchema),
                    "made": Schema.list(of: ["type": "string"]), "dropped": Schema.list(of: ["type": "string"]),
                ],
                optional: ["tenant", "made", "dropped"]
            ),
            handler: restoreSnapshot,
        ),
    ]

    private static let snapshotSchema = Schema.object(
        [
            "name": Schema.text, "tenant": Schema.text, "version": Schema.text, "time": Schema.text,
            "rows": Schema.list(of: Schema.object(["collection": Schema.text, "rows": Schema.count])),
        ],
        optional: ["tenant"]
    )

    /// The snapshots of a tenant; without one, all.
    static func listSnapshots(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call)
        let (store, world) = (call.world.store, call.world)
        let snapshots = try store.snapshots(of: scope.roots).map { snapshot throws(Failure) in
            try description(of: snapshot, world)
        }
        return Reply(json: ["snapshots": .array(snapshots)])
    }

    /// What a snapshot holds, and when it was saved.
    static func readSnapshot(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let snapshot = try snapshot(of: call)
        return Reply(json: try description(of: snapshot, call.world))
    }

    /// Saves how everything is, or a tenant, in place of what was saved under that name.
    static func saveSnapshot(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let (scope, name, world) = (try Scope(call), try name("name", call), call.world)
        try checkEmptiness(call)
        let saved = try stored { () throws -> (snapshot: Snapshot, isNew: Bool) in
            try world.store.save(
                name,
                of: scope.roots,
                version: Emulator.version,
                at: world.clocks.now(of: scope.parts.first ?? nil),
            )
        }
        return Reply(saved.isNew ? .created : .ok, json: try description(of: saved.snapshot, world))
    }

    /// Forgets a snapshot.
    static func removeSnapshot(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let snapshot = try snapshot(of: call)
        call.world.store.removeSnapshot(snapshot.name, of: snapshot.roots)
        return Reply(json: try description(of: snapshot, call.world))
    }

    /// A snapshot as a file of SQLite, with which `patchbay serve --snapshot` begins.
    static func downloadSnapshot(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let snapshot = try snapshot(of: call)
        let content = try stored { () throws -> [UInt8] in try snapshot.content() }
        return Reply(contentType: "application/vnd.sqlite3", body: content)
    }

    /// Puts back what was saved, all of it or nothing.
    ///
    /// The answer says what that changed; what a reset goes back to stays what it was.
    static func restoreSnapshot(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        guard call.world.isReady else { throw .notReady }
        let (scope, world) = (try Scope(call), call.world)
        let snapshot = try snapshot(of: call)
        try checkEmptiness(call)
        let restoration = try stored { () throws -> Restoration in try world.store.restore(snapshot) }
        world.forget(restoration.dropped.map(\.root))
        var answer = scope.answer
        answer["name"] = .string(snapshot.name)
        answer["state"] = .array(restoration.reversals.map(description))
        if scope.roots == nil {
            answer["made"] = .array(restoration.made.labels.map(JSON.string))
            answer["dropped"] = .array(restoration.dropped.labels.map(JSON.string))
        }
        return Reply(json: .object(answer))
    }

    /// Refuses a body that says something.
    static func checkEmptiness(_ call: borrowing Call<Self>) throws(Failure) {
        guard !call.request.body.isEmpty else { return }
        try ControlBody.whole(of: call) { _ throws(Failure) in }
    }

    private static func snapshot(of call: borrowing Call<Self>) throws(Failure) -> Snapshot {
        let (scope, name) = (try Scope(call), call.capture("name").text)
        guard let snapshot = call.world.store.snapshot(name, of: scope.roots) else {
            // A tenant's snapshots are found with the tenant only.
            let others = call.world.store.snapshots(of: scope.roots).filter { $0.roots == scope.roots }
            throw .none("snapshot", called: name, among: others.map(\.name))
        }
        return snapshot
    }

    private static func description(of snapshot: Snapshot, _ world: World) throws(Failure) -> JSON {
        var object: JSON.Object = ["name": .string(snapshot.name)]
        if let roots = snapshot.roots {
            let made = try stored { () throws -> [MadeTenant] in try world.store.madeTenants() }
            let label = made.first { roots.contains($0.root) }?.label
            object["tenant"] = .string(label ?? roots.first?.key ?? "")
        }
        object["version"] = .string(snapshot.version)
        object["time"] = .string(snapshot.moment.text(fractionDigits: 6))
        object["rows"] = .array(
            snapshot.rows.map { ["collection": .string($0.collection), "rows": .number(JSON.Number($0.count))] }
        )
        return .object(object)
    }
}
