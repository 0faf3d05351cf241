internal import APIKit
internal import JSON
package import Store

extension AtlasAPI {
    /// Projects, which the API calls groups.
    package static let groups = Collection(
        "groups",
        in: "atlas",
        key: "id",
        members: [
            Member("id", .text(.hexadecimal(24)), says: "What stands in the path."),
            Member(
                "state",
                .choice(["ACTIVE", "CLOUD_MANAGER", "INVALID", "SUSPENDED"]),
                .standard("ACTIVE"),
                says: "Anything but ACTIVE answers with the vendor's error: NOT_ATLAS_GROUP, INVALID_ATLAS_GROUP, "
                    + "ACCOUNT_SUSPENDED.",
            ),
            Member(
                "requiresAccessList",
                .boolean,
                .standard(false),
                says: "Whether the organization wants every key to have an access list.",
            ),
        ],
    )

    /// Network peering connections of a group.
    ///
    /// Their members depend on the cloud provider.
    package static let peers = Collection(
        "peers",
        in: "atlas",
        under: groups,
        key: "id",
        members: [
            Member("providerName", .choice(providers), .standard("AWS"), says: "The cloud provider of the peer.")
        ],
        variants: .init(by: "providerName", [("AWS", awsMembers), ("AZURE", azureMembers), ("GCP", gcpMembers)]),
        filters: ["providerName"],
        orders: [.init("id")],
        views: [
            // Version 1.0 shows no provider name, in none of its documented bodies (contract section 8.3).
            .init(version1View) { document, _ in
                JSON.object(JSON.Object(members: document.filter { $0.name != "providerName" })).compact()
            }
        ],
    )

    /// The view of a peer that version 1.0 shows.
    static let version1View = "v1"

    /// The cloud providers, as the results spell them.
    static let providers = ["AWS", "AZURE", "GCP"]

    /// The states of an AWS peer.
    static let awsStates = ["INITIATING", "PENDING_ACCEPTANCE", "FAILED", "FINALIZING", "AVAILABLE", "TERMINATING"]

    /// Why an AWS peer failed.
    static let awsErrorStates = ["REJECTED", "EXPIRED", "INVALID_ARGUMENT"]

    private static let providerName = Member("providerName", .choice(providers), .standard("AWS"))
    private static let container = Member("containerId", .text(.hexadecimal(24)), says: "The Atlas network container.")
    private static let id = Member("id", .text(.hexadecimal(24)), says: "The peer.")

    private static let awsMembers = [
        Member(
            "accepterRegionName",
            .text(.nonempty),
            .standard(.null),
            nullable: true,
            says: "The region of the peer VPC; null where it is that of the container.",
        ),
        Member("awsAccountId", .text(.decimal(12)), says: "The account that owns the peer VPC."),
        Member(
            "connectionId",
            .text(.nonempty),
            .standard(.null),
            nullable: true,
            says: "pcx-…; null while INITIATING."
        ),
        container,
        Member("errorStateName", .choice(awsErrorStates), .standard(.null), nullable: true),
        id, providerName,
        Member("routeTableCidrBlock", .text(.nonempty), says: "The peer's CIDR block."),
        Member("statusName", .choice(awsStates)),
        Member("vpcId", .text(.nonempty), says: "The peer VPC."),
    ]

    private static let azureMembers = [
        Member("azureDirectoryId", .text(.nonempty)),
        Member("azureSubscriptionId", .text(.nonempty)),
        container,
        Member("errorState", .text(.any), .standard(.null), nullable: true),
        id, providerName,
        Member("resourceGroupName", .text(.nonempty)),
        Member("status", .choice(["ADDING_PEER", "AVAILABLE", "FAILED", "DELETING", "DELETION_FAILED"])),
        Member("vnetName", .text(.nonempty)),
    ]

    private static let gcpMembers = [
        container,
        Member("errorMessage", .text(.any), .standard(.null), nullable: true),
        Member("gcpProjectId", .text(.nonempty)),
        id,
        Member("networkName", .text(.nonempty)),
        providerName,
        Member("status", .choice(["ADDING_PEER", "WAITING_FOR_USER", "AVAILABLE", "FAILED", "DELETING"])),
    ]
}
