internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// The project and the gateway of a path.
typealias GatewayKeys = (project: String, gateway: String)

/// What all operations begin and end with.
extension APIGAPI {
    /// The project and the gateway of the path, where the sender may do something.
    static func gatewayKeys(_ call: borrowing Call<Self>, _ action: String) throws(Failure) -> GatewayKeys {
        let project = call.capture("project_id").text
        try authorize(action, in: project, call)
        return (project, call.capture("instance_id").text)
    }

    /// The gateway's endpoint service.
    static func endpointService(_ keys: GatewayKeys, _ call: borrowing Call<Self>) throws(Failure) -> RowID {
        guard let gateway = try call.find(instances, keys.project, keys.gateway) else { throw unknown(call.quirks) }
        guard
            let id = try call.document(instances, gateway)?["endpoint_service_id"]?.stringValue,
            let service = try call.find(OTC.endpointServices, keys.project, id)
        else { throw .noEndpointService }
        return service
    }

    /// The gateway's endpoint service, and the keys that lead to it, where it may be changed.
    static func endpointService(
        _ keys: GatewayKeys,
        _ rows: borrowing Transaction,
        _ quirks: Readings,
    ) throws -> (service: RowID, path: [String]) {
        guard let gateway = try rows.find(instances, [keys.project, keys.gateway]) else { throw unknown(quirks) }
        let document = try rows.document(instances, gateway) ?? [:]
        guard let id = document["endpoint_service_id"]?.stringValue,
            let service = try rows.find(OTC.endpointServices, [keys.project, id])
        else { throw Failure.noEndpointService }
        guard document["status"] != "Deleting" else { throw Failure.statusConflict }
        return (service, [keys.project, id])
    }

    private static func unknown(_ quirks: Readings) -> Failure {
        quirks.take(Quirks.unknownInstance, "7302") ? .noInstance : .noEndpointService
    }

    /// A list of rows as a view shows them.
    static func list(
        _ name: String,
        _ query: Query,
        _ filters: Filters,
        _ call: borrowing Call<Self>
    ) throws(Failure) -> Reply {
        let page = try call.page(query)
        let size = call.quirks.take(Quirks.size, "limit") ? filters.limit : Int64(page.count)
        let counts =
            call.quirks.take(Quirks.memberOrder, "table")
            ? #""size":\#(size),"total":\#(page.total)"# : #""total":\#(page.total),"size":\#(size)"#
        var body = Array(#"{\#(counts),"\#(name)":["#.utf8)
        body += page.bytes
        body += "]}".utf8
        return Reply(contentType: contentType, body: body, rows: page.count)
    }

    static func answer(_ json: JSON, _ status: Status = .ok) -> Reply {
        Reply(status, contentType: contentType, json: json)
    }
}
