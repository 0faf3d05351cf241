import PatchbayJSON

/// A normative statement of a vendor's document, and the vectors that prove it.
struct Statement {
    var id: String
    var says: String
    var section: String
    var verdict: String
    var why: String
    var vectors: [Vector]

    init(_ json: JSON, vectors: [Vector]) {
        let text = { (name: String) in json[name]?.stringValue ?? "" }
        (id, says, section, verdict, why) = (text("id"), text("says"), text("section"), text("verdict"), text("why"))
        let own = id
        self.vectors = vectors.filter { $0.proves.contains(own) }
    }
}

/// A vector, as far as the page speaks of it.
struct Vector {
    var name: String
    /// The one mode of authentication that it runs in; `nil` for both.
    var mode: String?
    var proves: [String]

    /// Reads the vectors of a file.
    static func all(in file: JSON) -> [Vector] {
        (file["vectors"]?.arrayValue ?? []).map { json in
            Vector(
                name: json["name"]?.stringValue ?? "",
                mode: json["auth"]?.stringValue ?? file["auth"]?.stringValue,
                proves: json["proves"]?.arrayValue?.compactMap(\.stringValue) ?? [],
            )
        }
    }
}
