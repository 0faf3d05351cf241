internal import Crypto
internal import PatchbayAPIKit
internal import PatchbayHTTP

/// Keeps strangers from driving the control plane: web pages, through a request of their own or through a name of theirs
/// that they let point at this machine (DNS rebinding), and, where there is a token, whoever does not bring it.
struct CallerGuard {
    /// The address under which the server is known, whose host is as good as a local one.
    let publicURL: String?
    /// What callers have to bring; `nil` where nothing is asked of them.
    let adminToken: String?

    /// Why a request is no program's; `nil` when it may be one's.
    func refusal(of request: Request) -> String? {
        let host = request.host
        if let host, !isTrusted(host) {
            return "The Host \(host) is neither an IP address, localhost, a name without dots, nor the public URL's."
        }
        for origin in request.headers.values("Origin")
        where origin != "http://\(host ?? "")" && origin != "https://\(host ?? "")" {
            return "The Origin \(origin) is not this server."
        }
        // What a page lets load or posts as a form need not have an Origin (https://www.w3.org/TR/fetch-metadata/).
        for site in request.headers.values("Sec-Fetch-Site")
        where !Self.ownSites.contains(site) && !isFollowedLink(request) {
            return "A page of another site asks (Sec-Fetch-Site: \(site))."
        }
        return nil
    }

    private static let ownSites = ["same-origin", "none"]

    /// Whether a person came by a link, to look.
    private func isFollowedLink(_ request: Request) -> Bool {
        [.get, .head].contains(request.method) && request.headers["Sec-Fetch-Mode"] == "navigate"
            && request.headers["Sec-Fetch-Dest"] == "document"
    }

    /// Whether a request brings the token, if one is asked for (RFC 6750, section 2.1).
    func isAdmitted(_ request: Request) -> Bool {
        guard let adminToken else { return true }
        let header = AuthorizationHeader(request.headers["Authorization"] ?? "")
        // Digests are compared in a time that says nothing of where they differ.
        return header.scheme == "bearer" && Self.digest(header.rest) == Self.digest(adminToken)
    }

    private static func digest(_ text: String) -> SHA256Digest { SHA256.hash(data: Array(text.utf8)) }

    private func isTrusted(_ authority: String) -> Bool {
        let name = Self.hostName(authority)
        // An escape may stand for a dot: browsers decode it.
        return name.hasPrefix("[") || !name.contains { ".%".contains($0) } || isIPv4(name)
            || publicURL.map { Self.hostName($0.split(separator: "/").dropFirst().first.map(String.init) ?? "") }
                == name
    }

    /// The name without its port, in lower case.
    private static func hostName(_ authority: String) -> String {
        guard !authority.hasPrefix("[") else { return authority.lowercased() }
        return String(authority.prefix { $0 != ":" }).lowercased()
    }

    private func isIPv4(_ name: String) -> Bool {
        let parts = name.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil && !$0.hasPrefix("+") }
    }
}
