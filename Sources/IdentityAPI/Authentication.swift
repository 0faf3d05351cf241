package import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
package import PatchbayOTCKit
internal import PatchbayStore

extension IdentityAPI {
    package typealias Credentials = OTCCredentials
    package typealias Identity = OTCIdentity

    /// Refuses what the sender may not do.
    static func authorize(_ action: String, _ call: borrowing Call<Self>) throws(Failure) {
        guard let identity = call.identity else { return }
        guard identity.permits(action) else { throw .denied }
    }
}

extension IdentityAPI.Failure {
    /// Keystone does not say what is wrong with credentials.
    package static func error(for refusal: OTCRefusal, _ quirks: Readings) -> OTCError {
        switch refusal {
        case .noProject, .foreignProject, .noPermission: error(for: .forbidden)
        default: unauthenticated
        }
    }
}

/// Whose credentials a request brings, as far as the seeds and the issued tokens say it.
///
/// Where any credentials are taken, those that nobody knows see everything.
struct Caller {
    /// The account; every account when `nil`.
    var account: String?
    /// The project that a token is for, or that a signed request names.
    var project: String?
    /// The token's document.
    var token: JSON.Object?

    init(_ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) {
        let named = call.request.headers["X-Project-Id"].flatMap { $0.isEmpty ? nil : $0 }
        switch try? OTCCredentials(call.request) {
        case .token(let text):
            guard let row = try call.find(OTC.tokens, text), let token = try call.document(OTC.tokens, row) else {
                break
            }
            self.token = token
            project = token["project_id"]?.stringValue
            account = try Account.owner(of: token, call)
            // That of a user who is made up is nobody's.
            if call.world.authentication != .known, let id = account, try !Account.exists(id, call) { account = nil }
        case .signature(let signature):
            account = try call.credential(OTC.accessKeys, signature.accessKey)?["domain_id"]?.stringValue
        case nil: break
        }
        if account == "*" { account = nil }
        if project == nil || project == "*" { project = token != nil && project == nil ? nil : named }
    }

    /// Whether the token is for an account and none of its projects.
    var isWithoutProject: Bool { token != nil && token?["project_id"] == nil }
}
