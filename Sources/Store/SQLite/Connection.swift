internal import PatchbayCSQLite

/// One connection to a SQLite database, with the statements prepared on it.
///
/// A connection belongs to one thread at a time: it is only reachable inside `Database.read` and `Database.write`.
final class Connection {
    private let handle: OpaquePointer
    private var statements: [String: Statement] = [:]

    /// Opens a database (<https://www.sqlite.org/uri.html>).
    ///
    /// - Parameters:
    ///   - location: a path or a URI.
    ///   - readOnly: refuses every write.
    /// - Throws: `SQLiteError` when SQLite cannot open it.
    init(location: String, readOnly: Bool) throws(SQLiteError) {
        var opened: OpaquePointer?
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
        let code = sqlite3_open_v2(location, &opened, access | SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX, nil)
        guard code == SQLITE_OK, let opened else {
            let message = opened.map { String(cString: sqlite3_errmsg($0)) } ?? String(cString: sqlite3_errstr(code))
            sqlite3_close_v2(opened)
            throw SQLiteError(extendedCode: code, message: message, context: location)
        }
        handle = opened
        sqlite3_extended_result_codes(handle, 1)
        // Another process that has the file may be about to stop.
        sqlite3_busy_timeout(handle, 1_000)
        // In a container there may be no folder for temporary files.
        try execute("PRAGMA temp_store = MEMORY")
    }

    /// Lets no trigger fire, and checks no reference, for statements that know what they do.
    func goUnwatched() throws(SQLiteError) {
        guard csqlite_disable_triggers(handle) == SQLITE_OK else { throw error(in: "triggers") }
        try execute("PRAGMA foreign_keys = OFF")
    }

    /// Lets statements call a function of Swift that makes a text or bytes of others: `rewritten(value, old, new)`.
    func addRewriting() throws(SQLiteError) {
        let flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC
        let code = sqlite3_create_function_v2(handle, "rewritten", 3, flags, nil, rewrite, nil, nil, nil)
        guard code == SQLITE_OK else { throw error(in: "rewritten") }
    }

    /// Tells of every row that is changed.
    func watch(_ changes: Changes) { changes.watch(handle) }

    deinit {
        statements.removeAll()
        sqlite3_close_v2(handle)
    }

    /// Whether the file cannot be written to, whatever was asked for.
    var isReadOnly: Bool { sqlite3_db_readonly(handle, "main") == 1 }

    /// Says whether what was written is brought into the file when the connection, the last one, is closed.
    func setCheckpointOnClose(_ isOn: Bool) throws(SQLiteError) {
        guard csqlite_set_checkpoint_on_close(handle, isOn ? 1 : 0) == SQLITE_OK else { throw error(in: "checkpoint") }
    }

    /// The first bytes of the file, past everything that SQLite makes of them; fewer when it has no more.
    func firstBytes(_ count: Int) throws(SQLiteError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var read: Int32 = 0
        let code = csqlite_read(handle, &bytes, Int32(count), &read)
        guard code == SQLITE_OK else {
            throw SQLiteError(extendedCode: code, message: String(cString: sqlite3_errstr(code)), context: "read")
        }
        return Array(bytes[..<Int(read)])
    }

    /// Whether SQLite finds nothing wrong with any page (<https://www.sqlite.org/pragma.html#pragma_integrity_check>).
    ///
    /// - Parameter check: `quick_check`, or `integrity_check`, which compares indexes with what they are of as well.
    /// - Returns: whether it is whole.
    /// - Throws: `SQLiteError`.
    func isWhole(_ check: String) throws(SQLiteError) -> Bool {
        let statement = try statement("PRAGMA \(check)(1)")
        defer { statement.reset() }
        return try statement.step() && statement.text(0) == "ok"
    }

    /// Runs statements that return nothing, such as a schema.
    func execute(_ sql: String) throws(SQLiteError) {
        guard sqlite3_exec(handle, sql, nil, nil, nil) == SQLITE_OK else { throw error(in: sql) }
    }

