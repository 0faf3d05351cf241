package import APIKit
internal import HTTP
internal import JSON

extension ConfluentAPI {
    /// Confluent's errors, one object each in a list (contract `confluent.md`, section 5).
    package struct Failure: VendorFailure {
        private var status: Status
        private var code: String
        private var title: String
        private var detail: String
        private var parameter: String?
        private var headers: [(name: String, value: String)] = []

        private init(_ status: Status, _ code: String, _ title: String, _ detail: String, parameter: String? = nil) {
            self.status = status
            self.code = code
            self.title = title
            self.detail = detail
            self.parameter = parameter
        }

        package init(_ problem: Problem) {
            switch problem {
            case .noSuchRoute: self.init(.notFound, "route_not_found", "Not Found", "Route not found")
            case .wrongMethod(let method, let allowed):
                let detail = "The method \(method.name) is not supported here"
                self.init(.methodNotAllowed, "method_not_allowed", "Method Not Allowed", detail)
                headers = [("Allow", allowed.joined(separator: ", "))]
            case .unauthenticated:
                let detail = "Valid authentication credentials must be provided"
                self.init(.unauthorized, "user_unauthenticated", "Authentication Required", detail)
                let challenge = #"Basic error="invalid_key", error_description="The API Key is invalid""#
                headers = [("WWW-Authenticate", challenge)]
            case .forbidden: self = .forbidden(user: "", resource: "")
            case .rateLimited(let seconds):
                self.init(.tooManyRequests, "rate_limit_exceeded", "Too Many Requests", "The rate limit is exceeded")
                headers = [
                    ("X-RateLimit-Limit", "100"), ("X-RateLimit-Remaining", "0"),
                    ("X-RateLimit-Reset", String(seconds)), ("Retry-After", String(seconds)),
                ]
            case .badParameter(let name, let value, _):
                self = Self.badParameter(name, value)
            case .malformedBody(let reason, let line, let column):
                let detail = "The body is no JSON: \(reason) at line \(line), column \(column)"
                self.init(.badRequest, "invalid_request_body", "Bad Request", detail)
            case .unsupportedMediaType:
                let detail = "The media type is not supported"
                self.init(.unsupportedMediaType, "unsupported_media_type", "Unsupported Media Type", detail)
            case .malformedEscape, .storage:
                let detail = "An internal error occurred"
                self.init(.internalServerError, "internal_server_error", "Internal Server Error", detail)
            }
        }

        /// A parameter that the operation does not declare: no connection has such a member to filter by.
        static func undeclaredFilter(_ name: String) -> Self {
            let detail = "The 'connection' resource can't be filtered by '\(name)'"
            return Self(.badRequest, "invalid_filter", "Invalid Filter", detail, parameter: name)
        }

        /// A credential that does not reach a resource.
        static func forbidden(user: String, resource: String) -> Self {
            let detail = "The user '\(user)' is not allowed to access the '\(resource)' resource."
            return Self(.forbidden, "user_unauthorized", "User Access Unauthorized", detail)
        }

        static let badPageToken = badParameter(Paging.pageToken.name, "")

        static func noOrganization(_ id: String) -> Self {
            Self(.notFound, "resource_not_found", "Not Found", "Organization \(id) does not exist")
        }

        static func noEnvironment(_ id: String) -> Self {
            Self(.notFound, "resource_not_found", "Not Found", "Environment \(id) does not exist")
        }

        private static func badParameter(_ name: String, _ value: String) -> Self {
            let (code, title, detail) =
                switch name {
                case Paging.connectionType.name:
                    (
                        "invalid_filter", "Invalid Filter", "The value '\(value)' is not a valid \(name)",
                    )
                case Paging.pageSize.name:
                    (
                        "invalid_page_size", "Bad Request", "page_size must be an integer between 1 and 100",
                    )
                default: ("invalid_page_token", "Bad Request", "The page_token is invalid")
                }
            return Self(.badRequest, code, title, detail, parameter: name)
        }

        package static let catalogue: [(name: String, failure: Self)] = [
            ("invalid_filter", undeclaredFilter("num_doors")),
            ("invalid_filter value", badParameter(Paging.connectionType.name, "FOO")),
            ("invalid_page_size", badParameter(Paging.pageSize.name, "0")),
            ("invalid_page_token", badPageToken),
            ("invalid_request_body", Self(.malformedBody(reason: "unexpected end", line: 1, column: 2))),
            ("unsupported_media_type", Self(.unsupportedMediaType("text/plain"))),
            ("user_unauthenticated", Self(.unauthenticated)),
            ("user_unauthorized", forbidden(user: "key", resource: "env-123")),
            ("resource_not_found", noEnvironment("env-nope")),
            ("route_not_found", Self(.noSuchRoute(path: ""))),
            ("method_not_allowed", Self(.wrongMethod(.patch, allowed: ["GET", "HEAD"]))),
            ("rate_limit_exceeded", Self(.rateLimited(retryAfter: 60))),
            ("internal_server_error", Self(.storage(""))),
        ]

        package func reply(to exchange: Exchange) -> Reply {
            let id = exchange.quirks.take(Quirks.errorID, "own") ? exchange.id.further.uuid : exchange.id.uuid
            if status == .unauthorized, exchange.quirks.take(Quirks.unauthenticated, "terse") {
                let error: JSON = ["id": .string(id), "status": "401", "detail": "Unauthorized", "source": [:]]
                return Reply(status, headers: headers, json: ["errors": [error]])
            }
            var error: JSON.Object = [
                "id": .string(id),
                "status": .string(String(status.code)),
                "code": .string(code),
                "title": .string(title),
                "detail": .string(detail),
            ]
            if let parameter { error["source"] = ["parameter": .string(parameter)] }
            return Reply(status, headers: headers, json: ["errors": [.object(error)]])
        }
    }
}
