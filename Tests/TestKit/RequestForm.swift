internal import PatchbayJSON

/// A request as a vector writes it.
struct RequestForm: Sendable {
    var method: String
    var target: String
    var version: String
    var headers: [(name: String, value: String)]
    var body: String?
    /// How a challenge of HTTP Digest is answered, if it is.
    var digest: DigestForm?
    /// How the file spells it, which is shorter.
    var label: String

    /// What every request of a file has, unless it says otherwise.
    struct Common: Sendable {
        var headers: [(name: String, value: String)] = []
        var digest: DigestForm?
    }

    /// The requests that an entry stands for: its methods times its targets.
    ///
    /// - Parameters:
    ///   - value: a target to GET, or an object.
    ///   - common: what every request of the file has.
    ///   - words: what names in braces mean.
    ///   - place: where the entry stands, for errors.
    /// - Returns: at least one request.
    /// - Throws: when the entry is not of this form.
    static func all(
        _ value: JSON,
        adding common: Common,
        words: Words,
        at place: String,
    ) throws(FormatError) -> [Self] {
        var members = try Members(value.stringValue.map { ["target": .string($0)] } ?? value, at: place)
        let methods = try members.strings("methods", or: "method") ?? ["GET"]
        let targets = try members.strings("targets", or: "target") ?? []
        let version = try members.string("version") ?? "HTTP/1.1"
        var body = try members.string("body").map { text throws(FormatError) in try words.expand(text) }
        let json = members.take("json")
        // Its own braces are no words'.
        if let json { body = try words.expand(json).text }
        var own = common.headers
        var digest = common.digest
        if let form = members.take("digest") {
            digest = try DigestForm(form, words: words, at: place)
            own.removeAll { $0.name == "Authorization" }
        }
        if json != nil { own.append(("Content-Type", "application/json")) }
        for (name, value) in try members.object("headers") ?? [:] {
            // Who sends credentials of another kind, or none, answers no challenge.
            if name == "Authorization" { digest = nil }
            own.removeAll { $0.name.lowercased() == name.lowercased() }
            if let text = value.stringValue { own.append((name, try words.expand(text))) }
        }
        try members.finish()
        guard !targets.isEmpty else { throw FormatError("\(place) has no target") }
        var forms: [Self] = []
        for method in methods {
            for target in targets {
                forms.append(
                    Self(
                        method: method,
                        target: try words.expand(target),
                        version: version,
                        headers: own,
                        body: body,
                        digest: digest,
                        label: (method == "GET" ? "" : method + " ") + target,
                    )
                )
            }
        }
        return forms
    }

    /// The request on the wire.
    ///
    /// - Parameters:
    ///   - resolve: replaces what only the run knows.
    ///   - authorization: an answer to a challenge.
    /// - Returns: the whole message.
    func text(resolving resolve: (String) -> String, authorization: String? = nil) -> String {
        var lines = ["\(method) \(wireTarget(resolving: resolve)) \(version)"]
        if let authorization { lines.append("Authorization: \(authorization)") }
        lines += headers.map { "\($0.name): \(resolve($0.value))" }
        let body = body.map(resolve)
        if let body { lines.append("Content-Length: \(body.utf8.count)") }
        return lines.joined(separator: "\r\n") + "\r\n\r\n" + (body ?? "")
    }

    /// The target as it is sent.
    func wireTarget(resolving resolve: (String) -> String) -> String {
        Self.relative(resolve(target), written: target)
    }

    /// A link of an answer, followed as clients do: to where the answer came from.
    static func relative(_ target: String, written: String) -> String {
        guard written.hasPrefix("{/"), let scheme = target.firstRange(of: "://") else { return target }
        let rest = target[scheme.upperBound...]
        return String(rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...])
    }
}
