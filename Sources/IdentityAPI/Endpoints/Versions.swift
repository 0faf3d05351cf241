internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

extension IdentityAPI {
    private static let mediaType: JSON = "application/vnd.openstack.identity-v3+json"
    private static let updated: JSON = "2016-04-04T00:00:00Z"

    /// Querying Keystone API Version Information.
    static func listVersions(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let version: JSON = [
            "media-types": [["type": mediaType, "base": "application/json"]],
            "links": [["rel": "self", "href": .string("\(call.origin)/v3/")]],
            "id": "v3.6",
            "updated": updated,
            "status": "stable",
        ]
        return Reply(.multipleChoices, json: ["versions": ["values": [version]]])
    }

    /// Querying Information About Keystone API Version 3.0.
    static func showVersion(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        // The page has the members of the same objects in another order.
        let version: JSON = [
            "status": "stable",
            "updated": updated,
            "media-types": [["base": "application/json", "type": mediaType]],
            "id": "v3.6",
            "links": [["href": .string("\(call.origin)/v3/"), "rel": "self"]],
        ]
        return Reply(json: ["version": version])
    }
}