    /// The statement of a text, prepared once and ready to be bound.
    func statement(_ sql: String) throws(SQLiteError) -> Statement {
        if let prepared = statements[sql] {
            prepared.reset()
            return prepared
        }
        var prepared: OpaquePointer?
        guard
            sqlite3_prepare_v3(handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil) == SQLITE_OK,
            let prepared
        else { throw error(in: sql) }
        let statement = Statement(prepared, of: self, sql: sql)
        statements[sql] = statement
        return statement
    }

    /// Runs a statement that returns no row.
    ///
    /// - Parameters:
    ///   - sql: its text, which is kept with the statement: values that differ from call to call do not belong in it.
    ///   - values: what its parameters stand for.
    /// - Returns: how many rows it changed itself, without those that went with others.
    /// - Throws: `SQLiteError`.
    @discardableResult
    func run(_ sql: String, _ values: [SQLValue] = []) throws(SQLiteError) -> Int {
        let statement = try statement(sql)
        for (number, value) in values.enumerated() { try statement.bind(value, at: number + 1) }
        try statement.run()
        return changes
    }

    /// The integers in the first row that a statement returns; `nil` without a row, or where the first is NULL.
    func integers(_ sql: String, _ values: [SQLValue] = [], count: Int = 1) throws(SQLiteError) -> [Int64]? {
        let statement = try statement(sql)
        for (number, value) in values.enumerated() { try statement.bind(value, at: number + 1) }
        defer { statement.reset() }
        guard try statement.step(), statement.text(0) != nil else { return nil }
        return (0..<count).map { statement.integer($0) }
    }

    /// Whether there is a table of a name.
    func hasTable(_ name: String) throws(SQLiteError) -> Bool {
        try integers("SELECT count(*) FROM sqlite_master WHERE name = ?1", [.text(name)])?[0] == 1
    }

    /// The content of the database as the bytes of its file.
    func serialized() throws(SQLiteError) -> [UInt8] {
        var count: sqlite3_int64 = 0
        guard let start = sqlite3_serialize(handle, "main", &count, 0) else { throw error(in: "serialize") }
        defer { sqlite3_free(start) }
        return Array(UnsafeBufferPointer(start: start, count: Int(count)))
    }

    /// Makes the bytes of a database's file, as `serialized()` gives them, the content of one in memory that has none.
    func begin(with image: UnsafeRawBufferPointer) throws(SQLiteError) {
        let code = csqlite_write(handle, image.baseAddress, Int32(image.count))
        guard code == SQLITE_OK else {
            throw SQLiteError(extendedCode: code, message: String(cString: sqlite3_errstr(code)), context: "image")
        }
    }

    /// The row id of the newest row that this connection inserted.
    var lastInsertedRow: Int64 { sqlite3_last_insert_rowid(handle) }

    /// How many rows the last statement changed that changes any; with `OR FAIL`, those before the one that was refused.
    var changes: Int { Int(sqlite3_changes64(handle)) }

    /// Runs a body in a transaction: all of it is kept, or nothing.
    func transaction<Result, Failure: Error>(
        _ body: () throws(Failure) -> Result,
    ) throws -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            try? execute("ROLLBACK")
            throw error
        }
    }

    /// The failure that SQLite reports for its last call.
    func error(in context: String) -> SQLiteError {
        SQLiteError(
            extendedCode: sqlite3_extended_errcode(handle),
            message: String(cString: sqlite3_errmsg(handle)),
            context: context,
        )
    }
}

/// `rewritten(value, old, new)` (<https://www.sqlite.org/appfunc.html>).
private func rewrite(
    _ context: OpaquePointer?,
    _ count: Int32,
    _ values: UnsafeMutablePointer<OpaquePointer?>?,
) {
    guard let values else { return }
    let bytes = (0..<3).map { number in
        // Asked for first: what a value's bytes are may change with it.
        let start = sqlite3_value_blob(values[number])
        return UnsafeRawBufferPointer(start: start, count: Int(sqlite3_value_bytes(values[number])))
    }
    guard let changed = Rewriting.rewritten(bytes[0], replacing: bytes[1], with: bytes[2]) else {
        sqlite3_result_value(context, values[0])
        return
    }
    let isText = sqlite3_value_type(values[0]) == SQLITE_TEXT
    changed.withUnsafeBytes { csqlite_result(context, $0.baseAddress, Int32($0.count), isText ? 1 : 0) }
}
