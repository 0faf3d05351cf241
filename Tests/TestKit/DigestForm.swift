internal import Crypto
internal import PatchbayJSON

/// How a request answers a challenge of HTTP Digest (RFC 7616, section 3.4).
struct DigestForm: Sendable {
    private var user: String
    private var password: String
    /// What it says in place of the target.
    private var uri: String?
    /// A nonce that no challenge had.
    private var nonce: String?
    private var count: String
    /// Whether the nonce of an earlier challenge is used again.
    var reusesNonce: Bool

    /// Whether a challenge has to be asked for first.
    var wantsChallenge: Bool { nonce == nil && !reusesNonce }

    init(_ value: JSON, words: Words, at place: String) throws(FormatError) {
        var members = try Members(try words.expand(value), at: place + ": digest")
        user = try members.string("user") ?? ""
        password = try members.string("password") ?? ""
        uri = try members.string("uri")
        nonce = try members.string("nonce")
        count = try members.string("nc") ?? "00000001"
        reusesNonce = members.take("reuse") == true
        try members.finish()
    }

    /// The header with which a request is sent again.
    func authorization(method: String, target: String, nonce challenged: String) -> String {
        let nonce = nonce ?? challenged
        let uri = uri ?? target
        let secret = Self.md5("\(user):MMS Public API:\(password)")
        let response = Self.md5("\(secret):\(nonce):\(count):0a4f113b:auth:\(Self.md5("\(method):\(uri)"))")
        return #"Digest username="\#(user)", realm="MMS Public API", nonce="\#(nonce)", uri="\#(uri)", "#
            + #"response="\#(response)", algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=\#(count)"#
    }

    /// The nonce of a challenge.
    static func nonce(in challenge: String?) -> String? {
        challenge.flatMap { try? #/nonce="([^"]*)"/#.firstMatch(in: $0) }.map { String($0.1) }
    }

    private static func md5(_ text: String) -> String {
        Insecure.MD5.hash(data: Array(text.utf8))
            .map { byte in (byte < 16 ? "0" : "") + String(byte, radix: 16) }.joined()
    }
}
