internal import JSON

/// A store with its rows as the bytes of a database.
///
/// A store in memory that begins with one has its rows at once: nothing is parsed, checked or inserted.
private struct StoreImage {
    let bytes: UnsafeRawBufferPointer

    /// Whether it was made by this program, with the tables that this program has
    /// (<https://www.sqlite.org/fileformat.html#the_database_header>).
    func isMade(for tablesVersion: Int64) -> Bool {
        bytes.count > 100 && integer(at: 68) == StoreFile.applicationID && integer(at: 60) == tablesVersion
    }

    private func integer(at place: Int) -> Int64 {
        Int64(Int32(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Int32.self)))
    }
}

extension Store {
    /// The store with its rows as the bytes of a database, from which another store can begin.
    ///
    /// - Throws: `SQLiteError`.
    package func image() throws -> [UInt8] { try read { try $0.connection.serialized() } }

    /// Begins with what another store held when its image was made.
    ///
    /// - Parameter image: its bytes; not needed any more when this returns.
    /// - Returns: how many rows that are; `nil` when the image was made of other tables than this store's, and when this
    ///   store is in a file or has been used: nothing has happened then.
    /// - Throws: `SQLiteError`.
    package func load(image: UnsafeRawBufferPointer) throws -> Int? {
        guard StoreImage(bytes: image).isMade(for: tablesVersion), try database.begin(with: image) else { return nil }
        // What numbers rows knows how many there have been.
        return try read { try $0.connection.integers("SELECT total(seq) FROM sqlite_sequence") }.map { Int($0[0]) }
    }
}
