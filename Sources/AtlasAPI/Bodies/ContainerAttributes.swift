internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// What a request may say of a container, by cloud provider (contract section 4.2).
enum ContainerAttributes {
    /// The members that may be set; the required ones are marked.
    ///
    /// - Parameters:
    ///   - provider: the cloud provider.
    ///   - isLarge: whether it is described without the regions that a small container of GCP may have.
    /// - Returns: the members.
    static func settable(of provider: String, isLarge: Bool = false) -> [Member] {
        let lengths = isLarge ? 8...18 : small
        let block = Member.TextForm.any.shown(as: CIDRBlock.pattern(of: lengths, isCanonical: true))
        let region = Member.TextForm.any.shown(as: AtlasAPI.regionPattern(of: provider))
        let place: [Member] =
            switch provider {
            case "AWS": [Member("regionName", .text(region))]
            case "AZURE": [Member("region", .text(region))]
            default: isLarge ? [] : [Member("regions", .list(of: .text(region)), .optional)]
            }
        return [
            Member("atlasCidrBlock", .text(block)), Member("providerName", .choice(AtlasAPI.providers), .optional),
        ] + place
    }

    /// What only the service sets, of any provider: clients send it back, to no effect.
    static let ignored = [
        "id", "provisioned", "vpcId", "vnetName", "azureSubscriptionId", "gcpProjectId", "networkName",
    ]

    /// The member that names the region; GCP has a list of them, which may change.
    static func region(of provider: String) -> String? { ["AWS": "regionName", "AZURE": "region"][provider] }

    /// Atlas's subscription at Azure, as in the documented example: the same for all containers.
    private static let azureSubscription: JSON = "591236d43d098d433845860f"

    /// What a new container begins with.
    static func beginning(of provider: String) -> JSON.Object {
        provider == "AZURE" ? ["azureSubscriptionId": azureSubscription] : [:]
    }

    /// Refuses values that are wrong whatever else there is.
    ///
    /// - Parameters:
    ///   - container: all of its members.
    ///   - provider: its cloud provider.
    /// - Throws: Atlas's error.
    static func check(_ container: JSON.Object, of provider: String) throws(AtlasAPI.Failure) {
        let names =
            region(of: provider).map { [container[$0]?.stringValue ?? ""] } ?? container.texts("regions") ?? []
        for name in names where !AtlasAPI.isRegion(name, of: provider) {
            throw .invalidRegion(name, of: provider)
        }
        let text = container["atlasCidrBlock"]?.stringValue ?? ""
        guard let block = CIDRBlock(text) else { throw .invalidCIDRBlock(text) }
        if provider == "GCP" {
            if container["regions"] != nil {
                guard small.contains(block.length) else { throw .invalidSmallContainer }
            } else {
                guard block.length <= 18 else { throw .invalidAtlasBlock(text, sizes: "18", of: provider) }
            }
        } else {
            guard small.contains(block.length) else { throw .invalidAtlasBlock(text, sizes: "21-24", of: provider) }
        }
        guard block.isPrivate else { throw .invalidAtlasRange(text) }
        guard block.isCanonical else { throw .notCanonical(text, block.canonical.text) }
    }

    /// The lengths of the blocks of AWS, of AZURE, and of small containers of GCP.
    static let small: ClosedRange<UInt32> = 21...24
}
