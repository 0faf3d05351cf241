import Foundation
import PatchbayJSON
import Testing

/// How the resources of an API are read and written.
struct Trade: Sendable {
    /// What the service calls a row, and what a client tells it by.
    struct Row {
        var id: String
        var mark: String
    }

    /// What a client knows before it writes.
    struct Moment {
        var parameters: [String: String]
        var rows: [Row]
        /// Makes what is written tell from everything else.
        var number: Int
        var beginning: [String]
        var saved: [String]?

        var marks: [String] { rows.map(\.mark) }

        func marks(without row: Row?, and mark: String? = nil) -> [String] {
            rows.filter { $0.id != row?.id }.map(\.mark) + (mark.map { [$0] } ?? [])
        }

        /// Those of the steps that can be taken: the first row has to be made before one is changed, and a dozen are enough.
        func possible(_ steps: [Step], with row: Row?) -> [Step] {
            steps.filter { row != nil && rows.count < 12 || ($0.method == "POST") == (row == nil) }
        }
    }

    /// A write, and what has to be there when it is done.
    struct Step {
        var method: String
        var path: String
        var body = ""
        var after: [String]
        /// Whether it saves what is there; false where it forgets what was saved.
        var isSaving: Bool?
    }

    let name: String
    /// The body that makes the tenant.
    let tenant: String
    /// The list's path, with the names of parameters in braces.
    let path: String
    /// Where its rows and its total stand.
    var list: (rows: String, total: String, query: String)
    /// What names a row.
    let id: String
    /// What a client tells a row by.
    let mark: @Sendable (JSON) -> String
    /// What may be done next.
    let steps: @Sendable (Moment) -> [Step]
    /// Makes sure that what else shows the rows shows the same.
    var check: @Sendable ([String: String], [Row], Door) throws -> Void = { _, _, _ in }

    func rows(_ parameters: [String: String], _ server: Door) throws -> [Row] {
        let json = try server.read(Self.filled(path, parameters) + list.query)
        let rows = json[list.rows]?.arrayValue ?? []
        #expect(json.at(list.total)?.int64Value == Int64(rows.count), "\(name)")
        let found = rows.map { Row(id: $0[id]?.stringValue ?? "", mark: mark($0)) }
        try check(parameters, found, server)
        return found
    }

    func single(_ parameters: [String: String], _ row: Row) -> String { Self.filled(path, parameters) + "/\(row.id)" }

