import PatchbayJSON
import SeededGenerator
import TestKit
import Testing

/// The list of connections against a plain array of them.
struct LawTests {
    private static let states = ["pendingAcceptance", "creating", "accepted", "rejected", "failed", "deleting"]
    private static let service = "4189d3c2-8882-4871-a3c2-d380272eed88"

    static let law = ListLaw(
        api: "vpcep",
        roots: [
            "projects": [
                [
                    "project_id": "p", "domain_id": "5fc973eea581490997e82ea11a1df31f",
                    "endpoint_services": [["id": .string(service)]],
                ]
            ]
        ],
        collection: "connections",
        parents: ["p", service],
        key: "id",
        path: "/v1/p/vpc-endpoint-services/\(service)/connections",
        rows: "/connections/*",
        total: "/total_count",
        largest: 1000,
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

    /// A marker may be any number of 64 bits, and a description any text.
    private static func row(_ number: Int, _ generator: inout SeededGenerator) -> JSON.Object {
        let marker = number % 3 == 0 ? Int64.max - Int64(number) : Int64(number)
        return [
            "id": .string("00000000-0000-4000-8000-\(String(100_000_000_000 + number))"),
            "status": .string(states.randomElement(using: &generator) ?? "accepted"),
            "marker_id": .number(JSON.Number(marker)),
            "domain_id": "5fc973eea581490997e82ea11a1df31f",
            "created_at": .string(RandomText.time(&generator)),
            "updated_at": .string(RandomText.time(&generator)),
            "description": .string(RandomText.text(&generator)),
        ]
    }

    private static func question(_ generator: inout SeededGenerator) -> ListLaw.Question {
        let status = Bool.random(using: &generator) ? states.randomElement(using: &generator) : nil
        let member = ["created_at", "updated_at"].randomElement(using: &generator) ?? "created_at"
        let isAscending = Bool.random(using: &generator)
        let filter = status.map { "&status=\($0)" } ?? ""
        return ListLaw.Question(
            "sort_key=\(member)&sort_dir=\(isAscending ? "asc" : "desc")\(filter)",
            where: { row in status.map { row["status"]?.stringValue == $0 } ?? true },
            isBefore: { left, right in
                // Reversing the direction reverses the list, ties included.
                let (first, second) = isAscending ? (left, right) : (right, left)
                let (one, other) = (first[member]?.stringValue ?? "", second[member]?.stringValue ?? "")
                return one == other
                    ? first["marker_id"]?.int64Value ?? 0 < second["marker_id"]?.int64Value ?? 0 : one < other
            },
        )
    }
}
