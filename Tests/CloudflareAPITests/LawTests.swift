import PatchbayJSON
import SeededGenerator
import TestKit
import Testing

/// The list of services against a plain array of them.
struct LawTests {
    static let law = ListLaw(
        api: "cloudflare",
        roots: ["accounts": [["id": "a"]]],
        collection: "services",
        parents: ["a"],
        key: "service_id",
        path: "/client/v4/accounts/a/connectivity/directory/services",
        rows: "/result/*",
        total: "/result_info/total_count",
        largest: 1000,
        first: { "per_page=\($0)" },
        // Only whole pages can be asked for.
        window: { offset, size in "page=\(offset / size + 1)&per_page=\(size)" },
        make: row,
        ask: question,
    )

    @Test(arguments: [UInt64.random(in: 0...(.max)), 1, 2, 3])
    func `the list is that of a plain array`(seed: UInt64) throws {
        let violations = try Self.law.violations(seed: seed)
        #expect(violations == [])
    }

    /// Identifiers are random, so that they settle ties in an order of their own; names are any text.
    private static func row(_ number: Int, _ generator: inout SeededGenerator) -> JSON.Object {
        let random = String(UInt32.random(in: 0...(.max), using: &generator), radix: 16)
        let first = String(repeating: "0", count: 8 - random.count) + random
        let isTCP = Bool.random(using: &generator)
        return [
            "service_id": .string("\(first)-0000-4000-8000-\(String(100_000_000_000 + number))"),
            "type": isTCP ? "tcp" : "http",
            "name": .string("\(number)" + RandomText.text(&generator, upTo: 300)),
            "host": ["ipv4": "10.0.0.1", "network": ["tunnel_id": "0191dce4-9ab4-7fce-b660-8e5dec5172da"]],
            "created_at": .string(RandomText.time(&generator)),
            "updated_at": .string(RandomText.time(&generator)),
        ]
    }

    private static func question(_ generator: inout SeededGenerator) -> ListLaw.Question {
        let type = [nil, "tcp", "http"].randomElement(using: &generator) ?? nil
        return ListLaw.Question(
            type.map { "type=\($0)" } ?? "",
            where: { row in type.map { row["type"]?.stringValue == $0 } ?? true },
            isBefore: { left, right in
                let (one, other) = (left["created_at"]?.stringValue ?? "", right["created_at"]?.stringValue ?? "")
                return one == other
                    ? left["service_id"]?.stringValue ?? "" < right["service_id"]?.stringValue ?? "" : one < other
            },
        )
    }
}
