package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON

extension AtlasAPI {
    /// Atlas's errors (contract `atlas.md`, sections 2.1 and 5).
    package enum Failure: VendorFailure {
        /// Asks for credentials; stale when those sent would be right with a fresh nonce.
        case challenge(isStale: Bool)
        /// Credentials that do not suffice.
        case unauthorized
        /// A group identifier that is none.
        case malformedGroup(String)
        /// Too many requests, counted as an edition counts them; as that of the request when `nil`.
        case limited(Allowance, Edition?)
        /// A refusal of the token endpoint, in the form of OAuth.
        case grant(GrantError)
        /// An error of the catalogue.
        case coded(Coded)

        package init(_ problem: Problem) {
            switch problem {
            case .unauthenticated: self = .challenge(isStale: false)
            case .forbidden: self = .unauthorized
            case .noSuchRoute(let path): self = .notFound(path)
            case .wrongMethod(let method, let allowed): self = .wrongMethod(method, allowed)
            case .badParameter("providerName", let value, _): self = .invalidProvider(value)
            case .badParameter(let name, _, _): self = .invalidQueryParameter(name)
            case .rateLimited(let allowance): self = .limited(allowance, nil)
            case .malformedBody: self = .malformedJSON
            case .unsupportedMediaType(let type): self = .unsupportedMediaType(type)
            // A malformed escape is text as received, for this API.
            case .malformedEscape, .storage: self = .unexpected
            }
        }

        package func reply(to exchange: Exchange) -> Reply {
            switch self {
            case .challenge(let isStale): return Self.challenge(isStale: isStale, exchange)
            case .unauthorized:
                let isForbidden = exchange.quirks.take(Quirks.missingRole, "403")
                return (isForbidden ? Coded.forbidden : Coded.unauthorized).reply(to: exchange)
            case .malformedGroup(let id):
                let isGeneral = exchange.quirks.take(Quirks.malformedGroup, "PATH_PARAM_PARSE_ERROR")
                return (isGeneral ? Coded.malformedPath(exchange.request.target.path) : Coded.invalidGroup(id))
                    .reply(to: exchange)
            case .limited(let allowance, let edition):
                return Self.limit(allowance, edition ?? Edition(exchange.request)).reply(to: exchange)
            case .grant(let error): return error.reply
            case .coded(let error): return error.reply(to: exchange)
            }
        }

        /// Always laid out over several lines, whatever the query says, and with members in an order of its own.
        private static func challenge(isStale: Bool, _ exchange: Exchange) -> Reply {
            let isStale = isStale && exchange.quirks.take(Quirks.stale, "marked")
            let nonce = DigestNonce(issuedAt: exchange.now, id: exchange.id).text
            let challenge =
                #"Digest realm="\#(realm)", domain="", nonce="\#(nonce)", algorithm=MD5, qop="auth", stale=\#(isStale)"#
            var body: JSON.Object = [
                "error": 401,
                "reason": "Unauthorized",
                "detail": "You are not authorized for this resource.",
            ]
            let isOld = exchange.quirks.take(Quirks.challengeBody, "without-code")
            if isOld, exchange.request.method == .delete {
                return Reply(.unauthorized, headers: [("WWW-Authenticate", challenge)], body: [])
            }
            if !isOld { body["errorCode"] = "UNEXPECTED_ERROR" }
            var bytes: [UInt8] = []
            JSON.object(body).writePretty(into: &bytes)
            return Reply(.unauthorized, headers: [("WWW-Authenticate", challenge)], body: bytes)
        }
    }
}

/// The errors of the catalogue, by what caused them.
extension AtlasAPI.Failure {
    static let unexpected = coded(.internalServerError, "UNEXPECTED_ERROR", "Unexpected error.")
    static let suspended = coded(
        Status(402),
        "ACCOUNT_SUSPENDED",
        "Organization has an unpaid invoice that is more than 30 days old.",
    )

    static func notOnAccessList(_ address: String) -> Self {
        let detail = "IP address \(address) is not allowed to access this resource."
        return coded(.forbidden, "IP_ADDRESS_NOT_ON_ACCESS_LIST", detail, address)
    }

    static func accessListRequired(_ address: String) -> Self {
        let detail = "This organization requires access through an access list of ip ranges."
        return coded(.forbidden, "ORG_REQUIRES_ACCESS_LIST", detail, address)
    }

    static func notFound(_ path: String) -> Self {
        coded(.notFound, "RESOURCE_NOT_FOUND", "Cannot find resource \(path).", path)
    }

    static func groupNotFound(_ id: String) -> Self {
        coded(.notFound, "GROUP_NOT_FOUND", "No group with ID \(id) exists.", id)
    }

