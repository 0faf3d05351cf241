package import JSON

/// A file of seed data, and the API whose objects it holds.
public struct SeedFile: Sendable {
    /// The file's name in errors.
    public var name: String
    /// The collections that it may hold rows of.
    public var collections: [Collection]
    /// Its content: JSON.
    public var content: [UInt8]

    /// Names a seed file and its content.
    public init(name: String, collections: [Collection], content: [UInt8]) {
        self.name = name
        self.collections = collections
        self.content = content
    }
}

/// What is wrong with seed files. None of them has been applied.
public struct SeedError: Error, Sendable, CustomStringConvertible {
    /// A file, a place in it, and what is wrong there.
    public struct Finding: Sendable, Equatable, CustomStringConvertible {
        /// The file's name.
        public var file: String
        /// A JSON Pointer (RFC 6901), or line and column where the file is no JSON.
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
        public var description: String { "\(file): \(place.isEmpty ? "the whole file" : place) \(reason)" }
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
        try write { transaction in
            var findings: [SeedError.Finding] = []
            var rows = 0
            for file in files where findings.count < SeedError.mostFindings {
                var loader = SeedLoader(file: file, mostFindings: SeedError.mostFindings - findings.count)
                try loader.load(into: transaction)
                findings += loader.findings
                rows += loader.rows
            }
            guard findings.isEmpty else { throw SeedError(findings) }
            return rows
        }
    }
}

/// Reads one seed file: checks each row against its collection's declaration and inserts it.
private struct SeedLoader {
    let file: SeedFile
    let mostFindings: Int
    var findings: [SeedError.Finding] = []
    var rows = 0

    init(file: SeedFile, mostFindings: Int) {
        self.file = file
        self.mostFindings = mostFindings
    }

    mutating func load(into transaction: borrowing Transaction) throws(SQLiteError) {
        let root: JSON
        do throws(JSON.ParseError) {
            root = try JSON(parsing: file.content)
        } catch {
            findings.append(.init(file: file.name, place: "line \(error.line), column \(error.column):", reason: error.reason))
            return
        }
        guard case .object(let object) = root else {
            return report(Violation(at: JSON.Pointer(), "is \(root.kindName) where an object belongs"))
        }
        // "$schema" is for editors; it says nothing about the rows.
        let (_, children) = split(JSON.Object(object.filter { $0.name != "$schema" }), of: nil)
        let known = childNames(of: nil)
        for (name, _) in object where !known.contains(name) && name != "$schema" {
            report(Violation(at: JSON.Pointer().appending(name), "is unknown here" + Nearest.suggestion(for: name, in: known)))
        }
        try load(children, under: nil, path: [], at: JSON.Pointer(), into: transaction)
    }

    private mutating func load(
        _ children: [(collection: Collection, rows: JSON)],
        under parent: RowID?,
        path: [String],
        at pointer: JSON.Pointer,
        into transaction: borrowing Transaction,
    ) throws(SQLiteError) {
        for (collection, value) in children {
            let place = pointer.appending(collection.name)
            guard case .array(let elements) = value else {
                report(Violation(at: place, "is \(value.kindName) where an array of rows belongs"))
                continue
            }
            for (index, element) in elements.enumerated() where findings.count < mostFindings {
                try load(element, of: collection, under: parent, path: path, at: place.appending(index), into: transaction)
            }
        }
    }

    private mutating func load(
        _ element: JSON,
        of collection: Collection,
        under parent: RowID?,
        path: [String],
        at pointer: JSON.Pointer,
        into transaction: borrowing Transaction,
    ) throws(SQLiteError) {
        let document: JSON.Object
        let children: [(collection: Collection, rows: JSON)]
        do throws(Violation) {
            guard case .object(let object) = element else {
                throw Violation(at: pointer, "is \(element.kindName) where an object belongs")
            }
            let (own, nested) = split(object, of: collection)
            children = nested
            document = try collection.checked(own, at: pointer)
        } catch {
            return report(error)
        }
        let key = document[collection.key]?.stringValue ?? ""
        guard let row = try insert(document, key, collection, parent, path, at: pointer, into: transaction) else { return }
        try load(children, under: row, path: path + [key], at: pointer, into: transaction)
    }

    /// Inserts a row; a parent that another file names too is the same row when its members are the same.
    private mutating func insert(
        _ document: JSON.Object,
        _ key: String,
        _ collection: Collection,
        _ parent: RowID?,
        _ path: [String],
        at pointer: JSON.Pointer,
        into transaction: borrowing Transaction,
    ) throws(SQLiteError) -> RowID? {
        let keyPlace = pointer.appending(collection.key)
        if hasChildren(collection), let existing = try transaction.existing(key, in: collection, under: parent) {
            guard existing.document == JSON.object(document).text else {
                report(Violation(at: keyPlace, "\(quoted(key)) stands elsewhere with other members"))
                return nil
            }
            return existing.row
        }
        do throws(SQLiteError) {
            rows += 1
            return try transaction.insert(document, into: collection, under: parent, path: path)
        } catch where error.isUniqueViolation {
            let member = error.message.split(separator: ", ").last?.split(separator: ".", maxSplits: 1).last.map(String.init)
            let place = member.map(pointer.appending) ?? keyPlace
            report(Violation(at: place, "is the same as in another row of \(collection.name)"))
            return nil
        }
    }

    private mutating func report(_ violation: Violation) {
        findings.append(.init(file: file.name, place: violation.pointer.description, reason: violation.reason))
    }

    /// Tells a row's own members from the arrays of rows below it.
    private func split(
        _ object: JSON.Object,
        of collection: Collection?,
    ) -> (own: JSON.Object, children: [(collection: Collection, rows: JSON)]) {
        let below = file.collections.filter { $0.parent === collection }
        guard !below.isEmpty else { return (object, []) }
        let names = below.map(\.name)
        let own = JSON.Object(object.filter { !names.contains($0.name) })
        return (own, below.compactMap { child in object[child.name].map { (child, $0) } })
    }

    private func childNames(of collection: Collection?) -> [String] {
        file.collections.filter { $0.parent === collection }.map(\.name)
    }

    private func hasChildren(_ collection: Collection) -> Bool {
        file.collections.contains { $0.parent === collection }
    }
}

extension Collection {
    /// Checks a document as a whole: its members, those of its variant, and the collection's own rule.
    package func checked(_ object: JSON.Object, at pointer: JSON.Pointer) throws(Violation) -> JSON.Object {
        if let variants, let discriminator = members.first(where: { $0.name == variants.discriminator }) {
            let named = JSON.Object(object.filter { $0.name == discriminator.name })
            _ = try [discriminator].checked(named, at: pointer)
        }
        let document = try members(for: object).checked(object, at: pointer)
        if let violation = rule?(document) {
            throw Violation(at: JSON.Pointer(pointer.tokens + violation.pointer.tokens), violation.reason)
        }
        return document
    }
}
