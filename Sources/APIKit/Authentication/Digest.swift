internal import Crypto
public import PatchbayStore

/// A nonce of HTTP Digest (RFC 7616, section 3.3): when it was issued, and a code that only this program makes.
///
/// It needs no memory: any copy of the program accepts what another one issued, and forgets it in time.
public struct DigestNonce: Sendable, Equatable {
    /// 32 characters of Base64.
    public let text: String

    /// How long a nonce serves, in seconds.
    public static let lifetime: Int64 = 300

    // Not a secret: it only tells the program's own nonces from invented ones.
    private static let key = SymmetricKey(data: Array("patchbay digest nonce".utf8))

    /// Issues a nonce.
    ///
    /// - Parameters:
    ///   - moment: when.
    ///   - id: what makes it different from others of the same second.
    public init(issuedAt moment: Timestamp, id: Identifier) {
        var bytes: [UInt8] = []
        for shift in stride(from: 24, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: moment.seconds >> shift))
        }
        for shift in stride(from: 24, through: 0, by: -8) { bytes.append(UInt8(truncatingIfNeeded: id.low >> shift)) }
        text = Base64.encode(bytes + Self.code(of: bytes))
    }

    /// Reads a nonce that a client sent back; `nil` when it was not issued here.
    public init?(_ text: String) {
        guard let bytes = Base64.decode(text), bytes.count == 24,
            Self.code(of: Array(bytes.prefix(8))) == Array(bytes.suffix(16))
        else { return nil }
        self.text = text
    }

    /// Whether it has run out, or is of a time yet to come.
    public func isStale(at moment: Timestamp, after lifetime: Int64 = lifetime) -> Bool {
        let issued = (Base64.decode(text) ?? []).prefix(4).reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        // Four bytes do not hold the seconds of every year: of a time yet to come is what was issued very long ago.
        return Int64(UInt32(truncatingIfNeeded: moment.seconds) &- issued) > lifetime
    }

    private static func code(of bytes: [UInt8]) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: bytes, using: key).prefix(16))
    }
}

/// The parameters with which a client answers a Digest challenge (RFC 7616, section 3.4).
public struct DigestResponse: Sendable {
    /// The user, or the public part of a programmatic key.
    public let username: String
    /// The challenge's nonce, as sent back.
    public let nonce: String
    /// How many requests the client has sent with the nonce, this one included.
    public let count: UInt32
    private let parameters: [String: String]

    /// Reads an answer to a challenge with `qop="auth"`; `nil` when anything it needs is missing or malformed.
    ///
    /// - Parameters:
    ///   - header: an `Authorization` header.
    ///   - realm: the challenge's realm.
    ///   - target: the request's target, which `uri` has to repeat byte for byte.
    public init?(_ header: AuthorizationHeader, realm: String, target: String) {
        guard
            header.scheme == "digest", let parameters = header.parameters,
            let username = parameters["username"], !username.isEmpty,
            let nonce = parameters["nonce"],
            parameters["realm"] == realm,
            // Byte by byte: for Swift, one text may be another that is written differently.
            parameters["uri"]?.utf8.elementsEqual(target.utf8) == true,
            parameters["qop"] == "auth",
            parameters["algorithm"].map({ $0.lowercased() == "md5" }) ?? true,
            let digits = parameters["nc"], Self.isHexadecimal(digits, digits: 8), let count = UInt32(digits, radix: 16),
            let clientNonce = parameters["cnonce"], !clientNonce.isEmpty,
            let response = parameters["response"], Self.isHexadecimal(response, digits: 32)
        else { return nil }
        self.username = username
        self.nonce = nonce
        self.count = count
        self.parameters = parameters
    }

    /// Whether the response is what MD5 makes of the password (RFC 7616, section 3.4.1).
    ///
    /// - Parameters:
    ///   - password: the user's password, or the private part of a programmatic key.
    ///   - method: the request's method.
    /// - Returns: whether it is right.
    public func isRight(password: String, method: String) -> Bool {
        let part = { (name: String) in parameters[name] ?? "" }
        let secret = Self.md5("\(username):\(part("realm")):\(password)")
        let request = Self.md5("\(method):\(part("uri"))")
        let expected = Self.md5("\(secret):\(nonce):\(part("nc")):\(part("cnonce")):\(part("qop")):\(request)")
        return part("response").lowercased() == expected
    }

    private static func md5(_ text: String) -> String {
        Insecure.MD5.hash(data: Array(text.utf8)).map(Hexadecimal.lowercase).joined()
    }

    private static func isHexadecimal(_ text: String, digits: Int) -> Bool {
        text.utf8.count == digits && text.utf8.allSatisfy(\.isHexDigit)
    }
}
