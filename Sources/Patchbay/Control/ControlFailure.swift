internal import APIKit
internal import HTTP
internal import JSON

extension ControlAPI {
    /// The control plane's errors: problem details (RFC 9457).
    struct Failure: VendorFailure {
        private var status: Status
        private var detail: String
        private var headers: [(name: String, value: String)] = []

        private init(_ status: Status, _ detail: String) {
            self.status = status
            self.detail = detail
        }

        init(_ problem: Problem) {
            switch problem {
            case .noSuchRoute(let path): self.init(.notFound, "There is no call \(path).")
            case .wrongMethod(let method, let allowed):
                self.init(.methodNotAllowed, "The method \(method.name) is none of \(allowed.joined(separator: ", ")).")
                headers = [("Allow", allowed.joined(separator: ", "))]
            case .malformedEscape: self.init(.badRequest, "A % is not followed by two hexadecimal digits.")
            case .unauthenticated: self.init(.unauthorized, "Credentials are missing.")
            case .forbidden: self.init(.forbidden, "The call is not allowed.")
            case .badParameter(let name, let value, let reason):
                self.init(.badRequest, "The parameter \(name) \(reason), not \"\(value)\".")
            case .malformedBody(let reason, let line, let column):
                self.init(.badRequest, "The body is no JSON: line \(line), column \(column): \(reason)")
            case .unsupportedMediaType(let type):
                self.init(.unsupportedMediaType, "The body is \(type) where application/json belongs.")
            case .rateLimited: self.init(.tooManyRequests, "There are too many requests.")
            case .storage(let reason): self.init(.internalServerError, "The store failed: \(reason)")
            }
        }

        static func refused(_ reason: String) -> Self { Self(.forbidden, reason) }

        static func noDescription(_ file: String, among names: [String]) -> Self {
            Self(
                .notFound,
                "There is no description \(file); there are \(names.map { $0 + ".json" }.joined(separator: ", "))."
            )
        }

        static func badBody(_ reason: String) -> Self { Self(.badRequest, "The body \(reason).") }

        static func noTenant(_ name: String) -> Self { Self(.notFound, "No tenant is called \(name).") }

        static func severalTenants(_ name: String, of apis: [String]) -> Self {
            let list = apis.joined(separator: ", ")
            return Self(.badRequest, "Several APIs have a tenant called \(name), \(list): name one of them with api=.")
        }

        static func noResource(_ path: [String]) -> Self {
            Self(.notFound, "There is no resource \(path.joined(separator: "/")).")
        }

        static func noStep(_ event: String?, in state: String, possible: [String]) -> Self {
            let what = event.map { "\($0) cannot happen" } ?? "Nothing comes by itself"
            let others = possible.isEmpty ? "nothing can" : "what can is \(possible.joined(separator: ", "))"
            return Self(.conflict, "\(what) in the state \(state.isEmpty ? "of this resource" : state); \(others).")
        }

        static let notReady = Self(.serviceUnavailable, "The seeds are still being loaded.")

        func reply(to exchange: Exchange) -> Reply {
            Reply(
                status,
                headers: headers,
                contentType: "application/problem+json",
                json: Problem.document(status, detail),
            )
        }
    }
}
