package import APIKit
internal import HTTP
internal import JSON

extension AtlasAPI {
    /// Atlas's errors (contract `atlas.md`, sections 2.1 and 5).
    package enum Failure: VendorFailure {
        /// Asks for credentials; stale when those sent would be right with a fresh nonce.
        case challenge(isStale: Bool)
        /// An error of the catalogue.
        case coded(Coded)

        /// An error of the catalogue: its text, and the values that were put into it.
        package struct Coded: Sendable {
            var status: Status
            var code: String
            var detail: String
            var parameters: [String] = []
            var allowed: [String] = []
        }

        package init(_ problem: Problem) {
            switch problem {
            case .unauthenticated: self = .challenge(isStale: false)
            case .noSuchRoute(let path): self = .coded(.notFound(path))
            // A malformed escape is text as received, for this API.
            case .malformedEscape: self = .coded(.unexpected)
            case .wrongMethod(let method, let allowed):
                self = .coded(
                    Coded(
                        status: .methodNotAllowed,
                        code: "METHOD_NOT_ALLOWED",
                        detail: "The method \(method.name) is not allowed for this resource.",
                        allowed: allowed,
                    )
                )
            case .forbidden: self = .coded(.unauthorized)
            case .badParameter("providerName", let value, _): self = .coded(.invalidProvider(value))
            case .badParameter(let name, _, _): self = .coded(.invalidQueryParameter(name))
            case .storage: self = .coded(.unexpected)
            }
        }

        static func invalidGroup(_ id: String) -> Self {
            let detail = "An invalid group ID \(id) was specified."
            return .coded(Coded(status: .notFound, code: "INVALID_GROUP_ID", detail: detail, parameters: [id]))
        }

        static func groupNotFound(_ id: String) -> Self {
            let detail = "No group with ID \(id) exists."
            return .coded(Coded(status: .notFound, code: "GROUP_NOT_FOUND", detail: detail, parameters: [id]))
        }

        package func reply(to exchange: Exchange) -> Reply {
            switch self {
            case .challenge(let isStale): Self.challenge(isStale: isStale, exchange)
            case .coded(let error): error.reply(to: exchange)
            }
        }

        /// Always laid out over several lines, whatever the query says, and with members in an order of its own.
        private static func challenge(isStale: Bool, _ exchange: Exchange) -> Reply {
            let nonce = DigestNonce(issuedAt: exchange.now, id: exchange.id).text
            let challenge =
                #"Digest realm="\#(realm)", domain="", nonce="\#(nonce)", algorithm=MD5, qop="auth", stale=\#(isStale)"#
            let body: JSON = [
                "error": 401,
                "reason": "Unauthorized",
                "detail": "You are not authorized for this resource.",
                "errorCode": "UNEXPECTED_ERROR",
            ]
            var bytes: [UInt8] = []
            body.writePretty(into: &bytes)
            return Reply(.unauthorized, headers: [("WWW-Authenticate", challenge)], body: bytes)
        }
    }
}

extension AtlasAPI.Failure.Coded {
    static let unexpected = Self(status: .internalServerError, code: "UNEXPECTED_ERROR", detail: "Unexpected error.")
    static let unauthorized = Self(
        status: .unauthorized,
        code: "USER_UNAUTHORIZED",
        detail: "Current user is not authorized to perform this action.",
    )

    static func notFound(_ path: String) -> Self {
        Self(
            status: .notFound,
            code: "RESOURCE_NOT_FOUND",
            detail: "Cannot find resource \(path).",
            parameters: [path],
        )
    }

    static func invalidProvider(_ name: String) -> Self {
        Self(status: .badRequest, code: "INVALID_PROVIDER", detail: "No provider \(name) exists.", parameters: [name])
    }

    static func invalidQueryParameter(_ name: String) -> Self {
        Self(
            status: .badRequest,
            code: "INVALID_QUERY_PARAMETER",
            detail: "Invalid query parameter \(name) specified.",
            parameters: [name],
        )
    }

    /// Five members in alphabetical order, laid out as the query asks.
    func reply(to exchange: Exchange) -> Reply {
        let content: JSON = [
            "detail": .string(detail),
            "error": .number(JSON.Number(status.code)),
            "errorCode": .string(code),
            "parameters": .array(parameters.map(JSON.string)),
            "reason": .string(status.reason),
        ]
        let allow = allowed.isEmpty ? [] : [(name: "Allow", value: allowed.joined(separator: ", "))]
        return Reply(
            status,
            headers: [("X-Error-Code", code)] + allow,
            body: Presentation(exchange.request).body(content, status: status),
        )
    }
}
