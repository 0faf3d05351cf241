package import PatchbayHTTP
package import PatchbayJSON

extension Problem {
    /// A problem document (RFC 9457).
    package static func response(
        _ status: Status,
        _ detail: String,
        headers: [(name: String, value: String)] = [],
        members: JSON.Object = [:],
    ) -> Response {
        Response(
            status: status,
            headers: [("Content-Type", "application/problem+json")] + headers,
            body: document(status, detail, members).compact(),
        )
    }

    /// The members of RFC 9457, section 3.1, and further ones.
    package static func document(_ status: Status, _ detail: String, _ members: JSON.Object = [:]) -> JSON {
        var document: JSON.Object = [
            "type": "about:blank",
            "title": .string(status.reason),
            "status": .number(JSON.Number(status.code)),
            "detail": .string(detail),
        ]
        for (name, value) in members { document[name] = value }
        return .object(document)
    }
}
