import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import SeededGenerator
import TestKit
import Testing

@testable import PatchbayConfluentAPI

/// The list of connections against a plain array of them, and what becomes of tokens in other places.
struct LawTests {
    private static let organization = "9bb441c4-edef-46ac-8a41-c49e44a3fd9a"
    private static let path = "/sql/v1/organizations/\(organization)/environments/env-1/connections"
    private static let types = ["OPENAI", "BEDROCK", "A2A"]

    static let law = ListLaw(
        api: "confluent",
        roots: ["organizations": [["id": .string(organization), "environments": [["id": "env-1"], ["id": "env-2"]]]]],
        collection: "connections",
        parents: [organization, "env-1"],
        key: "name",
        path: path,
        rows: "/data/*",
        total: "/metadata/total_size",
        next: "/metadata/next",
        largest: 100,
        first: { "page_size=\($0)" },
        window: { _, _ in nil },
        make: row,
        ask: question,
    )

    @Test(arguments: [UInt64.random(in: 0...(.max)), 1, 2, 3])
    func `the list is that of a plain array`(seed: UInt64) throws {
        let violations = try Self.law.violations(seed: seed)
        #expect(violations == [])
    }

    /// Names of any length, of all the characters that a name may have.
    private static func row(_ number: Int, _ generator: inout SeededGenerator) -> JSON.Object {
        let length = Int.random(in: 0...90, using: &generator)
        let name = (0..<length).map { _ in "abcxyz0189".randomElement(using: &generator).map(String.init) ?? "" }
            .joined()
        let separator = ["-", ".", ""].randomElement(using: &generator) ?? ""
        return [
            "name": .string("c\(name)\(separator)\(number)"),
            "metadata": [
                "created_at": .string(RandomText.time(&generator)), "updated_at": .string(RandomText.time(&generator)),
                "uid": .string("00000000-0000-4000-8000-\(String(100_000_000_000 + number))"),
            ],
            "spec": [
                "auth_data": ["data": .string(RandomText.text(&generator)), "kind": "PlaintextProvider"],
                "connection_type": .string(types.randomElement(using: &generator) ?? "OPENAI"),
                "endpoint": .string("https://h/" + RandomText.text(&generator, upTo: 300)),
            ],
        ]
    }

    private static func question(_ generator: inout SeededGenerator) -> ListLaw.Question {
        let type = Bool.random(using: &generator) ? types.randomElement(using: &generator) : nil
        return ListLaw.Question(
            type.map { "spec.connection_type=\($0)" } ?? "",
            where: { row in type.map { row["spec"]?["connection_type"]?.stringValue == $0 } ?? true },
            isBefore: { left, right in
                (left["name"]?.stringValue ?? "").utf8
                    .lexicographicallyPrecedes((right["name"]?.stringValue ?? "").utf8)
            },
        )
    }

    @Test(arguments: [UInt64.random(in: 0...(.max)), 4, 5])
    func `a token is worth nothing with another query, elsewhere, or changed`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let emulator = try Emulator(authentication: .off)
        let roots = SeedFile(name: "roots", collections: ConfluentAPI.collections, content: Self.law.roots.compact())
        try emulator.world.store.load([roots])
        emulator.world.becomeReady()
        let status = { (path: String, query: String) in
            let head = "GET \(path)?\(query) HTTP/1.1\r\nHost: test\r\n\r\n"
            return emulator.respond(to: try Request(parsing: head)).status.code
        }
        for _ in 0..<50 {
            let last = Self.row(Int.random(in: 0...9, using: &generator), &generator)["name"]?.stringValue ?? ""
            let type = Self.types.randomElement(using: &generator)
            let size = UInt8.random(in: 1...100, using: &generator)
            let environment = [Self.organization, "env-1"]
            let token = PageToken(connectionType: type, size: size, last: [last]).text(in: environment)
            #expect(token.utf8.count <= 255)
            #expect(try status(Self.path, "page_token=\(token)") == 200, "seed \(seed)")
            #expect(
                try status(Self.path, "page_token=\(token)&spec.connection_type=\(type ?? "")") == 200,
                "seed \(seed)"
            )
            let other = Self.types.first { $0 != type } ?? ""
            #expect(try status(Self.path, "page_token=\(token)&spec.connection_type=\(other)") == 400, "seed \(seed)")
            let elsewhere = Self.path.replacing("env-1", with: "env-2")
            #expect(try status(elsewhere, "page_token=\(token)") == 400, "seed \(seed)")
            var bytes = Array(token.utf8)
            let place = Int.random(in: bytes.indices, using: &generator)
            bytes[place] = bytes[place] == UInt8(ascii: "A") ? UInt8(ascii: "B") : UInt8(ascii: "A")
            let changed = String(decoding: bytes, as: UTF8.self)
            #expect(try status(Self.path, "page_token=\(changed)") == 400, "seed \(seed), \(place)")
        }
    }
}
