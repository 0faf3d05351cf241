package import PatchbayJSON

/// A file of seed data, and the API whose objects it holds.
public struct SeedFile: Sendable {
    /// The file's name in errors.
    public var name: String
    /// The collections that it may hold rows of.
    public var collections: [Collection]
    /// The collections whose rows others stand below, here or in files with other collections: several files may name one such row.
    public var parents: [Collection]
    /// Its content: JSON.
    public var content: Content

    /// Names a seed file and its content.
    public init(name: String, collections: [Collection], parents: [Collection]? = nil, content: Content) {
        self.name = name
        self.collections = collections
        self.parents = parents ?? collections.compactMap(\.parent)
        self.content = content
    }

    /// Names a seed file and its content.
    public init(name: String, collections: [Collection], content: [UInt8]) {
        self.init(name: name, collections: collections, content: .bytes(content))
    }
}

/// What is wrong with seed files.
///
/// None of them has been applied.
public struct SeedError: Error, Sendable, CustomStringConvertible {
    /// A file, a place in it, and what is wrong there.
    public struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// The file's name.
        public var file: String
        /// A JSON Pointer (RFC 6901), or line and column where the file is no JSON; empty for the whole file.
        public var place: String
        /// What is wrong.
        public var reason: String

        /// Names a place and what is wrong there.
        public init(file: String, place: String, reason: String) {
            self.file = file
            self.place = place
            self.reason = reason
        }

        /// File, place and reason on one line.
        public var description: String {
            // What stands in a file may not write on somebody's terminal as it likes.
            "\(file): \(place.isEmpty ? "" : place + " ")\(reason)".unicodeScalars.reduce(into: "") { text, scalar in
                if scalar.value < 0x20 || (0x7f...0x9f).contains(scalar.value) {
                    let digits = String(scalar.value, radix: 16)
                    text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                } else {
                    text.unicodeScalars.append(scalar)
                }
            }
        }
    }

    /// What was found, in the order of the files; at most `SeedError.mostFindings`.
    public var findings: [Finding]

    /// How many findings are looked for before the rest of the files is left unread.
    public static let mostFindings = 20

    /// Carries findings.
    public init(_ findings: [Finding]) {
        self.findings = findings
    }

    /// One line for each finding.
    public var description: String { findings.map(\.description).joined(separator: "\n") }
}

extension Store {
    /// Checks seed files as a whole and adds their rows.
    ///
    /// - Parameter files: the files, in the order in which they are read.
    /// - Returns: how many rows were added.
    /// - Throws: `SeedError` when a file is wrong, and nothing has been added then; `SQLiteError`.
    @discardableResult
    public func load(_ files: [SeedFile]) throws -> Int {
        try change { transaction in
            var insertion = SeedInsertion(files)
            let findings = try SeedReader.read(files) { rows throws(SQLiteError) in
                try insertion.insert(rows, transaction)
            }
            guard findings.isEmpty else { throw SeedError(findings) }
            try insertion.checkReferences(transaction)
            guard insertion.findings.isEmpty else { throw SeedError(insertion.findings) }
            return insertion.rows
        }
    }

    /// Checks seed files one by one, without adding their rows.
    ///
    /// - Parameter files: the files.
    /// - Throws: `SeedError` when a file is wrong.
    public static func check(_ files: [SeedFile]) throws(SeedError) {
        let findings = SeedReader.read(files) { (_: SeedRows) throws(Never) in }
        guard findings.isEmpty else { throw SeedError(findings) }
    }
}

extension Collection {
    /// Whether a row may have a text for its key.
    package func takes(key text: String) -> Bool {
        let member = members.filter { $0.name == key }
        return (try? member.checked([key: .string(text)])) != nil && !text.holds(0)
    }

    /// Checks a document as a whole: its members, those of its variant, and the collection's own rule.
    ///
    /// - Parameters:
    ///   - object: the document as written.
    ///   - source: where it comes from.
    /// - Returns: the document as it is stored.
    /// - Throws: the first `Violation`, its place seen from the document.
    package func checked(_ object: JSON.Object, as source: Source = .seeded) throws(Violation) -> JSON.Object {
        let (declared, areAll) = members(for: object, as: source)
        if !areAll, let discriminator = members.first(where: { $0.name == variants?.discriminator }) {
            _ = try [discriminator].checked(JSON.Object(members: object.filter { $0.name == discriminator.name }))
        }
        let document = try declared.checked(object)
        // SQLite would take the text up to there for the key (json_extract).
        for name in compared where document[name]?.stringValue?.holds(0) == true {
            throw Violation(at: JSON.Pointer([name]), "holds a NUL character, which no key can")
        }
        if let violation = rule?(document) { throw violation }
        return document
    }
}
