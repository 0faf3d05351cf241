package import APIKit
internal import HTTP
package import OTCKit

extension VPCEPAPI {
    /// The service's errors, from its table of error codes (contract `vpcep.md`, section 5).
    package struct Failure: OTCFailure {
        package let fault: OTCFault

        package init(_ fault: OTCFault) {
            self.fault = fault
        }

        package func reply(to exchange: Exchange) -> Reply {
            let isNested = exchange.quirks.take(Quirks.errorEnvelope, "nested")
            return error(in: exchange, gateway).reply(to: exchange, envelope: isNested ? .nested : .flat)
        }

        package static func error(for problem: Problem) -> OTCError {
            switch problem {
            case .unauthenticated: unauthenticated
            case .forbidden: forbidden
            case .badParameter(let name, _, _): badParameter(name)
            case .malformedBody: invalidRequest
            case .rateLimited, .storage, .unsupportedMediaType, .malformedEscape, .noSuchRoute, .wrongMethod:
                systemError
            }
        }
    }
}

extension VPCEPAPI.Failure {
    static let unauthenticated = OTCError(
        .unauthorized,
        "EndPoint.0003",
        "Authentication failed or authentication information is invalid.",
    )
    static let forbidden = OTCError(
        .forbidden,
        "EndPoint.0004",
        "Authentication information is incorrect or you have no permissions.",
    )
    private static let invalidRequest = OTCError(.badRequest, "EndPoint.1004", "Invalid request.")
    private static let systemError = OTCError(
        .internalServerError,
        "EndPoint.0001",
        "System error. Please retry.",
    )

    static let invalidProject = coded(.badRequest, "EndPoint.0014", "Invalid project ID.")
    static let invalidService = coded(.badRequest, "EndPoint.3062", "Invalid endpoint service ID.")
    static let noService = coded(.badRequest, "EndPoint.2003", "The endpoint service does not exist.")
    static let notFound = coded(.notFound, "EndPoint.0005", "The requested resource does not exist.")

    /// The table has a code of its own for each parameter.
    private static let parameterCodes = [
        "id": "EndPoint.2017", "marker_id": "EndPoint.0021", "status": "EndPoint.0019", "sort_key": "EndPoint.0017",
        "sort_dir": "EndPoint.0018", "limit": "EndPoint.0006", "offset": "EndPoint.0010",
    ]

    private static func badParameter(_ name: String) -> OTCError {
        guard let code = parameterCodes[name] else {
            return OTCError(.badRequest, "EndPoint.0002", "Parameter error.")
        }
        return OTCError(.badRequest, code, name == "id" ? "Invalid endpoint ID." : "Invalid \(name).")
    }

    private static let table: [OTCError] =
        [
            systemError, badParameter(""), invalidRequest, unauthenticated, forbidden,
            OTCError(.gatewayTimeout, "EndPoint.0013", "The request timed out."),
            OTCError(.badRequest, "EndPoint.0022", "The number of requests exceeded the limit. Please try later."),
        ] + parameterCodes.keys.sorted().map(badParameter)

    package static let catalogue: [(name: String, failure: Self)] =
        table.map { ($0.code, Self(.coded($0))) } + [
            ("EndPoint.0005", notFound), ("EndPoint.0014", invalidProject), ("EndPoint.2003", noService),
            ("EndPoint.3062", invalidService),
        ] + OTCError.gatewayCatalogue.map { ($0.name, Self(.coded($0.error))) }
}
