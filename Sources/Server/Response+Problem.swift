package import PatchbayHTTP

extension Response {
    /// The answer to bytes that are no acceptable request, as problem details (RFC 9457).
    package init(problem error: ParseError) {
        let body = """
            {"type":"about:blank","title":"\(error.status.reason)","status":\(error.status.code),\
            "detail":"\(Self.escaped(error.reason))"}
            """
        self.init(
            status: error.status,
            headers: [("Content-Type", "application/problem+json")],
            body: Array(body.utf8)
        )
    }

    /// Reasons are our own text, so quotes and backslashes are all that JSON would trip over.
    private static func escaped(_ text: String) -> String {
        text.reduce(into: "") { result, character in
            if character == "\"" || character == "\\" { result.append("\\") }
            result.append(character)
        }
    }
}
