import Foundation
import JSON
import SeededGenerator
import Synchronization
import Testing

/// A store whose program is killed again and again while clients of all five APIs write to it.
///
/// `make test-kills` does it a hundred times; `PATCHBAY_KILLS` and `PATCHBAY_KILL_SEED` say how often, and which moments.
@Suite(.timeLimit(.minutes(60)))
struct KillTests {
    private static let variables = ProcessInfo.processInfo.environment
    private static let kills = variables["PATCHBAY_KILLS"].flatMap { Int($0) } ?? 8
    private static let seed = variables["PATCHBAY_KILL_SEED"].flatMap { UInt64($0) } ?? .random(in: 0...999_999)
    /// What the documents show: an API each, which loads at once.
    private static let documented = ["vpcep", "apig", "atlas", "confluent", "cloudflare"].map {
        "\($0)/\($0)-documented.json"
    }

    private let folder = Scratch()

    /// Starts the program with the store, whose seeds are those of the folder.
    private func start(_ store: String = "store.db") throws -> Program {
        let seeds = ["--seed", folder.path("seeds")]
        return try Program(["--port", "0", "--auth", "off", "--store", folder.path(store)] + seeds)
    }

    private func copySeeds(_ names: [String]) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../seed-data")
        for name in names {
            try folder.write("seeds/\(name)", try String(contentsOf: root.appending(path: name), encoding: .utf8))
        }
    }

    @Test(arguments: [seed])
    func `Every acknowledged write is there after a kill, and none is half done`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        try copySeeds(Self.documented + ["cloudflare/cloudflare-generated.json"])
        var clients: [KillClient] = []
        var written = 0
        var (unsure, wasDone) = (0, 0)
        for kill in 0...Self.kills {
            if kill % 4 == 3 {
                // In the middle of a start, which may find what the last kill has left.
                let program = try start()
                usleep(.random(in: 0...600_000, using: &generator))
                program.send(SIGKILL)
                #expect(try program.end().code == -SIGKILL)
            }
            let server = try RunningServer(start())
            if clients.isEmpty { clients = try KillTrade.all.map { try KillClient($0, of: server.door) } }
            for client in clients {
                unsure += client.unsure == nil ? 0 : 1
                wasDone += try client.checkAfterRestart(server.door) ? 1 : 0
            }
            guard kill < Self.kills else { break }
            let (program, door) = (server.program, server.door)
            let seeds = clients.map { _ in generator.next() }
            let group = DispatchGroup()
            for (client, seed) in zip(clients, seeds) {
                DispatchQueue.global().async(group: group) { client.write(to: door, seed: seed) }
            }
            // Nobody is killed before the work has begun; at first, that of every client.
            let began = Program.eventually {
                let all = clients.map(\.written)
                return written == 0 ? all.allSatisfy { $0 > 0 } : all.reduce(0, +) > written
            }
            #expect(began)
            usleep(.random(in: 0...400_000, using: &generator))
            if kill % 4 == 1 {
                // In the middle of a stop, which brings what was written into the file.
                program.send(SIGTERM)
                usleep(.random(in: 0...150_000, using: &generator))
            }
            program.send(SIGKILL)
            #expect([0, -SIGKILL].contains(try program.end().code))
            group.wait()
            written = clients.reduce(0) { $0 + $1.written }
        }
        let summary =
            "\(Self.kills) kills, seed \(seed): \(written) writes acknowledged and there; "
            + "\(unsure) in flight, of which \(wasDone) were done\n"
        if Self.variables["PATCHBAY_KILLS"] != nil {
            try FileHandle.standardError.write(contentsOf: Data(summary.utf8))
        }
    }

    @Test(arguments: [seed])
    func `A first load that was killed is begun again`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let apis = ["vpcep", "apig", "atlas", "confluent", "cloudflare"]
        try copySeeds(
            Self.documented + apis.map { "\($0)/\($0)-generated.json" } + ["identity/identity-generated.json"]
        )
        let whole = try RunningServer(start("whole.db"))
        let tenants = try whole.get("/_patchbay/tenants").text.drop { $0 != "{" }
        let began = ContinuousClock.now
        _ = try RunningServer(start("timed.db"))
        let duration = (ContinuousClock.now - began) / .microseconds(1)
        for number in 0..<max(3, Self.kills / 3) {
            let program = try start("store-\(number).db")
            usleep(.random(in: 0...UInt32(duration), using: &generator))
            program.send(SIGKILL)
            #expect(try program.end().code == -SIGKILL)
            let server = try RunningServer(start("store-\(number).db"))
            #expect(try server.get("/_patchbay/tenants").text.drop { $0 != "{" } == tenants)
        }
    }
}

/// Where a server is asked.
private struct Door: Sendable {
    let program: Program
    let url: String

