internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// Dedicated gateways.
extension APIGAPI {
    /// The most gateways that a project may have.
    static let gatewayLimit: Int64 = 5

    /// Querying Dedicated Gateways.
    static func listInstances(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = call.capture("project_id").text
        try authorize("apig:instances:list", in: project, call)
        let filters = try Filters.instances(call)
        guard let parent = try call.find(OTC.projects, project) else { throw Failure(.forbidden) }
        var query = filters.query(instances, under: parent)
        query.view = instanceView
        return try list("instances", query, filters, call)
    }

    /// Querying Dedicated Gateway Details.
    static func showDetailsOfInstance(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try gatewayKeys(call, "apig:instances:get")
        let gateway = try gateway(keys, call)
        var service: JSON.Object?
        if let id = gateway["endpoint_service_id"]?.stringValue,
            let row = try call.find(OTC.endpointServices, keys.project, id)
        {
            service = try call.document(OTC.endpointServices, row)
        }
        return answer(.object(details(of: gateway, keys.project, service: service)))
    }

    /// Querying the Creation Progress of a Dedicated Gateway.
    static func showDetailsOfInstanceProgress(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let gateway = try gateway(gatewayKeys(call, "apig:instances:get"), call)
        let hasFailed = gateway["status"] == "CreateFail"
        let (progress, status): (JSON, JSON) =
            switch gateway["status"] {
            case "Creating": (50, "creating")
            case "CreateFail": (0, "failed")
            default: (100, "success")
            }
        let start = gateway["create_time"]?.int64Value ?? 0
        return answer([
            "progress": progress, "status": status, "error_code": hasFailed ? "APIC.9206" : .null,
            "error_msg": hasFailed ? "Failed to create the gateway." : .null,
            "start_time": .number(JSON.Number(start)),
            // As the sample has it, there is one before the end has come.
            "end_time": gateway["end_time"] ?? .number(JSON.Number(start + 1_000)),
        ])
    }

    /// Creating a Dedicated Gateway, with an endpoint service of its own.
    static func createInstance(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = call.capture("project_id").text
        try authorize("apig:instances:create", in: project, call)
        var gateway = try RequestBody<Self>(call, otherwise: .badMember("body")).read(instanceFields)
        try completeMaintenance(&gateway)
        guard gatewaySpecs.contains(gateway["spec_id"]?.stringValue ?? "") else { throw .noSpecification }
        let serviceName = gateway["vpcep_service_name"]?.stringValue ?? ""
        let zones = (gateway["available_zone_ids"]?.arrayValue ?? []).compactMap(\.stringValue)
        gateway["available_zone_ids"] = .string("[\(zones.joined(separator: ", "))]")
        gateway["spec"] = gateway["spec_id"]
        for name in ["spec_id", "vpcep_service_name", "eip_id", "loadbalancer_provider"] { gateway[name] = nil }
        let now = call.now
        let id = try call.write { rows in
            guard let parent = try rows.find(OTC.projects, [project]),
                let account = try rows.document(OTC.projects, parent)?["domain_id"]?.stringValue
            else { throw Failure(.forbidden) }
            try checkName(gateway["instance_name"], rows, under: parent)
            guard try !rows.has(gatewayLimit, of: instances, under: parent) else { throw Failure.tooMany }
            let id = try call.freeIdentifier(\.hexadecimal) { try rows.find(instances, [project, $0]) != nil }
            let service = try call.freeIdentifier { try rows.find(OTC.endpointServices, [project, $0]) != nil }
            let row = try rows.insert(
                newService(service, named: serviceName, at: now),
                into: OTC.endpointServices,
                under: parent
            )
            try OTC.add(["iam:domain::\(account)"], to: row, at: now, rows) { call.freshIdentifier().uuid }
            gateway["id"] = .string(id)
            gateway["endpoint_service_id"] = .string(service)
            gateway["status"] = "Creating"
            gateway["create_time"] = .number(JSON.Number(milliseconds(now)))
            try rows.insert(gateway, into: instances, under: parent)
            return id
        }
        let job = "JOB-\(call.freshIdentifier().hexadecimal)"
        let message = "The job \(job) has been assigned to the instance \(id) for running provisioning."
        return answer(
            [
                "instance_id": .string(id), "message": .string("JOB_ASSIGNED_FOR_PROVISIONING_0003I:\(message)"),
                "job_id": .string(job),
            ],
            .accepted,
        )
    }

