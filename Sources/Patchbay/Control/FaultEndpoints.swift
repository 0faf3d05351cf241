internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

/// The calls about faults, and what a fault looks like.
extension ControlAPI {
    static let faultEndpoints: [Endpoint<Self>] = [
        Endpoint(
            .get,
            "/faults",
            operation: "listFaults",
            summary: "The faults in force, with how often each has struck.",
            parameters: Scope.parameters,
            answer: Schema.object(["faults": Schema.list(of: faultSchema)]),
            handler: listFaults,
        ),
        Endpoint(
            .put,
            "/faults",
            operation: "replaceFaults",
            summary: "Puts faults in force in place of all that the tenant has, or of all.",
            parameters: Scope.parameters,
            body: { Schema.object(["faults": Schema.list(of: newFaultSchema(isNamed: true))]) },
            answer: Schema.object(["faults": Schema.list(of: faultSchema)]),
            handler: replaceFaults,
        ),
        Endpoint(
            .delete,
            "/faults",
            operation: "removeFaults",
            summary: "Takes the faults of a tenant out of force, or all.",
            parameters: Scope.parameters,
            answer: Schema.object(["removed": Schema.list(of: faultSchema)]),
            handler: removeFaults,
        ),
        Endpoint(
            .get,
            "/faults/{name}",
            operation: "readFault",
            summary: "One fault, with how often it has struck.",
            parameters: Scope.parameters,
            answer: faultSchema,
            handler: readFault,
        ),
        Endpoint(
            .put,
            "/faults/{name}",
            operation: "putFault",
            summary: "Puts a fault in force, in place of one of its name.",
            parameters: Scope.parameters,
            body: { newFaultSchema(isNamed: false) },
            success: .created,
            answer: faultSchema,
            handler: putFault,
        ),
        Endpoint(
            .delete,
            "/faults/{name}",
            operation: "removeFault",
            summary: "Takes a fault out of force.",
            parameters: Scope.parameters,
            answer: faultSchema,
            handler: removeFault,
        ),
    ]

    private static func newFaultSchema(isNamed: Bool) -> JSON.Object {
        var members = faultMembers
        if isNamed { members["name"] = Schema.text }
        return Schema.object(members, optional: faultMembers.keys)
    }

    private static let faultSchema: JSON.Object = {
        var members: JSON.Object = [
            "name": Schema.text, "tenant": Schema.text, "seen": Schema.count, "fired": Schema.count,
        ]
        for (name, schema) in faultMembers { members[name] = schema }
        let always = ["name", "when", "seed", "seen", "fired"]
        return Schema.object(members, optional: members.keys.filter { !always.contains($0) })
    }()

    private static let faultMembers: JSON.Object = {
        let number: JSON = ["type": "number", "minimum": 0]
        let spreads = Schema.any(
            of: ["type": "number", "minimum": 0],
            Schema.object(["from": number, "to": number]),
            Schema.object(["median": number, "sigma": number, "limit": number], optional: ["limit"])
        )
        let counts: [JSON.Object] = ["nth", "first", "every"].map {
            Schema.object([$0: ["type": "integer", "minimum": 1]])
        }
        let schedules = [["const": "always"], Schema.object(["probability": number])] + counts
        return [
            "api": Schema.text, "operation": Schema.text, "parameters": ["type": "object"],
            "when": ["anyOf": .array(schedules.map(JSON.object))], "seed": Schema.count,
            "delay": .object(Schema.object(["milliseconds": .object(spreads)])),
            "error": ["type": ["string", "integer"]], "retryAfter": Schema.count, "headers": ["type": "object"],
            "connection": Schema.words("reset", "empty", "garbage"),
            "truncate": .object(Schema.object(["bytes": Schema.count])),
            "dribble": .object(Schema.object(["pieces": Schema.count, "milliseconds": number])),
            "rateLimit": .object(Schema.object(["requests": Schema.count, "seconds": Schema.count])),
            "after": ["type": "boolean"],
        ]
    }()
}
