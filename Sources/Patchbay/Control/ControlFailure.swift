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
