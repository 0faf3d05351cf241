package import PatchbayAPIKit
package import PatchbayOTCKit
package import PatchbayStore

/// Open Telekom Cloud API Gateway, dedicated gateways, version 2: the connections to a gateway's endpoint service.
package enum APIGAPI: OTCService {
    package static let name = "apig"
    package static let title = "Open Telekom Cloud API Gateway"
    package static let brand = "API Gateway"
    package static let basePath = "/v2"
    package static let gateway = GatewayQuirks(
        of: "apig",
        sections: (method: "8.17", head: "8.22", escape: "8.22", signature: "8.23"),
    )
    package static let quirks = Quirks.all
    package static let catalogue = Failure.catalogue

    package static let collections = OTC.collections + [instances]

    /// The live service adds the character set, which the documents do not name.
    static let contentType = "application/json; charset=utf-8"
}
