internal import PatchbayJSON
package import PatchbayStore

/// What the Open Telekom Cloud services share: the objects behind both lists of connections, signing, gateway errors.
package enum OTC {
    /// Projects, by which the vendor isolates customers.
    package static let projects = Collection(
        "projects",
        in: "otc",
        key: "project_id",
        members: [
            Member("project_id", .text(projectID), says: "What stands in the path."),
            Member("domain_id", .text(.hexadecimal(32)), says: "The account that owns the project."),
            Member(
                "name",
                .text(.nonempty.atMost(64)),
                .optional,
                says:
                    "What clients log in with: the region's name, alone or with more after it; the identifier without it.",
            ),
        ],
        uniqueTogether: [["domain_id", "name"]],
        labelled: ["name"],
    )

    /// VPC endpoints connected to an endpoint service, as its owner sees them.
    ///
    /// The order of the members is that of the sample in
    /// "Querying Connections of a VPC Endpoint Service"; the gateway's page shows six of them in another order.
    package static let connections = Collection(
        "connections",
        in: "otc",
        under: endpointServices,
        key: "id",
        members: [
            Member("id", .text(.uuid), says: "The VPC endpoint's identifier."),
            Member("status", .choice(connectionStates), says: "The state of the connection."),
            Member(
                "marker_id",
                .integer(0...Int64.max),
                says: "The packet identifier, unique in its endpoint service."
            ),
            Member("domain_id", .text(.hexadecimal(32)), says: "The account that owns the VPC endpoint."),
            Member("created_at", .timestamp(fractionDigits: 0)),
            Member("updated_at", .timestamp(fractionDigits: 0)),
            Member(
                "error",
                .list(of: .object(errorMembers)),
                .optional,
                says: "Why the connection failed; with failed only."
            ),
            Member("description", .text(.any), .optional),
        ],
        filters: ["id", "marker_id", "status"],
        orders: [.init("created_at", "marker_id"), .init("updated_at", "marker_id")],
        unique: ["marker_id"],
        views: [
            .init(gatewayView) { _ in .object(gatewayMembers.map { ($0, .member($0)) }) }
        ],
        rule: failedAlone,
        follow: followConnection,
    )

    /// An error belongs to a connection that failed.
    static let failedAlone: @Sendable (JSON.Object) -> Violation? = { document in
        guard document["error"] != nil, document["status"]?.stringValue != "failed" else { return nil }
        return Violation(at: JSON.Pointer(["error"]), "belongs to a connection whose status is failed")
    }

    /// What the API Gateway shows of a connection, in the order of its page.
    package static let gatewayMembers = ["id", "marker_id", "created_at", "updated_at", "domain_id", "status"]

    /// The view of a connection that the API Gateway shows.
    package static let gatewayView = "apig"

    /// The states that the documents list, in the order of a connection's life.
    package static let connectionStates = [
        "pendingAcceptance", "creating", "accepted", "rejected", "failed", "deleting",
    ]

    private static let projectID = Member.TextForm(
        "1 to 64 characters",
        pattern: "^[\\s\\S]+$",
        maximumLength: 64,
    ) { !$0.isEmpty }

    /// Why something failed.
    package static let errorMembers = [Member("error_code", .text(.any)), Member("error_message", .text(.any))]
}
