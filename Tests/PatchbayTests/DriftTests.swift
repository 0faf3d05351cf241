import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

/// Requests compared with what the operations declare.
@Suite struct DriftTests {
    /// A row of the table: a request without its version, a body, and what is found as `kind parameter=value`, said and
    /// documented.
    struct Row: Sendable, CustomTestStringConvertible {
        var line: String
        var body = ""
        var quirks: [String] = []
        var findings: [[String]]

        var testDescription: String { "\(line) \(body)" }

        init(_ line: String, body: String = "", quirks: [String] = [], _ findings: [String]...) {
            self.line = line
            self.body = body
            self.quirks = quirks
            self.findings = findings
        }
    }

    private static let vpcep = "GET " + seededPaths[0].path
    private static let apig = "GET " + seededPaths[1].path
    private static let atlas = "GET " + seededPaths[2].path
    private static let confluent = "GET " + seededPaths[3].path
    private static let cloudflare = "GET " + seededPaths[4].path
    private static let identity = "GET /v3/projects"

    static func found(in row: Row) throws -> [[String]] {
        let services = try Catalogue.services()
        let readings = try Readings(row.quirks, among: Catalogue.quirks)
        let world = World(services: services, store: try Store(services.flatMap(\.collections)), quirks: readings)
        let length = "Content-Length: \(row.body.utf8.count)"
        let request = try Request(parsing: "\(row.line) HTTP/1.1\r\nHost: a\r\n\(length)\r\n\r\n\(row.body)")
        let service = try #require(services.first { $0.owns(request.target.segments) })
        return service.findings(request, world).map { finding in
            #expect(finding.api == service.name)
            let parameter = [finding.parameter, finding.value].compactMap(\.self).joined(separator: "=")
            return ["\(finding.kind.rawValue) \(parameter)", finding.says, finding.documented]
        }
    }

    static let names = [
        Row(
            atlas + "?per_page=5",
            [
                "other-api per_page",
                "per_page is Identity's and Cloudflare's name for the page size; Atlas calls it itemsPerPage",
                "ignored; itemsPerPage stays at 100 (our reading)",
            ]
        ),
        Row(
            atlas + "?itemsperpage=5",
            [
                "wrong-case itemsperpage", "itemsperpage: case matters, it is itemsPerPage",
                "ignored; itemsPerPage stays at 100 (our reading)",
            ]
        ),
        Row(
            atlas + "?itemsperpage=5&itemsPerPage=7",
            ["wrong-case itemsperpage", "itemsperpage: case matters, it is itemsPerPage", "ignored (our reading)"]
        ),
        Row(
            atlas + "?items_per_page=5",
            [
                "misspelt items_per_page", "items_per_page: it is written itemsPerPage",
                "ignored; itemsPerPage stays at 100 (our reading)",
            ]
        ),
        Row(
            atlas + "?limit=5",
            [
                "other-api limit",
                "limit is VPC Endpoint's and API Gateway's name for the page size; Atlas calls it itemsPerPage",
                "ignored; itemsPerPage stays at 100 (our reading)",
            ]
        ),
        Row(
            confluent + "?pageNum=2",
            [
                "other-api pageNum", "pageNum is Atlas's name for the number of the page; Confluent has page_token",
                "refused, 400 invalid_filter (our reading)",
            ]
        ),
        Row(
            confluent + "?pageNum=2",
            quirks: ["confluent.unknownParameter=ignored"],
            [
                "other-api pageNum", "pageNum is Atlas's name for the number of the page; Confluent has page_token",
                "ignored (our reading)",
            ]
        ),
        Row(
            "GET /org/v2/environments?pageSize=2",
            [
                "misspelt pageSize", "pageSize: it is written page_size",
                "ignored; page_size stays at 10 (our reading)",
            ]
        ),
        Row(
            cloudflare + "?itemsPerPage=5",
            [
                "other-api itemsPerPage",
                "itemsPerPage is Atlas's name for the page size; Cloudflare calls it per_page",
                "ignored; per_page stays at 1000 (our reading)",
            ]
        ),
        Row(
            cloudflare + "?items-per-page=5",
            [
                "other-api items-per-page",
                "items-per-page: itemsPerPage is Atlas's name for the page size; Cloudflare calls it per_page",
                "ignored; per_page stays at 1000 (our reading)",
            ]
        ),
        Row(
            apig + "?sort_key=create_at",
            [
                "other-api sort_key",
                "sort_key is VPC Endpoint's name for what a list is sorted by; API Gateway has none here",
                "ignored (our reading)",
            ]
        ),
        Row(
            vpcep + "?limt=5",
            [
                "misspelt limt", "limt is no parameter of ListServiceConnections, did you mean limit?",
                "ignored; limit stays at 10 (our reading)",
            ]
        ),
        Row(
            vpcep + "?vpc_id=5",
            [
                "unknown-parameter vpc_id", "vpc_id is a parameter of ListEndpoints, not of ListServiceConnections",
                "ignored (our reading)",
            ]
        ),
        Row(
            identity + "?colour=red&=5",
            [
                "unknown-parameter colour",
                "colour is no parameter of KeystoneListProjects; there are domain_id, name, parent_id, enabled, "
                    + "is_domain, page, per_page", "ignored (our reading)",
            ],
            [
                "unknown-parameter ",
                "the empty name is no parameter of KeystoneListProjects; there are domain_id, name, parent_id, enabled, "
                    + "is_domain, page, per_page", "ignored (our reading)",
            ]
        ),
        Row(
            "GET /client/v4/user?colour=red&colour=blue",
            [
                "unknown-parameter colour", "colour is no parameter of user-user-details; it has none",
                "ignored (our reading)",
            ]
        ),
        Row(
            vpcep + "?colour=%zz",
            [
                "unknown-parameter colour",
                "colour is no parameter of ListServiceConnections; there are id, marker_id, status, sort_key, sort_dir, "
                    + "limit, offset", "refused, 400 APIGW.0201 (our reading)",
            ]
        ),
    ]

