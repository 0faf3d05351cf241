internal import JSON

/// Inserts the rows of seed files that have been checked one by one, and finds out which do not go together.
struct SeedInsertion: ~Copyable {
    /// Which rows do not go together.
    private(set) var findings: [SeedError.Finding] = []
    /// How many rows were inserted.
    private(set) var rows = 0

    /// Rows that name others, which may stand in a later file.
    private var referring: [(seeds: SeedContent, row: SeedRow, parent: RowID?)] = []

    /// Inserts the rows of a file; those below a row that was refused are left out.
    mutating func insert(_ seeds: SeedContent, _ transaction: borrowing Transaction) throws(SQLiteError) {
        var seeds = seeds
        var places: [RowID?] = []
        places.reserveCapacity(seeds.rows.count)
        for row in seeds.rows {
            var parent: RowID?
            if let number = row.parent {
                parent = places[number]
                if parent == nil {
                    places.append(nil)
                    continue
                }
            }
            switch try insert(row, of: seeds.file, under: parent, transaction) {
            case .success(let place):
                places.append(place)
                if !row.references.isEmpty { referring.append((seeds, row, parent)) }
            case .failure(let violation):
                places.append(nil)
                seeds.report(violation, in: seeds.pointer(to: row))
            }
        }
        findings += seeds.findings
    }

    /// Makes sure that every row that is named is there, when all files have been inserted.
    mutating func checkReferences(_ transaction: borrowing Transaction) throws(SQLiteError) {
        for (seeds, row, parent) in referring {
            var missing = SeedContent(file: seeds.file)
            for (member, collection, key) in row.references
            where try transaction.existing(key, in: collection, under: parent) == nil {
                let reason = "\(quoted(key)) is none of the \(collection.name) beside it"
                missing.report(Violation(at: JSON.Pointer([member]), reason), in: seeds.pointer(to: row))
            }
            findings += missing.findings
        }
    }

    /// Inserts a row; a parent that another file names too is the same row when its members are the same.
    private mutating func insert(
        _ row: SeedRow,
        of file: SeedFile,
        under parent: RowID?,
        _ transaction: borrowing Transaction,
    ) throws(SQLiteError) -> Result<RowID, Violation> {
        let collection = row.collection
        if file.collections.contains(where: { $0.parent === collection }),
            let existing = try transaction.existing(row.key, in: collection, under: parent)
        {
            if existing.document.utf8.elementsEqual(row.written.document) { return .success(existing.row) }
            let reason = "\(quoted(row.key)) stands elsewhere with other members"
            return .failure(Violation(at: JSON.Pointer([collection.key]), reason))
        }
        do throws(SQLiteError) {
            let place = try transaction.insert(row.written, into: collection, under: parent)
            rows += 1
            return .success(place)
        } catch  where error.isUniqueViolation {
            let reason = "is the same as in another row of \(collection.name)"
            return .failure(Violation(at: JSON.Pointer([error.violatedMember ?? collection.key]), reason))
        }
    }
}
