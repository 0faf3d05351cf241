package import APIKit
internal import HTTP
internal import OTCKit

extension VPCEPAPI {
    /// The service's errors, from its table of error codes (contract `vpcep.md`, section 5).
    package struct Failure: VendorFailure {
        private let error: OTCError

        private init(_ error: OTCError) {
            self.error = error
        }

        package init(_ problem: Problem) {
            self.init(OTCError.gateway(problem) ?? Self.product(problem))
        }

        package func reply(to exchange: Exchange) -> Reply {
            error.reply(to: exchange)
        }

        static let invalidProject = Self(OTCError(.badRequest, "EndPoint.0014", "Invalid project ID."))
        static let notFound = Self(OTCError(.notFound, "EndPoint.0005", "The requested resource does not exist."))
        static let badSignature = Self(.badSignature)

        private static func product(_ problem: Problem) -> OTCError {
            switch problem {
            case .unauthenticated:
                OTCError(
                    .unauthorized,
                    "EndPoint.0003",
                    "Authentication failed or authentication information is invalid.",
                )
            case .forbidden:
                OTCError(
                    .forbidden,
                    "EndPoint.0004",
                    "Authentication information is incorrect or you have no permissions.",
                )
            case .badParameter(let name, _, _): badParameter(name)
            case .storage, .malformedEscape, .noSuchRoute, .wrongMethod:
                OTCError(.internalServerError, "EndPoint.0001", "System error. Please retry.")
            }
        }

        /// The table has a code of its own for each parameter.
        private static func badParameter(_ name: String) -> OTCError {
            let codes = [
                "limit": "EndPoint.0006", "offset": "EndPoint.0010", "sort_key": "EndPoint.0017",
                "sort_dir": "EndPoint.0018", "status": "EndPoint.0019", "marker_id": "EndPoint.0021",
            ]
            guard let code = codes[name] else { return OTCError(.badRequest, "EndPoint.0002", "Parameter error.") }
            return OTCError(.badRequest, code, "Invalid \(name).")
        }
    }
}
