public import PatchbayHTTP
public import PatchbayJSON

/// One operation of an API: a row of its endpoint table.
///
/// The router, the listing of routes, the coverage page and the hint for a path that leads nowhere all read these rows.
public final class Endpoint<A: API>: Sendable {
    /// The method.
    ///
    /// `HEAD` is answered wherever `GET` is.
    public let method: Method
    /// The path that the pattern continues; the API's own when `nil`.
    public let base: String?
    /// Who may ask.
    public let access: Access
    /// The path below the base, with captures in braces: `/groups/{group_id}/peers`.
    public let pattern: String
    /// The operation's name, as the vendor writes it.
    public let operation: String
    /// What it does, in a line; empty where the vendor's page says it.
    public let summary: String
    /// The vendor's page of the operation; empty where there is none.
    public let documentation: String
    /// The query parameters, in the vendor's order.
    public let parameters: [ParameterDescription]
    /// The headers without which there is nothing to do, credentials aside.
    public let headers: [String]
    /// The headers that a success has beside those of every answer.
    public let answerHeaders: [String]
    /// The JSON Schemas of path parameters that are not any text.
    public let captures: [String: JSON.Object]
    /// Whether the body may be left out.
    public let isBodyOptional: Bool
    /// Where secrets stand in the request's body: names joined by dots, matched at the end of a member's path, with `**`
    /// for all that is below.
    public let secrets: [String]
    /// The status of a success.
    public let success: Status
    /// The media type of the request's body.
    public let bodyType: String
    /// Makes the JSON Schema of the request's body; `nil` where none is read.
    public let body: (@Sendable () -> JSON.Object)?
    /// The media type of the body of a success; that of the API's errors when `nil`.
    public let answerType: String?
    /// Makes the JSON Schema of the body of a success, which most runs never ask for.
    public let answer: @Sendable () -> JSON.Object
    /// What answers.
    public let handler: @Sendable (borrowing Call<A>) throws(A.Failure) -> Reply
    /// What requests are compared with.
    public let contract: Contract

    /// Who may ask for an operation.
    public enum Access: Sendable {
        /// Whoever brings the API's credentials.
        case withCredentials
        /// Whoever brings credentials that the handler looks at itself.
        case examined
        /// Everybody, or whom the handler lets.
        case open
    }

    /// The whole path, with captures in braces.
    public var path: String { (base ?? A.basePath) + pattern }

    /// Declares an operation.
    public init(
        _ method: Method,
        _ pattern: String,
        base: String? = nil,
        access: Access = .withCredentials,
        operation: String,
        summary: String = "",
        documentation: String = "",
        parameters: [ParameterDescription] = [],
        headers: [String] = [],
        captures: [String: JSON.Object] = [:],
        bodyType: String = "application/json",
        body: (@Sendable () -> JSON.Object)? = nil,
        isBodyOptional: Bool = false,
        secrets: [String] = [],
        success: Status = .ok,
        answerType: String? = nil,
        answerHeaders: [String] = [],
        answer: @autoclosure @escaping @Sendable () -> JSON.Object = [:],
        handler: @escaping @Sendable (borrowing Call<A>) throws(A.Failure) -> Reply,
    ) {
        self.method = method
        self.pattern = pattern
        self.base = base
        self.access = access
        self.bodyType = bodyType
        self.body = body
        self.isBodyOptional = isBodyOptional
        self.secrets = secrets
        self.success = success
        self.operation = operation
        self.summary = summary
        self.documentation = documentation
        self.parameters = parameters
        self.headers = headers
        self.answerHeaders = answerHeaders
        self.captures = captures
        self.answerType = answerType ?? A.answerType
        self.answer = answer
        self.handler = handler
        contract = Contract(
            A.queryRules,
            parameters: parameters,
            captures: captures,
            body: body,
            isBodyJSON: bodyType == "application/json",
            answer: answer,
        )
    }
}
