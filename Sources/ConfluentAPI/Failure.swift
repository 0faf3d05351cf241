package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    /// Confluent's errors, one object each in a list (contract `confluent.md`, section 5).
    package struct Failure: VendorFailure {
        /// What the error is about: a query parameter, or a place in the body.
        private typealias Source = (name: String, value: String)

        private var status: Status
        private var code: String
        private var title: String
        /// One for each object of the answer.
        private var faults: [(detail: String, source: Source?)]
        private var headers: [(name: String, value: String)] = []

        private init(_ status: Status, _ code: String, _ title: String, _ detail: String, _ source: Source? = nil) {
            self.status = status
            self.code = code
            self.title = title
            faults = [(detail, source)]
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
            case .rateLimited(let allowance):
                self.init(.tooManyRequests, "rate_limit_exceeded", "Too Many Requests", "The rate limit is exceeded")
                headers = [
                    ("X-RateLimit-Limit", String(allowance.limit ?? 100)), ("X-RateLimit-Remaining", "0"),
                    ("X-RateLimit-Reset", String(allowance.resetsIn)), ("Retry-After", String(allowance.resetsIn)),
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
            return Self(.badRequest, "invalid_filter", "Invalid Filter", detail, ("parameter", name))
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

        static func noConnection(_ name: String) -> Self {
            Self(.notFound, "resource_not_found", "Not Found", "Connection resource=\(name) does not exist")
        }

        static func noStatement(_ name: String) -> Self {
            Self(.notFound, "resource_not_found", "Not Found", "Statement resource=\(name) does not exist")
        }

        static func noPool(_ id: String) -> Self {
            Self(.notFound, "resource_not_found", "Not Found", "Compute pool \(id) does not exist")
        }

        /// A name that another connection has, whose address is told.
        static func exists(_ name: String, at address: String) -> Self {
            let detail = "The connection '\(name)' already exists."
            var failure = Self(.conflict, "resource_already_exists", "Resource Already exists", detail)
            failure.headers = [("Location", address)]
            return failure
        }

        /// A version that is no longer the connection's.
        static func stale(_ version: String) -> Self {
            let detail = "The resource version '\(version)' is stale"
            return Self(.conflict, "conflict", "Conflict", detail, ("pointer", "/metadata/resource_version"))
        }

        /// A body that is JSON, and no object of which each member has one value.
        static func badBody(_ reason: String) -> Self {
            Self(.badRequest, "invalid_request_body", "Bad Request", "The body \(reason)")
        }

        /// Members of a body that are not what they have to be.
        static func invalid(_ violations: [Violation], _ status: Status) -> Self {
            var failure = Self(status, "invalid_configuration", "Validation Failed", "")
            failure.faults = violations.map { violation in
                let name = violation.pointer.tokens.joined(separator: ".")
                return ("\(name) \(violation.reason)", ("pointer", violation.pointer.description))
            }
            return failure
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
            return Self(.badRequest, code, title, detail, ("parameter", name))
        }

        package static let catalogue: [(name: String, failure: Self)] = [
            ("invalid_filter", undeclaredFilter("num_doors")),
            ("invalid_filter value", badParameter(Paging.connectionType.name, "FOO")),
            ("invalid_page_size", badParameter(Paging.pageSize.name, "0")),
            ("invalid_page_token", badPageToken),
            ("invalid_request_body", Self(.malformedBody(reason: "unexpected end", line: 1, column: 2))),
            ("invalid_configuration", invalid([Violation(at: JSON.Pointer(["name"]), "is missing")], .badRequest)),
            ("unsupported_media_type", Self(.unsupportedMediaType("text/plain"))),
            ("user_unauthenticated", Self(.unauthenticated)),
            ("user_unauthorized", forbidden(user: "key", resource: "env-123")),
            ("resource_not_found", noEnvironment("env-nope")),
            ("resource_not_found connection", noConnection("my-connection")),
            ("resource_not_found statement", noStatement("my-statement")),
            ("resource_not_found pool", noPool("lfcp-1")),
            ("route_not_found", Self(.noSuchRoute(path: ""))),
            ("method_not_allowed", Self(.wrongMethod(.patch, allowed: ["GET", "HEAD"]))),
            ("resource_already_exists", exists("my-connection", at: "http://localhost/my-connection")),
            ("conflict", stale("1")),
            (
                "invalid_configuration of a new one",
                invalid([Violation(at: JSON.Pointer(["name"]), "is missing")], .unprocessableContent)
            ),
            ("rate_limit_exceeded", Self(.rateLimited(.usedUp()))),
            ("internal_server_error", Self(.storage(""))),
        ]

        package func reply(to exchange: Exchange) -> Reply {
            let isOwn = exchange.quirks.take(Quirks.errorID, "own")
            // The first object has the request's identifier, each further one its own.
            let objects = faults.enumerated().map { number, fault -> JSON in
                let id = number == 0 && !isOwn ? exchange.id : exchange.id.further(number)
                guard status != .unauthorized || !exchange.quirks.take(Quirks.unauthenticated, "terse") else {
                    return ["id": .string(id.uuid), "status": "401", "detail": "Unauthorized", "source": [:]]
                }
                var error: JSON.Object = [
                    "id": .string(id.uuid),
                    "status": .string(String(status.code)),
                    "code": .string(code),
                    "title": .string(title),
                    "detail": .string(fault.detail),
                ]
                if let source = fault.source { error["source"] = [source.name: .string(source.value)] }
                return .object(error)
            }
            return Reply(status, headers: headers, json: ["errors": .array(objects)])
        }
    }
}
