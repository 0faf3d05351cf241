internal import JSON

/// What is known while a vector runs.
struct Run {
    /// The address that takes the requests.
    let listener: String
    /// The answer before.
    private var previous: Answer?
    /// The answer that is looked at.
    var answer: Answer?
    private var seen: [String: Set<String>] = [:]

    init(listener: String) {
        self.listener = listener
    }

    /// Sends a request, which may use the answer before, and keeps the new one.
    ///
    /// - Throws: when no answer comes.
    mutating func exchange(_ form: RequestForm, over link: any Link) throws -> Answer {
        previous = answer
        let next = try link.exchange(form.text(resolving: resolve), isHead: form.method == "HEAD")
        answer = next
        return next
    }

    /// Replaces `{listener}`, `{/pointer}` by a text of the answer before, and `{/pointer?name}` by a parameter of the
    /// address that stands there.
    func resolve(_ text: String) -> String {
        Words.replacing(in: text) { name in
            if name == "listener" { return listener }
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
