internal import APIKit
internal import JSON
internal import OTCKit
internal import Store

extension VPCEPAPI {
    /// The list object.
    static let listSchema = Schema.object([
        "connections": Schema.list(of: OTC.connections.shownSchema()),
        "total_count": Schema.count,
    ])
}