    static func filled(_ path: String, _ parameters: [String: String]) -> String {
        parameters.reduce(path) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// The seeds that it takes, which load at once: what the documents show of each API, and a tenant of 257 rows.
    static let seeds =
        ["vpcep", "apig", "atlas", "confluent", "cloudflare"].map { "\($0)/\($0)-documented.json" }
        + ["cloudflare/cloudflare-generated.json"]

    static let all: [Self] = [cloudflare, confluent, atlas, vpcep, apig, control]

    private static func nameAndAddress(_ json: JSON) -> String {
        let row = json["result"] ?? json
        return (row["name"]?.stringValue ?? "") + " " + (row.at("host.ipv4")?.stringValue ?? "")
    }

    private static let services = "/client/v4/accounts/{account_id}/connectivity/directory/services"

    private static let cloudflare: Self = Self(
        name: "trade-cloudflare",
        tenant: #"{"api":"cloudflare"}"#,
        path: services,
        list: ("result", "result_info.total_count", ""),
        id: "service_id",
        mark: nameAndAddress,
        steps: { moment in
            let path = filled(services, moment.parameters)
            let network = #""network":{"tunnel_id":"0191dce4-9ab4-7fce-b660-8e5dec5172da"}"#
            let body = { (address: String) in
                #"{"name":"n\#(moment.number)","type":"http","host":{"ipv4":"\#(address)",\#(network)}}"#
            }
            let row = moment.rows.last
            let mark = "n\(moment.number) 10.0.0."
            let steps = [
                Step(
                    method: "POST",
                    path: path,
                    body: body("10.0.0.1"),
                    after: moment.marks(without: nil, and: mark + "1")
                ),
                Step(
                    method: "PUT",
                    path: "\(path)/\(row?.id ?? "")",
                    body: body("10.0.0.2"),
                    after: moment.marks(without: row, and: mark + "2")
                ),
                Step(method: "DELETE", path: "\(path)/\(row?.id ?? "")", after: moment.marks(without: row)),
            ]
            return moment.possible(steps, with: row)
        },
    )

    private static let confluent: Self = Self(
        name: "trade-confluent",
        tenant: #"{"api":"confluent"}"#,
        path: "/sql/v1/organizations/{organization_id}/environments/{environment_id}/connections",
        list: ("data", "metadata.total_size", "?page_size=100"),
        id: "name",
        mark: { ($0["name"]?.stringValue ?? "") + " " + ($0.at("spec.endpoint")?.stringValue ?? "") },
        steps: { moment in
            let path = filled(confluent.path, moment.parameters)
            let body = { (name: String) in
                #"{"name":"\#(name)","spec":{"connection_type":"REST","endpoint":"e\#(moment.number)","#
                    + #""auth_data":{"data":"s"}}}"#
            }
            let name = "c-\(moment.number)"
            let row = moment.rows.last { $0.id.hasPrefix("c-") }
            let own = row?.id ?? ""
            let steps = [
                Step(
                    method: "POST",
                    path: path,
                    body: body(name),
                    after: moment.marks(without: nil, and: "\(name) e\(moment.number)")
                ),
                Step(method: "DELETE", path: "\(path)/\(own)", after: moment.marks(without: row)),
            ]
            return moment.possible(steps, with: row)
        },
    )

    private static let atlas: Self = Self(
        name: "trade-atlas",
        tenant: #"{"api":"atlas"}"#,
        path: "/api/atlas/v1.0/groups/{group_id}/peers",
        list: ("results", "totalCount", ""),
        id: "id",
        mark: { ($0["vpcId"]?.stringValue ?? "") + " " + ($0["routeTableCidrBlock"]?.stringValue ?? "") },
        steps: { moment in
            let path = filled(atlas.path, moment.parameters)
            let (vpc, block) = ("vpc-n\(moment.number)", "10.\(16 + moment.number / 256).\(moment.number % 256).0/24")
            let body =
                #"{"awsAccountId":"111122223333","containerId":"507f1f77bcf86cd799439011","#
                + #""routeTableCidrBlock":"\#(block)","vpcId":"\#(vpc)"}"#
            let row = moment.rows.last
            let steps = [
                Step(method: "POST", path: path, body: body, after: moment.marks(without: nil, and: "\(vpc) \(block)")),
                Step(method: "DELETE", path: "\(path)/\(row?.id ?? "")", after: moment.marks(without: row)),
            ]
            return moment.possible(steps, with: row)
        },
        check: { parameters, rows, server in
            // There is a network for as long as a peer needs one: the container changes with the peers.
            let containers = try server.read(filled("/api/atlas/v1.0/groups/{group_id}/containers", parameters))
            #expect(containers.at("results")?[0]?["provisioned"]?.boolValue == !rows.isEmpty)
        },
    )

    /// Endpoints of a service, which is one of two APIs' or of both.
    private static func endpoints(_ api: String, service: String, connections: String) -> Self {
        let path = "/v1/{project_id}/vpc-endpoints"
        return Self(
            name: "trade-\(api)",
            tenant: #"{"api":"\#(api)"}"#,
            path: path,
            list: ("endpoints", "total_count", "?limit=1000"),
            id: "id",
            mark: { row in
                let text = row["description"]?.stringValue ?? ""
                return (text.isEmpty ? row["id"]?.stringValue ?? "" : text) + " " + (row["status"]?.stringValue ?? "")
            },
            steps: { moment in
                let path = filled(path, moment.parameters)
                let network = "33333333-3333-4333-8333-333333333333"
                let body =
                    #"{"endpoint_service_id":"\#(filled(service, moment.parameters))","vpc_id":"\#(network)","subnet_id":"\#(network)","#
                    + #""description":"d\#(moment.number)"}"#
                let row = moment.rows.last
                // One that waits, or else one that is connected: the services take no more at once.
                let waiting = moment.rows.filter { !$0.mark.hasSuffix(" accepted") }
                let chosen = (waiting.isEmpty ? moment.rows : waiting).prefix(1)
                let (action, status) = waiting.isEmpty ? ("reject", "rejected") : ("receive", "accepted")
                let changed = moment.rows.map { row in
                    chosen.contains { $0.id == row.id } ? row.mark.prefix { $0 != " " } + " " + status : row.mark
                }
                let ids = chosen.map { "\"\($0.id)\"" }.joined(separator: ",")
                return [
                    Step(
                        method: "POST",
                        path: path,
                        body: body,
                        after: moment.marks(without: nil, and: "d\(moment.number) pendingAcceptance")
                    ),
                    Step(
                        method: "POST",
                        path: filled(connections, moment.parameters) + "/action",
                        body: #"{"action":"\#(action)","endpoints":[\#(ids)]}"#,
                        after: changed
                    ),
                    Step(method: "DELETE", path: "\(path)/\(row?.id ?? "")", after: moment.marks(without: row)),
                ].filter { $0.path != path ? !moment.rows.isEmpty : moment.rows.count < 12 }
            },
            check: { parameters, rows, server in
                let list = try server.read(filled(connections, parameters) + "?limit=500")
                let shown = list["connections"]?.arrayValue ?? []
                #expect((list["total_count"] ?? list["total"])?.int64Value == Int64(rows.count))
                let states = shown.map { ($0["id"]?.stringValue ?? "") + " " + ($0["status"]?.stringValue ?? "") }
                #expect(
                    states.sorted() == rows.map { "\($0.id) " + ($0.mark.split(separator: " ").last ?? "") }.sorted()
                )
            },
        )
    }

