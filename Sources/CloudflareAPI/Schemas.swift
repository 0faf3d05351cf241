internal import APIKit
package import JSON
internal import Store

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
    static let listSchema = Schema.object([
        "result": Schema.list(of: services.shownSchema()), "success": ["const": true], "errors": none,
        "messages": none,
        "result_info": .object(
            Schema.object([
                "count": Schema.count, "page": Schema.count, "per_page": Schema.count, "total_count": Schema.count,
                "total_pages": Schema.count,
            ])
        ),
    ])

    private static let none: JSON = ["type": "array", "maxItems": 0]
}