    static let values = [
        // An integer, though no sign is read.
        Row(
            vpcep + "?offset=-1",
            [
                "out-of-range offset=-1", "offset=-1 is out of range, ≥ 0",
                "refused, 400 EndPoint.0010 (documentation-derived)",
            ]
        ),
        Row(
            vpcep + "?limit=-99999999999999999999",
            [
                "out-of-range limit=-99999999999999999999", "limit=-99999999999999999999 is out of range, 0 … 1000",
                "refused, 400 EndPoint.0006 (documentation-derived)",
            ]
        ),
        Row(
            vpcep + "?offset=-0",
            [
                "not-a-number offset=-0", "offset=-0 is no integer",
                "refused, 400 EndPoint.0010 (documentation-derived)",
            ]
        ),
        Row(
            apig + "?limit=5000",
            ["out-of-range limit=5000", "limit=5000 is out of range, 1 … 500", "becomes 500 (documentation-derived)"]
        ),
        Row(
            apig + "?limit=5000",
            quirks: ["apig.limit=refused"],
            [
                "out-of-range limit=5000", "limit=5000 is out of range, 1 … 500",
                "refused, 400 APIC.7211 (documentation-derived)",
            ]
        ),
        Row(
            vpcep + "?limit=5000",
            [
                "out-of-range limit=5000", "limit=5000 is out of range, 0 … 1000",
                "refused, 400 EndPoint.0006 (documentation-derived)",
            ]
        ),
        Row(
            atlas + "?pageNum=0",
            [
                "out-of-range pageNum=0", "pageNum=0 is out of range, 1 … 2147483647",
                "becomes 1 (documentation-derived)",
            ]
        ),
        Row(
            identity + "?page=0&per_page=5001",
            ["out-of-range page=0", "page=0 is out of range, ≥ 1", "refused, 400 (documentation-derived)"],
            [
                "out-of-range per_page=5001", "per_page=5001 is out of range, 1 … 5000",
                "refused, 400 (documentation-derived)",
            ]
        ),
        Row(
            confluent + "?page_size=ten",
            [
                "not-a-number page_size=ten", "page_size=ten is no integer",
                "refused, 400 invalid_page_size (documentation-derived)",
            ]
        ),
        Row(
            vpcep + "?status=Accepted",
            [
                "wrong-value status=Accepted", "status=Accepted: case matters, it is accepted",
                "refused, 400 EndPoint.0019 (documentation-derived)",
            ]
        ),
        Row(
            cloudflare + "?type=htpp",
            [
                "wrong-value type=htpp", #"type=htpp is none of tcp, http, did you mean "http"?"#,
                "refused, 400 5101 (documentation-derived)",
            ]
        ),
        Row(
            atlas + "?pretty=yes",
            ["wrong-value pretty=yes", "pretty=yes is none of true, false", "becomes false (documentation-derived)"]
        ),
        Row(
            vpcep + "?limit=1&limit=2",
            ["repeated limit", "limit stands there 2 times", "the first counts (our reading)"]
        ),
        Row(
            cloudflare + "?page=1&page=x",
            ["repeated page", "page stands there 2 times", "the last counts (our reading)"],
            ["not-a-number page=x", "page=x is no integer", "refused, 400 5101 (documentation-derived)"]
        ),
        Row(
            confluent + "?page_size=",
            ["empty page_size", "page_size has no value", "as if absent, 10 (our reading)"]
        ),
        Row(
            cloudflare + "?type",
            ["empty type", "type has no value", "refused, 400 5101 (our reading)"]
        ),
        Row(cloudflare + "?type=", quirks: ["cloudflare.emptyType=ignored"]),
        Row(
            vpcep + "?limit=%zz",
            [
                "malformed-escape limit=%zz", "limit has an escape that is none, or bytes that are no UTF-8",
                "refused, 400 APIGW.0201 (our reading)",
            ]
        ),
        Row(
            atlas + "?itemsPerPage=%FF",
            [
                "malformed-escape itemsPerPage=%FF",
                "itemsPerPage has an escape that is none, or bytes that are no UTF-8",
                "refused, 400 INVALID_QUERY_PARAMETER (our reading)",
            ]
        ),
        // A token may be as good as a credential, and is told to nobody.
        Row(
            confluent + "?page_token=" + String(repeating: "t", count: 256),
            [
                "wrong-value page_token", "page_token is not a text of at most 255 characters",
                "refused, 400 invalid_page_token (documentation-derived)",
            ]
        ),
        // Where no value has an effect, none is wrong.
        Row(vpcep + "?status=x", quirks: ["vpcep.status=ignored"]),
        // Words in any case, where they are taken so; zeros before a number.
        Row(atlas + "?providerName=azure&itemsPerPage=0005&pretty=TRUE"),
        Row(identity + "?enabled=True"),
        Row(vpcep + "?sort_key=created_at&limit=%31"),
    ]