    /// What is answered; status 0 when nothing is.
    func ask(_ method: String, _ path: String, _ body: String = "") throws -> (status: Int, text: String, json: JSON?) {
        let server = RunningServer(program, at: url)
        let lines = [
            "\(method) \(path) HTTP/1.1", "Host: localhost", "Connection: close",
            "Content-Type: application/json", "Content-Length: \(body.utf8.count)",
        ]
        let text = try server.exchange(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
        let content = text.range(of: "\r\n\r\n").map { text[$0.upperBound...] } ?? ""
        return (Int(text.dropFirst(9).prefix(3)) ?? 0, text, try? JSON(parsing: String(content)))
    }

    /// The body of a 200.
    func read(_ path: String) throws -> JSON {
        let answer = try ask("GET", path)
        guard answer.status == 200, let json = answer.json else {
            if answer.status > 0 { Issue.record("GET \(path): \(answer.text)") }
            throw Program.Failure(description: "GET \(path): \(answer.status)")
        }
        return json
    }
}

extension RunningServer {
    fileprivate var door: Door { Door(program: program, url: url) }
}

/// One client, which writes to a tenant of its own.
private final class KillClient: @unchecked Sendable {
    let trade: KillTrade
    private let parameters: [String: String]
    /// What was there at the beginning.
    private let beginning: [String]
    /// What has to be there.
    private var expected: [String]
    /// What may be there instead: what was asked for last has not been answered.
    private(set) var unsure: [String]?
    /// How many writes were acknowledged.
    private let acknowledged = Atomic(0)
    var written: Int { acknowledged.load(ordering: .relaxed) }
    private var number = 0

    init(_ trade: KillTrade, of server: Door) throws {
        self.trade = trade
        let made = try server.ask("PUT", "/_patchbay/tenants/\(trade.name)", trade.tenant)
        let tenants = made.json?["tenants"]?.arrayValue ?? []
        parameters = tenants.reduce(into: [:]) { parameters, tenant in
            for (name, value) in tenant["parameters"]?.objectValue ?? [:] { parameters[name] = value.stringValue }
        }
        beginning = try trade.rows(parameters, server).map(\.mark).sorted()
        #expect(!beginning.isEmpty, "\(made.text)")
        expected = beginning
    }

    /// Makes sure that nothing is missing, and nothing half done.
    ///
    /// - Returns: whether what had not been answered was done.
    func checkAfterRestart(_ server: Door) throws -> Bool {
        let rows = try trade.rows(parameters, server)
        let marks = rows.map(\.mark).sorted()
        let isDone = unsure.map { marks == $0 && marks != expected } ?? false
        #expect(isDone || marks == expected, "\(trade.name): \(marks), or else \(unsure ?? [])")
        for row in rows.prefix(2) {
            #expect(try trade.mark(server.read(trade.single(parameters, row))) == row.mark, "\(trade.name) \(row)")
        }
        expected = marks
        unsure = nil
        return isDone
    }

    /// Writes until the server is gone.
    func write(to server: Door, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        do {
            var saved: [String]?
            var rows = try trade.rows(parameters, server)
            while true {
                number += 1
                let moment = KillTrade.Moment(
                    parameters: parameters,
                    rows: rows,
                    number: number,
                    beginning: beginning,
                    saved: saved,
                )
                guard let step = trade.steps(moment).randomElement(using: &generator) else { return }
                unsure = step.after.sorted()
                guard let answer = try? server.ask(step.method, step.path, step.body), answer.status > 0 else { return }
                #expect((200..<300).contains(answer.status), "\(trade.name): \(step) \(answer.text)")
                expected = step.after.sorted()
                unsure = nil
                acknowledged.add(1, ordering: .relaxed)
                if let isSaving = step.isSaving { saved = isSaving ? expected : nil }
                rows = try trade.rows(parameters, server)
                #expect(rows.map(\.mark).sorted() == expected, "\(trade.name): \(step)")
            }
        } catch {
            // It is gone; what was acknowledged is known.
        }
    }
}

/// How the resources of an API are read and written.
private struct KillTrade: Sendable {
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

    static let all: [Self] = [cloudflare, confluent, atlas, vpcep, apig, control]

    private static func nameAndAddress(_ json: JSON) -> String {
        let row = json["result"] ?? json
        return (row["name"]?.stringValue ?? "") + " " + (row.at("host.ipv4")?.stringValue ?? "")
    }

    private static let services = "/client/v4/accounts/{account_id}/connectivity/directory/services"

    private static let cloudflare: Self = Self(
        name: "kill-cloudflare",
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
            return [
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
            ].filter { row != nil && moment.rows.count < 12 || ($0.method == "POST") == (row == nil) }
        },
    )

    private static let confluent: Self = Self(
        name: "kill-confluent",
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
            return [
                Step(
                    method: "POST",
                    path: path,
                    body: body(name),
                    after: moment.marks(without: nil, and: "\(name) e\(moment.number)")
                ),
                Step(method: "DELETE", path: "\(path)/\(own)", after: moment.marks(without: row)),
            ].filter { row != nil && moment.rows.count < 12 || ($0.method == "POST") == (row == nil) }
        },
    )

    private static let atlas: Self = Self(
        name: "kill-atlas",
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
            return [
                Step(method: "POST", path: path, body: body, after: moment.marks(without: nil, and: "\(vpc) \(block)")),
                Step(method: "DELETE", path: "\(path)/\(row?.id ?? "")", after: moment.marks(without: row)),
            ].filter { row != nil && moment.rows.count < 12 || ($0.method == "POST") == (row == nil) }
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
            name: "kill-\(api)",
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
        name: "kill-control",
        tenant: #"{"api":"cloudflare","from":"00000000000000000000000000000257"}"#,
        path: services,
        list: ("result", "result_info.total_count", ""),
        id: "service_id",
        mark: nameAndAddress,
        steps: { moment in
            let path = filled(services, moment.parameters)
            let row = moment.rows.last
            let (tenant, snapshot) = ("tenant=kill-control", "/_patchbay/snapshots/s")
            var steps = [
                Step(
                    method: "PUT",
                    path: "/_patchbay/tenants/kill-control",
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
