package import PatchbayJSON
package import PatchbayStore

/// VPC endpoints: one is a connection, seen from the other side.
///
/// An endpoint belongs to a project, its connection to the endpoint service that it leads to, which may be another project's. Either
/// follows the other in the same transaction.
extension OTC {
    /// VPC endpoints of a project.
    package static let endpoints = Collection(
        "endpoints",
        in: "otc",
        under: projects,
        key: "id",
        members: shownEndpointMembers.filter { $0.name != "project_id" } + [
            Member(
                "service_project_id",
                .text(.nonempty),
                .optional,
                says: "The project of its endpoint service, when that is another one; not shown.",
            ),
            Member(
                "approval",
                .choice(["on", "off"]),
                .standard("on"),
                says: "Whether its endpoint service wanted approval when it was created; not shown.",
            ),
            Member(
                "address",
                .text(.nonempty),
                .optional,
                says: "The address that it shows as soon as it was accepted; not shown before.",
            ),
        ],
        variants: .init(by: "approval", [("on", []), ("off", [])]),
        filters: ["id", "endpoint_service_name", "vpc_id"],
        orders: [.init("created_at", "marker_id", "id"), .init("updated_at", "marker_id", "id")],
        views: [
            .init(endpointView) { document, path in .object(shown(endpoint: document, project: path.first ?? "")) }
        ],
        lifecycles: [
            Lifecycle("status", of: "on", endpointSteps(settingUpTo: "pendingAcceptance")),
            Lifecycle("status", of: "off", endpointSteps(settingUpTo: "accepted")),
        ],
        rule: failedAlone,
        follow: followEndpoint,
    )

    /// The view of an endpoint that its owner sees.
    package static let endpointView = "owner"

    /// What an endpoint shows, in the order of the vendor's sample.
    package static let shownEndpointMembers = [
        Member("id", .text(.uuid), says: "That of its connection."),
        Member("status", .choice(connectionStates), says: "That of its connection."),
        Member("ip", .text(.nonempty), .optional),
        Member("tags", .list(of: .object(tags)), .standard([])),
        Member("whitelist", .list(of: .text(.any)), .standard([])),
        Member("marker_id", .integer(0...Int64.max), says: "That of its connection."),
        Member("active_status", .list(of: .text(.any)), .standard(["active"])),
        Member("vpc_id", .text(.uuid), .same(as: "id")),
        Member("service_type", .choice(["interface", "gateway"]), .standard("interface")),
        Member("project_id", .text(.any)),
        Member("subnet_id", .text(.uuid), .optional),
        Member("enable_dns", .boolean, .standard(false)),
        Member("dns_names", .list(of: .text(.any)), .standard([])),
        Member("routetables", .list(of: .text(.any)), .standard([])),
        Member("created_at", .timestamp(fractionDigits: 0), says: "That of its connection."),
        Member("updated_at", .timestamp(fractionDigits: 0), says: "That of its connection."),
        Member("endpoint_service_id", .text(.uuid)),
        Member(
            "endpoint_service_name",
            .text(.nonempty),
            .derived { .string(serviceName($0["endpoint_service_id"]?.stringValue ?? "")) }
        ),
        Member("enable_whitelist", .boolean, .standard(false)),
        Member("specification_name", .text(.any), .standard("default")),
        Member("enable_status", .choice(["enable", "disable"]), .standard("enable")),
        Member("description", .text(.any), .standard("")),
        Member("endpoint_pool_id", .text(.nonempty), .same(as: "endpoint_service_id")),
        Member("error", .list(of: .object(errorMembers)), .optional, says: "Why it failed; with failed only."),
    ]

    /// An endpoint as its owner sees it.
    package static func shown(endpoint: JSON.Object, project: String) -> JSON.Object {
        JSON.Object(
            shownEndpointMembers.compactMap { member in
                let value = member.name == "project_id" ? .string(project) : endpoint[member.name]
                return value.map { (member.name, $0) }
            }
        )
    }

    private static func endpointSteps(settingUpTo state: String) -> [Lifecycle.Step] {
        [
            .init("setUp", from: ["creating"], to: state, after: 1, change: settle),
            .init("fail", from: ["creating"], to: "failed", change: settle),
            .init("receive", from: ["pendingAcceptance", "rejected"], to: "accepted", change: settle),
            .init("reject", from: ["pendingAcceptance", "accepted"], to: "rejected", change: settle),
            .init("remove", from: ["deleting"], to: nil, after: 1),
        ]
    }

    /// What goes with a new state: the time, an address for what was accepted, a reason for what failed.
    private static let settle: @Sendable (inout JSON.Object, Timestamp) -> Void = { document, moment in
        touch(&document, moment)
        switch document["status"]?.stringValue {
        case "accepted": if document["ip"] == nil { document["ip"] = document["address"] }
        case "failed":
            document["error"] = [["error_code": "EndPoint.2022", "error_message": "Failed to create an endpoint."]]
        default: break
        }
    }
}

