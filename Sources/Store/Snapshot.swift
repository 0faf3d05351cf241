internal import Synchronization

/// Rows as they were at some moment.
package struct Snapshot: Sendable {
    /// Its name, which it has for itself among those of the same tenant.
    package let name: String
    /// The roots that it is about; everything when `nil`.
    package let roots: [Root]?
    /// The version of the program that saved it.
    package let version: String
    /// When that was.
    package let moment: Timestamp
    /// How many rows it has, by collection; without those that have none.
    package let rows: [(collection: String, count: Int)]
    /// The tenants that were made by then.
    let made: [MadeTenant]
    let tables: SnapshotTables

    /// The database as the bytes of a file, from which a store can begin.
    ///
    /// - Throws: `SQLiteError`.
    package func content() throws -> [UInt8] { try tables.content() }
}

/// A database in memory with tables like those of a store, without their indexes.
final class SnapshotTables: Sendable {
    let location = Database.newMemory()
    /// What keeps it in memory.
    private let connection: Mutex<Connection>

    /// "Psnp", which marks the file of a snapshot.
    static let applicationID: Int64 = 0x5073_6e70

    /// From how many rows on a snapshot is no small one.
    static let many: Int64 = 500

    /// Makes the tables, for about so many rows.
    init(of collections: [Collection], tablesVersion: Int64, rows: Int64) throws(SQLiteError) {
        let connection = try Connection(location: location, readOnly: false)
        // Every table takes a page, and those of a small snapshot have few rows or none. Many rows are faster in larger ones.
        try connection.execute("PRAGMA page_size = \(rows < Self.many ? 512 : 4_096)")
        try connection.execute("PRAGMA journal_mode = MEMORY; PRAGMA synchronous = OFF")
        try connection.execute(collections.map(\.snapshotSchema).joined(separator: ";\n"))
        try connection.execute(MadeTenant.schema)
        try connection.execute("CREATE TABLE snapshot (name TEXT, version TEXT, moment TEXT)")
        try connection.execute("PRAGMA application_id = \(Self.applicationID)")
        try connection.execute("PRAGMA user_version = \(tablesVersion)")
        // Its pages are kept once, not in its cache as well.
        try connection.execute("PRAGMA shrink_memory")
        self.connection = Mutex(connection)
    }

    func content() throws -> [UInt8] { try connection.withLock { try $0.serialized() } }
}

extension Collection {
    /// The statements that make the tables of a snapshot: of rows, and of what they go back to.
    fileprivate var snapshotSchema: String {
        let columns = storedColumns.joined(separator: ", ")
        return "CREATE TABLE \(table) (row INTEGER PRIMARY KEY, \(columns));\n"
            + "CREATE TABLE \(baseline) (row INTEGER PRIMARY KEY, root INTEGER, \(columns))"
    }

    /// Copies rows into a snapshot: those below the root `?1`, or all.
    fileprivate func saving(isBelow: Bool) -> String {
        let list = (["row"] + storedColumns).joined(separator: ", ")
        return "INSERT INTO snapshot.\(table) (\(list)) SELECT \(list) FROM main.\(table)"
            + (isBelow ? " WHERE \(belowRoot)" : "")
    }

    /// Copies what rows go back to, from one database to another.
    fileprivate func copyingBaseline(from source: String, to target: String, isBelow: Bool) -> String {
        let list = (["row", "root"] + storedColumns).joined(separator: ", ")
        return "INSERT INTO \(target).\(baseline) (\(list)) SELECT \(list) FROM \(source).\(baseline)"
            + (isBelow ? " WHERE root = ?1" : "")
    }
}

/// What putting a snapshot back changed.
package struct Restoration: Sendable, Equatable {
    /// What became of rows, by collection.
    package var reversals: [Reversal] = []
    /// The tenants that are there again.
    package var made: [MadeTenant] = []
    /// The tenants that were made since, and are no longer there.
    package var dropped: [MadeTenant] = []
}

extension Store {
    /// The snapshots: of a tenant, or all.
    package func snapshots(of roots: [Root]? = nil) -> [Snapshot] {
        snapshots.withLock { $0.filter { roots == nil || $0.roots == roots } }
    }

    /// The snapshot of a name: of a tenant, or of everything.
    package func snapshot(_ name: String, of roots: [Root]?) -> Snapshot? {
        snapshots.withLock { $0.first { $0.name == name && $0.roots == roots } }
    }

    /// Forgets a snapshot.
    ///
    /// - Returns: it; `nil` when there is none of the name.
    @discardableResult
    package func removeSnapshot(_ name: String, of roots: [Root]?) -> Snapshot? {
        snapshots.withLock { snapshots in
            let place = snapshots.firstIndex { $0.name == name && $0.roots == roots }
            return place.map { snapshots.remove(at: $0) }
        }
    }

    /// Forgets the snapshots of tenants.
    package func removeSnapshots(of roots: [Root]) {
        snapshots.withLock { snapshots in
            snapshots.removeAll { $0.roots?.contains(where: roots.contains) == true }
        }
    }

