/// One-off faults: an error that the request itself asks for with `Prefer: code=429` (RFC 7240).
extension FaultTable.Decision {
    /// What a preference wants.
    init(preferring code: String) {
        effect = .error(code, retryAfter: nil, headers: [])
        preference = "code=\(code)"
        strikes = [Fault.Strike(name: "Prefer", ordinal: 1)]
    }

    /// The value of the preference `code`, among others or alone.
    static func preferredCode(in field: String) -> String? {
        for preference in field.split(separator: ",") {
            let pair = preference.prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
            guard pair.count == 2, pair[0].trimmed.lowercased() == "code" else { continue }
            let value = pair[1].trimmed
            return value.hasPrefix("\"") && value.hasSuffix("\"") ? String(value.dropFirst().dropLast()) : value
        }
        return nil
    }
}
