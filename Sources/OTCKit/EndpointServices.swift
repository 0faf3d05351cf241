internal import PatchbayJSON
package import PatchbayStore

/// VPC endpoint services of a project, those of API gateways among them, and who may connect to them.
extension OTC {
    /// The region that everything lies in.
    package static let region = "eu-de"

    /// A service's whole name.
    ///
    /// - Parameters:
    ///   - id: its identifier.
    ///   - name: the name that its owner gave it; none when empty.
    /// - Returns: `eu-de.name.id`, or `eu-de.id`.
    package static func serviceName(_ id: String, named name: String = "") -> String {
        name.isEmpty ? "\(region).\(id)" : "\(region).\(name).\(id)"
    }

    package static let endpointServices = Collection(
        "endpoint_services",
        in: "otc",
        under: projects,
        key: "id",
        members: [
            Member("id", .text(.uuid), says: "What stands in the path."),
            Member("port_id", .text(.uuid), .same(as: "id"), says: "What is behind the service."),
            Member("vpc_id", .text(.uuid), .same(as: "id"), says: "The VPC that it lies in."),
            Member("pool_id", .text(.nonempty), .same(as: "id"), says: "The cluster that it lies in."),
            Member("status", .choice(serviceStates), .standard("available")),
            Member(
                "approval_enabled",
                .boolean,
                .standard(true),
                says: "Whether its owner has to accept connections that are made from now on."
            ),
            Member(
                "service_name",
                .text(.nonempty),
                .derived { .string(serviceName($0["id"]?.stringValue ?? "")) },
                says: "The whole name: the region, the owner's name for it if there is one, the identifier.",
            ),
            Member("service_type", .choice(["interface", "gateway"]), .standard("interface")),
            Member("server_type", .choice(serverTypes), .standard("LB"), says: "What kind of thing is behind it."),
            Member("description", .text(.any), .standard("")),
            Member("created_at", .timestamp(fractionDigits: 0), .standard(.string(unknownTime))),
            Member("updated_at", .timestamp(fractionDigits: 0), .same(as: "created_at", or: unknownTime)),
            Member(
                "ports",
                .list(of: .object(ports)),
                .standard([["client_port": 80, "server_port": 80, "protocol": "TCP"]])
            ),
            Member("tcp_proxy", .choice(tcpProxies), .standard("close")),
            Member("tags", .list(of: .object(tags)), .standard([])),
            Member("error", .list(of: .object(errorMembers)), .optional, says: "Why it failed; with failed only."),
        ],
        filters: ["id", "service_name", "status"],
        orders: [.init("created_at", "id"), .init("updated_at", "id")],
        lifecycles: [
            Lifecycle(
                "status",
                [
                    .init("setUp", from: ["creating"], to: "available", after: 1, change: touch),
                    .init("fail", from: ["creating"], to: "failed") { document, moment in
                        touch(&document, moment)
                        document["error"] = [
                            ["error_code": "EndPoint.0001", "error_message": "System error. Please retry."]
                        ]
                    },
                    .init("remove", from: ["deleting"], to: nil, after: 1),
                ]
            )
        ],
        follow: followService,
    )

    /// The endpoints that lead to a service name it, and go with it: they are its connections, seen from the other side.
    private static let followService: @Sendable (borrowing Transaction, Change) throws -> Void = { rows, change in
        guard let service = change.after, let before = change.before else {
            guard change.after == nil, let id = change.before?["id"]?.stringValue else { return }
            var gone: Set<String> = []
            for (row, endpoint) in try rows.rows(of: endpoints, under: nil, where: [("endpoint_service_id", id)]) {
                let owner = try rows.keys(of: row, in: endpoints).first
                guard endpoint["service_project_id"]?.stringValue ?? owner == change.path.first else { continue }
                // A later one of the same identifier is another tenant's copy of it, and stays.
                guard gone.insert(endpoint["id"]?.stringValue ?? "").inserted else { continue }
                try rows.delete(row, from: endpoints)
            }
            return
        }
        guard let name = service["service_name"], before["service_name"] != name else { return }
        let path = change.path + [service["id"]?.stringValue ?? ""]
        guard let row = try rows.find(endpointServices, path) else { return }
        for (_, connection) in try rows.rows(of: connections, under: row) {
            guard let (place, endpoint) = try endpoint(of: connection, below: path, rows) else { continue }
            var renamed = endpoint
            renamed["endpoint_service_name"] = name
            try rows.update(place, in: endpoints, to: renamed)
        }
    }

    /// The endpoint service that an identifier means to a project: its own, or else that of another project, the oldest if
    /// several have one.
    ///
    /// One that the project has lost is not looked for elsewhere: there it has only been copied.
    ///
    /// - Throws: when the store fails.
    package static func endpointService(
        _ id: String,
        for project: String,
        _ rows: borrowing Transaction,
    ) throws -> RowID? {
        if let own = try rows.find(endpointServices, [project, id]) { return own }
        guard try !rows.isInBaseline(endpointServices, [project, id]) else { return nil }
        return try rows.rows(of: endpointServices, under: nil, where: [("id", id)]).first?.row
    }

    /// The states of a service.
    package static let serviceStates = ["creating", "available", "failed", "deleting"]
    /// What may be behind a service.
    package static let serverTypes = ["VM", "LB", "VIP", "BMS"]
    /// What is told of a client to what is behind a service.
    package static let tcpProxies = ["close", "toa_open", "proxy_open", "open", "proxy_vni"]

