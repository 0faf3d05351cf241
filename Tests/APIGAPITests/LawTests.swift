import PatchbayJSON
import SeededGenerator
import TestKit
import Testing

/// The list of a gateway's connections against a plain array of them.
struct LawTests {
    private static let states = ["pendingAcceptance", "creating", "accepted", "rejected", "failed", "deleting"]
    private static let service = "00000000-0000-4000-a000-000000000001"
    private static let gateway = "eddc4d25480b4cd6b512f270a1b8b341"

    static let law = ListLaw(
        api: "apig",
        roots: [
            "projects": [
                [
                    "project_id": "p", "domain_id": "b70fde8e849b4e76a61dd8aa0ec05c81",
                    "instances": [["id": .string(gateway), "endpoint_service_id": .string(service)]],
                    "endpoint_services": [["id": .string(service)]],
                ]
            ]
        ],
        collection: "connections",
        parents: ["p", service],
        key: "id",
        path: "/v2/p/apigw/instances/\(gateway)/vpc-endpoint/connections",
        rows: "/connections/*",
        total: "/total",
        largest: 500,
        first: { "limit=\($0)" },
        window: { "offset=\($0)&limit=\($1)" },
        make: row,
        ask: question,
    )

    @Test(arguments: [UInt64.random(in: 0...(.max)), 1, 2, 3])
    func `the list is that of a plain array`(seed: UInt64) throws {
        let violations = try Self.law.violations(seed: seed)
        #expect(violations == [])
    }

    private static func row(_ number: Int, _ generator: inout SeededGenerator) -> JSON.Object {
        [
            "id": .string("00000000-0000-4000-9000-\(String(100_000_000_000 + number))"),
            "status": .string(states.randomElement(using: &generator) ?? "accepted"),
            "marker_id": .number(JSON.Number(number)),
            "domain_id": "b70fde8e849b4e76a61dd8aa0ec05c81",
            "created_at": .string(RandomText.time(&generator)),
            "updated_at": .string(RandomText.time(&generator)),
        ]
    }

    private static func question(_ generator: inout SeededGenerator) -> ListLaw.Question {
        let status = Bool.random(using: &generator) ? states.randomElement(using: &generator) : nil
        return ListLaw.Question(
            status.map { "status=\($0)" } ?? "",
            where: { row in status.map { row["status"]?.stringValue == $0 } ?? true },
            isBefore: { left, right in
                let (one, other) = (left["created_at"]?.stringValue ?? "", right["created_at"]?.stringValue ?? "")
                return one == other
                    ? left["marker_id"]?.int64Value ?? 0 > right["marker_id"]?.int64Value ?? 0 : one > other
            },
        )
    }
}
