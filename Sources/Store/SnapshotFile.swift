/// The file of a snapshot, from which a store begins in place of seeds.
struct SnapshotFile {
    let path: String

    /// The file for SQLite, which makes nothing beside it; what is attached to a database in memory would be in memory otherwise.
    var location: String { FileLook.location(of: path, "mode=ro&immutable=1&vfs=unix") }

    /// Makes sure that the file is a whole snapshot of tables like those of a store.
    ///
    /// - Throws: `StoreFileError` when it is not; `SQLiteError` when it cannot be read, or is no database.
    func check(tablesVersion: Int64) throws {
        let look = FileLook(path)
        guard !look.isNoFile else { throw refusal("cannot be read: it is no regular file") }
        let connection = try Connection(location: location, readOnly: true)
        guard try connection.integers("PRAGMA application_id")?[0] == SnapshotTables.applicationID else {
            throw refusal("is none")
        }
        guard try connection.integers("PRAGMA user_version")?[0] == tablesVersion else {
            throw refusal("was saved by another version of Patchbay, whose tables differ")
        }
        // What lacks the end of its last page is whole to SQLite.
        guard try Reader(connection).size() == look.size else { throw refusal("is damaged") }
        guard try connection.isWhole("integrity_check") else { throw refusal("is damaged") }
    }

    func refusal(_ reason: String) -> StoreFileError {
        StoreFileError(description: "\(path): cannot be the snapshot: it \(reason)")
    }
}

extension Store {
    /// Adds the rows of a snapshot's file, as they were saved; they are what a reset goes back to.
    ///
    /// The tenants that had been made are so here, too: with their labels, until everything is reset.
    ///
    /// - Parameter path: the file, which stays as it is.
    /// - Returns: how many rows were added.
    /// - Throws: `StoreFileError` when the file is no snapshot, of other tables, or damaged; nothing has been added then.
    public func load(snapshot path: String) throws -> Int {
        let file = SnapshotFile(path: path)
        do {
            try file.check(tablesVersion: tablesVersion)
            return try change(isWatched: false, attaching: file.location) { transaction in
                let rows = try collections.reduce(0) { try $0 + transaction.connection.run($1.loading) }
                try transaction.connection.run(MadeTenant.loading)
                guard try transaction.connection.integers("PRAGMA main.foreign_key_check") == nil else {
                    throw file.refusal("has rows that belong nowhere")
                }
                transaction.plans.haveChanged = true
                return rows
            }
        } catch let error as SQLiteError {
            throw file.refusal("cannot be read: \(error.message)")
        }
    }
}

extension MadeTenant {
    /// The statement that adds those of an attached snapshot.
    fileprivate static let loading =
        "INSERT INTO main.made_tenants SELECT * FROM snapshot.made_tenants ORDER BY snapshot.made_tenants.rowid"
}

extension Collection {
    /// The statement that adds the rows of an attached snapshot.
    fileprivate var loading: String {
        let list = (["row"] + storedColumns).joined(separator: ", ")
        return "INSERT INTO main.\(table) (\(list)) SELECT \(list) FROM snapshot.\(table) ORDER BY row"
    }
}