    /// Updating a Dedicated Gateway.
    static func updateInstance(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try gatewayKeys(call, "apig:instances:update")
        var changes = try RequestBody<Self>(call, otherwise: .badMember("body")).read(instanceChanges)
        try completeMaintenance(&changes)
        let now = JSON.string(call.now.text(fractionDigits: 0))
        let (gateway, service) = try call.write { rows in
            guard let row = try rows.find(instances, [keys.project, keys.gateway]),
                let parent = try rows.find(OTC.projects, [keys.project]),
                var gateway = try rows.document(instances, row)
            else { throw Failure.noInstance }
            guard gateway["status"] == "Running" else { throw Failure.statusConflict }
            if let name = changes["instance_name"], name != gateway["instance_name"] {
                try checkName(name, rows, under: parent)
            }
            for (name, value) in changes where name != "vpcep_service_name" { gateway[name] = value }
            try rows.update(row, in: instances, to: gateway)
            guard let id = gateway["endpoint_service_id"]?.stringValue,
                let place = try rows.find(OTC.endpointServices, [keys.project, id]),
                var service = try rows.document(OTC.endpointServices, place)
            else { return (gateway, JSON.Object?.none) }
            if let name = changes["vpcep_service_name"]?.stringValue {
                service["service_name"] = .string(OTC.serviceName(id, named: name.isEmpty ? "apig" : name))
                service["updated_at"] = now
                try rows.update(place, in: OTC.endpointServices, to: service)
            }
            return (gateway, service)
        }
        return answer(.object(details(of: gateway, keys.project, service: service)))
    }

    /// Deleting a Dedicated Gateway, with its endpoint service and all connections.
    static func deleteInstances(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let keys = try gatewayKeys(call, "apig:instances:delete")
        let now = JSON.string(call.now.text(fractionDigits: 0))
        try call.write { rows in
            guard let row = try rows.find(instances, [keys.project, keys.gateway]),
                var gateway = try rows.document(instances, row)
            else { throw Failure.noInstance }
            guard gateway["status"] != "Deleting" else { throw Failure.statusConflict }
            gateway["status"] = "Deleting"
            try rows.update(row, in: instances, to: gateway)
            guard let id = gateway["endpoint_service_id"]?.stringValue,
                let place = try rows.find(OTC.endpointServices, [keys.project, id]),
                var service = try rows.document(OTC.endpointServices, place)
            else { return }
            service["status"] = "deleting"
            service["updated_at"] = now
            service["error"] = nil
            try rows.update(place, in: OTC.endpointServices, to: service)
        }
        return Reply(.noContent, body: [])
    }

    private static func gateway(_ keys: GatewayKeys, _ call: borrowing Call<Self>) throws(Failure) -> JSON.Object {
        guard let row = try call.find(instances, keys.project, keys.gateway),
            let gateway = try call.document(instances, row)
        else { throw .noInstance }
        return gateway
    }

    private static func newService(_ id: String, named name: String, at moment: Timestamp) -> JSON.Object {
        [
            "id": .string(id), "status": "creating",
            "service_name": .string(OTC.serviceName(id, named: name.isEmpty ? "apig" : name)),
            "created_at": .string(moment.text(fractionDigits: 0)),
        ]
    }

    private static func checkName(_ name: JSON?, _ rows: borrowing Transaction, under project: RowID) throws {
        let name = name?.stringValue ?? ""
        let others = try rows.rows(of: instances, under: project, where: [("instance_name", name)])
        guard others.isEmpty else { throw Failure.nameExists }
    }