    /// Saves how everything is, or a tenant, in place of what was saved under that name.
    ///
    /// - Parameters:
    ///   - name: the name.
    ///   - roots: the tenant's roots; everything when `nil`.
    ///   - version: the version of the program.
    ///   - moment: what time it is.
    /// - Returns: what was saved, and whether nothing was under that name.
    /// - Throws: `SQLiteError`.
    package func save(
        _ name: String,
        of roots: [Root]?,
        version: String,
        at moment: Timestamp,
    ) throws -> (snapshot: Snapshot, isNew: Bool) {
        let count = try read { try $0.count(roots, of: collections) }
        let tables = try SnapshotTables(of: collections, tablesVersion: tablesVersion, rows: count)
        let snapshot = try rewrite(attaching: tables.location) { transaction in
            try transaction.connection.run(
                "INSERT INTO snapshot.snapshot VALUES (?1, ?2, ?3)",
                [.text(name), .text(version), .text(moment.text(fractionDigits: 6))],
            )
            let (rows, made) = try transaction.save(roots, of: collections)
            return Snapshot(
                name: name,
                roots: roots,
                version: version,
                moment: moment,
                rows: rows,
                made: made,
                tables: tables,
            )
        }
        return snapshots.withLock { snapshots in
            let place = snapshots.firstIndex { $0.name == name && $0.roots == roots }
            if let place { snapshots[place] = snapshot } else { snapshots.append(snapshot) }
            return (snapshot, place == nil)
        }
    }

    /// Puts the rows of seed files in place of all rows, and of what they go back to, at once.
    ///
    /// - Returns: what that changed.
    /// - Throws: `SeedError` when the files are wrong, and every row is as it was; `SQLiteError`.
    package func replace(with files: [SeedFile]) throws -> Restoration {
        let other = try Store(collections)
        try other.load(files)
        let moment = Timestamp(seconds: 0)
        return try restore(try other.save("seeds", of: nil, version: "", at: moment).snapshot)
    }

    /// Puts back what was saved: rows, what they go back to, the steps they wait for, and the tenants that were made.
    ///
    /// - Returns: what that changed.
    /// - Throws: `SQLiteError`.
    package func restore(_ snapshot: Snapshot) throws -> Restoration {
        try rewrite(attaching: snapshot.tables.location) { transaction in
            try transaction.restore(snapshot, of: collections)
        }
    }
}

/// A part of a store that is saved at once: the collections below a root, and the root's row; or all collections.
private struct SnapshotPart {
    var collections: [Collection]
    var root: SQLValue?

    var values: [SQLValue] { root.map { [$0] } ?? [] }
}

extension Reader {
    fileprivate func parts(_ roots: [Root]?, of collections: [Collection]) throws(SQLiteError) -> [SnapshotPart] {
        guard let roots else { return [SnapshotPart(collections: collections, root: nil)] }
        var parts: [SnapshotPart] = []
        for root in roots {
            guard let collection = collections.first(where: { $0.table == root.collection }) else { continue }
            // A number that no row has, for one that is not there.
            let row = try row(collection, [root.key])?.number ?? -1
            let below = collections.filter { $0.lineage[0] === collection }
            parts.append(SnapshotPart(collections: below, root: .integer(row)))
        }
        return parts
    }

    /// About how many rows are to be saved; of each collection, no more are counted than make a snapshot large.
    fileprivate func count(_ roots: [Root]?, of collections: [Collection]) throws(SQLiteError) -> Int64 {
        var count: Int64 = 0
        for part in try parts(roots, of: collections) {
            for collection in part.collections {
                let condition = part.root == nil ? "TRUE" : collection.belowRoot
                let counting = "SELECT 1 FROM \(collection.table) WHERE \(condition) LIMIT \(SnapshotTables.many)"
                count += try connection.integers("SELECT count(*) FROM (\(counting))", part.values)?[0] ?? 0
            }
        }
        return count
    }
}

extension Transaction {
    fileprivate func save(
        _ roots: [Root]?,
        of collections: [Collection],
    ) throws -> (rows: [(collection: String, count: Int)], made: [MadeTenant]) {
        var rows: [(collection: String, count: Int)] = []
        for part in try Reader(connection).parts(roots, of: collections) {
            let isBelow = part.root != nil
            for collection in part.collections {
                rows.append((collection.name, try connection.run(collection.saving(isBelow: isBelow), part.values)))
                try connection.run(
                    collection.copyingBaseline(from: "main", to: "snapshot", isBelow: isBelow),
                    part.values,
                )
            }
        }
        let made = try madeTenants().filter { roots?.contains($0.root) ?? true }
        for tenant in made { try tenant.insert(connection, into: "snapshot") }
        return (rows.filter { $0.count > 0 }, made)
    }

    fileprivate func restore(_ snapshot: Snapshot, of collections: [Collection]) throws -> Restoration {
        var restoration = Restoration()
        for part in try Reader(connection).parts(snapshot.roots, of: collections) {
            let isBelow = part.root != nil
            restoration.reversals += try putBack(
                part.collections,
                from: { "SELECT * FROM snapshot.\($0.table)" },
                removing: { collection in
                    (isBelow ? "\(collection.belowRoot) AND " : "")
                        + "row NOT IN (SELECT row FROM snapshot.\(collection.table))"
                },
                part.values,
            )
            for collection in part.collections {
                try connection.run(
                    "DELETE FROM main.\(collection.baseline)\(isBelow ? " WHERE root = ?1" : "")",
                    part.values,
                )
                try connection.run(collection.copyingBaseline(from: "snapshot", to: "main", isBelow: false))
            }
        }
        guard snapshot.roots == nil else { return restoration }
        let made = try madeTenants()
        restoration.made = snapshot.made.filter { tenant in !made.contains { $0.root == tenant.root } }
        restoration.dropped = made.filter { tenant in !snapshot.made.contains { $0.root == tenant.root } }
        try connection.run("DELETE FROM main.made_tenants")
        for tenant in snapshot.made { try tenant.insert(connection, into: "main") }
        return restoration
    }
}
