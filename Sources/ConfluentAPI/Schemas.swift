internal import PatchbayAPIKit
package import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    /// The body of an error: one object for each.
    package static let errorSchema: JSON.Object = {
        let error = Schema.object(
            [
                "id": Schema.text, "status": Schema.text, "code": Schema.text, "title": Schema.text,
                "detail": Schema.text,
                "source": .object(
                    Schema.object(
                        ["parameter": Schema.text, "pointer": Schema.text],
                        optional: ["parameter", "pointer"],
                    )
                ),
            ],
            optional: ["source"],
        )
        return Schema.object(["errors": Schema.list(of: error)])
    }()

    package static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = [
        [("resource-api-key", ["type": "http", "scheme": "basic"])],
        [("global-api-key", ["type": "http", "scheme": "basic"])],
        [("token", ["type": "http", "scheme": "bearer"])],
    ]

    /// The list object.
    static let listSchema = Schema.object([
        "api_version": Schema.words("sql/v1"),
        "data": Schema.list(of: connectionSchema),
        "kind": Schema.words("ConnectionList"),
        "metadata": .object(
            Schema.object([
                "first": address, "last": Schema.words(""), "next": Schema.text, "prev": Schema.words(""),
                "self": address, "total_size": Schema.count,
            ])
        ),
    ])

    /// One connection.
    static let connectionSchema = Schema.object([
        "api_version": Schema.words("sql/v1"),
        "kind": Schema.words("Connection"),
        "metadata": .object(
            Schema.object([
                "created_at": time, "resource_name": Schema.words(""), "resource_version": Schema.text,
                "self": address, "uid": ["type": "string", "format": "uuid"], "updated_at": time,
            ])
        ),
        "name": Schema.text,
        "spec": .object(
            Schema.object([
                "auth_data": .object(
                    Schema.object(["data": Schema.words("<REDACTED>"), "kind": Schema.words("PlaintextProvider")])
                ),
                "connection_type": ["enum": .array(connectionTypes.map(JSON.string))],
                "endpoint": ["type": "string", "maxLength": 16_384],
            ])
        ),
        "status": .object(
            Schema.object(["detail": Schema.text, "phase": ["enum": .array(phases.map(JSON.string))]])
        ),
    ])

    /// What a new connection has to have; further members are ignored.
    static let newConnectionSchema = connectionBodySchema(
        required: ["connection_type", "endpoint", "auth_data"],
    )

    /// What replaces a connection: its secret, since nothing else of it may differ.
    static let replacementSchema: JSON.Object = {
        var schema = connectionBodySchema(required: ["auth_data"])
        var members = schema["properties"]?.objectValue ?? [:]
        members["metadata"] = ["type": "object", "properties": ["resource_version": Schema.text]]
        schema["properties"] = .object(members)
        return schema
    }()

    private static func connectionBodySchema(required: [String]) -> JSON.Object {
        [
            "type": "object",
            "required": ["name", "spec"],
            "properties": [
                "name": [
                    "type": "string", "maxLength": 100,
                    "pattern": connectionName.pattern.map(JSON.string) ?? .null,
                ],
                "spec": [
                    "type": "object",
                    "required": .array(required.map(JSON.string)),
                    "properties": [
                        "auth_data": [
                            "type": "object",
                            "properties": [
                                "data": Schema.text,
                                "kind": ["type": "string", "enum": .array(authKinds.map(JSON.string))],
                            ],
                        ],
                        "connection_type": ["type": "string", "enum": .array(connectionTypes.map(JSON.string))],
                        "endpoint": ["type": "string", "maxLength": 16_384],
                    ],
                ],
            ],
        ]
    }

    /// A list of the control plane.
    static func directorySchema(
        _ version: String,
        _ kind: String,
        of item: JSON.Object,
        mayHaveItems: Bool = true,
    ) -> JSON.Object {
        var data: JSON.Object = ["type": "array", "items": .object(item)]
        if !mayHaveItems { data["maxItems"] = 0 }
        return Schema.object([
            "api_version": Schema.words(version), "data": .object(data), "kind": Schema.words(kind),
            "metadata": .object(
                Schema.object([
                    "first": address, "last": Schema.words(""), "next": Schema.text, "prev": Schema.words(""),
                    "total_size": Schema.count,
                ])
            ),
        ])
    }

    static let organizationSchema = Schema.object([
        "api_version": Schema.words("org/v2"), "display_name": Schema.text, "id": Schema.text,
        "kind": Schema.words("Organization"),
        "metadata": .object(Schema.object(["resource_name": Schema.text, "self": address])),
    ])

    static let environmentSchema = Schema.object([
        "api_version": Schema.words("org/v2"), "display_name": Schema.text, "id": Schema.text,
        "kind": Schema.words("Environment"),
        "metadata": .object(
            Schema.object(["created_at": time, "resource_name": Schema.text, "self": address, "updated_at": time])
        ),
    ])

    static let regionSchema = Schema.object([
        "api_version": Schema.words("fcpm/v2"), "cloud": Schema.words("AWS", "AZURE", "GCP"),
        "display_name": Schema.text, "http_endpoint": address, "id": Schema.text, "kind": Schema.words("Region"),
        "metadata": .object(Schema.object(["self": Schema.words("")])), "private_http_endpoint": address,
        "region_name": Schema.text,
    ])

    static let poolSchema = Schema.object([
        "api_version": Schema.words("fcpm/v2"), "id": Schema.text, "kind": Schema.words("ComputePool"),
        "metadata": .object(
            Schema.object(["created_at": time, "resource_name": Schema.text, "self": address, "updated_at": time])
        ),
        "spec": .object(
            Schema.object([
                "cloud": Schema.words("AWS", "AZURE", "GCP"), "display_name": Schema.text,
                "environment": .object(
                    Schema.object(["id": Schema.text, "related": address, "resource_name": Schema.text])
                ),
                "http_endpoint": address, "max_cfu": Schema.count, "region": Schema.text,
            ])
        ),
        "status": .object(Schema.object(["current_cfu": Schema.count, "phase": Schema.words("PROVISIONED")])),
    ])

    static let sessionBodySchema: JSON.Object = [
        "type": "object",
        "required": ["email", "password"],
        "properties": [
            "email": ["type": "string", "minLength": 1], "password": ["type": "string", "minLength": 1],
            "org_resource_id": Schema.text,
        ],
    ]

    static let sessionSchema = Schema.object([
        "organization": accountSchema, "token": Schema.text, "user": userSchema,
    ])

    static let meSchema = Schema.object([
        "accounts": Schema.list(
            of: Schema.object(["id": Schema.text, "name": Schema.text, "org_resource_id": Schema.text])
        ),
        "organization": accountSchema, "user": userSchema,
    ])

    private static let accountSchema: JSON = .object(
        Schema.object(["name": Schema.text, "resource_id": Schema.text])
    )
    private static let userSchema: JSON = .object(Schema.object(["email": Schema.text, "resource_id": Schema.text]))

    private static let address: JSON = ["type": "string", "format": "uri"]
    private static let time: JSON = ["type": "string", "format": "date-time"]
}
