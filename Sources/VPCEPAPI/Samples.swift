package import APIKit
internal import OTCKit

extension VPCEPAPI {
    package static func samples(rows: Int) -> (collection: String, samples: [Sample]) {
        OTC.samples(rows: rows, group: "8000")
    }
}
