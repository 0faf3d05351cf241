internal import PatchbayCSQLite
internal import PatchbayJSON
internal import Synchronization

/// A SQLite database with one writing connection and as many reading ones as threads read at once.
///
/// In memory it is SQLite's `memdb`, which lets a writer starve and answers readers `SQLITE_BUSY` while one writes. So a
/// readers-writer lock stands before it, and no caller ever sees that code. A file is in WAL mode.
final class Database: Sendable {
    private let location: String
    /// The file, and which one it is; `nil` in memory.
    private let file: KeptFile?
    /// Whether nothing can be written to the file.
    let isReadOnly: Bool
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
        let opened: StoreFile.Opened
        if let file {
            opened = try StoreFile(path: file).open(schema)
        } else {
            let location = Self.newMemory()
            let connection = try Connection(location: location, readOnly: false)
            try Self.prepareWriting(connection, toFile: false)
            opened = .init(connection: connection, location: location, isReadOnly: false)
        }
        self.file = file.map { KeptFile($0, isWritten: !opened.isReadOnly) }
        location = opened.location
        isReadOnly = opened.isReadOnly
        self.schema = schema
        hasTables = Atomic(file != nil)
        tables = collections.map { Table($0) }
        listings = Listings(limits)
        rows = KeptRows(atMost: limits.rowBytes)
        let changes = Changes(tables, atMost: limits.changes)
        lock = ReadersWriterLock(try Writers(opened.connection, changes))
    }

    deinit {
        // Before the connection that writes, which cleans up behind all when it is the last.
        readers.withLock { $0.removeAll() }
    }

    /// Whether it is kept in a file.
    var isFile: Bool { file != nil }

    /// Whether nobody has read or written anything.
    var isUntouched: Bool { !hasTables.load(ordering: .acquiring) }

    /// Makes the tables where nobody has needed them before.
    private func makeTables() throws {
        guard isUntouched else { return }
        try lock.write { writers in
            guard isUntouched else { return }
            try StoreFile.makeTables(writers.usual, schema)
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

    /// A further connection to the same database.
    private func newConnection(readOnly: Bool) throws -> Connection {
        try file?.check()
        let connection = try Connection(location: location, readOnly: readOnly)
        if !readOnly, !isReadOnly { try Self.prepareWriting(connection, toFile: isFile) }
        return connection
    }

    /// Says how what a connection writes is kept: in a file it has to be there when somebody is told that it is.
    static func prepareWriting(_ connection: Connection, toFile isFile: Bool) throws(SQLiteError) {
        try connection.execute(isFile ? "PRAGMA journal_mode = WAL" : "PRAGMA journal_mode = MEMORY")
        try connection.execute("PRAGMA synchronous = \(isFile ? "FULL" : "OFF")")
    }

    private func newReader() throws -> Reader {
        let connection = try newConnection(readOnly: true)
        guard isFile else { return Reader(connection, tables, listings, rows) }
        // A file may be written by another store of this process, which mends nothing. A reader may notice that; it cannot tell
        // others when.
        return Reader(connection, tables, Listings(listings.limits), KeptRows(atMost: listings.limits.rowBytes))
    }

    /// Runs a body in a transaction with a writing connection: all of it is kept, or nothing.
    ///
    /// - Parameters:
    ///   - isWatched: whether triggers fire and references are checked.
    ///   - attached: the location of another database, which is `snapshot` to the statements of the body.
    ///   - body: writes.
    ///   - kept: told what the body returned when it is kept, while nobody reads.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, `SQLiteError`, or `StoreFileError` when the file is no longer there.
    func write<Result: Sendable>(
        isWatched: Bool = true,
        attaching attached: String? = nil,
        _ body: (Connection) throws -> Result,
        kept: (Result) -> Void = { _ in },
    ) throws -> Result {
        try makeTables()
        return try lock.write { writers in
            try file?.check()
            let connection = try isWatched ? writers.usual : writers.unwatched { try newConnection(readOnly: false) }
            if let attached { try connection.run("ATTACH ?1 AS snapshot", [.text(attached)]) }
            defer { if attached != nil { _ = try? connection.run("DETACH snapshot") } }
            writers.changes.begin(notingRows: !listings.isEmpty || !rows.isEmpty)
            let result = try connection.transaction { try body(connection) }
            for (number, table) in tables.enumerated() {
                rows.mend(table, number)
                listings.mend(table, connection)
            }
            writers.changes.commit()
            kept(result)
            generation.wrappingAdd(1, ordering: .releasing)
            return result
        }
    }

    /// Brings what was written into the file itself, so that the file alone can be copied.
    func checkpoint() throws {
        guard isFile, !isReadOnly else { return }
        try lock.write { writers in
            // The next start would bring another file of that name into it, over what is newer.
            try file?.checkRest()
            readers.withLock { $0.removeAll() }
            try writers.usual.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        }
    }
}

/// The connections that write, one at a time.
private final class Writers {
    let usual: Connection
    let changes: Changes
    private var other: Connection?

    init(_ usual: Connection, _ changes: Changes) throws(SQLiteError) {
        self.usual = usual
        self.changes = changes
        try usual.execute("PRAGMA foreign_keys = ON")
        usual.watch(changes)
    }

    /// The connection of statements that write many rows at once, and what those rows go back to themselves.
    func unwatched(_ open: () throws -> Connection) throws -> Connection {
        if let other { return other }
        let connection = try open()
        try connection.goUnwatched()
        try connection.addRewriting()
        connection.watch(changes)
        other = connection
        return connection
    }
}

/// The file that is served, with what was written last beside it, as long as they are those of their names.
private struct KeptFile {
    /// A name, and what it stands for.
    private struct Name {
        let path: String
        var followsLinks = false
        let identity: FileLook.Identity?

        var isKept: Bool { FileLook(path, followsLinks: followsLinks).identity == identity }
    }

    private let names: [Name]
    /// The one beside it, which SQLite makes before anything else and keeps as long as the file is open.
    private let rest: Name?

    /// Looks at a file that has just been opened.
    init(_ path: String, isWritten: Bool) {
        // A link that comes to stand in its place leads to where nothing stands beside it.
        let target = FileLook.target(of: path)
        let file = Name(path: target, identity: FileLook(target, followsLinks: false).identity)
        let link = target == path ? nil : Name(path: path, followsLinks: true, identity: file.identity)
        let beside = target + "-wal"
        rest = isWritten ? Name(path: beside, identity: FileLook(beside, followsLinks: false).identity) : nil
        names = [link, file, rest].compactMap(\.self)
    }

    /// Makes sure that what is written would be found again.
    func check() throws(StoreFileError) {
        if let lost = names.first(where: { !$0.isKept }) { throw Self.error(lost) }
    }

    /// Makes sure that nothing else stands beside the file: what was there may be gone.
    func checkRest() throws(StoreFileError) {
        if let rest, !rest.isKept, FileLook(rest.path, followsLinks: false).isThere { throw Self.error(rest) }
    }

    private static func error(_ lost: Name) -> StoreFileError {
        StoreFileError(description: "\(lost.path): is gone, or another file has its name")
    }
}

/// Counts the databases in memory, so that each has a name of its own within the process.
private let memoryDatabases = Atomic<UInt64>(0)

/// Has to happen before the first connection is opened.
private let configured: Int32 = csqlite_configure()
