internal import PatchbayAPIKit
package import PatchbayJSON

extension OTC {
    /// The body of an error: the service's, or that of the cloud's gateway.
    package static let errorSchema = Schema.any(
        of: Schema.object(["error_code": Schema.text, "error_msg": Schema.text]),
        Schema.object(["error_msg": Schema.text, "error_code": Schema.text, "request_id": Schema.text]),
    )

    /// Tokens and signatures.
    package static let securitySchemes: [[(name: String, scheme: JSON.Object)]] = [
        [("token", ["type": "apiKey", "in": "header", "name": "X-Auth-Token"])],
        [("signature", ["type": "apiKey", "in": "header", "name": "Authorization"])],
    ]
}
