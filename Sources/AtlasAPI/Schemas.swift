internal import PatchbayAPIKit
package import PatchbayJSON
internal import PatchbayStore

extension AtlasAPI {
    /// The challenge, an error of the catalogue, that in an envelope, or an error of the token endpoint.
    package static let errorSchema: JSON.Object = {
        let members: JSON.Object = [
            "detail": Schema.text, "error": ["type": "integer"], "errorCode": Schema.text,
            "parameters": ["type": "array"], "reason": Schema.text,
        ]
        let error = Schema.object(members, optional: ["parameters"])
        return Schema.any(
            of: error,
            Schema.object(["content": .object(error), "status": ["type": "integer"]]),
            Schema.object(["error_description": Schema.text, "error": Schema.text]),
        )
    }()

    package static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = [
        [("digest", ["type": "http", "scheme": "digest"])], [("token", ["type": "http", "scheme": "bearer"])],
    ]
}

/// The JSON Schemas of bodies.
enum Schemas {
    /// The list object; `status` is there with an envelope, `totalCount` unless it was not wanted.
    static func list(of result: JSON.Object) -> JSON.Object {
        let members: JSON.Object = [
            "links": Schema.list(of: link("self", "previous", "next")), "results": Schema.list(of: result),
            "status": ["type": "integer"], "totalCount": Schema.count,
        ]
        return Schema.object(members, optional: ["status", "totalCount"])
    }

    /// A single object, in an envelope or without.
    static func one(_ object: JSON.Object) -> JSON.Object {
        Schema.any(of: object, Schema.object(["content": .object(object), "status": ["type": "integer"]]))
    }

    /// A peer as an edition shows it.
    static func peer(_ edition: Edition) -> JSON.Object {
        AtlasAPI.peers.shownSchema { edition == .version2 || $0.name != "providerName" }
    }

    /// What a new peer is made of.
    static var newPeer: JSON.Object {
        let shapes = AtlasAPI.providers.map { provider in
            body(PeerAttributes.settable(of: provider, Readings()), of: provider)
        }
        return ["anyOf": .array(shapes.map(JSON.object))]
    }

    /// What may change of a peer.
    static var changedPeer: JSON.Object {
        let members = PeerAttributes.settable(of: "AWS", Readings()).map { member in
            var member = member
            if member.name == "providerName" { member.kind = .choice(["AWS"]) }
            return member
        }
        return body(members, of: nil)
    }

    /// A container.
    static let container = AtlasAPI.containers.shownSchema()

    /// What a new container is made of; GCP has small ones with regions and large ones without.
    static var newContainer: JSON.Object {
        let shapes = AtlasAPI.providers.map { body(ContainerAttributes.settable(of: $0), of: $0) }
        let large = body(ContainerAttributes.settable(of: "GCP", isLarge: true), of: "GCP")
        return ["anyOf": .array((shapes + [large]).map(JSON.object))]
    }

    /// What may change of a container.
    static var changedContainer: JSON.Object {
        let shapes = AtlasAPI.providers.map { body(ContainerAttributes.settable(of: $0), of: nil) }
        let large = body(ContainerAttributes.settable(of: "GCP", isLarge: true), of: nil)
        return ["anyOf": .array((shapes + [large]).map(JSON.object))]
    }

    /// A group as an edition shows it.
    static func group(_ edition: Edition) -> JSON.Object {
        var members: JSON.Object = [
            "clusterCount": Schema.count, "created": ["type": "string", "format": "date-time"], "id": Schema.text,
            "links": Schema.list(of: link()), "name": Schema.text, "orgId": Schema.text,
        ]
        if edition == .version2 { members["tags"] = ["type": "array"] }
        members["withDefaultAlertsSettings"] = ["type": "boolean"]
        return Schema.object(members)
    }

    /// The application and the key that asks; there is none where a token was sent.
    static let root: JSON.Object = {
        let text: JSON = ["type": ["string", "null"]]
        let key: JSON.Object = [
            "accessList": Schema.list(of: Schema.object(["cidrBlock": text, "ipAddress": text])), "id": Schema.text,
            "publicKey": Schema.text,
            "roles": Schema.list(
                of: Schema.any(
                    of: Schema.object(["groupId": Schema.text, "roleName": Schema.text]),
                    Schema.object(["orgId": Schema.text, "roleName": Schema.text]),
                )
            ),
        ]
        let members: JSON.Object = [
            "apiKey": .object(Schema.object(key)), "appName": Schema.text, "build": Schema.text,
            "links": Schema.list(of: link("self")), "throttling": ["type": "boolean"],
        ]
        return Schema.object(members, optional: ["apiKey"])
    }()

    /// A token.
    static let token = Schema.object([
        "access_token": Schema.text, "expires_in": Schema.count, "token_type": Schema.words("Bearer"),
    ])

    /// A link, whose relation is one of some, or any.
    private static func link(_ relations: String...) -> JSON.Object {
        let relation = relations.isEmpty ? Schema.text : ["enum": .array(relations.map(JSON.string))]
        return Schema.object(["href": Schema.text, "rel": relation])
    }

    /// The body of a creation, or that of a change when no provider is named: then nothing is required.
    private static func body(_ members: [Member], of provider: String?) -> JSON.Object {
        let described = members.map { member in
            var member = member
            if provider == nil { member.presence = .optional }
            if case .optional = member.presence { member.isNullable = true }
            guard let provider else { return member }
            // Regions make a container of GCP a small one.
            if member.name == "regions" { (member.presence, member.isNullable) = (.required, false) }
            guard member.name == "providerName" else { return member }
            member.kind = .choice([provider])
            // A body that names no provider is about AWS.
            member.isNullable = provider == "AWS"
            if provider != "AWS" { member.presence = .required }
            return member
        }
        return described.shownSchema
    }
}
