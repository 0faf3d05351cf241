internal import PatchbayCSQLite

/// A prepared statement.
///
/// It is finalised when its connection lets go of it, and reset whenever it is asked for again.
final class Statement {
    private let handle: OpaquePointer
    private unowned let connection: Connection
    private let sql: String

    init(_ handle: OpaquePointer, of connection: Connection, sql: String) {
        self.handle = handle
        self.connection = connection
        self.sql = sql
    }

    deinit { sqlite3_finalize(handle) }

    /// Makes the statement ready to run again, and lets go of the locks it holds.
    func reset() {
        sqlite3_reset(handle)
    }

    /// Binds a value to the parameter of a one-based place.
    func bind(_ value: SQLValue, at place: Int) throws(SQLiteError) {
        let code =
            switch value {
            case .null: sqlite3_bind_null(handle, Int32(place))
            case .integer(let number): sqlite3_bind_int64(handle, Int32(place), number)
            case .text(let text): bindText(text, at: place)
            }
        guard code == SQLITE_OK else { throw connection.error(in: sql) }
    }

    /// Binds UTF-8 text, which SQLite copies, to the parameter of a one-based place.
    func bind(text: [UInt8], at place: Int) throws(SQLiteError) {
        let code = text.withUnsafeBytes {
            csqlite_bind_text(
                handle,
                Int32(place),
                $0.baseAddress?.assumingMemoryBound(to: CChar.self),
                Int32($0.count)
            )
        }
        guard code == SQLITE_OK else { throw connection.error(in: sql) }
    }

    /// Binds bytes, which SQLite copies, to the parameter of a one-based place.
    func bind(_ bytes: [UInt8], at place: Int) throws(SQLiteError) {
        let code = bytes.withUnsafeBytes { csqlite_bind_blob(handle, Int32(place), $0.baseAddress, Int32($0.count)) }
        guard code == SQLITE_OK else { throw connection.error(in: sql) }
    }

    /// Binds bytes that stay where they are until the statement has run, to the parameter of a one-based place.
    func bind(lasting bytes: UnsafeBufferPointer<UInt8>, isText: Bool, at place: Int) throws(SQLiteError) {
        let start = UnsafeRawPointer(bytes.baseAddress)
        let code =
            isText
            ? sqlite3_bind_text(
                handle,
                Int32(place),
                start?.assumingMemoryBound(to: CChar.self),
                Int32(bytes.count),
                nil
            )
            : sqlite3_bind_blob(handle, Int32(place), start, Int32(bytes.count), nil)
        guard code == SQLITE_OK else { throw connection.error(in: sql) }
    }

    /// Goes to the next row; `false` when there is none.
    func step() throws(SQLiteError) -> Bool {
        switch sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default:
            let failure = connection.error(in: sql)
            sqlite3_reset(handle)
            throw failure
        }
    }

    /// Runs a statement that returns no row.
    func run() throws(SQLiteError) {
        _ = try step()
        sqlite3_reset(handle)
    }

    /// The integer in a zero-based column of the current row.
    func integer(_ column: Int) -> Int64 {
        sqlite3_column_int64(handle, Int32(column))
    }

    /// The text in a zero-based column of the current row; `nil` for SQL's NULL.
    func text(_ column: Int) -> String? {
        guard let start = sqlite3_column_text(handle, Int32(column)) else { return nil }
        // Not up to the first NUL, which a text may hold.
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        return String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    /// Appends the bytes in a zero-based column of the current row.
    func appendBytes(_ column: Int, to buffer: inout [UInt8]) {
        guard let start = sqlite3_column_blob(handle, Int32(column)) else { return }
        let count = Int(sqlite3_column_bytes(handle, Int32(column)))
        buffer.append(contentsOf: UnsafeRawBufferPointer(start: start, count: count))
    }

    private func bindText(_ text: String, at place: Int) -> Int32 {
        var text = text
        return text.withUTF8 { utf8 in
            utf8.withMemoryRebound(to: CChar.self) { characters in
                // An empty string may have no address, and SQLite takes a missing address for NULL.
                guard let start = characters.baseAddress else { return csqlite_bind_text(handle, Int32(place), "", 0) }
                return csqlite_bind_text(handle, Int32(place), start, Int32(characters.count))
            }
        }
    }
}
