/// What going back changed, in one collection.
package struct Reversal: Sendable, Equatable {
    /// The collection's name.
    package var collection: String
    /// How many rows went that had come since.
    package var removed = 0
    /// How many rows came back that had gone since.
    package var restored = 0
    /// How many rows were changed back.
    package var reverted = 0

    var isEmpty: Bool { removed + restored + reverted == 0 }
}

/// What going back changed.
package struct Reset: Sendable, Equatable {
    /// What became of rows, by collection.
    package var reversals: [Reversal] = []
    /// The tenants that were made, and are no longer there.
    package var dropped: [MadeTenant] = []
}

extension Transaction {
    /// Takes rows back to what they were at the baseline.
    ///
    /// It is for a connection without triggers, which would note down what goes back as well.
    ///
    /// - Parameters:
    ///   - collections: all of the store's, parents before their children.
    ///   - root: the root below which that is done; everywhere when `nil`.
    /// - Returns: what changed, by collection.
    /// - Throws: `SQLiteError`.
    func revert(_ collections: [Collection], below root: RowID?) throws(SQLiteError) -> [Reversal] {
        let isBelow = root == nil ? "" : " AND root = ?1"
        let values = root.map { [SQLValue.integer($0.number)] } ?? []
        let reversals = try putBack(
            collections,
            from: { "SELECT * FROM \($0.baseline) WHERE document IS NOT NULL\(isBelow)" },
            values,
            removing: { "row IN (SELECT row FROM \($0.baseline) WHERE document IS NULL\(isBelow))" },
            values,
        )
        for collection in collections {
            try connection.run("DELETE FROM \(collection.baseline) WHERE TRUE\(isBelow)", values)
        }
        return reversals
    }

    /// Makes rows what they are in other tables, by difference.
    ///
    /// - Parameters:
    ///   - collections: whose rows, parents before their children.
    ///   - source: selects the other rows of a collection.
    ///   - sourceValues: what its parameters stand for.
    ///   - gone: which rows of a collection are to go.
    ///   - goneValues: what its parameters stand for.
    /// - Returns: what changed, by collection.
    /// - Throws: `SQLiteError`.
    func putBack(
        _ collections: [Collection],
        from source: (Collection) -> String,
        _ sourceValues: [SQLValue] = [],
        removing gone: (Collection) -> String,
        _ goneValues: [SQLValue],
    ) throws(SQLiteError) -> [Reversal] {
        plans.haveChanged = true
        var reversals = collections.map { Reversal(collection: $0.name) }
        // Those below first: where they stand may be known by what is above them.
        for (number, collection) in collections.enumerated().reversed() {
            reversals[number].removed = try connection.run(
                "DELETE FROM \(collection.table) WHERE \(gone(collection))",
                goneValues,
            )
        }
        for (number, collection) in collections.enumerated() {
            let known = source(collection)
            let columns = collection.storedColumns
            let differences = columns.map { "t.\($0) IS NOT b.\($0)" }.joined(separator: " OR ")
            // Two rows may have taken each other's names meanwhile: without any, they are not in each other's way.
            reversals[number].reverted = try connection.run(
                "UPDATE \(collection.table) SET document = '{}' WHERE row IN "
                    + "(SELECT b.row FROM (\(known)) b JOIN \(collection.table) t ON t.row = b.row WHERE \(differences))",
                sourceValues,
            )
            if reversals[number].reverted > 0 {
                let changes = columns.map { "\($0) = b.\($0)" }.joined(separator: ", ")
                try connection.run(
                    "UPDATE \(collection.table) SET \(changes) FROM (\(known)) b "
                        + "WHERE \(collection.table).row = b.row AND \(collection.table).document = '{}'",
                    sourceValues,
                )
            }
            let list = (["row"] + columns).joined(separator: ", ")
            reversals[number].restored = try connection.run(
                "INSERT INTO \(collection.table) (\(list)) SELECT \(list) FROM (\(known)) "
                    + "WHERE row NOT IN (SELECT row FROM \(collection.table))",
                sourceValues,
            )
        }
        return reversals.filter { !$0.isEmpty }
    }
}

/// What rows were before they were first changed, so that they can be so again.
///
/// Triggers keep it from the first change on: a store that nobody writes to has none, and going back costs as much as
/// there are changed rows, however many others there are.
extension Collection {
    /// The table of what rows were; one without a document was not there.
    var baseline: String { "\(table)_before" }

    /// The statements that make the table and its triggers, unless they are there.
    var baselineSchema: String {
        let columns = storedColumns.joined(separator: ", ")
        let old = storedColumns.map { "OLD.\($0)" }.joined(separator: ", ")
        func trigger(_ name: String, _ event: String, _ row: String, _ columns: String, _ values: String) -> String {
            let root = parent.map { $0.root(of: "\(row).parent") } ?? "\(row).row"
            return "CREATE TRIGGER IF NOT EXISTS \(baseline)_\(name) \(event) ON \(table) BEGIN "
                + "INSERT OR IGNORE INTO \(baseline) (row, root, \(columns)) VALUES (\(row).row, \(root), \(values)); END"
        }
        return [
            "CREATE TABLE IF NOT EXISTS \(baseline) (row INTEGER PRIMARY KEY, root INTEGER, \(columns))",
            "CREATE INDEX IF NOT EXISTS \(baseline)_root ON \(baseline) (root)",
            trigger("insert", "AFTER INSERT", "NEW", "document", "NULL"),
            trigger("update", "BEFORE UPDATE", "OLD", columns, old),
            trigger("delete", "BEFORE DELETE", "OLD", columns, old),
        ].joined(separator: ";\n")
    }

    /// The row number of the root above a row, which may just have gone.
    private func root(of row: String) -> String {
        guard let parent else { return row }
        return "coalesce((SELECT \(parent.root(of: "\(table).parent")) FROM \(table) WHERE \(table).row = \(row)), "
            + "(SELECT \(baseline).root FROM \(baseline) WHERE \(baseline).row = \(row)))"
    }
}
