extension Store {
    /// The store with its rows as the bytes of a database, from which another store can begin.
    ///
    /// - Throws: `SQLiteError`.
    package func image() throws -> [UInt8] { try read { try $0.connection.serialized() } }

    /// Begins with what another store held when its image was made: nothing is parsed, checked or inserted.
    ///
    /// - Parameter image: its bytes; not needed any more when this returns.
    /// - Returns: how many rows that are; `nil` when the image was made of other tables than this store's, and when this
    ///   store is in a file or has been used: nothing has happened then.
    /// - Throws: `SQLiteError`.
    package func load(image: UnsafeRawBufferPointer) throws -> Int? {
        guard
            let header = DatabaseHeader(image), header.application == StoreFile.applicationID,
            header.version == tablesVersion, try database.begin(with: image)
        else { return nil }
        // What numbers rows knows how many there have been.
        return try read { try $0.connection.integers("SELECT total(seq) FROM sqlite_sequence") }.map { Int($0[0]) }
    }
}
