internal import CSQLite
internal import JSON
internal import Synchronization

/// A SQLite database with one writing connection and as many reading ones as threads read at once.
///
/// In memory it is SQLite's `memdb`, which lets a writer starve and answers readers `SQLITE_BUSY` while one writes. So a
/// readers-writer lock stands before it, and no caller ever sees that code. A file is in WAL mode.
final class Database: Sendable {
    private let location: String
    let isFile: Bool
    private let schema: String
    /// Whether the tables are there.
    ///
    /// In memory they are made for whoever comes first, unless the database begins with an image, which has them.
    private let hasTables: Atomic<Bool>
    /// Guards the writing connections.
    private let lock: ReadersWriterLock<Writers>
    private let readers = Mutex<[Reader]>([])
    private let generation = Atomic<Int64>(0)
    private let tables: [Table]
    let listings: Listings
    let rows: KeptRows

    /// Opens a database of its own in memory, or the file of a path, and makes its tables where there are none.
    ///
    /// - Parameters:
    ///   - file: the file's path; in memory when `nil`.
    ///   - collections: whose tables they are.
    ///   - schema: the statements that make them.
    ///   - limits: which listings are kept.
    /// - Throws: `StoreFileError`, `SQLiteError`.
    init(file: String?, of collections: [Collection], schema: String, _ limits: Listings.Limits) throws {
        _ = configured
        if let file {
            // The name of a file, which SQLite would read as a URI otherwise.
            location = file.hasPrefix("file:") ? "./" + file : file
        } else {
            location = Self.newMemory()
        }
        isFile = file != nil
        self.schema = schema
        let connection = try StoreFile.open(location)
        // Before anything else is done to a file it has to be ours.
        if isFile { try StoreFile(connection: connection, path: location).prepare(schema) }
        hasTables = Atomic(isFile)
        try Writers.prepare(connection, isFile: isFile)
        tables = collections.map { Table($0) }
        listings = Listings(limits)
        rows = KeptRows(atMost: limits.rowBytes)
        let changes = Changes(tables, atMost: limits.changes)
        lock = ReadersWriterLock(Writers(connection, changes, location: location, isFile: isFile))
    }

    /// Whether nobody has read or written anything.
    var isUntouched: Bool { !hasTables.load(ordering: .acquiring) }

    /// Makes the tables where nobody has needed them before.
    private func makeTables() throws {
        guard isUntouched else { return }
        try lock.write { writers in
            guard isUntouched else { return }
            try StoreFile(connection: writers.usual, path: location).prepare(schema)
            hasTables.store(true, ordering: .releasing)
        }
    }

    /// Begins with an image of a database, tables and all.
    ///
    /// - Returns: whether that was possible: it is not in a file, nor when the database has been used.
    func begin(with image: UnsafeRawBufferPointer) throws -> Bool {
        guard !isFile else { return false }
        return try lock.write { writers in
            guard isUntouched else { return false }
            try writers.usual.begin(with: image)
            hasTables.store(true, ordering: .releasing)
            generation.wrappingAdd(1, ordering: .releasing)
            return true
        }
    }

    /// The place of a database in memory that no other one has.
    static func newMemory() -> String {
        "file:/patchbay-\(memoryDatabases.wrappingAdd(1, ordering: .relaxed).newValue)?vfs=memdb"
    }

    /// How often something was written.
    var currentGeneration: Int64 { generation.load(ordering: .acquiring) }

    /// Runs a body with a connection that only reads.
    ///
    /// Many may run at once, none while something is written.
    func read<Result>(_ body: (Reader) throws -> Result) throws -> Result {
        try makeTables()
        return try lock.read {
            let reader = try readers.withLock { $0.popLast() } ?? newReader()
            defer { readers.withLock { $0.append(reader) } }
            if isFile { try reader.noticeOthers() }
            return try body(reader)
        }
    }

    private func newReader() throws(SQLiteError) -> Reader {
        let connection = try Connection(location: location, readOnly: true)
        guard isFile else { return Reader(connection, tables, listings, rows) }
        // A file may be written by another process, which mends nothing. A reader may notice that; it cannot tell others when.
        return Reader(connection, tables, Listings(listings.limits), KeptRows(atMost: listings.limits.rowBytes))
    }

    /// Runs a body in a transaction with a writing connection: all of it is kept, or nothing.
    ///
    /// - Parameters:
    ///   - isWatched: whether triggers fire and references are checked.
    ///   - attached: the location of another database, which is `snapshot` to the statements of the body.
    ///   - body: writes.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or `SQLiteError`.
    func write<Result: Sendable>(
        isWatched: Bool = true,
        attaching attached: String? = nil,
        _ body: (Connection) throws -> Result,
    ) throws -> Result {
        try makeTables()
        return try lock.write { writers in
            let connection = try isWatched ? writers.usual : writers.unwatched()
            if let attached { try connection.run("ATTACH ?1 AS snapshot", [.text(attached)]) }
            defer { if attached != nil { _ = try? connection.run("DETACH snapshot") } }
            writers.changes.begin(notingRows: !listings.isEmpty || !rows.isEmpty)
            let result = try connection.transaction { try body(connection) }
            for (number, table) in tables.enumerated() {
                rows.mend(table, number)
                listings.mend(table, connection)
            }
            writers.changes.commit()
            generation.wrappingAdd(1, ordering: .releasing)
            return result
        }
    }

    /// Brings what was written into the file itself, so that the file alone can be copied.
    func checkpoint() throws {
        guard isFile else { return }
        try lock.write { writers in
            readers.withLock { $0.removeAll() }
            try writers.usual.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }
}

/// The connections that write, one at a time.
private final class Writers {
    let usual: Connection
    let changes: Changes
    private let location: String
    private let isFile: Bool
    private var other: Connection?

    init(_ usual: Connection, _ changes: Changes, location: String, isFile: Bool) {
        self.usual = usual
        self.changes = changes
        usual.watch(changes)
        self.location = location
        self.isFile = isFile
    }

    /// The connection of statements that write many rows at once, and what those rows go back to themselves.
    func unwatched() throws(SQLiteError) -> Connection {
        if let other { return other }
        let connection = try Connection(location: location, readOnly: false)
        try Self.prepare(connection, isFile: isFile)
        try connection.goUnwatched()
        try connection.addRewriting()
        connection.watch(changes)
        other = connection
        return connection
    }

    static func prepare(_ connection: Connection, isFile: Bool) throws(SQLiteError) {
        try connection.execute(isFile ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = MEMORY")
        try connection.execute("PRAGMA synchronous = \(isFile ? "FULL" : "OFF"); PRAGMA foreign_keys = ON")
    }
}

/// Counts the databases in memory, so that each has a name of its own within the process.
private let memoryDatabases = Atomic<UInt64>(0)

/// Has to happen before the first connection is opened.
private let configured: Int32 = csqlite_configure()
