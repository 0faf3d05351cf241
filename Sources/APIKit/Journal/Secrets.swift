internal import Crypto
internal import PatchbayHTTP
internal import PatchbayJSON

/// What of a request nobody may read in the journal: it is shown as a short hash, by which it can be told from others.
///
/// Of a body that is what the operation declares to be a secret, and all that it does not describe: a secret under a
/// mistyped name, or sent to the wrong operation, is one all the same.
struct Secrets: Sendable {
    /// Where secrets stand in a body: the end of a member's path in lower case, with `**` for all that is below.
    private let places: [[String]]
    /// The names of the members that the operation describes.
    private let described: Set<String>

    /// Declares what may be read.
    ///
    /// - Parameters:
    ///   - places: where secrets stand.
    ///   - described: the names of the members that the operation describes; none where no body is read.
    init(_ places: [String], describing described: Set<String>) {
        self.places = places.map { $0.lowercased().split(separator: ".").map(String.init) }
        self.described = described
    }

    /// Whether a member of a name is described, so that the name itself may be shown.
    func describes(_ name: String) -> Bool { described.contains(name) }

    /// Whether an operation says nothing of a place of its body.
    private func isUnknown(_ path: [String]) -> Bool { path.isEmpty || !path.allSatisfy(described.contains) }

    /// Whether an operation says that what stands at a place of its body is a secret, or belongs into an object there.
    private func isSecret(_ path: [String]) -> Bool {
        if path.isEmpty { return !places.isEmpty }
        let names = path.map { $0.lowercased() }
        return places.contains { place in
            let above = place.prefix { $0 != "**" }
            if above.indices.contains(where: { names.suffix($0 + 1).elementsEqual(above[...$0]) }) { return true }
            return above.count < place.count && names.indices.contains { names[$0...].starts(with: above) }
        }
    }

    /// A value without what is secret of it: objects and lists are looked into.
    func withheld(_ value: JSON, at path: [String] = []) -> JSON {
        switch value {
        case .object(let object):
            // Member by member: one that stands there twice is hidden twice.
            let members = object.map { (name: $0.name, value: withheld($0.value, at: path + [$0.name])) }
            return .object(JSON.Object(members: members))
        case .array(let elements): return .array(elements.map { withheld($0, at: path) })
        case .null, .bool: return value
        case .number: return isSecret(path) ? .string(Self.mark(value.text)) : value
        case .string(let text): return isSecret(path) || isUnknown(path) ? .string(Self.mark(text)) : value
        }
    }

    /// What stands for a secret: equal secrets have equal marks.
    static func mark(_ secret: String) -> String { "sha256:" + hash(secret) }

    /// The first eight digits of the SHA-256 of a text.
    static func hash(_ text: String) -> String {
        SHA256.hash(data: Array(text.utf8)).prefix(4).map(Hexadecimal.lowercase).joined()
    }

    /// Whether a header or a parameter of a name that no document knows holds a secret, as far as can be told.
    static func areIn(_ name: String) -> Bool {
        // Byte by byte: a query may have thousands of names.
        name.utf8.withContiguousStorageIfAvailable { bytes in
            bytes.indices.contains { start in words.contains { bytes[start...].begins(with: $0) } }
        } ?? areIn(String(decoding: Array(name.utf8), as: UTF8.self))
    }

    private static let words: [[UInt8]] = [
        "auth", "cookie", "token", "secret", "key", "pass", "pwd", "credential", "sig", "code", "referer", "jwt",
        "assertion", "session", "otp", "dpop",
    ].map { Array($0.utf8) }

    /// The value of a header as it may be shown.
    static func shown(_ value: String, ofHeader name: String) -> String {
        guard areIn(name) else { return value }
        return name.lowercased().hasSuffix("authorization") ? authorization(value) : mark(value)
    }

    /// The value of an `Authorization` header: its scheme, and a hash of what stays the same from one request of a sender
    /// to the next.
    static func authorization(_ value: String) -> String {
        let header = AuthorizationHeader(value)
        let scheme = schemes.first { $0.lowercased() == header.scheme }
        guard let scheme, !header.rest.isEmpty else { return mark(value) }
        return "\(scheme) \(hash(sender(header)))"
    }

    private static let schemes = ["Bearer", "Basic", "Digest", "SDK-HMAC-SHA256", "V11-HMAC-SHA256"]

    private static func sender(_ header: AuthorizationHeader) -> String {
        switch header.scheme {
        case "basic": return header.basicPair.map { "\($0.user):\($0.password)" } ?? header.rest
        case "bearer": return header.rest
        default:
            let parameters = header.parameters ?? [:]
            let key = parameters["credential"].map { String($0.prefix { $0 != "/" }) }
            return parameters["username"] ?? parameters["access"] ?? key ?? header.rest
        }
    }

    /// What a request brings to say who sends it.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - service: the API that it is for, which may look at one kind of credentials before it looks at others.
    /// - Returns: its scheme and a hash; `nil` without anything.
    static func credential(of request: Request, to service: Service?) -> String? {
        let value = { (name: String) in request.headers[name].flatMap { $0.isEmpty ? nil : $0 } }
        let authorization = value("Authorization").map(authorization)
        let token = value("X-Auth-Token").map { "X-Auth-Token \(hash($0))" }
        let key = value("X-Auth-Key").map { "X-Auth-Key \(hash("\(value("X-Auth-Email") ?? ""):\($0)"))" }
        // Where tokens are taken, a signature counts before one, and nothing else does.
        let isTokenFirst = service?.takes(header: "X-Auth-Token") != false && authorization?.contains("-HMAC-") != true
        return (isTokenFirst ? token : nil) ?? authorization ?? key ?? token
    }
}

extension Service {
    /// Whether a header of a name is a credential here.
    fileprivate func takes(header name: String) -> Bool {
        securitySchemes.contains { group in group.contains { $0.scheme["name"]?.stringValue == name } }
    }
}

extension Slice<UnsafeBufferPointer<UInt8>> {
    /// Whether a word in small letters stands here, in letters of any size.
    fileprivate func begins(with word: [UInt8]) -> Bool {
        guard word.count <= count else { return false }
        for (place, letter) in word.enumerated() where base[startIndex + place] | 0x20 != letter { return false }
        return true
    }
}
