/// The known name that a mistyped one most likely meant.
package enum Nearest {
    /// The nearest of some names, when one is near enough to be what was meant.
    package static func name(to typed: String, in names: [String]) -> String? {
        let typed = beginning(of: typed).lowercased()
        let length = typed.count
        return names.map { (name: $0, distance: distance(typed, $0.lowercased())) }
            .filter { $0.distance <= max(1, min(length, $0.name.count) / 3) }
            .min { $0.distance < $1.distance }?.name
    }

    /// ", did you mean …?", or nothing when no name is near.
    package static func suggestion(for typed: String, in names: [String]) -> String {
        name(to: typed, in: names).map { ", did you mean \"\($0)\"?" } ?? ""
    }

    /// How many single-character edits lead from one text to the other (Levenshtein).
    package static func distance(_ left: String, _ right: String) -> Int {
        let right = Array(beginning(of: right))
        var row = Array(0...right.count)
        for (index, character) in beginning(of: left).enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in right.indices {
                let above = row[column + 1]
                let substitution = diagonal + (right[column] == character ? 0 : 1)
                row[column + 1] = min(substitution, above + 1, row[column] + 1)
                diagonal = above
            }
        }
        return row[right.count]
    }

    /// As much of a text as is compared, cut by code points: a single character may be as long as the whole text.
    private static func beginning(of text: String) -> String { String(text.unicodeScalars.prefix(128)) }
}