    /// A port mapping.
    package static let ports = [
        Member("client_port", .integer(1...65_535)), Member("server_port", .integer(1...65_535)),
        Member("protocol", .choice(["TCP"]), .standard("TCP")),
    ]

    /// A tag.
    package static let tags = [
        Member("key", .text(tagText(1...36))), Member("value", .text(tagText(0...43)), .standard("")),
    ]

    /// Letters, digits, hyphens, underscores and at signs.
    private static func tagText(_ length: ClosedRange<Int>) -> Member.TextForm {
        let allowed: @Sendable (Unicode.Scalar) -> Bool = { (scalar: Unicode.Scalar) in
            scalar.properties.isAlphabetic || scalar.properties.numericType != nil
                || "-_@".unicodeScalars.contains(scalar)
        }
        return Member.TextForm(
            "\(length.lowerBound) to \(length.upperBound) letters, digits, -, _ and @",
            pattern: "^[\\w@-]{\(length.lowerBound),\(length.upperBound)}$",
        ) { text in
            length.contains(text.unicodeScalars.count) && text.unicodeScalars.allSatisfy(allowed)
        }
    }

    /// When that was that no seed says when it was.
    package static let unknownTime = "2020-01-01T00:00:00Z"

    /// Says that a row has changed.
    static let touch: @Sendable (inout JSON.Object, Timestamp) -> Void = { document, moment in
        document["updated_at"] = .string(moment.text(fractionDigits: 0))
    }
}

/// Whitelists.
extension OTC {
    /// Who may connect to a service besides its owner.
    package static let whitelist = Collection(
        "permissions",
        in: "otc",
        under: endpointServices,
        key: "id",
        members: [
            Member("id", .text(.uuid)),
            Member("permission", .text(permission), says: "An account, iam:domain:: and its identifier, or *."),
            Member("description", .text(.any), .standard("")),
            Member("permission_type", .choice(["domainId"]), .standard("domainId")),
            Member("created_at", .timestamp(fractionDigits: 0)),
        ],
        filters: ["permission"],
        orders: [.init("created_at", "id")],
        unique: ["permission"],
        views: [
            .init(gatewayView) { _ in .object(["id", "permission", "created_at"].map { ($0, .member($0)) }) }
        ],
    )

    /// A record of a whitelist.
    package static let permission = Member.TextForm(
        "iam:domain:: and 1 to 64 letters and digits, or *",
        pattern: "^(\\*|iam:domain::(\\*|[A-Za-z0-9]{1,64}))$",
    ) { text in
        if ["*", "iam:domain::*"].contains(text) { return true }
        let account = text.utf8.dropFirst("iam:domain::".utf8.count)
        return text.hasPrefix("iam:domain::") && (1...64).contains(account.count)
            && account.allSatisfy { $0.isLetter || $0.isDigit }
    }

    /// Whether an account may connect to a service: it owns it, or is in its whitelist.
    ///
    /// - Parameters:
    ///   - account: the account.
    ///   - service: the service.
    ///   - project: the project that the service belongs to.
    ///   - rows: where to look.
    /// - Returns: whether it may.
    /// - Throws: when the store fails.
    package static func mayConnect(
        _ account: String,
        to service: RowID,
        of project: String,
        _ rows: borrowing Transaction,
    ) throws -> Bool {
        if let owner = try rows.find(projects, [project]),
            try rows.document(projects, owner)?["domain_id"]?.stringValue == account
        {
            return true
        }
        return try rows.rows(of: whitelist, under: service).contains { _, document in
            ["*", "iam:domain::*", "iam:domain::\(account)"].contains(document["permission"]?.stringValue ?? "")
        }
    }
}

extension Member.Presence {
    /// The value of another member, or one that stands in for it.
    package static func same(as name: String, or standard: String = "") -> Self {
        .derived { $0[name] ?? .string(standard) }
    }
}

/// Changes of a whitelist.
extension OTC {
    /// Adds records that are not there yet.
    ///
    /// - Parameters:
    ///   - permissions: the records.
    ///   - service: whose whitelist.
    ///   - moment: when.
    ///   - limit: how many there may be; none is added when there would be more.
    ///   - rows: where.
    ///   - identifier: makes an identifier.
    /// - Returns: how many records the whitelist would have then.
    /// - Throws: when the store fails.
    @discardableResult
    package static func add(
        _ permissions: [String],
        to service: RowID,
        at moment: Timestamp,
        atMost limit: Int = .max,
        _ rows: borrowing Transaction,
        identifier: () -> String,
    ) throws -> Int {
        let records = try rows.rows(of: whitelist, under: service).map(\.document)
        var known = Set(records.compactMap { $0["permission"]?.stringValue })
        var identifiers = Set(records.compactMap { $0["id"]?.stringValue })
        let added = permissions.filter { known.insert($0).inserted }
        guard known.count <= limit else { return known.count }
        for permission in added {
            var id = identifier()
            while !identifiers.insert(id).inserted { id = identifier() }
            let record: JSON.Object = [
                "id": .string(id), "permission": .string(permission),
                "created_at": .string(moment.text(fractionDigits: 0)),
            ]
            try rows.insert(record, into: whitelist, under: service)
        }
        return known.count
    }

    /// Removes records, those that are there.
    package static func remove(
        _ permissions: [String],
        from service: RowID,
        _ rows: borrowing Transaction,
    ) throws {
        let removed = Set(permissions)
        for (row, record) in try rows.rows(of: whitelist, under: service)
        where removed.contains(record["permission"]?.stringValue ?? "") {
            try rows.delete(row, from: whitelist)
        }
    }
}