/// One object, two sides.
extension OTC {
    /// What an endpoint and its connection have in common and what changes.
    private static let commonMembers = ["status", "updated_at", "error"]

    /// A connection comes, changes and goes with its endpoint.
    static let followEndpoint: @Sendable (borrowing Transaction, Change) throws -> Void = { rows, change in
        guard let endpoint = change.after ?? change.before,
            let id = endpoint["id"]?.stringValue, let service = endpoint["endpoint_service_id"]?.stringValue
        else { return }
        let project = change.path.first ?? ""
        let path = [endpoint["service_project_id"]?.stringValue ?? project, service]
        guard let parent = try rows.find(endpointServices, path) else { return }
        // The connection of an endpoint that was copied belongs to the endpoint that it was copied from.
        if path[0] != project, try rows.isMade(Root(projects, project)),
            try rows.isInBaseline(endpoints, [project, id])
        {
            return
        }
        let row = try rows.find(connections, path + [id])
        switch (change.after, row) {
        case (nil, let row?): try rows.delete(row, from: connections)
        case (let endpoint?, nil) where change.before == nil:
            guard let owner = try rows.find(projects, [project]) else { return }
            var connection = JSON.Object(
                ["id", "status", "marker_id", "created_at", "updated_at", "error"].compactMap { name in
                    endpoint[name].map { (name, $0) }
                }
            )
            connection["domain_id"] = try rows.document(projects, owner)?["domain_id"]
            try rows.insert(connection, into: connections, under: parent)
        case (let endpoint?, let row?): try copy(endpoint, to: row, of: connections, rows)
        default: break
        }
    }

    /// An endpoint changes with its connection.
    static let followConnection: @Sendable (borrowing Transaction, Change) throws -> Void = { rows, change in
        guard change.before != nil, let connection = change.after,
            let (row, _) = try endpoint(of: connection, below: change.path, rows)
        else { return }
        try copy(connection, to: row, of: endpoints, rows)
    }

    /// The endpoint of a connection, which is in its project or in one of its account's; `nil` where seeds say nothing of it.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - path: its project and its endpoint service.
    ///   - rows: where to look.
    /// - Returns: the endpoint's row and document.
    /// - Throws: when the store fails.
    package static func endpoint(
        of connection: JSON.Object,
        below path: [String],
        _ rows: borrowing Transaction,
    ) throws -> (row: RowID, document: JSON.Object)? {
        guard let id = connection["id"]?.stringValue, let account = connection["domain_id"]?.stringValue else {
            return nil
        }
        // What was put together from several projects may have endpoints of other accounts in its own.
        if let own = path.first, let found = try endpoint(id, of: own, to: path, rows) { return found }
        for (_, project) in try rows.rows(of: projects, under: nil, where: [("domain_id", account)]) {
            let name = project["project_id"]?.stringValue ?? ""
            if let found = try endpoint(id, of: name, to: path, rows) { return found }
        }
        return nil
    }

    /// The endpoint of a project, if it leads to a service.
    private static func endpoint(
        _ id: String,
        of project: String,
        to service: [String],
        _ rows: borrowing Transaction,
    ) throws -> (row: RowID, document: JSON.Object)? {
        guard let row = try rows.find(endpoints, [project, id]), let endpoint = try rows.document(endpoints, row)
        else { return nil }
        let owner = endpoint["service_project_id"]?.stringValue ?? project
        guard [owner, endpoint["endpoint_service_id"]?.stringValue ?? ""] == service else { return nil }
        return (row, endpoint)
    }

    /// Writes what both sides have in common to the other one, if it differs.
    private static func copy(
        _ side: JSON.Object,
        to row: RowID,
        of collection: Collection,
        _ rows: borrowing Transaction,
    ) throws {
        guard let other = try rows.document(collection, row) else { return }
        var changed = other
        for name in commonMembers { changed[name] = side[name] }
        if changed["status"] == "accepted", changed["ip"] == nil { changed["ip"] = changed["address"] }
        guard changed != other else { return }
        try rows.update(row, in: collection, to: changed)
    }
}

extension OTC {
    /// The packet identifier of a service's next connection.
    ///
    /// - Parameters:
    ///   - service: the service.
    ///   - rows: where to look.
    /// - Returns: one more than the largest, as long as clients that read numbers as doubles can tell them apart.
    /// - Throws: when the store fails.
    package static func nextMarker(under service: RowID, _ rows: borrowing Transaction) throws -> Int64 {
        let largest = try rows.largest("marker_id", in: connections, under: service) ?? 0
        guard largest >= exactMarkers.upperBound else { return max(largest + 1, exactMarkers.lowerBound) }
        let taken = Set(
            try rows.rows(of: connections, under: service).compactMap { $0.document["marker_id"]?.int64Value }
        )
        return exactMarkers.first { !taken.contains($0) } ?? exactMarkers.lowerBound
    }

    private static let exactMarkers: ClosedRange<Int64> = 16_777_216...9_007_199_254_740_991
}
