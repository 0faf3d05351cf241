internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension APIGAPI {
    /// Querying VPC Endpoint Connections.
    static func listEndpointConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try gatewayKeys(call, "apig:instance:listVpcEndpoint")
        let filters = try Filters.connections(call)
        let service = try endpointService(keys, call)
        var query = filters.query(OTC.connections, under: service)
        query.direction = call.quirks.take(Quirks.order, "oldest") ? .ascending : .descending
        query.view = OTC.gatewayView
        return try list("connections", query, filters, call)
    }

    /// Accepting or Rejecting a VPC Endpoint Connection: all of those that are named, or none.
    static func acceptOrRejectEndpointConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try gatewayKeys(call, "apig:instances:update")
        let body = try RequestBody<Self>(call, otherwise: .badMember("body")).read(actionFields)
        let isOneAlone = call.quirks.take(Quirks.actionLimit, "one")
        if isOneAlone, body["endpoints"]?.arrayValue?.count != 1 { throw .badMember("endpoints") }
        var ids: [String] = []
        for id in (body["endpoints"]?.arrayValue ?? []).compactMap(\.stringValue) where !ids.contains(id) {
            ids.append(id)
        }
        let state = body["action"] == "receive" ? "accepted" : "rejected"
        let refused = call.quirks.take(Quirks.foreignEndpoint, "9007") ? Failure.vpcepFailed : .badMember("endpoints")
        let quirks = call.quirks
        let now = JSON.string(call.now.text(fractionDigits: 0))
        let connections = try call.write { rows in
            let (_, path) = try endpointService(keys, rows, quirks)
            return try ids.map { id in
                guard let row = try rows.find(OTC.connections, path + [id]),
                    var connection = try rows.document(OTC.connections, row),
                    changeableStates.contains(connection["status"]?.stringValue ?? "")
                else { throw refused }
                if connection["status"]?.stringValue != state {
                    connection["status"] = .string(state)
                    connection["updated_at"] = now
                    try rows.update(row, in: OTC.connections, to: connection)
                }
                return connection
            }
        }
        let items = connections.map { connection in
            JSON.object(JSON.Object(OTC.gatewayMembers.compactMap { name in connection[name].map { (name, $0) } }))
        }
        if quirks.take(Quirks.actionMembers, "one") { return answer(["connections": .array(items)]) }
        let count = JSON.number(JSON.Number(items.count))
        return answer(["total": count, "size": count, "connections": .array(items)])
    }

    /// What an action takes.
    static let actionFields: [Field] = [
        .required("action", .choice(["receive", "reject"])),
        .required("endpoints", .list(of: .text(.any))) { (1...50).contains($0.arrayValue?.count ?? 0) },
    ]

    /// The states that an action can change.
    private static let changeableStates = ["pendingAcceptance", "accepted", "rejected"]
}
