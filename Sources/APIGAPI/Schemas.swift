internal import APIKit
internal import JSON
internal import OTCKit
internal import Store

extension APIGAPI {
    /// The list object.
    static let listSchema = Schema.object([
        "total": Schema.count,
        "size": Schema.count,
        "connections": Schema.list(of: OTC.connections.shownSchema { OTC.gatewayMembers.contains($0.name) }),
    ])
}
