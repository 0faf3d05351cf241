package import PatchbayAPIKit
internal import PatchbayHTTP
package import PatchbayOTCKit

/// Tokens and signatures, which all Open Telekom Cloud services take, and this one's words for refusing them
/// (contract `apig.md`, section 2.3).
extension APIGAPI.Failure {
    /// One error for each status, a finer one by cause, or the gateway's in their place.
    package static func error(for refusal: OTCRefusal, _ quirks: Readings) -> OTCError {
        switch quirks[Quirks.authErrors] {
        case "gateway": return OTCError.gateway(refusal)
        case "product-fine": return fine(refusal)
        default:
            switch refusal {
            case .foreignProject, .noPermission: return forbidden
            default: return unauthenticated
            }
        }
    }

    private static func fine(_ refusal: OTCRefusal) -> OTCError {
        switch refusal {
        case .missing: tokenMissing
        case .expiredToken: tokenExpired
        case .noProject: tokenWithoutProject
        case .foreignProject: otherProject
        case .noPermission(let action, let resource):
            noPermission("You do not have permission to perform action \(action) on resource \(resource).")
        default: unauthenticated
        }
    }

    static let tokenMissing = OTCError(
        .unauthorized,
        "APIC.7100",
        "Token missing. Log in again or try again later."
    )
    static let tokenExpired = OTCError(.unauthorized, "APIC.7101", "Token expired. Try again later.")
    static let tokenWithoutProject = OTCError(.unauthorized, "APIC.7103", "Token contains no project information.")
    static let otherProject = OTCError(
        .forbidden,
        "APIC.7130",
        "No permissions to access gateways in other projects.",
    )

    static func noPermission(_ message: String) -> OTCError { OTCError(.forbidden, "APIC.7300", message) }
}
