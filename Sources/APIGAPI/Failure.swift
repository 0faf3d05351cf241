package import PatchbayAPIKit
internal import PatchbayHTTP
package import PatchbayOTCKit

extension APIGAPI {
    /// The service's errors; where page and table differ, the page's words (contract `apig.md`, sections 5 and 8.4).
    package struct Failure: OTCFailure {
        package let fault: OTCFault

        package init(_ fault: OTCFault) {
            self.fault = fault
        }

        package func reply(to exchange: Exchange) -> Reply {
            var error = error(in: exchange, gateway)
            if exchange.quirks.take(Quirks.messages, "table"), let message = Self.tableMessages[error.code] {
                error.message = message
            }
            return error.reply(to: exchange, contentType: contentType)
        }

        package static func error(for problem: Problem) -> OTCError {
            switch problem {
            case .unauthenticated: unauthenticated
            case .forbidden: forbidden
            case .badParameter(let name, _, _): badParameter(name)
            case .malformedBody: badParameter("body")
            case .rateLimited, .storage, .unsupportedMediaType, .malformedEscape, .noSuchRoute, .wrongMethod:
                databaseError
            }
        }
    }
}

extension APIGAPI.Failure {
    static let unauthenticated = OTCError(
        .unauthorized,
        "APIC.7102",
        "Incorrect token or token resolution failed",
    )
    static let forbidden = OTCError(.forbidden, "APIC.7106", "No permissions to request for the method")
    private static let databaseError = OTCError(
        .internalServerError,
        "APIC.9100",
        "Failed to access the database.",
    )

    static let noEndpointService = coded(.notFound, "APIC.7314", "Endpoint service not found")
    static let noInstance = coded(.notFound, "APIC.7302", "Instance not found")
    static let noSpecification = coded(.notFound, "APIC.7301", "Instance spec not found")
    static let nameExists = coded(.badRequest, "APIC.7500", "The gateway name already exists.")
    static let tooMany = coded(.forbidden, "APIC.7400", "Maximum number of gateways reached.")
    static let statusConflict = coded(.conflict, "APIC.7701", "Instance status conflict.")
    /// The letters are in the vendor's order.
    static let vpcepFailed = coded(.internalServerError, "APIC.9007", "Failed to execute VCPEP request")

    /// What is wrong is a member of a body, or the body as a whole.
    static func badMember(_ name: String) -> Self { Self(.coded(badParameter(name))) }

    /// The words of the table of error codes, where the page has others.
    private static let tableMessages = [
        "APIC.7102": "Incorrect token or token resolution failure",
        "APIC.7106": "Operation restricted. Check at My Account.",
        "APIC.7314": "The VPC Endpoint of the gateway does not exist.",
        "APIC.9007": "Failed to access VPCEP",
    ]

    private static func badParameter(_ name: String) -> OTCError {
        let message = "Parameter value does not match the rules, parameter name[\(camelCase(name))]"
        return OTCError(.badRequest, "APIC.7211", message)
    }

    /// The vendor's samples name parameters as its code does: `marker_id` is `markerId`.
    private static func camelCase(_ name: String) -> String {
        let words = name.split(separator: "_")
        return words.dropFirst().reduce(String(words.first ?? "")) {
            $0 + $1.prefix(1).uppercased() + $1.dropFirst()
        }
    }

    private static let table: [OTCError] = [
        tokenMissing, tokenExpired, unauthenticated, tokenWithoutProject, forbidden,
        OTCError(.badRequest, "APIC.7241", "An enterprise project ID must be specified if you are an enterprise user."),
        OTCError(.badRequest, "APIC.7505", "The gateway ID already exists."),
        OTCError(.badRequest, "APIC.9206", "Failed to create the gateway."),
        OTCError(.badRequest, "APIC.9218", "Create instance failed due to insufficient quota."),
        OTCError(.badRequest, "APIC.9219", "Create instance failed due to insufficient resources."),
        OTCError(.unauthorized, "APIC.7105", "Token contains no user information."),
        OTCError(.unauthorized, "APIC.7107", "Token contains no role information."),
        OTCError(.conflict, "APIC.7712", "The gateway operation has already been locked."),
        OTCError(
            .forbidden,
            "APIC.7110",
            "Your account only has read permissions and can only send GET requests.",
        ),
        OTCError(.internalServerError, "APIC.9005", "Order creation failed."),
        OTCError(.internalServerError, "APIC.9200", "Failed to query AZ information."),
        OTCError(.forbidden, "APIC.7109", "Access denied because your account is suspended."),
        OTCError(.forbidden, "APIC.7111", "The requested resource does not belong to your account."),
        OTCError(.forbidden, "APIC.7118", "User domain does not match."),
        otherProject,
        OTCError(.forbidden, "APIC.7134", "No permissions to access this enterprise project."),
        badParameter("limit"),
        OTCError(.internalServerError, "APIC.7253", "Internal configuration error."),
        noPermission("You do not have permission to perform action {x} on resource {x}."),
        OTCError(.internalServerError, "APIC.9000", "Failed to request internal service"),
        databaseError,
        OTCError(.internalServerError, "APIC.9999", "System error. Contact technical support."),
    ]

    package static let catalogue: [(name: String, failure: Self)] =
        (table.map { ($0.code, Self(.coded($0))) }
        + [
            ("APIC.7301", noSpecification), ("APIC.7302", noInstance), ("APIC.7314", noEndpointService),
            ("APIC.7400", tooMany), ("APIC.7500", nameExists), ("APIC.7701", statusConflict),
            ("APIC.9007", vpcepFailed),
        ]
        + OTCError.gatewayCatalogue.map { ($0.name, Self(.coded($0.error))) })
        .led(by: ["APIC.7211", "APIC.7102", "APIC.7314", "APIC.7701", "APIC.9100"])
}
