internal import CSQLite
internal import JSON
internal import Synchronization

/// A SQLite database with one writing connection and as many reading ones as threads read at once.
///
/// In memory it is SQLite's `memdb`, which lets a writer starve and answers readers `SQLITE_BUSY` while one writes. So a
/// readers-writer lock stands before it, and no caller ever sees that code. A file is in WAL mode.
final class Database: Sendable {
    private let location: String
    private let isFile: Bool
    private let schema: String
    /// Whether the tables are there.
    ///
    /// In memory they are made for whoever comes first, unless the database begins with an image, which has them.
    private let hasTables: Atomic<Bool>
    /// Guards the writing connections.
    private let lock: ReadersWriterLock<Writers>
    private let readers = Mutex<[Reader]>([])
    private let generation = Atomic<Int64>(0)

    /// Opens a database of its own in memory, or the file of a path, and makes its tables where there are none.
    ///
    /// - Throws: `StoreFileError`, `SQLiteError`.
    init(file: String?, schema: String) throws {
        _ = memoryStatisticsOff
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
        lock = ReadersWriterLock(Writers(connection, location: location, isFile: isFile))
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
            let reader = try readers.withLock { $0.popLast() } ?? Reader(Connection(location: location, readOnly: true))
            defer { readers.withLock { $0.append(reader) } }
            // A file may also be written by another process, of which only SQLite knows.
            let foreign = isFile ? try reader.dataVersion() : 0
            reader.forget(unlessMadeAt: .init(own: generation.load(ordering: .acquiring), foreign: foreign))
            return try body(reader)
        }
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
            let result = try connection.transaction { try body(connection) }
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
    private let location: String
    private let isFile: Bool
    private var other: Connection?

    init(_ usual: Connection, location: String, isFile: Bool) {
        self.usual = usual
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
        other = connection
        return connection
    }

    static func prepare(_ connection: Connection, isFile: Bool) throws(SQLiteError) {
        try connection.execute(isFile ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = MEMORY")
        try connection.execute("PRAGMA synchronous = \(isFile ? "FULL" : "OFF"); PRAGMA foreign_keys = ON")
    }
}

/// A reading connection, and what was worked out from the database since it was last written.
///
/// It belongs to one thread at a time: the one that took it out of the database's stack.
final class Reader: @unchecked Sendable {
    let connection: Connection
    /// How many rows match, by what they have to match.
    var totals: [Listing: Int64] = [:]
    /// The rows found by their keys.
    var rows: [Path: RowID] = [:]
    /// The documents of rows that were asked for one by one.
    var documents: [Cell: JSON.Object] = [:]
    private var generation = Generation(own: 0, foreign: 0)

    /// How often the database was written, by this process and by others.
    struct Generation: Equatable {
        var own: Int64
        var foreign: Int64
    }

    /// A row of a table.
    struct Cell: Hashable {
        var table: String
        var row: RowID
    }

    /// What is counted.
    struct Listing: Hashable {
        var table: String
        var parent: RowID
        var filters: [Value?]

        enum Value: Hashable {
            case integer(Int64)
            case text(Text)
            case containing(Text)
        }
    }

    /// A text that is the same as another when its bytes are, as for SQLite; for `String`, "é" is "e\u{301}".
    struct Text: Hashable {
        var text: String

        static func == (left: Self, right: Self) -> Bool { left.text.utf8.elementsEqual(right.text.utf8) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// Where a row stands: its table, and the keys from the root down.
    struct Path: Hashable {
        var table: String
        var keys: [Text]
    }

    /// How many totals and rows are kept before all are dropped.
    private static let mostKept = 4_096

    init(_ connection: Connection) {
        self.connection = connection
    }

    /// A number that changes when another connection than this one has written.
    func dataVersion() throws(SQLiteError) -> Int64 { try pragma("data_version") }

    /// How many bytes the database has.
    func size() throws(SQLiteError) -> Int64 { try pragma("page_count") * pragma("page_size") }

    private func pragma(_ name: String) throws(SQLiteError) -> Int64 {
        let statement = try connection.statement("PRAGMA \(name)")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// Drops what is no longer known to be true.
    func forget(unlessMadeAt current: Generation) {
        let kept = max(totals.count, rows.count, documents.count)
        guard generation != current || kept > Self.mostKept else { return }
        totals.removeAll(keepingCapacity: true)
        rows.removeAll(keepingCapacity: true)
        documents.removeAll(keepingCapacity: true)
        generation = current
    }
}

/// Counts the databases in memory, so that each has a name of its own within the process.
private let memoryDatabases = Atomic<UInt64>(0)

/// Has to happen before the first connection is opened.
private let memoryStatisticsOff: Int32 = csqlite_disable_memory_statistics()
