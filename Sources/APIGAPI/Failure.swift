package import APIKit
internal import HTTP
internal import OTCKit

extension APIGAPI {
    /// The service's errors; where page and table differ, the page's words (contract `apig.md`, sections 5 and 8.4).
    package struct Failure: VendorFailure {
        private let error: OTCError

        private init(_ error: OTCError) {
            self.error = error
        }

        package init(_ problem: Problem) {
            self.init(OTCError.gateway(problem) ?? Self.product(problem))
        }

        package func reply(to exchange: Exchange) -> Reply {
            error.reply(to: exchange, contentType: contentType)
        }

        static let noEndpointService = Self(OTCError(.notFound, "APIC.7314", "Endpoint service not found"))
        static let badSignature = Self(.badSignature)

        private static func product(_ problem: Problem) -> OTCError {
            switch problem {
            case .unauthenticated:
                OTCError(.unauthorized, "APIC.7102", "Incorrect token or token resolution failed")
            case .forbidden:
                OTCError(.forbidden, "APIC.7106", "No permissions to request for the method")
            case .badParameter(let name, _, _):
                OTCError(
                    .badRequest,
                    "APIC.7211",
                    "Parameter value does not match the rules, parameter name[\(camelCase(name))]",
                )
            case .storage, .malformedEscape, .noSuchRoute, .wrongMethod:
                OTCError(.internalServerError, "APIC.9100", "Failed to access the database.")
            }
        }

        /// The vendor's samples name parameters as its code does: `marker_id` is `markerId`.
        private static func camelCase(_ name: String) -> String {
            let words = name.split(separator: "_")
            return words.dropFirst().reduce(String(words.first ?? "")) {
                $0 + $1.prefix(1).uppercased() + $1.dropFirst()
            }
        }
    }
}
