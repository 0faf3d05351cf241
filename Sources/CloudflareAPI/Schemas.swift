internal import PatchbayAPIKit
package import PatchbayJSON
internal import PatchbayStore

extension CloudflareAPI {
    /// The body of an error, whose entries may have a chain of further ones.
    package static let errorSchema: JSON.Object = {
        let code: JSON = ["type": "integer"]
        let entry = Schema.object(["code": code, "message": Schema.text])
        let error = Schema.object(
            ["code": code, "message": Schema.text, "error_chain": Schema.list(of: entry)],
            optional: ["error_chain"],
        )
        return Schema.object([
            "success": ["const": false], "errors": Schema.list(of: error), "messages": none, "result": ["type": "null"],
        ])
    }()

    package static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = [
        [("api_token", ["type": "http", "scheme": "bearer"])],
        [
            ("api_email", ["type": "apiKey", "in": "header", "name": "X-Auth-Email"]),
            ("api_key", ["type": "apiKey", "in": "header", "name": "X-Auth-Key"]),
        ],
    ]

    /// The list object.
    static let listSchema = directorySchema(of: services.shownSchema())

    /// A list of objects of one kind.
    static func directorySchema(of element: JSON.Object) -> JSON.Object {
        let info = Schema.object([
            "count": Schema.count, "page": Schema.count, "per_page": Schema.count, "total_count": Schema.count,
            "total_pages": Schema.count,
        ])
        return Schema.object([
            "result": Schema.list(of: element), "success": ["const": true], "errors": none, "messages": none,
            "result_info": .object(info),
        ])
    }

    /// One object.
    static func objectSchema(_ result: JSON.Object) -> JSON.Object {
        Schema.object(["result": .object(result), "success": ["const": true], "errors": none, "messages": none])
    }

    /// What a service is created from or replaced by; of other members nothing is said.
    static let serviceBodySchema: JSON.Object = {
        let tunnel: JSON = ["type": "object", "required": ["tunnel_id"], "properties": ["tunnel_id": uuid]]
        let resolver: JSON = [
            "type": "object", "required": ["tunnel_id"],
            "properties": [
                "tunnel_id": uuid,
                "resolver_ips": nullable(["type": "array", "items": ["type": "string", "format": "ipv4"]]),
            ],
        ]
        let ipv4: JSON = ["type": "string", "format": "ipv4"]
        let ipv6: JSON = ["type": "string", "format": "ipv6"]
        let hostname: JSON = ["type": "string", "pattern": "^[a-z]([a-z0-9.-]{0,200})$"]
        let known: [(name: String, schema: JSON)] = [
            ("ipv4", ipv4), ("ipv6", ipv6), ("hostname", hostname), ("network", tunnel), ("resolver_network", resolver),
        ]
        // The members of the other shapes may be there as long as they are null.
        let hosts = ServiceBody.hostShapes.map { shape -> JSON.Object in
            let members = known.map { ($0.name, shape.contains($0.name) ? $0.schema : ["type": "null"]) }
            let required = known.map(\.name).filter(shape.contains).map(JSON.string)
            return [
                "type": "object", "required": .array(required), "properties": .object(JSON.Object(members: members)),
            ]
        }
        let own: [(type: String, members: JSON.Object)] = [
            ("http", ["http_port": nullable(port), "https_port": nullable(port)]),
            (
                "tcp",
                ["tcp_port": nullable(port), "app_protocol": nullable(["enum": .array(appProtocols.map(JSON.string))])]
            ),
        ]
        let mode: JSON = ["enum": .array(verificationModes.map(JSON.string))]
        let tls: JSON = [
            "type": "object", "required": ["cert_verification_mode"], "properties": ["cert_verification_mode": mode],
        ]
        return [
            "oneOf": .array(
                own.map { type, members in
                    let common: JSON.Object = [
                        "name": ["type": "string", "pattern": "^[^\\u0000]+$"],
                        "type": ["const": .string(type)],
                        "host": ["oneOf": .array(hosts.map(JSON.object))],
                    ]
                    return [
                        "type": "object", "required": ["name", "type", "host"],
                        "properties": .object(
                            JSON.Object(members: Array(common) + Array(members) + [("tls_settings", nullable(tls))])
                        ),
                    ]
                }
            )
        ]
    }()

    /// What a tunnel is created from.
    static let tunnelBodySchema: JSON.Object = [
        "type": "object", "required": ["name"],
        "properties": [
            "name": ["type": "string", "pattern": "^[^\\u0000]+$"],
            "tunnel_secret": nullable(Schema.text),
            "config_src": nullable(["enum": .array(tunnelSources.map(JSON.string))]),
        ],
    ]

    /// A tunnel; its credentials are in the answer to its creation alone.
    static let tunnelSchema = Schema.object(
        [
            "id": uuid, "account_tag": Schema.text, "created_at": moment, "deleted_at": nullable(moment),
            "name": Schema.text, "connections": none, "conns_active_at": ["type": "null"], "conns_inactive_at": moment,
            "tun_type": ["const": "cfd_tunnel"], "metadata": ["type": "object"], "status": ["const": "inactive"],
            "remote_config": ["type": "boolean"], "config_src": ["enum": .array(tunnelSources.map(JSON.string))],
            "credentials_file": ["type": "object"], "token": Schema.text,
        ],
        optional: ["credentials_file", "token"],
    )

    /// That somebody belongs to an account.
    static let membershipSchema = Schema.object([
        "id": Schema.text, "status": ["const": "accepted"],
        "account": .object(Schema.object(["id": Schema.text, "name": Schema.text])),
        "roles": ["type": "array", "items": Schema.text],
    ])

    /// Who asks.
    static let userSchema: JSON.Object = [
        "type": "object", "required": ["id", "email"], "properties": ["id": Schema.text, "email": Schema.text],
    ]

    /// What is said of a token.
    static let verificationSchema: JSON.Object = {
        let result = Schema.object(
            ["id": Schema.text, "status": ["const": "active"], "expires_on": moment],
            optional: ["expires_on"],
        )
        let message = Schema.object(["code": ["const": 10000], "message": Schema.text, "type": ["type": "null"]])
        return Schema.object([
            "result": .object(result), "success": ["const": true], "errors": none, "messages": Schema.list(of: message),
        ])
    }()

    private static let none: JSON = ["type": "array", "maxItems": 0]
    private static let uuid: JSON = ["type": "string", "format": "uuid"]
    private static let moment: JSON = ["type": "string", "format": "date-time"]
    private static let port: JSON = ["type": "integer", "minimum": 1, "maximum": 65535]

    private static func nullable(_ schema: JSON) -> JSON { ["anyOf": [schema, ["type": "null"]]] }
}
