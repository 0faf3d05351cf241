internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// What is wrong with a query, one name after the other.
struct QueryDrift<A: API> {
    private let endpoint: Endpoint<A>
    private let contract: Contract
    private let vocabulary: Vocabulary

    init(_ call: borrowing Call<A>, _ endpoint: Endpoint<A>) {
        self.endpoint = endpoint
        contract = endpoint.contract
        vocabulary = call.world.vocabulary
    }

    /// The first findings, in the order of the query.
    func findings(_ call: borrowing Call<A>) -> [Finding] {
        var findings: [Finding] = []
        var names: Set<String> = []
        for item in call.request.target.query where names.insert(item.name.text).inserted {
            if findings.count >= Finding.mostOfRequest { break }
            if let index = contract.index(of: item.name.text) {
                findings += values(of: contract.parameters[index], call)
            } else {
                findings.append(undeclared(item, call))
            }
        }
        // A parameter may have been there twice, and wrong as well.
        return Array(findings.prefix(Finding.mostOfRequest))
    }

    private func finding(
        _ kind: Finding.Kind,
        _ name: String,
        _ says: String,
        _ documented: String,
        value: String? = nil,
    ) -> Finding {
        Finding(
            kind: kind,
            api: A.name,
            operation: endpoint.operation,
            parameter: Finding.brief(name),
            value: value,
            says: says,
            documented: documented,
        )
    }
}

/// Declared parameters.
extension QueryDrift {
    /// What is wrong with a declared parameter: that it is there again, and the value that counts.
    private func values(of parameter: ParameterDescription, _ call: borrowing Call<A>) -> [Finding] {
        let name = parameter.name
        guard let (item, count) = contract.counted(name, in: call.request.target.query) else { return [] }
        var findings: [Finding] = []
        if count > 1 {
            let counted = A.queryRules.repeated == .first ? "first" : "last"
            findings.append(
                finding(.repeated, name, "\(name) stands there \(count) times", "the \(counted) counts\(Drift.read)")
            )
        }
        let value = item.value ?? PercentEncoded("")
        guard !value.raw.isEmpty else { return findings + empty(parameter, call) }
        let shown = parameter.concept?.isSecret == true ? nil : Finding.brief(value.text)
        if value.fault != nil {
            let says = "\(name) has an escape that is none, or bytes that are no UTF-8"
            return findings + [finding(.malformedEscape, name, says, escape(parameter, value, call), value: shown)]
        }
        guard let (misfit, effect) = misfit(of: parameter, value, call) else { return findings }
        let (kind, says) = words(for: misfit, name, shown)
        return findings + [finding(kind, name, says, effect + Drift.documented, value: shown)]
    }

    /// What is wrong with a value, and what becomes of it.
    private func misfit(
        of parameter: ParameterDescription,
        _ value: PercentEncoded,
        _ call: borrowing Call<A>
    ) -> (Misfit, effect: String)? {
        switch parameter.judge(value, call.quirks) {
        case .taken, .withoutEffect: return nil
        case .coerced(let other, let misfit): return (misfit, other.isNull ? "as if absent" : "becomes \(other.text)")
        case .refused(let misfit, let reason):
            let problem = Problem.badParameter(name: parameter.name, value: value.text, reason: reason)
            return (misfit, Drift.refusal(A.Failure(problem), of: call))
        }
    }

    private func words(for misfit: Misfit, _ name: String, _ value: String?) -> (Finding.Kind, String) {
        let given = value.map { "\(name)=\($0)" } ?? name
        switch misfit {
        case .notANumber: return (.notANumber, "\(given) is no integer")
        case .outOfRange(let range): return (.outOfRange, "\(given) is out of range, \(range)")
        case .malformed(let form): return (.wrongValue, "\(given) is not \(form)")
        case .unknownWord(let words):
            let typed = value ?? ""
            if let word = words.first(where: { $0.lowercased() == typed.lowercased() }) {
                return (.wrongValue, "\(given): case matters, it is \(word)")
            }
            let list = words.joined(separator: ", ")
            return (.wrongValue, "\(given) is none of \(list)" + Nearest.suggestion(for: typed, in: words))
        }
    }

    private func empty(_ parameter: ParameterDescription, _ call: borrowing Call<A>) -> [Finding] {
        let says = "\(parameter.name) has no value"
        if A.queryRules.emptyIsAbsent {
            let standard = parameter.standard.map { ", \($0)" } ?? ""
            return [finding(.empty, parameter.name, says, "as if absent\(standard)\(Drift.read)")]
        }
        guard let (_, effect) = misfit(of: parameter, PercentEncoded(""), call) else { return [] }
        return [finding(.empty, parameter.name, says, effect + Drift.read)]
    }

