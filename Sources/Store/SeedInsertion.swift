internal import PatchbayJSON

/// Inserts the rows of seed files that have been checked one by one, and finds out which do not go together.
struct SeedInsertion: ~Copyable {
    /// Which rows do not go together; `SeedError.mostFindings` are enough.
    private(set) var findings: [SeedError.Finding] = []
    /// How many rows were inserted.
    private(set) var rows = 0

    private let files: [SeedFile]
    /// Where the rows are that others may stand below, by their numbers in the file; `nil` for those that were refused.
    private var parents: [RowID?] = []
    /// The file whose rows are being inserted.
    private var file = 0
    /// Rows that name others, which may stand in a later file.
    private var referring: [Reference] = []

    private struct Reference {
        let file: Int
        let pointer: JSON.Pointer
        let member: String
        let collection: Collection
        let key: String
        let parent: RowID?
    }

    init(_ files: [SeedFile]) {
        self.files = files
    }

    /// Inserts rows that stand next to each other; those below a row that was refused are left out.
    mutating func insert(_ rows: SeedRows, _ transaction: borrowing Transaction) throws(SQLiteError) {
        if rows.list.file != file {
            file = rows.list.file
            parents = []
        }
        var parent: RowID?
        if let number = rows.list.parent {
            parent = parents[number]
            guard parent != nil else {
                if rows.list.hasChildren { parents.append(nil) }
                return
            }
        }
        var refused: Set<Int> = []
        if rows.list.hasChildren {
            let place = try insertParent(rows, under: parent, transaction)
            parents.append(place)
            if place == nil { refused = [0] }
        } else {
            refused = try insertAll(rows, under: parent, transaction)
        }
        for (row, member, collection, key) in rows.references where !refused.contains(row) {
            let pointer = rows.pointer(to: row)
            referring.append(
                Reference(
                    file: file,
                    pointer: pointer,
                    member: member,
                    collection: collection,
                    key: key,
                    parent: parent
                )
            )
        }
    }

    /// Makes sure that every row that is named is there, when all files have been inserted.
    mutating func checkReferences(_ transaction: borrowing Transaction) throws(SQLiteError) {
        for reference in referring
        where try transaction.existing(reference.key, in: reference.collection, under: reference.parent) == nil {
            let reason = "\(quoted(reference.key)) is none of the \(reference.collection.name) beside it"
            report(Violation(at: reference.pointer.appending(reference.member), reason), in: reference.file)
        }
    }

    /// Inserts a row; one that another file names too is the same row when its members are the same.
    private mutating func insertParent(
        _ rows: SeedRows,
        under parent: RowID?,
        _ transaction: borrowing Transaction,
    ) throws(SQLiteError) -> RowID? {
        let collection = rows.list.collection
        if let existing = try transaction.existing(rows.key, in: collection, under: parent) {
            if existing.document.utf8.elementsEqual(rows.bytes[..<rows.ends[0]]) { return existing.row }
            let reason = "\(quoted(rows.key)) stands elsewhere with other members"
            report(Violation(at: rows.pointer(to: 0).appending(collection.key), reason), in: file)
            return nil
        }
        return try insertAll(rows, under: parent, transaction).isEmpty ? transaction.newest : nil
    }

    /// Inserts rows, and returns the numbers of those that were refused.
    private mutating func insertAll(
        _ rows: SeedRows,
        under parent: RowID?,
        _ transaction: borrowing Transaction,
    ) throws(SQLiteError) -> Set<Int> {
        let collection = rows.list.collection
        var refused: Set<Int> = []
        var next = 0
        while next < rows.count, findings.count < SeedError.mostFindings {
            let (added, refusal) = try transaction.insert(rows, from: next, under: parent)
            next += added
            self.rows += added
            guard let refusal else { continue }
            let pointer = rows.pointer(to: next).appending(refusal.violatedMember ?? collection.key)
            report(Violation(at: pointer, "is the same as in another row of \(collection.name)"), in: file)
            refused.insert(next)
            next += 1
        }
        return refused
    }

    private mutating func report(_ violation: Violation, in file: Int) {
        guard findings.count < SeedError.mostFindings else { return }
        let place = violation.pointer.description
        findings.append(.init(file: files[file].name, place: place, reason: violation.reason))
    }
}
