package import PatchbayAPIKit
package import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

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
    /// Headers of this error alone.
    package var headers: [(name: String, value: String)] = []

    /// An error of a service.
    package init(_ status: Status, _ code: String, _ message: String) {
        self.status = status
        self.code = code
        self.message = message
    }

    /// How a service writes its own errors.
    package enum Envelope: Sendable {
        /// `error_code` and `error_msg`, as the pages of error codes have it.
        case flat
        /// `error` with `code` and `message`, as the generated pages have it.
        case nested
        /// `error` with the status for a code, `message` and `title`, as the identity service has it.
        case titled
    }

    /// The answer.
    ///
    /// - Parameters:
    ///   - exchange: what is answered.
    ///   - contentType: the service's media type.
    ///   - envelope: how the service writes its own errors.
    /// - Returns: the answer.
    package func reply(
        to exchange: Exchange,
        contentType: String = "application/json",
        envelope: Envelope = .flat,
    ) -> Reply {
        Reply(status, headers: headers, contentType: contentType, json: body(exchange, envelope))
    }

    private func body(_ exchange: Exchange, _ envelope: Envelope) -> JSON {
        let (code, message) = (JSON.string(code), JSON.string(message))
        if isGateway {
            return ["error_msg": message, "error_code": code, "request_id": .string(exchange.id.hexadecimal)]
        }
        switch envelope {
        case .flat: return ["error_code": code, "error_msg": message]
        case .nested: return ["error": ["code": code, "message": message]]
        case .titled:
            let number = JSON.number(JSON.Number(status.code))
            return ["error": ["code": number, "message": message, "title": .string(status.reason)]]
        }
    }
}

/// The gateway's errors, which are the same before every service.
extension OTCError {
    package static func gateway(_ status: Status, _ code: String, _ message: String) -> OTCError {
        var error = OTCError(status, code, message)
        error.isGateway = true
        return error
    }

    private static let noSuchAPI = gateway(
        .notFound,
        "APIGW.0101",
        "The API does not exist or has not been published in the environment",
    )
    private static let malformedRequest = gateway(.badRequest, "APIGW.0201", "API request error.")
    private static let bodyTooLarge = gateway(.contentTooLarge, "APIGW.0201", "Request entity too large.")
    private static let targetTooLong = gateway(.uriTooLong, "APIGW.0201", "Request URI too large.")
    private static let headersTooLarge = gateway(
        Status(494, reason: "Request Header Too Large"),
        "APIGW.0201",
        "Request headers too large.",
    )

    /// The gateway's errors for what is too large to be a request; `nil` for anything else that is none.
    package static func tooLarge(_ status: Status) -> OTCError? {
        switch status {
        case .contentTooLarge: bodyTooLarge
        case .uriTooLong: targetTooLong
        case .requestHeaderFieldsTooLarge: headersTooLarge
        default: nil
        }
    }

    private static let throttled = gateway(
        .tooManyRequests,
        "APIGW.0308",
        "The throttling threshold has been reached",
    )

    /// What the gateway can answer to any operation, by code and cause.
    package static let gatewayCatalogue: [(name: String, error: OTCError)] = [
        ("APIGW.0101", noSuchAPI),
        ("APIGW.0201", malformedRequest),
        ("APIGW.0201 body too large", bodyTooLarge),
        ("APIGW.0201 target too long", targetTooLong),
        ("APIGW.0201 headers too large", headersTooLarge),
        ("APIGW.0201 backend unavailable", gateway(.badGateway, "APIGW.0201", "Backend unavailable.")),
        ("APIGW.0201 backend timeout", gateway(.gatewayTimeout, "APIGW.0201", "Backend timeout.")),
        ("APIGW.0301", unauthenticated("verify aksk signature fail")),
        ("APIGW.0302", gateway(.forbidden, "APIGW.0302", "The IAM user is not authorized to access the API")),
        ("APIGW.0306", gateway(.forbidden, "APIGW.0306", "API access denied")),
        ("APIGW.0307", gateway(.unauthorized, "APIGW.0307", "The token must be updated")),
        ("APIGW.0308", throttled),
        ("APIGW.0601", gateway(.internalServerError, "APIGW.0601", "Internal server error.")),
    ]

    /// The gateway's errors for general problems; `nil` for what it leaves to the service.
    package static func gateway(_ problem: Problem, _ quirks: Readings, _ choices: GatewayQuirks) -> OTCError? {
        switch problem {
        case .malformedEscape: return malformedRequest
        case .noSuchRoute: return noSuchAPI
        case .wrongMethod(_, let allowed):
            guard quirks.take(choices.wrongMethod, "405") else { return noSuchAPI }
            var error = noSuchAPI
            error.status = .methodNotAllowed
            error.headers = [("Allow", allowed.joined(separator: ", "))]
            return error
        case .rateLimited: return throttled
        default: return nil
        }
    }

    /// The gateway's errors for signatures, which every service leaves to it; `nil` for other refusals.
    package static func signature(
        _ refusal: OTCRefusal,
        _ exchange: Exchange,
        _ choices: GatewayQuirks
    ) -> OTCError? {
        switch refusal {
        case .malformedSignature: return unauthenticated("verify aksk signature fail")
        case .unknownAccessKey(let key): return unauthenticated("Get secretKey failed,ak:\(key),err:ak not exist")
        case .wrongSignature(let canonical): return wrongSignature(canonical)
        case .staleSignature(let date, let canonical):
            guard exchange.quirks.take(choices.staleSignature, "named") else { return wrongSignature(canonical) }
            let now = OTCSignature.dateText(exchange.now)
            let times = "signature time:\(date),server time:\(now)"
            return unauthenticated("calc aksk signature fail:signature expired, \(times)")
        default: return nil
        }
    }

    private static func wrongSignature(_ canonicalRequest: String) -> OTCError {
        let line = canonicalRequest.replacing("\n", with: "|")
        return unauthenticated("verify aksk signature fail, canonicalRequest:\(line)")
    }

    /// What the gateway says where it, and not the service, looks at tokens and permissions.
    package static func gateway(_ refusal: OTCRefusal) -> OTCError {
        switch refusal {
        case .missing: unauthenticated("x-auth-token not found")
        case .expiredToken(let expiry):
            unauthenticated("token expires, expires_at: \(expiry.text(fractionDigits: 0))")
        case .revokedToken: gateway(.unauthorized, "APIGW.0307", "The token must be updated")
        case .noProject, .foreignProject:
            gateway(.forbidden, "APIGW.0302", "The IAM user is not authorized to access the API")
        case .noPermission: gateway(.forbidden, "APIGW.0306", "API access denied")
        default: unauthenticated("decrypt token fail")
        }
    }

    private static func unauthenticated(_ reason: String) -> OTCError {
        gateway(.unauthorized, "APIGW.0301", "Incorrect IAM authentication information: \(reason)")
    }
}