    private func escape(
        _ parameter: ParameterDescription,
        _ value: PercentEncoded,
        _ call: borrowing Call<A>
    ) -> String {
        (refusal(of: [value], call) ?? misfit(of: parameter, value, call)?.effect ?? "taken as received") + Drift.read
    }

    /// How a malformed escape is refused, where one of some texts has one and that is asked for.
    private func refusal(of texts: [PercentEncoded], _ call: borrowing Call<A>) -> String? {
        let isChecked = A.checks.contains { if case .encoding = $0 { true } else { false } }
        guard
            isChecked, A.refusesMalformedEscapes(call.quirks), texts.contains(where: { $0.fault == .malformedEscape })
        else { return nil }
        return Drift.refusal(A.Failure(.malformedEscape), of: call)
    }
}

/// Names that the operation does not declare.
extension QueryDrift {
    /// What an undeclared name most likely is: a declared one in another case, another API's, a misspelt one.
    private func undeclared(_ item: QueryItem, _ call: borrowing Call<A>) -> Finding {
        let typed = item.name.text
        let (kind, says, meant) = explanation(of: typed, typed.isEmpty ? "the empty name" : Finding.brief(typed))
        var effect: String
        if let refusal = refusal(of: [item.name] + [item.value].compactMap(\.self), call) {
            effect = refusal
        } else if let failure = A.undeclared(typed, at: endpoint, call.quirks) {
            effect = Drift.refusal(failure, of: call)
        } else {
            effect = "ignored"
            // Nothing more is said of a parameter that is there as well.
            let query = call.request.target.query
            if let meant, let standard = meant.standard, contract.counted(meant.name, in: query) == nil {
                effect += "; \(meant.name) stays at \(standard)"
            }
        }
        return finding(kind, typed, says, effect + Drift.read)
    }

    private func explanation(of typed: String, _ name: String) -> (Finding.Kind, String, ParameterDescription?) {
        let parameters = contract.parameters
        if let meant = parameters.first(where: { $0.name.lowercased() == typed.lowercased() }) {
            return (.wrongCase, "\(name): case matters, it is \(meant.name)", meant)
        }
        let folded = Vocabulary.folded(typed)
        if let meant = parameters.first(where: { Vocabulary.folded($0.name) == folded }) {
            return (.misspelt, "\(name): it is written \(meant.name)", meant)
        }
        let entries = vocabulary.entries(of: typed)
        if let own = entries.first(where: { $0.api == A.name }) {
            let says = "\(name) is a parameter of \(own.operation), not of \(endpoint.operation)"
            return (.unknownParameter, says, nil)
        }
        if let theirs = entries.first { return foreign(name, theirs, entries) }
        if let nearest = Nearest.name(to: typed, in: parameters.map(\.name)) {
            let meant = parameters.first { $0.name == nearest }
            return (.misspelt, "\(name) is no parameter of \(endpoint.operation), did you mean \(nearest)?", meant)
        }
        let declared = parameters.map(\.name).joined(separator: ", ")
        let there = parameters.isEmpty ? "it has none" : "there are \(declared)"
        return (.unknownParameter, "\(name) is no parameter of \(endpoint.operation); \(there)", nil)
    }

    /// Whose name it is, and what the same thing is called here.
    private func foreign(
        _ name: String,
        _ first: Vocabulary.Entry,
        _ entries: [Vocabulary.Entry]
    ) -> (Finding.Kind, String, ParameterDescription?) {
        let concept = first.concept
        var brands: [String] = []
        for entry in entries where entry.concept == concept && !brands.contains(entry.brand) {
            brands.append(entry.brand)
        }
        let owners = brands.map { $0 + "'s" }.joined(separator: " and ")
        let written = first.name == name ? name : "\(name): \(first.name)"
        var says = "\(written) is \(owners) name"
        guard let concept else { return (.otherAPI, says, nil) }
        says += " for \(concept.rawValue)"
        if let meant = contract.parameters.first(where: { $0.concept == concept }) {
            return (.otherAPI, "\(says); \(A.brand) calls it \(meant.name)", meant)
        }
        let kin = contract.parameters.first { $0.concept.map(concept.kin.contains) == true }
        return (.otherAPI, says + (kin.map { "; \(A.brand) has \($0.name)" } ?? "; \(A.brand) has none here"), kin)
    }
}
