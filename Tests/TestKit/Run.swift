internal import PatchbayJSON

/// What is known while a vector runs.
struct Run {
    /// The address that takes the requests.
    let listener: String
    /// The answer before.
    private var previous: Answer?
    /// The answer that is looked at.
    var answer: Answer?
    /// The nonce of the last challenge.
    private var nonce = ""
    private var seen: [String: Set<String>] = [:]
    /// The last value of each header that any answer had, by its name in lower case.
    private var headers: [String: String] = [:]

    init(listener: String) {
        self.listener = listener
    }

    /// Sends a request, which may use the answer before, and keeps the new one.
    ///
    /// - Throws: when no answer comes.
    mutating func exchange(_ form: RequestForm, over link: any Link) throws -> Answer {
        previous = answer
        var authorization: String?
        if let digest = form.digest {
            if digest.wantsChallenge { _ = try send(form, nil, over: link) }
            let target = form.wireTarget(resolving: resolve)
            authorization = digest.authorization(method: form.method, target: target, nonce: nonce)
        }
        let next = try send(form, authorization, over: link)
        answer = next
        for (name, value) in next.headers { headers[name.lowercased()] = value }
        return next
    }

    private mutating func send(_ form: RequestForm, _ authorization: String?, over link: any Link) throws -> Answer {
        let text = form.text(resolving: resolve, authorization: authorization)
        let answer = try link.exchange(text, isHead: form.method == "HEAD")
        if let challenged = DigestForm.nonce(in: answer["WWW-Authenticate"]) { nonce = challenged }
        return answer
    }

    /// Replaces `{listener}`, `{/pointer}` by a text of the answer before, and `{/pointer?name}` by a parameter of the
    /// address that stands there, and `{#Name}` by the last value of a header.
    func resolve(_ text: String) -> String {
        Words.replacing(in: text) { name in
            if name == "listener" { return listener }
            if name.hasPrefix("#") { return headers[name.dropFirst().lowercased()] }
            guard name.hasPrefix("/") else { return nil }
            let parts = name.split(separator: "?", maxSplits: 1).map(String.init)
            guard let json = previous?.json, let place = try? Place(parts[0]),
                let found = place.values(in: json).first?.stringValue
            else { return nil }
            return parts.count == 1 ? found : Self.parameter(parts[1], of: found)
        }
    }

    /// Whether a text has not been seen at this place before.
    mutating func isFresh(_ text: String, at place: String) -> Bool {
        seen[place, default: []].insert(text).inserted
    }

    private static func parameter(_ name: String, of address: String) -> String? {
        let query = address.split(separator: "?", maxSplits: 1).dropFirst().first ?? ""
        let item = query.split(separator: "&").first { $0.hasPrefix(name + "=") }
        return item.map { String($0.dropFirst(name.count + 1)) }
    }
}