    static func notAtlasGroup(_ id: String) -> Self {
        let detail =
            "Group \(id) is not an Atlas group; use the Cloud Manager Public API at /api/public/v1.0 to access it."
        return coded(.notFound, "NOT_ATLAS_GROUP", detail, id)
    }

    static func invalidAtlasGroup(_ id: String) -> Self {
        let detail = "Atlas group \(id) is in an invalid state and cannot be loaded."
        return coded(.notFound, "INVALID_ATLAS_GROUP", detail, id)
    }

    static func invalidProvider(_ name: String) -> Self {
        coded(.badRequest, "INVALID_PROVIDER", "No provider \(name) exists.", name)
    }

    static func invalidQueryParameter(_ name: String) -> Self {
        coded(.badRequest, "INVALID_QUERY_PARAMETER", "Invalid query parameter \(name) specified.", name)
    }

    static func wrongMethod(_ method: PatchbayHTTP.Method, _ allowed: [String]) -> Self {
        var error = Coded(
            status: .methodNotAllowed,
            code: "METHOD_NOT_ALLOWED",
            detail: "The method \(method.name) is not allowed for this resource.",
        )
        error.headers = [("Allow", allowed.joined(separator: ", "))]
        return .coded(error)
    }

    /// Version 1.0 counts in whole minutes, version 2 with a bucket of tokens (contract sections 4.1 and 8.15).
    fileprivate static func limit(_ allowance: Allowance, _ edition: Edition) -> Coded {
        let seconds = allowance.resetsIn
        let window = allowance.window
        var error: Coded
        switch edition {
        case .version1:
            let resource = "/api/atlas/v1.0"
            let limit = allowance.limit ?? 100
            let minutes = max(1, window / 60)
            error = Coded(
                status: .tooManyRequests,
                code: "RATE_LIMITED",
                detail: "Resource \(resource) is limited to \(limit) requests every \(minutes) minutes.",
                parameters: [.string(resource), .number(JSON.Number(limit)), .number(JSON.Number(minutes))],
            )
        case .version2:
            let resource = "api/atlas/v2/groups"
            let capacity = allowance.limit ?? 2_000
            let refill = allowance.limit ?? 1_000
            error = Coded(
                status: .tooManyRequests,
                code: "RATE_LIMITED_TOKEN_BUCKET",
                detail: "Rate limit exceeded for \(resource). Please retry after \(seconds) seconds. "
                    + "Request capacity: \(capacity). Refill rate: \(refill) per \(window) seconds.",
                parameters: [
                    .string(resource), .number(JSON.Number(seconds)), .number(JSON.Number(capacity)),
                    .number(JSON.Number(refill)), .number(JSON.Number(window)),
                ],
            )
            error.headers = [("RateLimit-Limit", String(capacity)), ("RateLimit-Remaining", "0")]
        }
        error.headers.append(("Retry-After", String(seconds)))
        return error
    }

    static func coded(_ status: Status, _ code: String, _ detail: String, _ parameters: String...) -> Self {
        .coded(Coded(status: status, code: code, detail: detail, parameters: parameters.map(JSON.string)))
    }
}

extension AtlasAPI.Failure {
    /// An error of the catalogue: its text, and the values that were put into it.
    package struct Coded: Sendable {
        var status: Status
        var code: String
        var detail: String
        var parameters: [JSON] = []
        var headers: [(name: String, value: String)] = []
    }
}

extension AtlasAPI.Failure.Coded {
    static let unauthorized = Self(
        status: .unauthorized,
        code: "USER_UNAUTHORIZED",
        detail: "Current user is not authorized to perform this action.",
    )
    static let forbidden = Self(
        status: .forbidden,
        code: "ACCESS_FORBIDDEN",
        detail: "Access to this resource is forbidden for current user.",
    )

    static func invalidGroup(_ id: String) -> Self {
        Self(
            status: .notFound,
            code: "INVALID_GROUP_ID",
            detail: "An invalid group ID \(id) was specified.",
            parameters: [.string(id)],
        )
    }

    static func malformedPath(_ path: String) -> Self {
        Self(
            status: .badRequest,
            code: "PATH_PARAM_PARSE_ERROR",
            detail: "One or more path parameter in the request URI \(path) is malformed.",
            parameters: [.string(path)],
        )
    }

    /// Five members in alphabetical order, laid out as the query asks.
    func reply(to exchange: Exchange) -> Reply {
        let content: JSON = [
            "detail": .string(detail),
            "error": .number(JSON.Number(status.code)),
            "errorCode": .string(code),
            "parameters": .array(parameters),
            "reason": .string(status.reason),
        ]
        return Reply(
            status,
            headers: [("X-Error-Code", code)] + headers,
            body: Presentation(exchange.request).body(content, status: status, exchange.quirks),
        )
    }
}