    static let others = [
        Row(
            atlas + "x",
            [
                "unmatched-path GET \(seededPaths[2].path)x",
                "atlas has no such path; the nearest is /api/atlas/v1.0/groups/{group_id}/peers",
                "refused, 404 RESOURCE_NOT_FOUND (our reading)",
            ]
        ),
        Row(
            "PUT " + seededPaths[2].path,
            [
                "wrong-method PUT \(seededPaths[2].path)", "atlas has this path for GET, HEAD, POST only",
                "refused, 405 METHOD_NOT_ALLOWED (our reading)",
            ]
        ),
        Row(
            "GET /api/atlas/v1.0/groups/xyz/peers",
            [
                "malformed-path group_id=xyz", "group_id has not the form ^[a-f0-9]{24}$",
                "no resource has such an identifier (documentation-derived)",
            ]
        ),
        Row(
            "POST " + seededPaths[4].path,
            body:
                #"{"name":"a","type":"htpp","host":{"ipv4":"1.2.3.4","netwrk":{}},"colour":1,"service_id":"x","x":null}"#,
            [
                "wrong-value /type=htpp", #"type is htpp, none of http, tcp, did you mean "http"?"#,
                "refused (documentation-derived)",
            ],
            [
                "unknown-member /host/netwrk", #"netwrk is no member of host, did you mean "network"?"#,
                "without effect (our reading)",
            ],
            ["unknown-member /colour", "colour is no member of the body", "without effect (our reading)"]
        ),
        Row(
            "POST " + seededPaths[4].path,
            body: #"{"name":"a","type":"http","host":{},"tcp_port":1}"#,
            [
                "unknown-member /tcp_port", #"tcp_port is no member of the body, did you mean "http_port"?"#,
                "without effect (our reading)",
            ]
        ),
        Row(
            "POST " + seededPaths[3].path,
            body:
                #"{"name":"a","spec":{"connection_type":"openai","auth_data":{"kind":"PlaintextProvider","data":"{}"}}}"#,
            [
                "wrong-value /spec/connection_type=openai", "connection_type is openai: case matters, it is OPENAI",
                "refused (documentation-derived)",
            ]
        ),
        Row(
            "POST " + seededPaths[2].path,
            body: #"{"containerId":"507f1f77bcf86cd799439011","colour":1}"#,
            ["unknown-member /colour", "colour is no member of the body", "refused (our reading)"]
        ),
        // What is no JSON is told by the answer.
        Row("POST " + seededPaths[4].path, body: "{"),
    ]

    @Test(arguments: names + values + others)
    func `What a request gets wrong is found`(row: Row) throws {
        #expect(try Self.found(in: row) == row.findings)
    }

    @Test func `Every kind of finding is among them`() {
        let shown = Set(
            (Self.names + Self.values + Self.others).flatMap(\.findings).compactMap {
                $0[0].split(separator: " ").first
            }
        )
        #expect(Set(Finding.Kind.allCases.map { $0.rawValue[...] }) == shown)
    }

