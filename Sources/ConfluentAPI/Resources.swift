internal import PatchbayAPIKit
internal import PatchbayJSON
package import PatchbayStore

extension ConfluentAPI {
    /// Organizations, by which the vendor isolates customers.
    package static let organizations = Collection(
        "organizations",
        in: "confluent",
        key: "id",
        members: [Member("id", .text(.uuid), says: "What stands in the path."), displayName],
    )

    /// Environments of an organization.
    package static let environments = Collection(
        "environments",
        in: "confluent",
        under: organizations,
        key: "id",
        members: [
            Member("id", .text(.nonempty), says: "What stands in the path, env-… mostly."), displayName,
            Member("created_at", .timestamp(fractionDigits: 6), .standard(ageless)),
            Member("updated_at", .timestamp(fractionDigits: 6), .standard(ageless)),
        ],
    )

    private static let displayName = Member("display_name", .text(.any), .standard("default"))

    /// What runs the SQL of an environment, which nothing does here.
    package static let computePools = Collection(
        "compute_pools",
        in: "confluent",
        under: environments,
        key: "id",
        members: [
            Member("id", .text(.nonempty), says: "lfcp-… mostly."), displayName,
            Member("cloud", clouds), Member("region", .text(.nonempty)),
            Member("max_cfu", .integer(1...1_000), .standard(5)),
            Member("created_at", .timestamp(fractionDigits: 6), .standard(ageless)),
            Member("updated_at", .timestamp(fractionDigits: 6), .standard(ageless)),
        ],
    )

    private static let clouds = Member.Kind.choice(["AWS", "AZURE", "GCP"])

    /// When that was made whose seed does not say so.
    private static let ageless: JSON = "2025-01-01T00:00:00Z"

    /// Regions of a cloud, in each of which the vendor has a gateway.
    package static let regions = Collection(
        "regions",
        in: "confluent",
        key: "id",
        members: [
            Member("id", .text(.nonempty), says: "The cloud in lower case, a dot, the region."),
            Member("cloud", clouds),
            Member("region_name", .text(.nonempty)),
            Member("display_name", .text(.any)),
        ],
    )

    /// Connections of an environment, in the form of the vendor's resource.
    package static let connections = Collection(
        "connections",
        in: "confluent",
        under: environments,
        key: "name",
        members: connectionMembers(name: .text(connectionName), type: .choice(connectionTypes)),
        written: connectionMembers(name: .text(lenientName), type: .text(openType)),
        filters: ["spec.connection_type"],
        orders: [.init("name"), .init(created, "name", isIndexed: false)],
        unique: ["metadata.uid"],
        secrets: ["spec.auth_data.data"],
        views: [shown],
        lifecycles: [phaseLifecycle],
    )

    private static func connectionMembers(name: Member.Kind, type: Member.Kind) -> [Member] {
        [
            Member(
                "metadata",
                .object([
                    Member("created_at", .timestamp(fractionDigits: 6)),
                    Member("resource_version", .text(unmarked), .standard("1")),
                    Member("uid", .text(.uuid)),
                    Member("updated_at", .timestamp(fractionDigits: 6)),
                ]),
            ),
            Member("name", name),
            Member(
                "spec",
                .object([
                    Member(
                        "auth_data",
                        .object([
                            Member("data", .text(.any), says: "The secret; it is never shown."),
                            Member("kind", .choice(authKinds), .standard("PlaintextProvider")),
                        ]),
                    ),
                    Member("connection_type", type),
                    Member("endpoint", .text(endpoint)),
                ]),
            ),
            Member(
                "status",
                .object([
                    Member("detail", .text(unmarked), .standard("")),
                    Member("phase", .choice(phases)),
                ]),
                .standard(ready),
            ),
        ]
    }

    /// What becomes of a connection's endpoint is nothing that this program finds out: only a test says so.
    private static let phaseLifecycle = Lifecycle(
        "status.phase",
        [
            .init("lose", from: ["READY", "ACTIVE", "INVALID_AUTH"], to: "UNREACHABLE") { connection, _ in
                let endpoint = connection["spec"]?["endpoint"]?.stringValue ?? ""
                connection.explain("Lookup failed: \(host(of: endpoint))")
            },
            .init("refuse", from: ["READY", "ACTIVE", "UNREACHABLE"], to: "INVALID_AUTH") { connection, _ in
                connection.explain("The token was refused")
            },
            .init("recover", from: ["UNREACHABLE", "INVALID_AUTH"], to: "READY") { connection, _ in
                connection.explain("")
            },
        ],
    )

    /// The name of the host in an address, without user and port (RFC 3986, section 3.2).
    private static func host(of endpoint: String) -> String {
        let rest = endpoint.split(separator: "//", maxSplits: 1).last ?? ""
        let authority = rest.prefix { !"/?#".contains($0) }
        let place = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        guard place.hasPrefix("["), let end = place.firstIndex(of: "]") else {
            return String(place.prefix { $0 != ":" })
        }
        return String(place[...end])
    }

    /// The status of a connection that works.
    static let ready: JSON = ["detail": "", "phase": "READY"]

    /// The ways to hand over a secret.
    static let authKinds = ["PlaintextProvider"]

    /// When a connection was created.
    static let created = "metadata.created_at"

    /// The view of a connection that lists show.
    static let listView = shown.name

    /// The types that the document lists, in its order.
    static let connectionTypes = [
        "AZUREML", "AZUREOPENAI", "A2A", "ANTHROPIC", "BEDROCK", "CONFLUENT_JDBC", "COSMOSDB", "COUCHBASE", "ELASTIC",
        "FIREWORKSAI", "GOOGLEAI", "MCP_SERVER", "MONGODB", "OPENAI", "PINECONE", "REST", "S3VECTORS", "SAGEMAKER",
        "VERTEXAI",
    ]

