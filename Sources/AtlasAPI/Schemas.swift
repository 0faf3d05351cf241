internal import APIKit
package import JSON
internal import Store

extension AtlasAPI {
    /// The challenge, an error of the catalogue, or that in an envelope.
    package static let errorSchema: JSON.Object = {
        let members: JSON.Object = [
            "detail": Schema.text, "error": ["type": "integer"], "errorCode": Schema.text,
            "parameters": ["type": "array"], "reason": Schema.text,
        ]
        let error = Schema.object(members, optional: ["parameters"])
        return Schema.any(of: error, Schema.object(["content": .object(error), "status": ["type": "integer"]]))
    }()

    package static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = [
        [("digest", ["type": "http", "scheme": "digest"])], [("token", ["type": "http", "scheme": "bearer"])],
    ]

    /// The list object; `status` is there with an envelope, `totalCount` unless it was not wanted.
    static let listSchema: JSON.Object = {
        let link = Schema.object(["href": Schema.text, "rel": Schema.words("self", "previous", "next")])
        let members: JSON.Object = [
            "links": Schema.list(of: link),
            "results": Schema.list(of: peers.shownSchema { $0.name != "providerName" }),
            "status": ["type": "integer"],
            "totalCount": Schema.count,
        ]
        return Schema.object(members, optional: ["status", "totalCount"])
    }()
}