    @Test func `What is shown of a request is cut`() throws {
        let long = String(repeating: "x", count: 1000)
        let cut = String(repeating: "x", count: 64) + "…"
        for query in ["limit=\(long)", "\(long)=1"] {
            for finding in try Self.found(in: Row(Self.vpcep + "?" + query)) {
                #expect(finding[0].hasSuffix(cut))
                #expect(!finding.contains { $0.contains(long) })
            }
        }
    }

    /// Every declared parameter with its default and what its schema says is taken.
    static let taken: [(route: RouteDescription, query: String)] = EndpointTests.routes.flatMap { route in
        route.parameters.flatMap { parameter in
            var values: [String] = []
            if let standard = parameter.standard { values.append(standard) }
            values += parameter.schema["enum"]?.arrayValue?.compactMap(\.stringValue) ?? []
            return values.map { (route, "\(parameter.name)=\($0)") }
        }
    }

    @Test func `Defaults and documented words give no finding`() throws {
        #expect(Self.taken.count > 100)
        for (route, query) in Self.taken {
            let path = route.path.split(separator: "/").map { $0.hasPrefix("{") ? "000000000000000000000257" : $0 }
            let row = Row("\(route.method.name) /\(path.joined(separator: "/"))?\(query)")
            #expect(try Self.found(in: row) == [], "\(route.operation) \(query)")
        }
    }

    @Test func `Every parameter that is not without effect says what it is for`() {
        for route in EndpointTests.routes {
            for parameter in route.parameters {
                let isWithoutEffect = parameter.judge(PercentEncoded("x"), Readings()) == .withoutEffect
                #expect((parameter.concept == nil) == isWithoutEffect, "\(route.operation) \(parameter.name)")
            }
        }
    }

    @Test(
        arguments: [
            (
                "limit=0005&status=x",
                [
                    "limit": ["given": "0005", "taken": 5],
                    "status": [
                        "given": "x",
                        "refused": "must be one of pendingAcceptance, creating, accepted, rejected, failed, deleting",
                    ],
                ], []
            ),
            (
                "limit=5001&offset=",
                ["offset": ["given": "", "taken": 0], "limit": ["given": "5001", "taken": 500]], []
            ),
            ("limit=5001", ["limit": ["given": "5001", "refused": "must be 1 … 500"]], ["apig.limit=refused"]),
            ("limit=1&limit=2&x=y", ["limit": ["given": "1", "taken": 1]], []),
            (
                "id=a%20b&marker_id=-5",
                ["id": ["given": "a b", "taken": "a b"], "marker_id": ["given": "-5", "taken": -5]], []
            ),
            ("", [:], []),
        ] as [(String, JSON.Object, [String])]
    )
    func `Parameters are shown as read and as coerced`(query: String, shown: JSON.Object, quirks: [String]) throws {
        let route = try #require(EndpointTests.routes.first { $0.operation == "ListEndpointConnections" })
        let items = try Target(parsing: "/?" + query).query
        let readings = try Readings(quirks, among: Catalogue.quirks)
        #expect(route.contract.coerced(items, readings) == shown)
    }
    /// A query and a body with so many names that nobody declares.
    private static func unknown(inQuery items: Int, inBody members: Int) -> Row {
        let query = (0..<items).map { "q\($0)=1" }.joined(separator: "&")
        let body = (0..<members).map { "\"m\($0)\":1" }.joined(separator: ",")
        return Row("POST \(seededPaths[4].path)?\(query)", body: "{\(body)}")
    }

    @Test(arguments: [(31, 0), (3_000, 0), (0, 31), (0, 100_000), (20, 11), (20, 20), (32, 1), (33, 33)])
    func `Of a request only the first findings are kept`(items: Int, members: Int) throws {
        let found = try Self.found(in: Self.unknown(inQuery: items, inBody: members)).map { $0[0] }
        let names = (0..<items).map { "unknown-parameter q\($0)" } + (0..<members).map { "unknown-member /m\($0)" }
        #expect(found == Array(names.prefix(Finding.mostOfRequest)))
    }

    @Test func `What a parameter does wrong twice is no more than there is room for`() throws {
        let names = (0..<31).map { "q\($0)=1" }.joined(separator: "&")
        let row = Row("GET \(seededPaths[4].path)?\(names)&page=0&page=0")
        let found = try Self.found(in: row).map { $0[0] }
        #expect(found.count == 32)
        #expect(found.last == "repeated page")
    }

    @Test func `The name of a member is cut`() throws {
        let name = String(repeating: "x", count: 100_000)
        let found = try Self.found(in: Row("POST \(seededPaths[4].path)", body: "{\"\(name)\":1}"))
        #expect(found.map { $0[0] } == ["unknown-member /\(name.prefix(64))…"])
    }

}
