internal import PatchbayAPIKit
internal import PatchbayJSON
package import PatchbayStore

extension AtlasAPI {
    /// The organization of every group that names no other one.
    static let organization: JSON = "000000000000000000000001"

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
            Member("name", .text(.nonempty), .optional, says: "What it is called; made of its identifier without it."),
            Member("orgId", .text(ObjectID.form), .standard(organization), says: "The organization."),
            Member("clusterCount", .integer(0...1_000), .standard(0)),
            Member(
                "created",
                .timestamp(fractionDigits: 0),
                .optional,
                says: "When it was made; what its identifier says without it.",
            ),
            Member("withDefaultAlertsSettings", .boolean, .standard(true)),
        ],
        labelled: ["name"],
    )

    /// Network containers of a group, in which peers stand: a range of addresses in a provider's region.
    package static let containers = Collection(
        "containers",
        in: "atlas",
        under: groups,
        key: "id",
        members: [
            Member("providerName", .choice(providers), .standard("AWS"), says: "The cloud provider of the container.")
        ],
        variants: .init(
            by: "providerName",
            [("AWS", awsContainer), ("AZURE", azureContainer), ("GCP", gcpContainer)],
        ),
        filters: ["providerName"],
        orders: [.init("id")],
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
                .object(JSON.Object(members: document.filter { $0.name != "providerName" }))
            }
        ],
        lifecycles: peerLifecycles,
        follow: { try provision($0, $1) },
    )

    /// The view of a peer that version 1.0 shows.
    static let version1View = "v1"

    /// The cloud providers, as the results spell them.
    static let providers = ["AWS", "AZURE", "GCP"]

    /// The states of an AWS peer.
    static let awsStates = ["INITIATING", "PENDING_ACCEPTANCE", "FAILED", "FINALIZING", "AVAILABLE", "TERMINATING"]

    /// The states of an AZURE peer.
    static let azureStates = ["ADDING_PEER", "AVAILABLE", "FAILED", "DELETING", "DELETION_FAILED"]

    /// The states of a GCP peer.
    static let gcpStates = ["ADDING_PEER", "WAITING_FOR_USER", "AVAILABLE", "FAILED", "DELETING"]

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
        Member("status", .choice(azureStates)),
        Member("vnetName", .text(.nonempty)),
    ]

    private static let gcpMembers = [
        container,
        Member("errorMessage", .text(.any), .standard(.null), nullable: true),
        Member("gcpProjectId", .text(.nonempty)),
        id,
        Member("networkName", .text(.nonempty)),
        providerName,
        Member("status", .choice(gcpStates)),
    ]

    private static let block = Member("atlasCidrBlock", .text(.nonempty), says: "The container's range of addresses.")
    private static let containerID = Member("id", .text(ObjectID.form), says: "The container.")
    private static let provisioned = Member(
        "provisioned",
        .boolean,
        .standard(false),
        says: "Whether the network exists at the provider: while it does not, nothing says what it is called.",
    )

    private static let awsContainer = [
        block, containerID, providerName, provisioned,
        Member("regionName", .text(.nonempty), says: "US_EAST_1, for instance."),
        Member("vpcId", .text(.nonempty), .standard(.null), nullable: true),
    ]

    private static let azureContainer = [
        block,
        Member("azureSubscriptionId", .text(.nonempty), .standard(.null), nullable: true, says: "Atlas's own."),
        containerID, providerName, provisioned,
        Member("region", .text(.nonempty), says: "US_EAST_2, for instance."),
        Member("vnetName", .text(.nonempty), .standard(.null), nullable: true),
    ]

    private static let gcpContainer = [
        block,
        Member("gcpProjectId", .text(.nonempty), .standard(.null), nullable: true),
        containerID,
        Member("networkName", .text(.nonempty), .standard(.null), nullable: true),
        providerName, provisioned,
        Member("regions", .list(of: .text(.nonempty)), .optional, says: "Of a small container only."),
    ]
}
