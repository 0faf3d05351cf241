internal import JSON

/// Reads one seed file: checks each row against its collection's declaration and inserts it.
struct SeedLoader: ~Copyable {
    private let file: SeedFile
    private let mostFindings: Int
    /// What is wrong with the file.
    private(set) var findings: [SeedError.Finding] = []
    /// How many rows were inserted.
    private(set) var rows = 0

    init(_ file: SeedFile, mostFindings: Int) {
        self.file = file
        self.mostFindings = mostFindings
    }

    /// Where rows belong: below which row, and where they stand in the file.
    private struct Position {
        var parent: RowID?
        var keys: [String] = []
        var pointer = JSON.Pointer()
    }

    /// Reads the file.
    ///
    /// What is wrong with it is in `findings` afterwards.
    mutating func load(into transaction: borrowing Transaction) throws(SQLiteError) {
        let children: [(collection: Collection, rows: JSON)]
        do {
            let root = try JSON(parsing: file.content)
            let (own, lists) = try split(root, of: nil)
            children = lists
            let known = file.collections.filter { $0.parent == nil }.map(\.name)
            // "$schema" is for editors; it says nothing about the rows.
            for (name, _) in own where name != "$schema" {
                report(
                    Violation(at: JSON.Pointer([name]), "is unknown here" + Nearest.suggestion(for: name, in: known))
                )
            }
        } catch let error as JSON.ParseError {
            let place = "line \(error.line), column \(error.column):"
            return findings.append(.init(file: file.name, place: place, reason: error.reason))
        } catch let violation as Violation {
            return report(violation)
        } catch {
            return report(Violation(at: JSON.Pointer(), "\(error)"))
        }
        try load(children, at: Position(), into: transaction)
    }

    private mutating func load(
        _ children: [(collection: Collection, rows: JSON)],
        at position: Position,
        into transaction: borrowing Transaction,
    ) throws(SQLiteError) {
        for (collection, value) in children {
            var list = position
            list.pointer = position.pointer.appending(collection.name)
            guard case .array(let elements) = value else {
                report(Violation(at: list.pointer, "is \(value.kindName) where an array of rows belongs"))
                continue
            }
            for (index, element) in elements.enumerated() where findings.count < mostFindings {
                try load(element, index: index, of: collection, in: list, into: transaction)
            }
        }
    }

    private mutating func load(
        _ element: JSON,
        index: Int,
        of collection: Collection,
        in list: Position,
        into transaction: borrowing Transaction,
    ) throws(SQLiteError) {
        let document: JSON.Object
        let children: [(collection: Collection, rows: JSON)]
        do throws(Violation) {
            let (own, nested) = try split(element, of: collection)
            children = nested
            document = try collection.checked(own)
        } catch {
            return report(error.inside(String(index)), in: list)
        }
        switch try insert(document, into: collection, in: list, transaction) {
        case .failure(let violation): report(violation.inside(String(index)), in: list)
        case .success(let row):
            guard !children.isEmpty else { return }
            let key = document[collection.key]?.stringValue ?? ""
            let place = Position(parent: row, keys: list.keys + [key], pointer: list.pointer.appending(index))
            try load(children, at: place, into: transaction)
        }
    }

    /// Inserts a row; a parent that another file names too is the same row when its members are the same.
    private mutating func insert(
        _ document: JSON.Object,
        into collection: Collection,
        in list: Position,
        _ transaction: borrowing Transaction,
    ) throws(SQLiteError) -> Result<RowID, Violation> {
        if file.collections.contains(where: { $0.parent === collection }) {
            let key = document[collection.key]?.stringValue ?? ""
            if let existing = try transaction.existing(key, in: collection, under: list.parent) {
                if existing.document == JSON.object(document).text { return .success(existing.row) }
                let reason = "\(quoted(key)) stands elsewhere with other members"
                return .failure(Violation(at: JSON.Pointer([collection.key]), reason))
            }
        }
        do throws(SQLiteError) {
            let row = try transaction.insert(document, into: collection, under: list.parent, path: list.keys)
            rows += 1
            return .success(row)
        } catch  where error.isUniqueViolation {
            let reason = "is the same as in another row of \(collection.name)"
            return .failure(Violation(at: JSON.Pointer([error.violatedMember ?? collection.key]), reason))
        }
    }

    private mutating func report(_ violation: Violation, in list: Position = Position()) {
        guard findings.count < mostFindings else { return }
        let pointer = JSON.Pointer(list.pointer.tokens + violation.pointer.tokens)
        findings.append(.init(file: file.name, place: pointer.description, reason: violation.reason))
    }

    /// Tells a row's own members from the arrays of rows below it.
    private func split(
        _ value: JSON,
        of collection: Collection?,
    ) throws(Violation) -> (own: JSON.Object, children: [(collection: Collection, rows: JSON)]) {
        guard case .object(let object) = value else {
            throw Violation(at: JSON.Pointer(), "is \(value.kindName) where an object belongs")
        }
        let below = file.collections.filter { $0.parent === collection }
        guard !below.isEmpty else { return (object, []) }
        if let twice = object.duplicateNames.first { throw Violation(at: JSON.Pointer([twice]), "stands here twice") }
        let names = below.map(\.name)
        let own = JSON.Object(members: object.filter { !names.contains($0.name) })
        return (own, below.compactMap { child in object[child.name].map { (child, $0) } })
    }
}
