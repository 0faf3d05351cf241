internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    /// Hands out a token for the gateway, which is worth as much as what it was asked for with.
    static func createAccessToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        _ = try objectBody(call)
        let identity = call.identity ?? Identity(user: user(of: call))
        let token = AccessToken(identity: identity, issued: call.now)
        return Reply(json: ["error": "", "token": .string(token.text)])
    }
}
