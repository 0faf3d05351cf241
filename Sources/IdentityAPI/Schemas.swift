internal import PatchbayAPIKit
package import PatchbayJSON

extension IdentityAPI {
    /// The body of an error.
    package static let errorBody: JSON.Object = {
        let members: JSON.Object = ["code": Schema.count, "message": Schema.text, "title": Schema.text]
        return ["type": "object", "required": ["error"], "properties": ["error": object(members)]]
    }()

    private static let link = object(["rel": Schema.text, "href": Schema.text])
    private static let version = object([
        "status": Schema.text, "updated": Schema.text,
        "media-types": list(of: object(["base": Schema.text, "type": Schema.text])),
        "id": Schema.text, "links": list(of: link),
    ])
    private static let reference = object(["id": Schema.text, "name": Schema.text])

    static let versionsSchema = body([
        "versions": object(["values": list(of: version)])
    ])
    static let versionSchema = body(["version": version])

    private static let catalog: JSON = {
        let endpoint = object([
            "id": Schema.text, "interface": Schema.text, "region": Schema.text, "region_id": Schema.text,
            "url": Schema.text,
        ])
        let entry = object([
            "endpoints": list(of: endpoint), "id": Schema.text, "name": Schema.text,
            "type": Schema.text,
        ])
        return list(of: entry)
    }()

    static let tokenSchema = body([
        "token": object(
            [
                "methods": Schema.list(of: ["type": "string"]), "expires_at": Schema.text,
                "issued_at": Schema.text,
                "user": object([
                    "id": Schema.text, "name": Schema.text, "domain": reference,
                    "password_expires_at": ["type": ["string", "null"]],
                ]),
                "project": object(["id": Schema.text, "name": Schema.text, "domain": reference]),
                "domain": reference,
                "roles": list(of: reference),
                "catalog": catalog,
            ],
            optional: ["project", "domain", "catalog"],
        )
    ])

    static let catalogSchema = body(["catalog": catalog, "links": selfLink])

    private static let selfLink = object(["self": Schema.text])
    private static let listLinks = object([
        "self": Schema.text, "previous": ["type": "null"], "next": ["type": "null"],
    ])

    static let projectsSchema = body([
        "links": listLinks,
        "projects": [
            "type": "array",
            "items": object([
                "is_domain": ["type": "boolean"], "description": Schema.text, "links": selfLink,
                "enabled": ["type": "boolean"], "id": Schema.text, "parent_id": Schema.text,
                "domain_id": Schema.text, "name": Schema.text,
            ]),
        ],
    ])

    static let domainsSchema = body([
        "domains": [
            "type": "array",
            "items": object([
                "description": Schema.text, "enabled": ["type": "boolean"], "id": Schema.text, "links": selfLink,
                "name": Schema.text,
            ]),
        ],
        "links": listLinks,
    ])

    private static func body(_ members: JSON.Object) -> JSON.Object { Schema.object(members) }

    private static func object(_ members: JSON.Object, optional: [String] = []) -> JSON {
        .object(Schema.object(members, optional: optional))
    }

    private static func list(of element: JSON) -> JSON { ["type": "array", "items": element] }
}

/// The body of a log-in: members that are not named here do nothing.
extension IdentityAPI {
    private static let word: JSON = ["type": "string", "minLength": 1]
    private static let named: JSON = [
        "type": "object", "properties": ["id": word, "name": word],
        "anyOf": [["required": ["id"]], ["required": ["name"]]],
    ]

    static let loginSchema: JSON.Object = {
        let user: JSON = [
            "type": "object",
            "properties": ["id": word, "name": word, "domain": named, "password": word],
            "required": ["password"],
            "anyOf": [["required": ["id"]], ["required": ["name", "domain"]]],
        ]
        let password: JSON = ["type": "object", "properties": ["user": user], "required": ["user"]]
        let token: JSON = ["type": "object", "properties": ["id": word], "required": ["id"]]
        let method = { (name: JSON, schema: JSON) -> JSON in
            let member = name.stringValue ?? ""
            return [
                "type": "object",
                "properties": .object([
                    "methods": ["type": "array", "minItems": 1, "items": ["const": name]], member: schema,
                ]),
                "required": ["methods", name],
            ]
        }
        let project: JSON = [
            "type": "object", "properties": ["id": word, "name": word, "domain": named],
            "anyOf": [["required": ["id"]], ["required": ["name"]]],
        ]
        let scope: JSON = ["type": "object", "properties": ["project": project, "domain": named]]
        let auth: JSON = [
            "type": "object",
            "properties": [
                "identity": ["anyOf": [method("password", password), method("token", token)]], "scope": scope,
            ],
            "required": ["identity"],
        ]
        return ["type": "object", "properties": ["auth": auth], "required": ["auth"]]
    }()
}
