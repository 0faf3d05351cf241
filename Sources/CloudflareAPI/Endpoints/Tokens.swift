internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension CloudflareAPI {
    /// Verify a user's token.
    static func userAPITokensVerifyToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        try verify(call) { $0["owner"] != "account" }
    }

    /// Verify an account's token.
    static func accountAPITokensVerifyToken(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let account = call.capture("account_id").text
        return try verify(call) { $0["owner"] == "account" && $0.texts("accounts")?.contains(account) ?? true }
    }

    /// What clients ask before anything else: whether a token is one (contract section 2.3).
    ///
    /// - Parameters:
    ///   - call: the call.
    ///   - isMeant: whether a token of the seeds is of the kind that is asked about.
    /// - Returns: the token's identifier, and until when it is good.
    /// - Throws: 9106 and 6003 without a token, 1000 for one that is none here.
    private static func verify(
        _ call: borrowing Call<Self>,
        _ isMeant: (JSON.Object) -> Bool,
    ) throws(Failure) -> Reply {
        var token = ""
        if call.world.authentication != .off {
            guard case .token(let sent) = try credentials(of: call) else { throw .invalidToken }
            token = sent
        }
        var result: JSON.Object = [
            "id": .string(Fingerprint.hexadecimal(of: "token \(token)")), "status": "active",
        ]
        if call.world.authentication == .known {
            guard let document = try call.credential(apiTokens, token), document["status"] == "active",
                isMeant(document)
            else { throw .invalidToken }
            result["expires_on"] = document["expires_at"]
        }
        let message: JSON = ["code": 10000, "message": "This API Token is valid and active", "type": nil]
        return Reply(json: ["result": .object(result), "success": true, "errors": [], "messages": [message]])
    }
}
