import PatchbayJSON
import SeededGenerator
import TestKit
import Testing

/// The list of peers against a plain array of them, by counted pages and by following links.
struct LawTests {
    private static let group = "5356823b3794dee37132bb7b"

    private static func law(followsLinks: Bool) -> ListLaw {
        ListLaw(
            api: "atlas",
            roots: ["groups": [["id": .string(group)]]],
            collection: "peers",
            parents: [group],
            key: "id",
            path: "/api/atlas/v1.0/groups/\(group)/peers",
            rows: "/results/*",
            total: "/totalCount",
            next: followsLinks ? "/links/rel=next/href" : nil,
            largest: 500,
            first: { "itemsPerPage=\($0)" },
            // Only whole pages can be asked for.
            window: { offset, size in "pageNum=\(offset / size + 1)&itemsPerPage=\(size)" },
            make: row,
            ask: question,
        )
    }

    @Test(arguments: [UInt64.random(in: 0...(.max)), 1, 2, 3], [true, false])
    func `the list is that of a plain array`(seed: UInt64, followsLinks: Bool) throws {
        let violations = try Self.law(followsLinks: followsLinks).violations(seed: seed)
        #expect(violations == [])
    }

    /// Identifiers are random, so that their order is not that of insertion.
    private static func row(_ number: Int, _ generator: inout SeededGenerator) -> JSON.Object {
        let random = String(UInt32.random(in: 0...(.max), using: &generator), radix: 16)
        let id = String(repeating: "0", count: 8 - random.count) + random + String(1_000_000_000_000_000 + number)
        let common: JSON.Object = ["id": .string(id), "containerId": "507f1f77bcf86cd799439011"]
        let own: JSON.Object =
            switch Int.random(in: 0...2, using: &generator) {
            case 0:
                [
                    "providerName": "AWS", "awsAccountId": "999900000000", "routeTableCidrBlock": "10.0.0.0/16",
                    "statusName": "AVAILABLE", "vpcId": .string("vpc-" + RandomText.text(&generator)),
                ]
            case 1:
                [
                    "providerName": "AZURE", "azureDirectoryId": "d", "azureSubscriptionId": "s",
                    "errorState": .string(RandomText.text(&generator)), "resourceGroupName": "g",
                    "status": "FAILED", "vnetName": .string("v" + RandomText.text(&generator, upTo: 200)),
                ]
            default:
                [
                    "providerName": "GCP", "gcpProjectId": "p", "status": "AVAILABLE",
                    "networkName": .string("n" + RandomText.text(&generator)),
                ]
            }
        return JSON.Object(members: Array(common) + Array(own))
    }

    private static func question(_ generator: inout SeededGenerator) -> ListLaw.Question {
        let asked = [nil, "AWS", "AZURE", "Azure", "azure", "gcp", "GCP"].randomElement(using: &generator) ?? nil
        let provider = (asked ?? "AWS").uppercased()
        return ListLaw.Question(
            asked.map { "providerName=\($0)" } ?? "",
            where: { $0["providerName"]?.stringValue == provider },
            isBefore: { ($0["id"]?.stringValue ?? "") < ($1["id"]?.stringValue ?? "") },
        )
    }
}
