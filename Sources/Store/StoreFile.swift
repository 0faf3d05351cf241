/// Why a file cannot be the store.
public struct StoreFileError: Error, Sendable, CustomStringConvertible {
    /// The file and the reason.
    public var description: String

    /// Says which file, and why.
    public init(description: String) {
        self.description = description
    }
}

/// Tells a store of this program from other files, and makes its tables in an empty one.
struct StoreFile {
    let connection: Connection
    let path: String

    /// "Ptch", which marks the file (<https://www.sqlite.org/pragma.html#pragma_application_id>).
    static let applicationID: Int64 = 0x5074_6368

    /// Opens the file, which need not be there yet.
    ///
    /// - Throws: `StoreFileError` when it cannot be opened or made; `SQLiteError`.
    static func open(_ path: String) throws -> Connection {
        do throws(SQLiteError) {
            return try Connection(location: path, readOnly: false)
        } catch {
            guard error.code == cannotOpen else { throw error }
            throw StoreFileError(description: "\(path): cannot be opened or made: \(error.message)")
        }
    }

    /// Makes the tables, or makes sure that they are there as this program knows them.
    ///
    /// - Throws: `StoreFileError` when the file is no SQLite database, another program's, a snapshot, or has other tables;
    ///   `SQLiteError`.
    func prepare(_ schema: String) throws {
        let version = Self.fingerprint(schema)
        do {
            let application = try pragma("application_id")
            if application == 0, try isUntouched() {
                guard !connection.isReadOnly else { throw readOnly }
                return try connection.transaction {
                    try connection.execute(schema)
                    try connection.execute("PRAGMA application_id = \(Self.applicationID)")
                    try connection.execute("PRAGMA user_version = \(version)")
                }
            }
            guard application != SnapshotTables.applicationID else {
                throw refusal("is a snapshot, which is for --snapshot")
            }
            guard application == Self.applicationID else { throw refusal("is another program's database") }
            guard try pragma("user_version") == version else {
                throw refusal("was written by another version of Patchbay, whose tables differ")
            }
            guard !connection.isReadOnly else { throw readOnly }
        } catch let error as SQLiteError where error.code == Self.notADatabase || error.code == Self.corrupt {
            throw refusal("is no SQLite database, or a damaged one")
        }
    }

    private static let notADatabase: Int32 = 26
    private static let corrupt: Int32 = 11
    private static let cannotOpen: Int32 = 14

    private var readOnly: StoreFileError { refusal("cannot be written to") }

    private func refusal(_ reason: String) -> StoreFileError {
        StoreFileError(description: "\(path): \(reason); it was left as it is")
    }

    private func isUntouched() throws(SQLiteError) -> Bool {
        let statement = try connection.statement("SELECT count(*) FROM sqlite_master")
        defer { statement.reset() }
        return try statement.step() && statement.integer(0) == 0
    }

    private func pragma(_ name: String) throws(SQLiteError) -> Int64 {
        let statement = try connection.statement("PRAGMA \(name)")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }

    /// A positive 31-bit number that differs for different schemas (FNV-1a, folded).
    static func fingerprint(_ schema: String) -> Int64 {
        let hash = schema.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int64((hash ^ (hash >> 31)) & 0x7fff_ffff) | 1
    }
}
