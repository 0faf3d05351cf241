internal import PatchbayCSystem

/// Why a file cannot be the store.
public struct StoreFileError: Error, Sendable, CustomStringConvertible {
    /// The file and the reason.
    public var description: String

    /// Says which file, and why.
    public init(description: String) {
        self.description = description
    }
}

/// The file of a store: tells one of this program from other files, and makes its tables in an empty one.
///
/// One process has it at a time. What cannot be the store is left as it is, and so is what lies beside it.
struct StoreFile {
    let path: String
    /// What a link of that name leads to, which is where other files stand beside it.
    private let target: String

    init(path: String) {
        self.path = path
        target = FileLook.target(of: path)
    }

    /// "Ptch", which marks the file (<https://www.sqlite.org/pragma.html#pragma_application_id>).
    static let applicationID: Int64 = 0x5074_6368

    /// A connection to it, and where further ones are opened.
    struct Opened {
        let connection: Connection
        let location: String
        /// Whether it can only be read.
        let isReadOnly: Bool
    }

    /// Opens the file, which need not be there yet; one that cannot be written to is opened for reading.
    ///
    /// - Parameter schema: the statements that make the tables.
    /// - Returns: a connection to a whole store with those tables.
    /// - Throws: `StoreFileError` when it cannot be opened or made, is no SQLite database or a damaged one, another program's, a
    ///   snapshot, has other tables, or another process has it; `SQLiteError`.
    func open(_ schema: String) throws -> Opened {
        let look = FileLook(path)
        guard !look.isNoFile else { throw unusable("it is no regular file") }
        guard !FileLook(target + "-journal").isTooLong else {
            throw unusable("its name is too long for those of the files that stand beside it")
        }
        // What was written last stands there, and not yet in the file.
        let rest = ["-wal", "-journal"].map { target + $0 }.first { FileLook($0).size > 0 }
        do {
            let reading = look.size > 0 ? try openForReading(schema, isAlone: rest == nil) : nil
            if let writing = try openForWriting(schema, isThere: reading != nil, isAlone: rest == nil) {
                return Opened(connection: writing, location: location, isReadOnly: false)
            }
            guard let reading else { throw refusal("cannot be written to") }
            if let rest { throw refusal("cannot be written to, and \(rest) has to be brought into it") }
            return Opened(connection: reading, location: readingLocation, isReadOnly: true)
        } catch let error as SQLiteError {
            switch error.code {
            case Self.notADatabase, Self.corrupt: throw damaged
            case Self.busy: throw refusal("is in use by another process")
            case Self.cannotOpen: throw unusable(error.message)
            default: throw error
            }
        }
    }

    private static let busy: Int32 = 5
    private static let readOnly: Int32 = 8
    private static let corrupt: Int32 = 11
    private static let cannotOpen: Int32 = 14
    private static let notADatabase: Int32 = 26

    private var damaged: StoreFileError { refusal("is no SQLite database, or a damaged one") }

    private func unusable(_ reason: String) -> StoreFileError {
        StoreFileError(description: "\(path): cannot be opened or made: \(reason)")
    }

    private func refusal(_ reason: String) -> StoreFileError {
        StoreFileError(description: "\(path): \(reason); it was left as it is")
    }

    /// No other process reads or writes it meanwhile (<https://www.sqlite.org/vfs.html#standard_unix_vfses>).
    private var location: String { FileLook.location(of: path, "vfs=unix-excl") }

    /// Nobody writes to what cannot be written to: nothing is made beside it.
    private var readingLocation: String { FileLook.location(of: path, "mode=ro&immutable=1") }

    /// A connection that makes nothing beside the file, and brings nothing into it.
    private func openForReading(_ schema: String, isAlone: Bool) throws -> Connection {
        let connection = try Connection(location: readingLocation, readOnly: true)
        guard let header = DatabaseHeader(try connection.firstBytes(DatabaseHeader.length)) else { throw damaged }
        try check(application: header.application, version: header.version, schema)
        if isAlone, try !connection.isWhole("quick_check") { throw damaged }
        return connection
    }

    private func check(application: Int64, version: Int64, _ schema: String) throws(StoreFileError) {
        switch application {
        case Self.applicationID: break
        case SnapshotTables.applicationID: throw refusal("is a snapshot, which is for --snapshot")
        default: throw refusal("is another program's database")
        }
        guard version == Self.fingerprint(schema) else {
            throw refusal("was written by another version of Patchbay, whose tables differ")
        }
    }

    /// A connection that writes; `nil` where nothing can be written to a file that is there.
    private func openForWriting(_ schema: String, isThere: Bool, isAlone: Bool) throws -> Connection? {
        do {
            let connection = try Connection(location: location, readOnly: false)
            guard !connection.isReadOnly else { return nil }
            try connection.setCheckpointOnClose(false)
            // None are left of one whose making was interrupted, when what lies beside it has been taken back.
            if try connection.integers("PRAGMA page_count")?[0] == 0 {
                try Self.makeTables(connection, schema)
            } else if !isAlone {
                try check(connection, schema)
            }
            try Database.prepareWriting(connection, toFile: true)
            // Reading makes what stands beside the file, which has to stay the same from here on.
            _ = try connection.integers("PRAGMA schema_version")
            try connection.setCheckpointOnClose(true)
            return connection
        } catch let error as SQLiteError where isThere && [Self.readOnly, Self.cannotOpen].contains(error.code) {
            // Its folder may be what cannot be written to.
            return nil
        }
    }

    /// Makes sure that what SQLite sees is a whole store: what lies beside the file is part of that.
    private func check(_ connection: Connection, _ schema: String) throws {
        let application = try connection.integers("PRAGMA application_id")?[0] ?? 0
        let version = try connection.integers("PRAGMA user_version")?[0] ?? 0
        try check(application: application, version: version, schema)
        guard try connection.isWhole("quick_check") else { throw damaged }
    }

    /// Makes the tables of an empty database, and marks it.
    static func makeTables(_ connection: Connection, _ schema: String) throws {
        try connection.transaction {
            try connection.execute(schema)
            try connection.execute("PRAGMA application_id = \(applicationID)")
            try connection.execute("PRAGMA user_version = \(fingerprint(schema))")
        }
    }

    /// A positive 31-bit number that differs for different schemas (FNV-1a, folded).
    static func fingerprint(_ schema: String) -> Int64 {
        let hash = schema.utf8.reduce(UInt64(0xcbf2_9ce4_8422_2325)) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
        return Int64((hash ^ (hash >> 31)) & 0x7fff_ffff) | 1
    }
}

/// What the beginning of a database's file says of it (<https://www.sqlite.org/fileformat.html#the_database_header>).
struct DatabaseHeader {
    static let length = 100

    let application: Int64
    let version: Int64

    /// Reads it; `nil` when the bytes are no database's.
    init?(_ bytes: some RandomAccessCollection<UInt8>) {
        guard
            bytes.count >= Self.length, bytes.starts(with: Array("SQLite format 3\0".utf8)),
            bytes.dropFirst(21).starts(with: [64, 32, 32])
        else { return nil }
        func integer(at place: Int) -> Int64 {
            Int64(Int32(truncatingIfNeeded: bytes.dropFirst(place).prefix(4).reduce(0) { $0 << 8 | Int($1) }))
        }
        application = integer(at: 68)
        version = integer(at: 60)
    }
}
