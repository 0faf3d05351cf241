package import PatchbayAPIKit
package import PatchbayOTCKit

/// Tokens and signatures, which all Open Telekom Cloud services take, and this one's words for refusing them
/// (contract `vpcep.md`, section 2.4).
extension VPCEPAPI.Failure {
    /// The service's own errors, or the gateway's in their place.
    package static func error(for refusal: OTCRefusal, _ quirks: Readings) -> OTCError {
        if quirks.take(Quirks.authErrors, "gateway") { return OTCError.gateway(refusal) }
        switch refusal {
        case .noProject, .foreignProject, .noPermission: return forbidden
        default: return unauthenticated
        }
    }
}
