internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension VPCEPAPI {
    /// Creating a VPC Endpoint Service.
    static func createEndpointService(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:epservices:create")
        var service = try RequestBody<Self>(call).read(serviceFields)
        let now = JSON.string(call.now.text(fractionDigits: 0))
        let created = try call.write { rows in
            guard let parent = try rows.find(OTC.projects, [project]) else { throw Failure(.forbidden) }
            let others = try rows.rows(of: OTC.endpointServices, under: parent)
            guard others.count < Quota.services else { throw Failure.quotaExceeded }
            try checkPorts(of: service, among: others.map(\.document))
            let id = try call.freeIdentifier { try rows.find(OTC.endpointServices, [project, $0]) != nil }
            service["service_name"] = .string(OTC.serviceName(id, named: service["service_name"]?.stringValue ?? ""))
            service["id"] = .string(id)
            service["status"] = "creating"
            service["created_at"] = now
            service["updated_at"] = now
            let row = try rows.insert(service, into: OTC.endpointServices, under: parent)
            return try rows.document(OTC.endpointServices, row) ?? service
        }
        return Reply(json: .object(shown(service: created, project)))
    }

    /// Querying VPC Endpoint Services.
    static func listEndpointServices(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:epservices:list")
        let filters = try Filters.services(call)
        let window = try Window(call)
        guard let parent = try call.find(OTC.projects, project) else { throw Failure(.forbidden) }
        let account = try call.document(OTC.projects, parent)?["domain_id"] ?? .null
        var query = window.query(OTC.endpointServices, under: parent)
        query.filters = filters
        let page = try call.page(query)
        try window.check(total: page.total, call.quirks)
        var services: [JSON] = []
        for service in page.objects {
            var item = shown(service: service, project)
            item["domain_id"] = account
            item["connection_count"] = try .number(JSON.Number(connectionCount(of: service, project, call)))
            item["error"] = service["error"]
            services.append(.object(item))
        }
        return Reply(
            json: ["endpoint_services": .array(services), "total_count": .number(JSON.Number(page.total))],
            rows: services.count
        )
    }

    /// Querying Details of a VPC Endpoint Service.
    static func showEndpointService(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try serviceKeys(call, "vpcep:epservices:get")
        guard let row = try call.find(OTC.endpointServices, keys.project, keys.service),
            let service = try call.document(OTC.endpointServices, row)
        else { throw noSuchService(call.quirks) }
        return Reply(json: .object(shown(service: service, keys.project)))
    }

    /// Modifying a VPC Endpoint Service.
    static func updateEndpointService(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try serviceKeys(call, "vpcep:epservices:update")
        let changes = try RequestBody<Self>(call).read(serviceChanges)
        let unknown = noSuchService(call.quirks)
        let now = call.now
        let updated = try call.write { rows in
            guard let row = try rows.find(OTC.endpointServices, [keys.project, keys.service]),
                let parent = try rows.find(OTC.projects, [keys.project]),
                var service = try rows.document(OTC.endpointServices, row)
            else { throw unknown }
            guard service["status"] == "available" else { throw Failure.unchangeable }
            guard !changes.isEmpty else { return service }
            for (name, value) in changes { service[name] = value }
            if let name = changes["service_name"]?.stringValue {
                service["service_name"] = .string(OTC.serviceName(keys.service, named: name))
            }
            let others = try rows.rows(of: OTC.endpointServices, under: parent).filter { $0.row != row }
            try checkPorts(of: service, among: others.map(\.document))
            service["updated_at"] = .string(now.text(fractionDigits: 0))
            try rows.update(row, in: OTC.endpointServices, to: service)
            return service
        }
        return Reply(json: .object(shown(service: updated, keys.project)))
    }

    /// Deleting a VPC Endpoint Service.
    static func deleteEndpointService(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try serviceKeys(call, "vpcep:epservices:delete")
        let unknown = noSuchService(call.quirks)
        let now = call.now
        try call.write { rows in
            guard let row = try rows.find(OTC.endpointServices, [keys.project, keys.service]),
                var service = try rows.document(OTC.endpointServices, row)
            else { throw unknown }
            guard service["status"] != "deleting" else { throw Failure.notDeleted }
            for state in usedStates {
                let users = try rows.rows(of: OTC.connections, under: row, where: [("status", state)])
                guard users.isEmpty else { throw Failure.serviceInUse }
            }
            service["status"] = "deleting"
            service["updated_at"] = .string(now.text(fractionDigits: 0))
            service["error"] = nil
            try rows.update(row, in: OTC.endpointServices, to: service)
        }
        return deleted(call.quirks)
    }
}

