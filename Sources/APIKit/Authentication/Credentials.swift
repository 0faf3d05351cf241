internal import PatchbayStore

/// The value of an `Authorization` header, read as far as RFC 9110, section 11.4, goes: a scheme and what follows it.
public struct AuthorizationHeader: Sendable {
    /// The scheme in lower case.
    public var scheme: String
    /// What follows the scheme, without the blanks between.
    public var rest: String

    /// Splits a header's value.
    public init(_ value: String) {
        let parts = value.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        scheme = parts.first.map { $0.lowercased() } ?? ""
        rest = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
    }

    /// The token of the Bearer scheme, when what follows it is one (`token68`, RFC 9110, section 11.2).
    public var bearerToken: String? {
        guard scheme == "bearer", Self.isToken68(rest) else { return nil }
        return rest
    }

    /// User and password of the Basic scheme (RFC 7617): the password is everything after the first colon.
    ///
    /// The scheme fixes no character set; bytes that are no UTF-8 are repaired.
    public var basicPair: (user: String, password: String)? {
        guard scheme == "basic", let bytes = Base64.decode(rest), let colon = bytes.firstIndex(of: UInt8(ascii: ":"))
        else { return nil }
        return (
            String(decoding: bytes[..<colon], as: UTF8.self), String(decoding: bytes[(colon + 1)...], as: UTF8.self)
        )
    }

    /// The longest list of parameters that is read, in bytes; clients send a few hundred.
    private static let mostParameters = 16 * 1024

    /// Name and value pairs, separated by commas, values as tokens or quoted (RFC 9110, section 11.2).
    ///
    /// Names are in lower case. `nil` when the text is not such a list or names something twice.
    public var parameters: [String: String]? {
        guard rest.utf8.count <= Self.mostParameters else { return nil }
        var parameters: [String: String] = [:]
        var rest = rest[...]
        while true {
            // Empty elements count for nothing (RFC 9110, section 5.6.1.2).
            rest = rest.drop { $0 == "," || $0 == " " || $0 == "\t" }
            if rest.isEmpty { return parameters }
            guard let equals = rest.firstIndex(of: "=") else { return nil }
            let name = rest[..<equals].trimmed.lowercased()
            rest = rest[rest.index(after: equals)...].drop { $0 == " " || $0 == "\t" }
            guard Self.isToken(name), parameters[name] == nil, let value = Self.takeValue(from: &rest) else {
                return nil
            }
            parameters[name] = value
        }
    }

    /// Whether a text is a token (RFC 9110, section 5.6.2).
    package static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { $0.isLetter || $0.isDigit || "!#$%&'*+-.^_`|~".utf8.contains($0) }
    }

    private static func takeValue(from rest: inout Substring) -> String? {
        var value = ""
        if rest.first == "\"" {
            rest.removeFirst()
            while let character = rest.first, character != "\"" {
                rest.removeFirst()
                guard character == "\\" else {
                    value.append(character)
                    continue
                }
                guard let escaped = rest.popFirst() else { return nil }
                value.append(escaped)
            }
            guard rest.popFirst() == "\"" else { return nil }
        } else {
            value = rest.prefix { $0 != "," }.trimmed
            guard !value.isEmpty, !value.contains(where: { $0 == " " || $0 == "\"" }) else { return nil }
            rest = rest.drop { $0 != "," }
        }
        rest = rest.drop { $0 == " " || $0 == "\t" }
        guard rest.isEmpty || rest.first == "," else { return nil }
        return value
    }

    /// One or more of the characters of a token, then any number of `=`.
    public static func isToken68(_ text: String) -> Bool {
        let token = text.utf8.prefix { $0 != UInt8(ascii: "=") }
        guard !token.isEmpty, text.utf8.dropFirst(token.count).allSatisfy({ $0 == UInt8(ascii: "=") }) else {
            return false
        }
        return token.allSatisfy { $0.isUnreserved || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "/") }
    }
}

extension Substring {
    /// Without the blanks around it (OWS in RFC 9110, section 5.6.3).
    var trimmed: String {
        String(drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
    }
}
