internal import APIKit
package import HTTP
internal import Store

/// What a request to an Open Telekom Cloud service brings to say who sends it.
///
/// A signature counts before a token. Both are documented for every service (contract `vpcep.md`, section 2.1).
package enum OTCCredentials: Sendable, Equatable {
    /// An `X-Auth-Token`.
    case token(String)
    /// A request signed with an access key and a secret key.
    case signature(accessKey: String)
    /// A signature that is not well-formed, or of an algorithm that is not served.
    case malformedSignature
    /// Neither.
    case none

    /// Reads a request's credentials.
    package init(_ request: Request) {
        if let authorization = request.headers["Authorization"],
            authorization.hasPrefix("SDK-") || authorization.hasPrefix("V11-")
        {
            self = Self.signature(authorization, of: request)
        } else if let token = request.headers["X-Auth-Token"], !token.isEmpty {
            self = .token(token)
        } else {
            self = .none
        }
    }

    /// Both forms name an access key, the signed headers and 64 hexadecimal digits; the date is signed in any case.
    private static func signature(_ authorization: String, of request: Request) -> Self {
        let header = AuthorizationHeader(authorization)
        guard
            header.scheme == "sdk-hmac-sha256",
            let parameters = header.parameters,
            let accessKey = accessKey(parameters),
            let signature = parameters["signature"], isSHA256(signature),
            let names = parameters["signedheaders"]?.split(separator: ";").map(String.init),
            names.contains("x-sdk-date"),
            let date = request.headers["X-Sdk-Date"], isDate(date),
            names.allSatisfy({ request.headers[$0] != nil })
        else { return .malformedSignature }
        return .signature(accessKey: accessKey)
    }

    /// Form A gives the key alone, form B five parts of which the key is the first.
    private static func accessKey(_ parameters: [String: String]) -> String? {
        if let key = parameters["access"] { return key.isEmpty ? nil : key }
        let parts = parameters["credential"]?.split(separator: "/", omittingEmptySubsequences: false) ?? []
        guard parts.count == 5, parts[4] == "sdk_request", !parts[0].isEmpty else { return nil }
        return String(parts[0])
    }

    private static func isSHA256(_ text: String) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy(\.isHexDigit)
    }

    /// `20260102T030405Z`, and a time that there is.
    private static func isDate(_ text: String) -> Bool {
        guard text.utf8.count == 16, text.allSatisfy(\.isASCII) else { return false }
        let parts = [(0, 4), (4, 6), (6, 8), (9, 11), (11, 13), (13, 15)].map { first, end in
            text.dropFirst(first).prefix(end - first)
        }
        let time = "\(parts[0])-\(parts[1])-\(parts[2])T\(parts[3]):\(parts[4]):\(parts[5])Z"
        return text.dropFirst(8).first == "T" && text.last == "Z" && Timestamp(time) != nil
    }
}
