internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

extension VPCEPAPI {
    /// Querying the Version of a Specified VPCEP API.
    ///
    /// The list of all versions, `GET /`, is the identity service's on a port that both share (contract section 4.7).
    static func showVersion(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        Reply(json: [
            "version": [
                "status": "CURRENT", "id": "v1", "updated": "2018-09-30T00:00:00Z", "version": "1", "min_version": "",
                "links": [["rel": "self", "href": .string(call.origin + basePath), "type": "application/json"]],
            ]
        ])
    }
}
