package import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit
package import PatchbayStore

extension APIGAPI {
    /// Dedicated gateways of a project.
    package static let instances = Collection(
        "instances",
        in: "otc",
        under: OTC.projects,
        key: "id",
        members: [
            Member("id", .text(.hexadecimal(32)), says: "What stands in the path."),
            Member(
                "endpoint_service_id",
                .text(.uuid),
                .optional,
                says: "The gateway's endpoint service, one of the project; without it the gateway has none.",
            ),
            Member("instance_name", .text(.nonempty), .derived { .string("apig-\(text("id", of: $0).prefix(8))") }),
            Member("status", .choice(states.map(\.name)), .standard("Running")),
            Member("spec", .choice(gatewaySpecs), .standard("BASIC")),
            Member(
                "create_time",
                .integer(0...latest),
                .standard(1_577_836_800_000),
                says: "In milliseconds since 1970."
            ),
            Member("end_time", .integer(0...latest), .optional, says: "When it was there; shown with the progress."),
            Member("enterprise_project_id", .text(.any), .standard("0")),
            Member("description", .text(.any), .standard("")),
            Member("instance_version", .text(.any), .standard("acc6d368a3cb4d47840380bf62b0ab32")),
            Member("available_zone_ids", .text(.any), .standard("[eu-de-01, eu-de-02]")),
            Member("user_id", .text(.any), .standard("e966ff7227ef4df49df7d57aaf00f8ed")),
            Member("vpc_id", .text(.uuid), .derived(uuid)), Member("subnet_id", .text(.uuid), .derived(uuid)),
            Member("security_group_id", .text(.uuid), .derived(uuid)),
            Member("maintain_begin", .choice(maintenance), .standard("22:00:00")),
            Member("maintain_end", .choice(maintenance), .standard("02:00:00")),
            Member("bandwidth_size", .integer(0...2000), .standard(0)),
            Member("rank", .text(.any), .derived(rank), says: "Made by itself: the order of the list; not shown."),
        ],
        filters: ["id", "instance_name", "status"],
        orders: [.init("rank")],
        references: [("endpoint_service_id", OTC.endpointServices)],
        views: [
            .init(instanceView) { document, path in .object(summary(of: document, path.first ?? "")) }
        ],
        lifecycles: [
            Lifecycle(
                "status",
                [
                    .init("setUp", from: ["Creating"], to: "Running", after: 1, change: end),
                    .init("fail", from: ["Creating"], to: "CreateFail", change: end),
                    .init("remove", from: ["Deleting"], to: nil, after: 1),
                ]
            )
        ],
        follow: { rows, change in
            // With a gateway goes its endpoint service, and with that all connections.
            guard change.after == nil, let id = change.before?["endpoint_service_id"]?.stringValue,
                let row = try rows.find(OTC.endpointServices, change.path + [id])
            else { return }
            try rows.delete(row, from: OTC.endpointServices)
        },
    )

    /// The view of a gateway that lists show.
    static let instanceView = "list"

    /// The states of a gateway that are modelled, and the numbers of them.
    private static let states: [(name: String, number: Int64)] = [
        ("Creating", 1), ("CreateFail", 3), ("Running", 6), ("Deleting", 23), ("DeleteFailed", 24), ("Frozen", 37),
        ("Unhealthy", 40),
    ]

    /// The editions of a gateway.
    static let gatewaySpecs = ["BASIC", "PROFESSIONAL", "ENTERPRISE", "PLATINUM"]

    /// When a maintenance window may begin and end.
    static let maintenance = ["22:00:00", "02:00:00", "06:00:00", "10:00:00", "14:00:00", "18:00:00"]

    /// The last millisecond of the year 9999 and some, which has 15 digits.
    private static let latest: Int64 = 999_999_999_999_999

    /// A gateway as lists show it, in the order of the vendor's sample.
    static func summary(of gateway: JSON.Object, _ project: String) -> JSON.Object {
        let status = text("status", of: gateway)
        let number = states.first { $0.name == status }?.number ?? 0
        return [
            "id": gateway["id"] ?? .null, "project_id": .string(project),
            "instance_name": gateway["instance_name"] ?? .null, "status": .string(status),
            "instance_status": .number(JSON.Number(number)), "type": "apig", "spec": gateway["spec"] ?? .null,
            "create_time": gateway["create_time"] ?? .null,
            "enterprise_project_id": gateway["enterprise_project_id"] ?? .null, "eip_address": .null,
            "charging_mode": 0, "cbc_metadata": "", "loadbalancer_provider": "elb",
        ]
    }

    /// The members of the details that are kept as they are shown.
    static let detailMembers = [
        "description", "instance_version", "available_zone_ids", "user_id", "vpc_id", "subnet_id", "security_group_id",
        "maintain_begin", "maintain_end",
    ]

    /// What a gateway can do, by the vendor's sample.
    static let supportedFeatures = [
        "lts", "gateway_responses", "ratelimit", "request_body_size", "backend_timeout", "app_token", "app_basic",
        "app_secret", "multi_auth", "route", "sign_basic", "app_route", "backend_client_certificate", "ssl_ciphers",
        "cors", "app_quota", "app_acl", "real_ip_from_xff", "set_resp_headers", "vpc_backup", "throttle_strategy",
        "watch_instance", "sign_aes", "mock_status_code_and_header", "backend_retry_count", "custom_log",
        "real_ip_header_getter", "policy_sys_param", "vpc_name_modifiable", "breaker", "default_group_host_trustlist",
    ]

    /// The identifier with the dashes of a UUID.
    private static let uuid: @Sendable (JSON.Object) -> JSON = { gateway in
        let digits = text("id", of: gateway)
        let parts = [(0, 8), (8, 4), (12, 4), (16, 4), (20, 12)].map { digits.dropFirst($0).prefix($1) }
        return .string(parts.joined(separator: "-"))
    }

    /// The newest first, and of those of one time the smallest identifier.
    private static let rank: @Sendable (JSON.Object) -> JSON = { gateway in
        let age = latest - (gateway["create_time"]?.int64Value ?? 1_577_836_800_000)
        return .string(Sample.digits(Int(age), 15) + text("id", of: gateway))
    }

    private static let end: @Sendable (inout JSON.Object, Timestamp) -> Void = { gateway, moment in
        gateway["end_time"] = .number(JSON.Number(milliseconds(moment)))
    }

    /// A moment as gateways have it; none is before 1970.
    static func milliseconds(_ moment: Timestamp) -> Int64 { max(0, moment.microseconds / 1_000) }

    private static func text(_ name: String, of gateway: JSON.Object) -> String { gateway[name]?.stringValue ?? "" }

    package static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] {
        var connections: [[String]: Int64] = [:]
        for (keys, count) in try store.counts(of: OTC.connections, in: OTC.endpointServices, below: root) {
            connections[keys] = count
        }
        return try store.documents(in: instances, below: root).compactMap { keys, instance in
            let service = instance["endpoint_service_id"]?.stringValue
            guard let service, let rows = connections[[keys[0], service]] else { return nil }
            return Tenant([("project_id", keys[0]), ("instance_id", keys[1])], rows: rows)
        }
    }
}