    private static let vpcep: Self = endpoints(
        "vpcep",
        service: "{vpc_endpoint_service_id}",
        connections: "/v1/{project_id}/vpc-endpoint-services/{vpc_endpoint_service_id}/connections",
    )

    private static let apig: Self = endpoints(
        "apig",
        service: "00000000-0000-4000-a000-000000000001",
        connections: "/v2/{project_id}/apigw/instances/{instance_id}/vpc-endpoint/connections",
    )

    /// Changes of many rows at once: a tenant that is made anew, taken back to what it was, or to what was saved.
    private static let control: Self = Self(
        name: "trade-control",
        tenant: #"{"api":"cloudflare","from":"00000000000000000000000000000257"}"#,
        path: services,
        list: ("result", "result_info.total_count", ""),
        id: "service_id",
        mark: nameAndAddress,
        steps: { moment in
            let path = filled(services, moment.parameters)
            let row = moment.rows.last
            let (tenant, snapshot) = ("tenant=trade-control", "/_patchbay/snapshots/s")
            var steps = [
                Step(
                    method: "PUT",
                    path: "/_patchbay/tenants/trade-control",
                    body: control.tenant,
                    after: moment.beginning,
                    isSaving: false
                ),
                Step(method: "POST", path: "/_patchbay/reset?\(tenant)", after: moment.beginning),
                Step(method: "PUT", path: "\(snapshot)?\(tenant)", after: moment.marks, isSaving: true),
            ]
            if let row {
                steps += (1...4).map { _ in
                    Step(method: "DELETE", path: "\(path)/\(row.id)", after: moment.marks(without: row))
                }
            }
            if let saved = moment.saved {
                steps.append(Step(method: "POST", path: "\(snapshot)/restore?\(tenant)", after: saved))
            }
            return steps
        },
    )
}

extension JSON {
    /// The member at the end of a path, "metadata.total_size".
    fileprivate func at(_ path: String) -> JSON? {
        path.split(separator: ".").reduce(self as JSON?) { $0?[String($1)] }
    }
}

extension Scratch {
    /// Where the bundled seeds are.
    static let bundled = packageRoot.appending(path: "seed-data")
        .standardizedFileURL.path

    /// Copies some of the bundled seeds to its folder `seeds`.
    func copySeeds(_ names: [String]) throws {
        for name in Set(names) {
            try write("seeds/\(name)", try String(contentsOfFile: "\(Self.bundled)/\(name)", encoding: .utf8))
        }
    }
}