    /// The document describes READY and lists ACTIVE in its place (contract section 8.1); data may have either.
    static let phases = ["READY", "ACTIVE", "UNREACHABLE", "INVALID_AUTH"]

    /// An address, taken as it is.
    static let endpoint = unmarked.atMost(16_384)

    /// A type that may be none of the document's, where the enumeration is taken for open.
    static let openType = Member.TextForm(
        "a type of upper-case letters, digits and underscores",
        pattern: "^[A-Z0-9_]+$",
        maximumLength: 40,
    ) { type in
        !type.isEmpty && type.utf8.allSatisfy { $0.isUppercaseLetter || $0.isDigit || $0 == UInt8(ascii: "_") }
    }

    /// The mark would be replaced by an address when a row is shown.
    private static let unmarked = Member.TextForm("text without the noncharacter U+FDD0") {
        // Looked at closely only where a byte of the mark is.
        !$0.holds(0xEF) || !$0.unicodeScalars.contains { $0.value == 0xFDD0 }
    }

    /// The pattern of the document, taken for the whole name.
    static let connectionName = Member.TextForm(
        "a name of lower-case letters, digits, inner dashes, and dots between such parts",
        pattern: #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#,
        maximumLength: 100,
    ) { isName($0) { $0.isLowercaseLetter || $0.isDigit } }

    /// The same with upper-case letters and underscores, which samples of the vendor's have.
    static let lenientName = Member.TextForm(
        "a name of letters, digits, underscores, inner dashes, and dots between such parts",
        pattern: #"^[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?(\.[A-Za-z0-9_]([-A-Za-z0-9_]*[A-Za-z0-9_])?)*$"#,
        maximumLength: 100,
    ) { isName($0) { $0.isLetter || $0.isDigit || $0 == UInt8(ascii: "_") } }

    private static func isName(_ name: String, of isPart: (UInt8) -> Bool) -> Bool {
        let (dot, dash) = (UInt8(ascii: "."), UInt8(ascii: "-"))
        var before = dot
        for byte in name.utf8 {
            switch byte {
            case dot where before == dot || before == dash: return false
            case dash where before == dot: return false
            case dot, dash: break
            default: if !isPart(byte) { return false }
            }
            before = byte
        }
        return before != dot && before != dash
    }

    /// The vendor's representation: names sorted, the secret withheld, its own address where the request's origin goes.
    private static let shown = Collection.View("list") { path in
        let list = OriginMark.text + collectionPath(organization: path[0], environment: path[1])
        return [
            "api_version": "sql/v1",
            "kind": "Connection",
            "metadata": [
                "created_at": .member("metadata.created_at"),
                "resource_name": "",
                "resource_version": .member("metadata.resource_version"),
                "self": .made { .string(list + "/" + ($0["name"]?.stringValue ?? "")) },
                "uid": .member("metadata.uid"),
                "updated_at": .member("metadata.updated_at"),
            ],
            "name": .member("name"),
            "spec": [
                "auth_data": ["data": "<REDACTED>", "kind": .member("spec.auth_data.kind")],
                "connection_type": .member("spec.connection_type"),
                "endpoint": .member("spec.endpoint"),
            ],
            "status": .member("status"),
        ]
    }

    /// The body of an answer about one connection.
    static func body(of document: JSON.Object, in environment: [String], _ call: borrowing Call<Self>) -> [UInt8] {
        var bytes = shown.shown(document, below: environment)
        if let reshape = reshape(call.quirks, isAlone: true), let row = (try? JSON(parsing: bytes))?.objectValue {
            bytes = JSON.object(reshape(row)).compact()
        }
        var body: [UInt8] = []
        OriginMark.append(bytes, origin: call.origin, to: &body)
        return body
    }

    /// What readings other than the decided ones make of a row; `nil` when they leave it as it is.
    ///
    /// What is not required in a list may be required of a connection that is alone.
    static func reshape(_ quirks: Readings, isAlone: Bool = false) -> (@Sendable (JSON.Object) -> JSON.Object)? {
        guard !quirks.areStandard else { return nil }
        let isActive = quirks.take(Quirks.phase, "ACTIVE")
        let hasResourceName = quirks.take(Quirks.resourceName, "empty")
        let hasAuthData = isAlone || quirks.take(Quirks.authData, "present")
        guard isActive || !hasResourceName || !hasAuthData else { return nil }
        return { row in
            var row = row
            if isActive, var status = row["status"]?.objectValue, status["phase"] == "READY" {
                status["phase"] = "ACTIVE"
                row["status"] = .object(status)
            }
            if !hasResourceName, var metadata = row["metadata"]?.objectValue {
                metadata["resource_name"] = nil
                row["metadata"] = .object(metadata)
            }
            if !hasAuthData, var spec = row["spec"]?.objectValue {
                spec["auth_data"] = nil
                row["spec"] = .object(spec)
            }
            return row
        }
    }

    /// The path of an environment's connections.
    static func collectionPath(organization: String, environment: String) -> String {
        let segments = [organization, environment].map(URLText.encoded)
        return "\(basePath)/organizations/\(segments[0])/environments/\(segments[1])/connections"
    }
}

extension JSON.Object {
    /// Says why a connection is in its phase.
    fileprivate mutating func explain(_ detail: String) {
        var status = self["status"]?.objectValue ?? [:]
        status["detail"] = .string(detail)
        self["status"] = .object(status)
    }
}
