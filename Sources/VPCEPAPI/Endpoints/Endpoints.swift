internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

extension VPCEPAPI {
    /// Creating a VPC Endpoint.
    static func createEndpoint(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:endpoints:create")
        let body = try RequestBody<Self>(call).read(endpointFields)
        let now = JSON.string(call.now.text(fractionDigits: 0))
        let endpoint = try call.write { rows in
            guard let parent = try rows.find(OTC.projects, [project]),
                let account = try rows.document(OTC.projects, parent)?["domain_id"]?.stringValue
            else { throw Failure(.forbidden) }
            let service = try service(body["endpoint_service_id"]?.stringValue ?? "", for: account, in: project, rows)
            let isInterface = service.document["service_type"] == "interface"
            if isInterface, body["subnet_id"] == nil { throw Failure.noSubnet }
            guard try !rows.has(Quota.endpoints, of: OTC.endpoints, under: parent) else {
                throw Failure.quotaExceeded
            }
            let id = try call.freeIdentifier {
                try rows.find(OTC.endpoints, [project, $0]) != nil
                    || rows.find(OTC.connections, service.keys + [$0]) != nil
            }
            var endpoint = body
            endpoint["port_ip"] = nil
            endpoint["policy_statement"] = nil
            endpoint["id"] = .string(id)
            endpoint["status"] = "creating"
            let marker = try OTC.nextMarker(under: service.row, rows)
            endpoint["marker_id"] = .number(JSON.Number(marker))
            endpoint["created_at"] = now
            endpoint["updated_at"] = now
            endpoint["service_type"] = service.document["service_type"]
            endpoint["endpoint_service_name"] = service.document["service_name"]
            endpoint["endpoint_pool_id"] = service.document["pool_id"]
            endpoint["approval"] = service.document["approval_enabled"] == true ? "on" : "off"
            if service.keys[0] != project { endpoint["service_project_id"] = .string(service.keys[0]) }
            if isInterface { endpoint["address"] = try address(body, marker, under: parent, rows) }
            if body["enable_dns"] == true, isInterface {
                endpoint["dns_names"] = [.string("vpcep-\(id).\(OTC.region).otc.t-systems.com")]
            }
            let row = try rows.insert(endpoint, into: OTC.endpoints, under: parent)
            return try rows.document(OTC.endpoints, row) ?? endpoint
        }
        return Reply(json: .object(OTC.shown(endpoint: endpoint, project: project)))
    }

    /// Querying VPC Endpoints.
    static func listEndpoints(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:endpoints:list")
        let filters = try Filters.endpoints(call)
        let window = try Window(call)
        guard let parent = try call.find(OTC.projects, project) else { throw Failure(.forbidden) }
        var query = window.query(OTC.endpoints, under: parent)
        query.view = OTC.endpointView
        return try list("endpoints", query, filters, window, call)
    }

    /// Querying Details of a VPC Endpoint.
    static func showEndpoint(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:endpoints:get")
        guard let row = try call.find(OTC.endpoints, project, call.capture("vpc_endpoint_id").text),
            let endpoint = try call.document(OTC.endpoints, row)
        else { throw .notFound }
        return Reply(json: .object(OTC.shown(endpoint: endpoint, project: project)))
    }

    /// Deleting a VPC Endpoint.
    static func deleteEndpoint(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = try project(call, "vpcep:endpoints:delete")
        let id = call.capture("vpc_endpoint_id").text
        let now = call.now
        try call.write { rows in
            guard let row = try rows.find(OTC.endpoints, [project, id]),
                var endpoint = try rows.document(OTC.endpoints, row)
            else { throw Failure.notFound }
            guard endpoint["status"] != "deleting" else { throw Failure.beingDeleted }
            endpoint["status"] = "deleting"
            endpoint["updated_at"] = .string(now.text(fractionDigits: 0))
            endpoint["error"] = nil
            try rows.update(row, in: OTC.endpoints, to: endpoint)
        }
        return deleted(call.quirks)
    }

    static let endpointFields: [Field] =
        [
            .required("endpoint_service_id", .text(.any), missing: .noServiceID, otherwise: .invalidService),
            .required("vpc_id", .text(.uuid), missing: .noVPC, otherwise: .invalidVPC),
            .optional("subnet_id", .text(.uuid), otherwise: .invalidSubnet),
            .optional("enable_dns", .boolean, otherwise: .invalidDNS),
            .optional("port_ip", .text(ipAddress), otherwise: .invalidAddress),
            .optional("routetables", .list(of: .text(.uuid)), otherwise: .invalidRouteTable),
            .optional("whitelist", .list(of: .text(block)), otherwise: .invalidWhitelist),
            .optional("enable_whitelist", .boolean),
        ] + tags + [
            description, .optional("policy_statement", .list(of: .object(policy)), otherwise: .invalidPolicy),
            .optional("specification_name", .text(.nonempty.atMost(64)), otherwise: .noSpecification),
        ]

    private static let policy = [
        Member("Effect", .choice(["Allow", "Deny"])), Member("Action", .list(of: .text(.nonempty))),
        Member("Resource", .list(of: .text(.nonempty))),
    ]

    private static let octet = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"

    private static let ipAddress = Member.TextForm("an IPv4 address", pattern: "^(\(octet)\\.){3}\(octet)$") { text in
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { part in UInt8(part).map(String.init) == String(part) }
    }

    private static let block = Member.TextForm(
        "an IPv4 address or block",
        pattern: "^(\(octet)\\.){3}\(octet)(/(3[0-2]|[12]?[0-9]))?$"
    ) { text in
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard ipAddress.matches(parts[0]) else { return false }
        return parts.count == 1 || UInt8(parts[1]).map { $0 <= 32 && String($0) == parts[1] } == true
    }

    /// The service that an endpoint is to lead to: one of the project's own, or of another that lets the account in.
    private static func service(
        _ id: String,
        for account: String,
        in project: String,
        _ rows: borrowing Transaction,
    ) throws -> (row: RowID, document: JSON.Object, keys: [String]) {
        guard let row = try OTC.endpointService(id, for: project, rows),
            let service = try rows.document(OTC.endpointServices, row)
        else {
            throw Failure.noService
        }
        let keys = try rows.keys(of: row, in: OTC.endpointServices)
        guard service["status"] == "available" else { throw Failure.serviceUnavailable }
        guard try OTC.mayConnect(account, to: row, of: keys[0], rows) else { throw Failure.notAllowed }
        return (row, service, keys)
    }

    /// The address that was asked for, or the first free one of the subnet that follows from the packet identifier.
    private static func address(
        _ body: JSON.Object,
        _ marker: Int64,
        under project: RowID,
        _ rows: borrowing Transaction,
    ) throws -> JSON {
        let subnet = body["subnet_id"]?.stringValue ?? ""
        let others = try rows.rows(of: OTC.endpoints, under: project, where: [("subnet_id", subnet)]).map(\.document)
        let taken = Set((others.map { $0["address"] } + others.map { $0["ip"] }).compactMap { $0?.stringValue })
        let asked = body["port_ip"]?.stringValue
        let usual = (marker..<marker + 62_500).lazy.map { "192.168.\($0 / 250 % 250).\($0 % 250 + 2)" }
        guard let address = asked ?? usual.first(where: { !taken.contains($0) }), !taken.contains(address) else {
            throw Failure.addressInUse
        }
        return .string(address)
    }
}
