internal import HTTP

/// Keeps web pages from driving the control plane: through a request of their own, or through a name of theirs that
/// they let point at this machine (DNS rebinding).
struct OriginGuard {
    /// The address under which the server is known, whose host is as good as a local one.
    let publicURL: String?

    /// Why a request is refused; `nil` when it is not.
    func refusal(of request: Request) -> String? {
        let host = request.host
        if let host, !isTrusted(host) {
            return "The Host \(host) is neither an IP address, localhost, a name without dots, nor the public URL's."
        }
        for origin in request.headers.values("Origin")
        where origin != "http://\(host ?? "")" && origin != "https://\(host ?? "")" {
            return "The Origin \(origin) is not this server."
        }
        return nil
    }

    private func isTrusted(_ authority: String) -> Bool {
        let name = Self.hostName(authority)
        return name.hasPrefix("[") || !name.contains(".") || isIPv4(name)
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
        return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil }
    }
}
