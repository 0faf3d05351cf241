/// The outcome of a request (RFC 9110, section 15).
public struct Status: Hashable, Sendable, CustomStringConvertible {
    /// The three digits.
    public let code: Int
    /// The phrase after the digits; clients ignore it, people read it.
    public let reason: String

    /// A status with the registered reason phrase, or an empty one when the code is not registered.
    public init(_ code: Int) {
        self.init(code, reason: Self.phrase(of: code))
    }

    /// A status with a reason phrase of its own.
    public init(_ code: Int, reason: String) {
        self.code = code
        self.reason = reason
    }

    /// The status as it stands in a status line, "404 Not Found".
    public var description: String { "\(code) \(reason)" }

    /// Whether a response with this status never carries content (RFC 9112, section 6.3, rule 1).
    public var forbidsContent: Bool { code < 200 || code == 204 || code == 304 }

    /// 100 Continue.
    public static let `continue` = Status(100, reason: "Continue")
    /// 200 OK.
    public static let ok = Status(200, reason: "OK")
    /// 201 Created.
    public static let created = Status(201, reason: "Created")
    /// 202 Accepted.
    public static let accepted = Status(202, reason: "Accepted")
    /// 204 No Content.
    public static let noContent = Status(204, reason: "No Content")
    /// 300 Multiple Choices.
    public static let multipleChoices = Status(300, reason: "Multiple Choices")
    /// 301 Moved Permanently.
    public static let movedPermanently = Status(301, reason: "Moved Permanently")
    /// 302 Found.
    public static let found = Status(302, reason: "Found")
    /// 304 Not Modified.
    public static let notModified = Status(304, reason: "Not Modified")
    /// 307 Temporary Redirect.
    public static let temporaryRedirect = Status(307, reason: "Temporary Redirect")
    /// 308 Permanent Redirect.
    public static let permanentRedirect = Status(308, reason: "Permanent Redirect")
    /// 400 Bad Request.
    public static let badRequest = Status(400, reason: "Bad Request")
    /// 401 Unauthorized.
    public static let unauthorized = Status(401, reason: "Unauthorized")
    /// 403 Forbidden.
    public static let forbidden = Status(403, reason: "Forbidden")
    /// 404 Not Found.
    public static let notFound = Status(404, reason: "Not Found")
    /// 405 Method Not Allowed.
    public static let methodNotAllowed = Status(405, reason: "Method Not Allowed")
    /// 406 Not Acceptable.
    public static let notAcceptable = Status(406, reason: "Not Acceptable")
    /// 408 Request Timeout.
    public static let requestTimeout = Status(408, reason: "Request Timeout")
    /// 409 Conflict.
    public static let conflict = Status(409, reason: "Conflict")
    /// 410 Gone.
    public static let gone = Status(410, reason: "Gone")
    /// 411 Length Required.
    public static let lengthRequired = Status(411, reason: "Length Required")
    /// 412 Precondition Failed.
    public static let preconditionFailed = Status(412, reason: "Precondition Failed")
    /// 413 Content Too Large.
    public static let contentTooLarge = Status(413, reason: "Content Too Large")
    /// 414 URI Too Long.
    public static let uriTooLong = Status(414, reason: "URI Too Long")
    /// 415 Unsupported Media Type.
    public static let unsupportedMediaType = Status(415, reason: "Unsupported Media Type")
    /// 417 Expectation Failed.
    public static let expectationFailed = Status(417, reason: "Expectation Failed")
    /// 421 Misdirected Request.
    public static let misdirectedRequest = Status(421, reason: "Misdirected Request")
    /// 422 Unprocessable Content.
    public static let unprocessableContent = Status(422, reason: "Unprocessable Content")
    /// 429 Too Many Requests.
    public static let tooManyRequests = Status(429, reason: "Too Many Requests")
    /// 431 Request Header Fields Too Large.
    public static let requestHeaderFieldsTooLarge = Status(431, reason: "Request Header Fields Too Large")
    /// 500 Internal Server Error.
    public static let internalServerError = Status(500, reason: "Internal Server Error")
    /// 501 Not Implemented.
    public static let notImplemented = Status(501, reason: "Not Implemented")
    /// 502 Bad Gateway.
    public static let badGateway = Status(502, reason: "Bad Gateway")
    /// 503 Service Unavailable.
    public static let serviceUnavailable = Status(503, reason: "Service Unavailable")
    /// 504 Gateway Timeout.
    public static let gatewayTimeout = Status(504, reason: "Gateway Timeout")
    /// 505 HTTP Version Not Supported.
    public static let httpVersionNotSupported = Status(505, reason: "HTTP Version Not Supported")
}
