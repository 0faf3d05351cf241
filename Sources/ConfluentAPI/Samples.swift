package import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    package static func samples(rows: Int) -> (collection: String, samples: [Sample]) {
        let numbers = rows == 0 ? [0] : [rows, 0]
        let environments = numbers.map { number in
            Sample(
                ["id": .string("env-\(number)")],
                [("connections", .plain(count: number, make: connection))],
            )
        }
        let organization: JSON.Object = ["id": .string(Sample.uuid("8000", rows))]
        return ("organizations", [Sample(organization, [("environments", .samples(environments))])])
    }

    /// Every type and every phase takes its turn; three connections at a time are created in the same microsecond.
    private static func connection(_ number: Int) -> JSON.Object {
        let created = Timestamp(microseconds: 1_755_122_697_972_969 + Int64(number / 3) * 60_000_150)
        let time = JSON.string(created.text(fractionDigits: 6))
        let states: [(phase: String, detail: String)] = [
            ("READY", ""), ("ACTIVE", ""), ("UNREACHABLE", "Lookup failed: ai.openai.com"),
            ("INVALID_AUTH", "The token was refused"),
        ]
        let state = states[number % states.count]
        return [
            "metadata": [
                "created_at": time,
                "resource_version": "1",
                "uid": .string(Sample.uuid("8000", number)),
                "updated_at": time,
            ],
            "name": .string("connection-" + Sample.digits(number, 7)),
            "spec": [
                "auth_data": ["data": .string("{\"API_KEY\":\"secret-\(number)\"}"), "kind": "PlaintextProvider"],
                "connection_type": .string(connectionTypes[number % connectionTypes.count]),
                "endpoint": .string("https://endpoint-\(number).example.com/v1"),
            ],
            "status": ["detail": .string(state.detail), "phase": .string(state.phase)],
        ]
    }
}
