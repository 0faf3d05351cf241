package import APIKit
internal import OTCKit

extension VPCEPAPI {
    /// Wants a token or a signature (contract `vpcep.md`, section 2).
    package static func authenticate(_ call: borrowing Call<Self>) throws(Failure) {
        guard call.world.authentication.wantsCredentials else { return }
        switch OTCCredentials(call.request) {
        case .token, .signature: return
        case .malformedSignature: throw .badSignature
        case .none: throw Failure(.unauthenticated)
        }
    }
}
