internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    static let cloud = Parameter<String?>.text("cloud").means(.provider)
    static let regionName = Parameter<String?>.text("region_name").means(.region)

    /// List of Regions: where the vendor's clients learn the address of the gateway, which is this program's own.
    static func listFcpmV2Regions(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let cloud = try call.query(cloud)
        let name = try call.query(regionName)
        var directory = Directory(version: "fcpm/v2", kind: "RegionList")
        directory.filters = [(Self.cloud.name, cloud), (regionName.name, name)].compactMap { filter in
            filter.1.map { (filter.0, $0) }
        }
        let origin = call.origin
        let items = try call.documents(in: regions)
            .filter { region in
                // The CLI sends the cloud as its user types it.
                let isThere = cloud.map { $0.uppercased() == region.document["cloud"]?.stringValue } ?? true
                return isThere && name.map { .string($0) == region.document["region_name"] } ?? true
            }
            .map { (key: $0.keys, item: shown(region: $0.document, at: origin)) }
        return try directory.reply(items, to: call)
    }

    private static func shown(region document: JSON.Object, at origin: String) -> JSON.Object {
        [
            "api_version": "fcpm/v2",
            "cloud": document["cloud"] ?? .null,
            "display_name": document["display_name"] ?? .null,
            "http_endpoint": .string(origin),
            "id": document["id"] ?? .null,
            "kind": "Region",
            "metadata": ["self": ""],
            "private_http_endpoint": .string(origin),
            "region_name": document["region_name"] ?? .null,
        ]
    }
}