    /// A maintenance window has four hours.
    private static func completeMaintenance(_ gateway: inout JSON.Object) throws(Failure) {
        guard let begin = gateway["maintain_begin"]?.stringValue, let place = maintenance.firstIndex(of: begin) else {
            guard gateway["maintain_end"] == nil else { throw .badMember("maintain_begin") }
            return
        }
        let end = JSON.string(maintenance[(place + 1) % maintenance.count])
        guard gateway["maintain_end"] == nil || gateway["maintain_end"] == end else { throw .badMember("maintain_end") }
        gateway["maintain_end"] = end
    }
}

/// What a gateway takes and shows.
extension APIGAPI {
    static let instanceFields: [Field] = [
        .optional("description", .text(descriptionText)),
        .optional("maintain_begin", .choice(maintenance)),
        .optional("maintain_end", .choice(maintenance)),
        .required("instance_name", .text(instanceName)),
        .required("spec_id", .text(.nonempty)),
        .required("vpc_id", .text(.uuid)),
        .required("subnet_id", .text(.uuid)),
        .required("security_group_id", .text(.uuid)),
        .optional("eip_id", .text(.uuid)),
        .optional("enterprise_project_id", .text(.nonempty.atMost(64))),
        .required("available_zone_ids", .list(of: .text(zone))),
        .optional("bandwidth_size", .integer(0...2000)),
        .optional("loadbalancer_provider", .choice(["elb", "lvs"])),
        .optional("vpcep_service_name", .text(serviceName)),
    ]

    /// What can be changed later.
    static let instanceChanges: [Field] = [
        "description", "maintain_begin", "maintain_end", "instance_name", "security_group_id", "vpcep_service_name",
    ].compactMap { name in instanceFields.first { $0.member.name == name }?.whenThere }

    private static let descriptionText = Member.TextForm(
        "text without < and >",
        pattern: "^[^<>]*$",
        maximumLength: 255
    ) {
        !$0.utf8.contains(UInt8(ascii: "<")) && !$0.utf8.contains(UInt8(ascii: ">"))
    }
    private static let zone = Member.TextForm("a zone", pattern: "^[A-Za-z0-9-]{1,64}$") { text in
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { isWord($0) && $0 != UInt8(ascii: "_") }
    }
    private static let serviceName = Member.TextForm("letters, digits, _ and -", pattern: "^[A-Za-z0-9_-]{0,16}$") {
        $0.utf8.count <= 16 && $0.utf8.allSatisfy(isWord)
    }
    private static let instanceName = Member.TextForm(
        "a letter, then letters, digits, _ and -",
        pattern: "^[A-Za-z][A-Za-z0-9_-]{2,63}$"
    ) { text in
        (3...64).contains(text.utf8.count) && text.utf8.first?.isLetter == true && text.utf8.allSatisfy(isWord)
    }

    private static let isWord: @Sendable (UInt8) -> Bool = { byte in
        byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
    }

    /// A gateway as the page of details shows it.
    private static func details(of gateway: JSON.Object, _ project: String, service: JSON.Object?) -> JSON.Object {
        var details = summary(of: gateway, project)
        for name in detailMembers { details[name] = gateway[name] }
        details["ingress_ip"] = "192.168.0.152"
        details["nat_eip_address"] = .null
        details["bandwidth_size"] = gateway["bandwidth_size"]
        details["supported_features"] = .array(supportedFeatures.map(JSON.string))
        details["node_ips"] = ["livedata": [], "shubao": ["192.168.0.123", "192.168.0.114"]]
        details["endpoint_service"] = .null
        details["endpoint_services"] = .array(
            [service].compactMap { service in
                guard let service, let name = service["service_name"], let time = service["created_at"]?.stringValue
                else {
                    return nil
                }
                // Without T and Z, on this page alone.
                let created = time.replacing("T", with: " ").replacing("Z", with: "")
                return ["service_name": name, "created_at": .string(created)]
            }
        )
        details["publicips"] = []
        details["privateips"] = [["ip_address": "192.168.0.152", "bandwidth_size": 0]]
        return details
    }
}
