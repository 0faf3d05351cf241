package import PatchbayAPIKit
package import PatchbayHTTP

/// A service's errors: it says what they are, and the cloud's gateway answers what it does not leave to the service.
package protocol OTCFailure: VendorFailure {
    /// What went wrong.
    var fault: OTCFault { get }

    /// Names what went wrong.
    init(_ fault: OTCFault)

    /// The service's own error for a general problem.
    static func error(for problem: Problem) -> OTCError
    /// The service's own error for a refusal that is not about a signature.
    static func error(for refusal: OTCRefusal, _ quirks: Readings) -> OTCError
}

/// What went wrong with a request to an Open Telekom Cloud service.
package enum OTCFault: Sendable {
    /// A general problem.
    case problem(Problem)
    /// Credentials that are not taken, or do not suffice.
    case refusal(OTCRefusal)
    /// An error of a table or of a page.
    case coded(OTCError)
}

extension OTCFailure {
    package init(_ problem: Problem) { self.init(.problem(problem)) }

    /// The service's error for a refusal.
    package init(_ refusal: OTCRefusal) { self.init(.refusal(refusal)) }

    /// An error of a table or of a page.
    package static func coded(_ status: Status, _ code: String, _ message: String) -> Self {
        Self(.coded(OTCError(status, code, message)))
    }

    /// The error, by the readings in force.
    package func error(in exchange: Exchange, _ gateway: GatewayQuirks) -> OTCError {
        switch fault {
        case .problem(let problem):
            OTCError.gateway(problem, exchange.quirks, gateway) ?? Self.error(for: problem)
        case .refusal(let refusal):
            OTCError.signature(refusal, exchange, gateway) ?? Self.error(for: refusal, exchange.quirks)
        case .coded(let error): error
        }
    }
}
