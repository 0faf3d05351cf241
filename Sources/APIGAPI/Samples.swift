package import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit

extension APIGAPI {
    package static func samples(rows: Int) -> (collection: String, samples: [Sample]) {
        OTC.samples(rows: rows, group: "a000") { number, service in
            let gateway: JSON.Object = [
                "id": .string(Sample.digits(number, 32)),
                "endpoint_service_id": .string(service),
            ]
            return [("instances", .samples([Sample(gateway)]))]
        }
    }
}
