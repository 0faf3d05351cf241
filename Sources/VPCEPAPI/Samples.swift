package import PatchbayAPIKit
internal import PatchbayOTCKit

extension VPCEPAPI {
    package static func samples(rows: Int) -> (collection: String, samples: [Sample]) {
        OTC.samples(rows: rows, group: "8000")
    }
}
