internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What requests did that the operations do not provide for (docs/drift.md).
extension ControlAPI {
    static let diagnosticsEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/diagnostics",
            operation: "listFindings",
            summary: "What requests did that the operations do not provide for, each finding once.",
            parameters: Scope.parameters,
            answer: Schema.object(
                [
                    "tenant": Schema.text, "strict": ["type": "boolean"],
                    "findings": Schema.list(of: entrySchema), "further": Schema.count,
                ],
                optional: ["tenant"]
            ),
            handler: listFindings,
        ),
        Endpoint(
            .delete,
            "/diagnostics",
            operation: "forgetFindings",
            summary: "Forgets what was found of a tenant, or of all.",
            parameters: Scope.parameters,
            answer: Schema.object(["tenant": Schema.text, "removed": Schema.count], optional: ["tenant"]),
            handler: forgetFindings,
        ),
    ]

    /// A finding, and how often it was made.
    private static let entrySchema: JSON.Object = {
        var members = findingMembers
        for name in ["count", "example"] { members[name] = Schema.count }
        for name in ["first", "last"] { members[name] = Schema.text }
        return Schema.object(members, optional: ["api", "operation", "parameter", "value"])
    }()

    /// Each finding once, in the order of the first time, with how often it was made.
    static func listFindings(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call, filtersByAPI: true)
        let extract = call.world.diagnostics.extract(of: scope.roots, api: call.queryValue("api")?.text)
        var answer = scope.answer
        answer["strict"] = .bool(call.world.isStrict)
        answer["findings"] = .array(extract.entries.map { .object(description(of: $0)) })
        answer["further"] = .count(extract.further)
        return Reply(json: .object(answer))
    }

    /// Forgets what was found of all, or of one tenant.
    static func forgetFindings(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call)
        let removed = scope.parts.reduce(0) { $0 + call.world.diagnostics.clear($1) }
        return Reply(json: .object(scope.answer + ["removed": .count(removed)]))
    }

    private static func description(of entry: Diagnostics.Entry) -> JSON.Object {
        var description = entry.finding.json
        description["count"] = .count(entry.count)
        description["first"] = .string(entry.first.text(fractionDigits: 6))
        description["last"] = .string(entry.last.text(fractionDigits: 6))
        description["example"] = .count(entry.example)
        return description
    }
}
