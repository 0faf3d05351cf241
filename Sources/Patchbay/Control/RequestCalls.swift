internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The journal: what was asked of the emulated APIs, and what they answered.
extension ControlAPI {
    static let requestEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/requests",
            operation: "listRequests",
            summary: "The newest requests that a filter lets through, the oldest first.",
            parameters: ExchangeFilter.parameters([since.description, limit.description]),
            answer: Schema.object([
                "requests": Schema.list(of: exchangeSchema), "matched": Schema.count, "dropped": Schema.count,
                "lastDropped": Schema.count, "last": Schema.count,
            ]),
            handler: listRequests,
        ),
        Endpoint(
            .delete,
            "/requests",
            operation: "forgetRequests",
            summary: "Forgets the requests of a tenant, or all of them.",
            parameters: Scope.parameters,
            answer: Schema.object(["tenant": Schema.text, "removed": Schema.count], optional: ["tenant"]),
            handler: forgetRequests,
        ),
        verifyEndpoint,
        Endpoint(
            .get,
            "/requests/{number}",
            operation: "readRequest",
            summary: "One request.",
            captures: ["number": ["type": "integer", "minimum": 1]],
            answer: exchangeSchema,
            handler: readRequest,
        ),
    ]

    /// The requests after one.
    static let since = Parameter<Int64>.integer("since", default: 0, in: 0...Int64.max, form: .digits64)
    private static let limit = Parameter<Int64>.integer("limit", default: 1_000, in: 0...100_000, form: .digits32)

    /// The newest requests that a filter lets through, the oldest first.
    static func listRequests(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call, filtersByAPI: true)
        var pattern = try ExchangeFilter(call, besides: [since.name, limit.name]).pattern
        let effort = Effort()
        pattern.effort = effort
        let (since, limit) = (try call.query(since), try call.query(limit))
        let extract = call.world.journal.extract(of: scope.roots)
        let world = call.world
        let matching = extract.entries.lazy.filter { $0.number > since }
            .map { RecordedExchange($0, in: world) }.filter(pattern.matches)
        let found = Array(matching)
        guard !effort.isTooMuch else { throw .tooMuch(Effort.most) }
        return Reply(json: [
            "requests": .array(found.suffix(Int(limit)).map(\.json)), "matched": .count(found.count),
            "dropped": .count(extract.dropped), "lastDropped": .count(extract.lastDropped),
            "last": .count(extract.last),
        ])
    }

    /// One request.
    static func readRequest(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let text = call.capture("number").text
        guard let number = UInt64(text), let entry = call.world.journal.entry(number) else {
            throw .noRequest(text, last: call.world.journal.lastNumber)
        }
        return Reply(json: RecordedExchange(entry, in: call.world).json)
    }

    /// Forgets the requests of a tenant, or all of them.
    static func forgetRequests(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call)
        var answer = scope.answer
        let removed = scope.parts.reduce(0) { $0 + call.world.journal.clear($1) }
        answer["removed"] = .count(removed)
        return Reply(json: .object(answer))
    }

    private static let exchangeSchema: JSON.Object = {
        let text: JSON = ["type": ["string", "null"]]
        let number: JSON = ["type": ["integer", "null"]]
        let members: JSON = ["type": "object"]
        let strike = Schema.object(["name": Schema.text, "ordinal": Schema.count])
        return Schema.object([
            "number": Schema.count, "time": Schema.text, "id": text, "tenant": text, "api": text, "operation": text,
            "method": Schema.text, "path": Schema.text, "query": text, "parameters": members, "coerced": members,
            "status": number, "rows": number, "bytes": Schema.count, "durationMicroseconds": Schema.count,
            "faults": Schema.list(of: strike), "unmatched": text, "findings": Schema.list(of: findingSchema),
            "credential": text, "headers": members, "bodyBytes": Schema.count, "body": [:],
        ])
    }()

    /// What is said of a finding.
    static let findingMembers: JSON.Object = [
        "kind": ["enum": .array(Finding.Kind.allCases.map { .string($0.rawValue) })], "api": Schema.text,
        "operation": Schema.text, "parameter": Schema.text, "value": Schema.text, "says": Schema.text,
        "documented": Schema.text,
    ]

    private static let findingSchema = Schema.object(
        findingMembers,
        optional: ["api", "operation", "parameter", "value"]
    )
}
