import JSON

/// A normative statement of a vendor's document, and the vectors that prove it.
struct Statement {
    var id: String
    var says: String
    var section: String
    var verdict: String
    var why: String
    var vectors: [String]

    init(_ json: JSON, vectors: [JSON]) {
        let text = { (name: String) in json[name]?.stringValue ?? "" }
        (id, says, section, verdict, why) = (text("id"), text("says"), text("section"), text("verdict"), text("why"))
        let own = JSON.string(id)
        self.vectors = vectors.filter { $0["proves"]?.arrayValue?.contains(own) == true }
            .compactMap { $0["name"]?.stringValue }
    }
}
