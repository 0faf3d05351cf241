internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// What a request may say of a peer, by cloud provider (contract section 4.2).
enum PeerAttributes {
    /// The members that may be set; the required ones are marked.
    static func settable(of provider: String, _ quirks: Readings) -> [Member] {
        switch provider {
        case "AWS":
            [
                Member(
                    "accepterRegionName",
                    .text(region),
                    quirks.take(Quirks.accepterRegion, "required") ? .required : .optional,
                ),
                Member("awsAccountId", .text(.decimal(12))),
                container, providerName,
                Member("routeTableCidrBlock", .text(block)),
                Member("vpcId", .text(quirks.take(Quirks.vpcId, "hexadecimal") ? longVPC : vpc)),
            ]
        case "AZURE":
            [
                Member("azureDirectoryId", .text(label(atMost: 36))),
                Member("azureSubscriptionId", .text(label(atMost: 36))),
                container, providerName,
                Member("resourceGroupName", .text(label(atMost: 90))),
                Member("vnetName", .text(label(atMost: 64))),
            ]
        default:
            [
                container,
                Member("gcpProjectId", .text(label(atMost: 30))),
                Member("networkName", .text(label(atMost: 63))),
                providerName,
            ]
        }
    }

    /// What only the service sets, of any provider: clients send it back, to no effect.
    static let ignored = [
        "id", "connectionId", "errorStateName", "statusName", "status", "errorState", "errorMessage",
    ]

    /// What a new peer begins with.
    static func beginning(of provider: String) -> JSON.Object {
        provider == "AWS" ? ["statusName": "INITIATING"] : ["status": "ADDING_PEER"]
    }

    /// The attribute that refuses every change of a peer; `nil` where changes are taken.
    static func unchangeable(of provider: String) -> String? {
        ["AZURE": "azureDirectoryId", "GCP": "gcpProjectId"][provider]
    }

    /// Refuses values that are wrong whatever else there is.
    ///
    /// - Throws: Atlas's error.
    static func check(_ attributes: JSON.Object) throws(AtlasAPI.Failure) {
        if let region = attributes["accepterRegionName"]?.stringValue {
            let known = AtlasAPI.regions["AWS"] ?? []
            guard known.contains(where: { AtlasAPI.awsSpelling($0) == region }) else {
                throw .invalidRegion(region, of: "AWS")
            }
        }
        if let text = attributes["routeTableCidrBlock"]?.stringValue {
            guard let block = CIDRBlock(text) else { throw .invalidCIDRBlock(text) }
            guard block.isPrivate else { throw .invalidRouteTable(text) }
        }
    }

    /// The two attributes that no two peers of a group share, and the error that says so.
    static func identity(
        of peer: JSON.Object
    ) -> (names: [String], error: (_ first: String, _ second: String) -> AtlasAPI.Failure) {
        switch peer["providerName"]?.stringValue {
        case "AWS": (["awsAccountId", "vpcId"], AtlasAPI.Failure.peerExists(account:vpc:))
        case "AZURE": (["azureSubscriptionId", "vnetName"], AtlasAPI.Failure.peerExists(subscription:network:))
        default: (["gcpProjectId", "networkName"], AtlasAPI.Failure.peerExists(project:network:))
        }
    }

    private static let container = Member("containerId", .text(.any))
    private static let providerName = Member("providerName", .choice(AtlasAPI.providers), .optional)
    private static let region = Member.TextForm.any.shown(
        as: AtlasAPI.regionPattern(of: "AWS", AtlasAPI.awsSpelling)
    )
    private static let block = Member.TextForm.any.shown(as: CIDRBlock.pattern(of: 8...32, isCanonical: false))

    /// The forms of contract section 8.18.
    private static let vpc = Member.TextForm(
        "vpc- and a name",
        pattern: "^vpc-[^\\x00-\\x20\\x7f]+$",
        maximumLength: 64
    ) {
        // Byte by byte: for Swift, what combines with the dash makes another character of it.
        $0.utf8.starts(with: "vpc-".utf8) && $0.utf8.count > 4 && $0.utf8.allSatisfy(\.isVisible)
    }
    private static let longVPC = Member.TextForm("vpc- and 17 hexadecimal digits", pattern: "^vpc-[0-9a-f]{17}$") {
        $0.hasPrefix("vpc-") && Member.TextForm.hexadecimal(17).matches(String($0.dropFirst(4)))
    }

    /// What a provider calls something of its own: visible characters, of which the documents bound the number at most.
    private static func label(atMost length: Int) -> Member.TextForm {
        Member.TextForm("a name of visible characters", pattern: "^[^\\x00-\\x20\\x7f]+$", maximumLength: length) {
            !$0.isEmpty && $0.utf8.allSatisfy(\.isVisible)
        }
    }
}

extension UInt8 {
    /// Whether the byte stands for no blank and no control character.
    fileprivate var isVisible: Bool { self > 0x20 && self != 0x7f }
}
