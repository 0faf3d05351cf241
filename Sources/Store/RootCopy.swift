internal import PatchbayJSON

/// A root that is copied: as it goes back to being, whatever became of it since.
struct RootSource {
    let key: String
    /// Its row, which may have gone.
    let row: RowID
    let document: JSON.Object
    /// Whether it came since, would go back to nothing, and is copied as it is.
    let isNew: Bool
}

/// What is copied from one root to another one.
struct RootCopy {
    let source: RootSource
    /// The key of the new root.
    let key: String
    /// The row of the new root.
    let row: RowID
    /// Whether the new root has rows already, which come before those of the source.
    let isFurther: Bool

    /// An identifier as it stands in JSON, without quotation marks.
    static func written(_ key: String) -> [UInt8] { JSON.string(key).compact().dropFirst().dropLast() }
}

/// How a tenant is copied: its root row by row, what stands below with one statement for each collection.
extension Transaction {
    /// The root of a key, which may have gone since.
    func source(_ collection: Collection, _ key: String) throws -> RootSource? {
        let reader = Reader(connection)
        guard let row = try reader.row(collection, [key]) ?? reader.goneRoot(collection, key) else { return nil }
        let statement = try connection.statement("SELECT document FROM \(collection.baseline) WHERE row = ?1")
        try statement.bind(.integer(row.number), at: 1)
        defer { statement.reset() }
        let isChanged = try statement.step()
        if isChanged, let before = statement.text(0) {
            return RootSource(key: key, row: row, document: try JSON(parsing: before).objectValue ?? [:], isNew: false)
        }
        return RootSource(key: key, row: row, document: try document(collection, row) ?? [:], isNew: isChanged)
    }

    /// Adds a root that is like another one.
    ///
    /// Members that are to tell it from others end with the label.
    func copyRoot(_ source: JSON.Object, of collection: Collection, to tenant: MadeTenant) throws -> RowID {
        let old = RootCopy.written(source[collection.key]?.stringValue ?? "")
        let text = JSON.object(source).compact()
        let changed = Rewriting.rewritten(text, replacing: old, with: RootCopy.written(tenant.root.key))
        var copy = try JSON(parsing: changed ?? text).objectValue ?? source
        copy[collection.key] = .string(tenant.root.key)
        for name in collection.labelled {
            guard let value = copy[name]?.stringValue else { continue }
            copy[name] = .string(Self.name(value, labelled: tenant.label))
        }
        let stored = try collection.checked(copy, as: .written)
        do {
            return try insert(WrittenRow(stored, of: collection, below: []), into: collection, under: nil)
        } catch {
            guard error.isUniqueViolation else { throw error }
            throw TenantRefusal.notUnique(tenant.root, member: error.violatedMember ?? collection.key)
        }
    }

    /// A name with a label behind it, as a vendor's projects have their region's name before their own; short enough for
    /// every vendor.
    private static func name(_ name: String, labelled label: String) -> String {
        String((name + "_").unicodeScalars.prefix(max(0, 64 - label.unicodeScalars.count))) + label
    }

    /// Adds the rows below a root to another one.
    ///
    /// Where that has a row of the same key, or of the same value of a unique member, what stands there is left.
    ///
    /// - Returns: how many rows were added.
    func copyRows(_ copy: RootCopy, of collections: [Collection]) throws -> Int {
        plans.haveChanged = true
        let source = SQLValue.integer(copy.source.row.number)
        let words = [RootCopy.written(copy.source.key), RootCopy.written(copy.key)].map { bytes in
            SQLValue.text(String(decoding: bytes, as: UTF8.self))
        }
        // By how much the number of a copy is larger than that of its row, in each table.
        var shifts: [String: Int64] = [:]
        var rows = 0
        for collection in collections {
            let first = try connection.integers(
                "SELECT min(row) FROM (\(collection.rows(of: copy.source)))",
                [source],
            )
            guard let first, let parent = collection.parent else { continue }
            let last = try connection.integers(
                "SELECT seq FROM sqlite_sequence WHERE name = ?1",
                [.text(collection.table)],
            )
            let shift = (last?[0] ?? 0) + 1 - first[0]
            shifts[collection.table] = shift
            // Right below the root, all stand below the new one.
            let above = shifts[parent.table].map { SQLValue.integer($0) } ?? .integer(copy.row.number)
            let values = [source, .integer(shift), above] + words + [.text(copy.source.key)]
            rows += try connection.run(collection.copying(copy), values)
            try showAgain(copy, in: collection)
        }
        return rows
    }

    /// Writes the views of rows that have the identifier of the root that they were copied from for their own.
    private func showAgain(_ copy: RootCopy, in collection: Collection) throws {
        guard !collection.views.isEmpty else { return }
        let statement = try connection.statement(
            "SELECT row FROM \(collection.table) WHERE \(collection.belowRoot) AND \(collection.column(collection.key)) = ?2"
        )
        try statement.bind(.integer(copy.row.number), at: 1)
        try statement.bind(.text(copy.source.key), at: 2)
        var rows: [RowID] = []
        while try statement.step() { rows.append(RowID(number: statement.integer(0))) }
        statement.reset()
        for row in rows {
            guard let document = try document(collection, row) else { continue }
            try write(document, to: row, in: collection, below: try keys(of: row, in: collection).dropLast())
        }
    }
}

extension Collection {
    /// Selects the rows below a root, whose row is `?1`: those that have not changed, and what the others were.
    fileprivate func rows(of source: RootSource) -> String {
        let list = (["row"] + storedColumns).joined(separator: ", ")
        let current = "SELECT \(list) FROM \(table) WHERE \(belowRoot)"
        guard !source.isNew else { return current }
        return current + " AND row NOT IN (SELECT row FROM \(baseline) WHERE root = ?1) "
            + "UNION ALL SELECT \(list) FROM \(baseline) WHERE root = ?1 AND document IS NOT NULL"
    }

    /// The statement that copies the rows below a root.
    ///
    /// Its parameters are the root's row, how much larger the numbers of the copies are, how much larger those of their
    /// parents are, or the new root's row, and both identifiers as JSON has them. A row below that has the root's
    /// identifier, which is the last parameter, for its own keeps it.
    fileprivate func copying(_ copy: RootCopy) -> String {
        let isRightBelow = parent?.parent == nil
        let above = isRightBelow ? "?3" : "parent + ?3"
        let values = storedColumns.map { column in
            switch column {
            case "parent": above
            case "due", "event": column
            default: "iif(\(expression(key)) = ?6, \(column), rewritten(\(column), ?4, ?5))"
            }
        }
        // What stands below a row that was left out is left out as well.
        let known =
            copy.isFurther && !isRightBelow
            ? " WHERE \(above) IN (SELECT row FROM \(parent?.table ?? table))" : ""
        let columns = storedColumns.joined(separator: ", ")
        return "INSERT \(copy.isFurther ? "OR IGNORE " : "")INTO \(table) (row, \(columns)) "
            + "SELECT row + ?2, \(values.joined(separator: ", ")) FROM (\(rows(of: copy.source)))\(known) ORDER BY row"
    }
}