/// What a service takes and shows.
extension VPCEPAPI {
    static let serviceFields: [Field] =
        [
            .required("port_id", .text(.uuid), otherwise: .invalidPortID),
            .required("vpc_id", .text(.uuid), otherwise: .invalidVPC),
            .required("server_type", .choice(OTC.serverTypes), otherwise: .invalidServerType),
            .required("ports", .list(of: .object(OTC.ports)), missing: .noPorts, otherwise: .invalidPorts) {
                (1...200).contains($0.arrayValue?.count ?? 0)
            },
            .optional("service_name", .text(nameText), otherwise: .invalidServiceName),
            .optional("service_type", .choice(["interface", "gateway"])),
            .optional("approval_enabled", .boolean),
            .optional("tcp_proxy", .choice(OTC.tcpProxies)),
            .optional("pool_id", .text(.nonempty.atMost(64))),
        ] + tags + [description]

    /// What can be changed later.
    static let serviceChanges: [Field] = [
        "approval_enabled", "service_name", "ports", "port_id", "tcp_proxy", "description",
    ]
    .compactMap { name in serviceFields.first { $0.member.name == name }?.whenThere }

    /// At most twenty, each key once.
    static let tags: [Field] = [
        .optional("tags", .list(of: .object(OTC.tags))) { ($0.arrayValue?.count ?? 0) <= 20 },
        .optional("tags", .list(of: .object(OTC.tags)), otherwise: .doubleTag) { tags in
            let keys = (tags.arrayValue ?? []).compactMap { $0["key"]?.stringValue }
            return Set(keys.map { Array($0.utf8) }).count == keys.count
        },
    ]

    static let description = Field.optional("description", .text(descriptionText))

    private static let nameText = Member.TextForm("letters, digits, _ and -", pattern: "^[A-Za-z0-9_-]{0,16}$") {
        text in
        text.utf8.count <= 16
            && text.utf8.allSatisfy { byte in
                byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
            }
    }

    private static let descriptionText = Member.TextForm(
        "text without < and >",
        pattern: "^[^<>]*$",
        maximumLength: 128
    ) {
        !$0.utf8.contains(UInt8(ascii: "<")) && !$0.utf8.contains(UInt8(ascii: ">"))
    }

    /// A service as its pages show it.
    static func shown(service: JSON.Object, _ project: String) -> JSON.Object {
        JSON.Object(
            shownServiceMembers.compactMap { name in
                (name == "project_id" ? .string(project) : service[name]).map { (name, $0) }
            }
        )
    }

    static let shownServiceMembers = [
        "id", "port_id", "vpc_id", "pool_id", "status", "approval_enabled", "service_name", "service_type",
        "server_type",
        "project_id", "description", "created_at", "updated_at", "ports", "tcp_proxy", "tags",
    ]

    /// The states of connections that keep a service from being deleted, and that are counted.
    private static let usedStates = ["accepted", "creating"]

    private static func connectionCount(
        of service: JSON.Object,
        _ project: String,
        _ call: borrowing Call<Self>,
    ) throws(Failure) -> Int64 {
        guard let row = try call.find(OTC.endpointServices, project, service["id"]?.stringValue ?? "") else { return 0 }
        var count: Int64 = 0
        for state in usedStates {
            var query = Query(OTC.connections, under: row, limit: 0)
            query.filters = [("status", .text(state))]
            count += try call.page(query).total
        }
        return count
    }

    /// One port is mapped once, by all services with one backend together.
    private static func checkPorts(of service: JSON.Object, among others: [JSON.Object]) throws(Failure) {
        let mappings = { (service: JSON.Object) in
            (service["ports"]?.arrayValue ?? []).map { [$0["server_port"] ?? .null, $0["protocol"] ?? .null] }
        }
        let own = service["ports"]?.arrayValue ?? []
        guard Set(own).count == own.count else { throw .doublePort }
        let taken = others.filter { $0["port_id"] == service["port_id"] }.flatMap(mappings)
        guard Set(taken).isDisjoint(with: mappings(service)) else { throw .portConflict }
    }
}
