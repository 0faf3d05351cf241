internal import PatchbayJSON

/// The normative statements of a vendor's document: `Vectors/statements.json`.
struct Statements {
    /// What is said of a statement.
    enum Verdict: String {
        /// It holds here.
        case holds
        /// Something else was decided, for a reason.
        case deviates
        /// It cannot be shown here, for a reason.
        case notModelled = "not modelled"
    }

    private var verdicts: [(id: String, verdict: Verdict)] = []
    private var faults: [String] = []

    init() {}

    init(_ document: JSON) throws(FormatError) {
        var file = try Members(document, at: "statements.json")
        _ = try file.string("document")
        for value in try file.array("statements") ?? [] {
            var members = try Members(value, at: "statements.json")
            let id = try members.string("id") ?? ""
            let word = try members.string("verdict") ?? ""
            let isExplained = try members.string("why")?.isEmpty == false
            let says = try members.string("says") ?? ""
            let isPlaced = try members.string("section") != nil
            try members.finish()
            guard let verdict = Verdict(rawValue: word), isPlaced, !says.isEmpty, !id.isEmpty else {
                throw FormatError("statements.json: \(id) lacks a verdict or what it says")
            }
            if verdicts.contains(where: { $0.id == id }) { faults.append("the statement \(id) stands there twice") }
            if isExplained == (verdict == .holds) { faults.append("\(id): a reason goes with what does not hold") }
            verdicts.append((id, verdict))
        }
        try file.finish()
    }

    /// What is wrong: a statement without a proof, a proof of none.
    func problems(provenBy vectors: [Vector]) -> [String] {
        let proven = Set(vectors.flatMap(\.proves))
        let known = Set(verdicts.map(\.id))
        let unproven = verdicts.filter { $0.verdict != .notModelled && !proven.contains($0.id) }
        return faults + unproven.map { "no vector proves \($0.id)" }
            + proven.subtracting(known).sorted().map { "\($0) is proven and is no statement" }
    }
}
