internal import APIKit
internal import JSON
package import Store

extension ConfluentAPI {
    /// Organizations, by which the vendor isolates customers.
    package static let organizations = Collection(
        "organizations",
        in: "confluent",
        key: "id",
        members: [Member("id", .text(.uuid), says: "What stands in the path.")],
    )

    /// Environments of an organization.
    package static let environments = Collection(
        "environments",
        in: "confluent",
        under: organizations,
        key: "id",
        members: [Member("id", .text(.nonempty), says: "What stands in the path, env-… mostly.")],
    )

    /// Connections of an environment, in the form of the vendor's resource.
    package static let connections = Collection(
        "connections",
        in: "confluent",
        under: environments,
        key: "name",
        members: [
            Member(
                "metadata",
                .object([
                    Member("created_at", .timestamp(fractionDigits: 6)),
                    Member("resource_version", .text(unmarked), .standard("1")),
                    Member("uid", .text(.uuid)),
                    Member("updated_at", .timestamp(fractionDigits: 6)),
                ]),
            ),
            Member("name", .text(connectionName)),
            Member(
                "spec",
                .object([
                    Member(
                        "auth_data",
                        .object([
                            Member("data", .text(.any), says: "The secret; it is never shown."),
                            Member("kind", .choice(["PlaintextProvider"]), .standard("PlaintextProvider")),
                        ]),
                    ),
                    Member("connection_type", .choice(connectionTypes)),
                    Member("endpoint", .text(unmarked.atMost(16_384))),
                ]),
            ),
            Member(
                "status",
                .object([
                    Member("detail", .text(unmarked), .standard("")),
                    Member("phase", .choice(phases)),
                ]),
                .standard(["detail": "", "phase": "READY"]),
            ),
        ],
        filters: ["spec.connection_type"],
        orders: [.init("name"), .init(created, "name", isIndexed: false)],
        views: [.init(listView, render: shown)],
    )

    /// When a connection was created.
    static let created = "metadata.created_at"

    /// The view of a connection that lists show.
    static let listView = "list"

    /// The types that the document lists, in its order.
    static let connectionTypes = [
        "AZUREML", "AZUREOPENAI", "A2A", "ANTHROPIC", "BEDROCK", "CONFLUENT_JDBC", "COSMOSDB", "COUCHBASE", "ELASTIC",
        "FIREWORKSAI", "GOOGLEAI", "MCP_SERVER", "MONGODB", "OPENAI", "PINECONE", "REST", "S3VECTORS", "SAGEMAKER",
        "VERTEXAI",
    ]

    /// The document describes READY and lists ACTIVE in its place (contract section 8.1); data may have either.
    static let phases = ["READY", "ACTIVE", "UNREACHABLE", "INVALID_AUTH"]

    /// The mark would be replaced by an address when a row is shown.
    private static let unmarked = Member.TextForm("text without the noncharacter U+FDD0") {
        // Looked at closely only where a byte of the mark is.
        !$0.utf8.contains(0xEF) || !$0.unicodeScalars.contains { $0.value == 0xFDD0 }
    }

    /// The pattern of the document, taken for the whole name.
    private static let connectionName = Member.TextForm(
        "a name of lower-case letters, digits, inner dashes, and dots between such parts",
        pattern: #"^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"#,
        maximumLength: 100,
    ) { name in
        name.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { part in
            part.first != UInt8(ascii: "-") && part.last != UInt8(ascii: "-") && !part.isEmpty
                && part.allSatisfy { $0.isLowercaseLetter || $0.isDigit || $0 == UInt8(ascii: "-") }
        }
    }

    /// The vendor's representation: names sorted, the secret withheld, its own address where the request's origin goes.
    private static func shown(_ document: JSON.Object, path: [String]) -> [UInt8] {
        let metadata = document["metadata"]
        let name = document["name"]?.stringValue ?? ""
        let address = collectionPath(organization: path[0], environment: path[1]) + "/" + name
        let shown: JSON = [
            "api_version": "sql/v1",
            "kind": "Connection",
            "metadata": [
                "created_at": metadata?["created_at"] ?? .null,
                "resource_name": "",
                "resource_version": metadata?["resource_version"] ?? .null,
                "self": .string(OriginMark.text + address),
                "uid": metadata?["uid"] ?? .null,
                "updated_at": metadata?["updated_at"] ?? .null,
            ],
            "name": .string(name),
            "spec": [
                "auth_data": ["data": "<REDACTED>", "kind": document["spec"]?["auth_data"]?["kind"] ?? .null],
                "connection_type": document["spec"]?["connection_type"] ?? .null,
                "endpoint": document["spec"]?["endpoint"] ?? .null,
            ],
            "status": document["status"] ?? .null,
        ]
        return shown.compact()
    }

    /// What readings other than the decided ones make of a row; `nil` when they leave it as it is.
    static func reshape(_ quirks: Readings) -> (@Sendable (JSON.Object) -> JSON.Object)? {
        guard !quirks.areStandard else { return nil }
        let isActive = quirks.take(Quirks.phase, "ACTIVE")
        let hasResourceName = quirks.take(Quirks.resourceName, "empty")
        let hasAuthData = quirks.take(Quirks.authData, "present")
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
