internal import APIKit
internal import HTTP
package import OTCKit

/// Tokens and signatures, which all Open Telekom Cloud services take, and this one's words for refusing them
/// (contract `vpcep.md`, section 2.4).
extension VPCEPAPI.Failure {
    package init(_ refusal: OTCRefusal) {
        self = .refusal(refusal)
    }

    package init(gateway error: OTCError) {
        self = .coded(error)
    }

    /// The service's own errors, or the gateway's in their place.
    static func error(_ refusal: OTCRefusal, _ exchange: Exchange) -> OTCError {
        if let error = OTCError.signature(refusal, exchange, VPCEPAPI.gateway) { return error }
        if exchange.quirks.take(Quirks.authErrors, "gateway") { return OTCError.gateway(refusal) }
        switch refusal {
        case .noProject, .foreignProject, .noPermission: return Self.forbidden
        default: return Self.unauthenticated
        }
    }
}
