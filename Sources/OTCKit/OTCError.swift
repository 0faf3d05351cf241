package import APIKit
package import HTTP
internal import JSON

/// An error of an Open Telekom Cloud service, or of the cloud's gateway that stands before all of them.
///
/// Both envelopes are flat. The gateway writes the message first and repeats the request's identifier
/// (contracts `vpcep.md` and `apig.md`, sections 2.4 and 5).
package struct OTCError: Error, Sendable {
    /// The status.
    package var status: Status
    /// `EndPoint.0005`, `APIC.7314`, `APIGW.0101`.
    package var code: String
    /// The text, which clients do not rely on.
    package var message: String
    /// Whether the cloud's gateway answers, not the service.
    package var isGateway = false

    /// An error of a service.
    package init(_ status: Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// The gateway's errors, which are the same before every service; `nil` for what it does not answer itself.
    package static func gateway(_ problem: Problem) -> OTCError? {
        switch problem {
        case .malformedEscape: gateway(.badRequest, "APIGW.0201", "API request error.")
        case .noSuchRoute, .wrongMethod:
            gateway(
                .notFound,
                "APIGW.0101",
                "The API does not exist or has not been published in the environment",
            )
        default: nil
        }
    }

    /// A signature that cannot be verified, because it is not one.
    package static let badSignature = gateway(
        .unauthorized,
        "APIGW.0301",
        "Incorrect IAM authentication information: verify aksk signature fail",
    )

    private static func gateway(_ status: Status, _ code: String, _ message: String) -> OTCError {
        var error = OTCError(status, code, message)
        error.isGateway = true
        return error
    }

    /// The answer.
    ///
    /// - Parameters:
    ///   - exchange: what is answered.
    ///   - contentType: the service's media type.
    /// - Returns: the answer.
    package func reply(to exchange: Exchange, contentType: String = "application/json") -> Reply {
        let body: JSON =
            isGateway
            ? [
                "error_msg": .string(message), "error_code": .string(code),
                "request_id": .string(exchange.id.hexadecimal),
            ]
            : ["error_code": .string(code), "error_msg": .string(message)]
        return Reply(status, contentType: contentType, json: body)
    }
}
