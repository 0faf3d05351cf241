package import PatchbayAPIKit
internal import PatchbayJSON

extension AtlasAPI {
    package static func samples(rows: Int) -> (collection: String, samples: [Sample]) {
        let numbers = rows == 0 ? [0] : [rows, 0]
        let samples = numbers.map { number in
            Sample(
                ["id": .string(Sample.digits(number, 24))],
                [
                    ("containers", .plain(count: number == 0 ? 0 : 3, make: container)),
                    ("peers", .plain(count: number, make: peer)),
                ],
            )
        }
        return ("groups", samples)
    }

    /// One container of each provider, in which the peers stand.
    private static func container(_ number: Int) -> JSON.Object {
        switch number {
        case 0:
            [
                "atlasCidrBlock": "192.168.248.0/21", "id": "507f1f77bcf86cd799439011", "providerName": "AWS",
                "provisioned": true, "regionName": "US_EAST_1", "vpcId": "vpc-0bf77991f016d2e6e",
            ]
        case 1:
            [
                "atlasCidrBlock": "192.168.240.0/21", "azureSubscriptionId": "591236d43d098d433845860f",
                "id": "507f1f77bcf86cd799439012", "providerName": "AZURE", "provisioned": true, "region": "US_EAST_2",
                "vnetName": "vnet_507f1f77bcf86cd799439012_ykngkrlx",
            ]
        default:
            [
                "atlasCidrBlock": "172.16.0.0/18", "gcpProjectId": "p-ykngkrlxykngkrlxykngkrlx",
                "id": "507f1f77bcf86cd799439013", "networkName": "nt-507f1f77bcf86cd799439013-f9xkoluc",
                "providerName": "GCP", "provisioned": true,
            ]
        }
    }

    /// Every other peer is of AWS, the rest of the two others by turns.
    ///
    /// Identifiers begin with the second of creation, which three peers at a time share.
    private static func peer(_ number: Int) -> JSON.Object {
        let seconds = String(1_600_000_000 + number / 3 * 60, radix: 16)
        let id = seconds + Sample.digits(number, 16)
        switch number % 4 {
        case 1: return azurePeer(number / 4, id: id)
        case 3: return gcpPeer(number / 4, id: id)
        default: return awsPeer(number / 2, id: id)
        }
    }

    private static func awsPeer(_ number: Int, id: String) -> JSON.Object {
        let states: [(status: String, error: String?)] =
            awsStates.filter { $0 != "FAILED" }.map { ($0, nil) } + awsErrorStates.map { ("FAILED", $0) }
        let state = states[number % states.count]
        let isInitiating = state.status == "INITIATING"
        return [
            "accepterRegionName": number % 2 == 0 ? nil : "eu-west-1",
            "awsAccountId": .string(Sample.digits(999_900_000_000 + number % 10, 12)),
            "connectionId": isInitiating ? nil : .string("pcx-" + Sample.digits(number, 17)),
            "containerId": "507f1f77bcf86cd799439011",
            "errorStateName": state.error.map(JSON.string) ?? nil,
            "id": .string(id),
            "providerName": "AWS",
            "routeTableCidrBlock": .string("10.\(number / 256 % 256).\(number % 256).0/24"),
            "statusName": .string(state.status),
            "vpcId": .string("vpc-" + Sample.digits(number, 17)),
        ]
    }

    private static func azurePeer(_ number: Int, id: String) -> JSON.Object {
        let states = ["ADDING_PEER", "AVAILABLE", "FAILED", "DELETING"]
        let state = states[number % states.count]
        return [
            "azureDirectoryId": "35039750-6ebd-4ad5-bcfe-cb4e5fc2d915",
            "azureSubscriptionId": .string(Sample.uuid("8000", number)),
            "containerId": "507f1f77bcf86cd799439012",
            "errorState": state == "FAILED" ? "The address space overlaps with that of another peer." : nil,
            "id": .string(id),
            "providerName": "AZURE",
            "resourceGroupName": .string("resource-group-\(number)"),
            "status": .string(state),
            "vnetName": .string("vnet-\(number)"),
        ]
    }

    private static func gcpPeer(_ number: Int, id: String) -> JSON.Object {
        let states = ["ADDING_PEER", "WAITING_FOR_USER", "AVAILABLE", "FAILED", "DELETING"]
        let state = states[number % states.count]
        return [
            "containerId": "507f1f77bcf86cd799439013",
            "errorMessage": state == "FAILED" ? "The network was not found." : nil,
            "gcpProjectId": .string("my-sample-project-\(number)"),
            "id": .string(id),
            "networkName": .string("network-\(number)"),
            "providerName": "GCP",
            "status": .string(state),
        ]
    }
}
