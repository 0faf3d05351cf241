internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// Whether the emulated APIs were asked what a test expects.
extension ControlAPI {
    static let verifyEndpoint = Endpoint<Self>(
        .post,
        "/requests/verify",
        operation: "verifyRequests",
        summary: "Says whether requests came as often, or in the order, that is expected.",
        parameters: Scope.parameters,
        body: { Verification.schema },
        answer: Schema.object([
            "result": Schema.words("passed"), "found": Schema.count, "requests": Schema.list(of: ["type": "integer"]),
        ]),
        handler: verifyRequests,
    )

    /// Says whether requests came as expected: `{"request": {"operation": "listPeeringConnections"}, "count": 2}`.
    ///
    /// An expectation that was not met is a conflict, which names what came nearest to it; so is one of which that cannot be
    /// told, because too much was let go.
    static func verifyRequests(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let scope = try Scope(call, filtersByAPI: true)
        let world = call.world
        let effort = Effort()
        let reader = PatternReader(services: world.services, api: call.queryValue("api")?.text, effort: effort)
        let verification = try ControlBody.whole(of: call) { members throws(Failure) in
            try Verification(&members, reader)
        }
        let extract = world.journal.extract(of: scope.roots)
        let exchanges = extract.entries.filter { $0.number > verification.since }.map {
            RecordedExchange($0, in: world)
        }
        let hasGap = extract.lastDropped > verification.since
        let gap = Verification.Gap(
            dropped: hasGap ? Int64(clamping: extract.dropped) : 0,
            last: hasGap ? extract.lastDropped : 0,
            unread: verification.unread(among: exchanges)
        )
        let verdict = verification.verdict(on: exchanges, gap)
        guard !effort.isTooMuch else { throw .tooMuch(Effort.most) }
        var members: JSON.Object = [
            "result": .string(verdict.result.rawValue), "found": .count(verdict.found),
            "requests": .array(verdict.requests.map(JSON.count)),
        ]
        guard verdict.result != .passed else { return Reply(json: .object(members)) }
        for (name, value) in verification.expected { members[name] = value }
        if let step = verdict.step { members["step"] = .string("/inOrder/\(step)") }
        if verdict.result == .unknown {
            members["dropped"] = .count(gap.dropped)
            members["lastDropped"] = .count(gap.last)
            throw .conflict(gap.explanation(capacity: world.journal.capacity), members)
        }
        members["nearest"] = .array(verdict.nearest.map(\.json))
        throw .conflict(([verdict.explanation] + verdict.nearest.prefix(1).map(\.text)).joined(separator: " "), members)
    }
}

extension Verification {
    /// What can be expected.
    static let schema: JSON.Object = {
        let fields = RecordedExchange.questions.map { (name: $0.name, value: JSON.object([:])) }
        let request = Schema.object(JSON.Object(members: fields), optional: fields.map(\.name))
        let bounds = Schema.object(["atLeast": Schema.count, "atMost": Schema.count], optional: ["atLeast", "atMost"])
        let count = Schema.any(of: ["type": "integer", "minimum": 0], bounds)
        let some = Schema.object(
            ["request": .object(request), "count": .object(count), "since": Schema.count],
            optional: ["count", "since"]
        )
        let order = Schema.object(
            ["inOrder": Schema.list(of: request), "adjacent": ["type": "boolean"], "since": Schema.count],
            optional: ["adjacent", "since"]
        )
        return ["anyOf": [.object(some), .object(order)]]
    }()
}
