internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension VPCEPAPI {
    /// Querying Connections of a VPC Endpoint Service.
    static func listServiceConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try serviceKeys(call, "vpcep:connections:list")
        let filters = try Filters.connections(call)
        let window = try Window(call)
        guard let service = try call.find(OTC.endpointServices, keys.project, keys.service) else {
            throw noSuchService(call.quirks)
        }
        return try list("connections", window.query(OTC.connections, under: service), filters, window, call)
    }

    /// Accepting or Rejecting a VPC Endpoint.
    static func acceptOrRejectEndpoint(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try serviceKeys(call, "vpcep:connections:update")
        let body = try RequestBody<Self>(call).read(actionFields)
        let id = body["endpoints"]?[0]?.stringValue ?? ""
        let state = body["action"] == "receive" ? "accepted" : "rejected"
        let isIdempotent = call.quirks.take(Quirks.receiveAccepted, "unchanged")
        let unknown = noSuchService(call.quirks)
        let now = call.now
        let connection = try call.write { rows in
            guard let service = try rows.find(OTC.endpointServices, [keys.project, keys.service]) else { throw unknown }
            guard let row = try rows.find(OTC.connections, [keys.project, keys.service, id]),
                var connection = try rows.document(OTC.connections, row)
            else { throw try isElsewhere(id, than: service, keys.project, rows) ? Failure.otherService : .noEndpoint }
            switch connection["status"]?.stringValue {
            case "creating": throw Failure.beingCreated
            case "deleting": throw Failure.beingDeleted
            case "failed": throw Failure.hasFailed
            case "accepted" where state == "accepted" && !isIdempotent: throw Failure.isConnected
            case state: return connection
            default: break
            }
            connection["status"] = .string(state)
            connection["updated_at"] = .string(now.text(fractionDigits: 0))
            try rows.update(row, in: OTC.connections, to: connection)
            return connection
        }
        return Reply(json: ["connections": [.object(connection)]])
    }

    /// What an action takes; the number of endpoints counts before the word.
    static let actionFields: [Field] = [
        .required("endpoints", .list(of: .text(.any)), otherwise: .badMember),
        .required("endpoints", .list(of: .text(.any)), otherwise: .oneEndpoint) { $0.arrayValue?.count == 1 },
        .required("action", .choice(["receive", "reject"]), missing: .invalidAction, otherwise: .invalidAction),
    ]

    /// Whether an endpoint is connected to another of the project's services.
    private static func isElsewhere(
        _ id: String,
        than service: RowID,
        _ project: String,
        _ rows: borrowing Transaction,
    ) throws -> Bool {
        guard let parent = try rows.find(OTC.projects, [project]) else { return false }
        for (row, other) in try rows.rows(of: OTC.endpointServices, under: parent) where row != service {
            let keys = [project, other["id"]?.stringValue ?? "", id]
            if try rows.find(OTC.connections, keys) != nil { return true }
        }
        return false
    }
}
