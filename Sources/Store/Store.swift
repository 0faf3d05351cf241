public import JSON

/// Everything that the emulated APIs know: rows of collections, kept in SQLite.
public final class Store: Sendable {
    private let database: Database
    /// The collections that have a table here, parents before their children.
    public let collections: [Collection]

    /// Opens an empty store.
    ///
    /// - Parameters:
    ///   - collections: what it holds; parents of those named are added.
    ///   - file: where it is kept; in memory when `nil`.
    /// - Throws: `StoreFileError` when the file is none of this program's, or of another version of it; `SQLiteError`.
    public init(_ collections: [Collection], file: String? = nil) throws {
        var ordered: [Collection] = []
        for collection in collections.flatMap(\.lineage) where !ordered.contains(where: { $0 === collection }) {
            ordered.append(collection)
        }
        self.collections = ordered
        database = try Database(file: file, schema: ordered.map(\.schema).joined(separator: ";\n"))
    }

    /// Whether there are no rows at all.
    ///
    /// - Throws: `SQLiteError`.
    public var isEmpty: Bool {
        get throws { try database.read { try $0.isEmpty(collections.filter { $0.parent == nil }) } }
    }

    /// Brings everything that was written into the store's file, if it has one.
    ///
    /// - Throws: `SQLiteError`.
    public func checkpoint() throws { try database.checkpoint() }

    /// The row with the given keys, from the root down to the row itself; `nil` when there is none.
    ///
    /// - Throws: `SQLiteError`.
    public func find(_ collection: Collection, _ keys: [String]) throws -> RowID? {
        try database.read { try $0.row(collection, keys) }
    }

    /// The stored document of a row.
    ///
    /// - Throws: `SQLiteError`.
    public func document(_ collection: Collection, _ row: RowID) throws -> JSON.Object? {
        try database.read { try $0.document(collection, row) }
    }

    /// One page of a list.
    ///
    /// - Throws: `SQLiteError`.
    public func page(_ query: Query) throws -> Page {
        try database.read { try $0.page(query) }
    }

    /// The keys of all rows of a collection, each from the root down, with the number of children in another one.
    ///
    /// - Throws: `SQLiteError`.
    public func counts(of children: Collection, in parents: Collection) throws -> [(keys: [String], count: Int64)] {
        try database.read { try $0.counts(of: children, in: parents) }
    }

    /// The keys of all rows of a collection, each from the root down, with the row's document.
    ///
    /// - Throws: `SQLiteError`, or `JSON.ParseError` when a document is not what this store writes.
    public func documents(in collection: Collection) throws -> [(keys: [String], document: JSON.Object)] {
        try database.read { try $0.documents(in: collection) }
    }

    /// Changes rows: all the changes of the body are kept, or none.
    ///
    /// - Throws: what the body throws, or `SQLiteError`.
    package func write<Result: Sendable>(_ body: (borrowing Transaction) throws -> Result) throws -> Result {
        try database.write { connection in
            // Named first: Swift 6.3.1 crashes in release builds when the call takes a temporary.
            let transaction = Transaction(connection: connection)
            return try body(transaction)
        }
    }
}

/// Changes to rows that are kept together or not at all.
package struct Transaction: ~Copyable {
    fileprivate let connection: Connection

    /// Adds a row whose document has been checked.
    ///
    /// - Parameters:
    ///   - row: the row's bytes.
    ///   - collection: where the row belongs.
    ///   - parent: the row above it; `nil` for a root.
    /// - Returns: the new row's place.
    /// - Throws: `SQLiteError`.
    @discardableResult
    package func insert(
        _ row: WrittenRow,
        into collection: Collection,
        under parent: RowID?,
    ) throws(SQLiteError) -> RowID {
        let statement = try connection.statement(collection.insertion)
        try statement.bind(.integer(parent?.number ?? 0), at: 1)
        try statement.bind(text: row.document, at: 2)
        for (number, view) in row.views.enumerated() { try statement.bind(view, at: number + 3) }
        try statement.run()
        return RowID(number: connection.lastInsertedRow)
    }

    /// Removes a row and everything below it.
    ///
    /// - Throws: `SQLiteError`.
    package func delete(_ row: RowID, from collection: Collection) throws(SQLiteError) {
        let statement = try connection.statement("DELETE FROM \(collection.table) WHERE row = ?1")
        try statement.bind(.integer(row.number), at: 1)
        try statement.run()
    }

    /// The row under a parent that has a key, with its document.
    package func existing(
        _ key: String,
        in collection: Collection,
        under parent: RowID?,
    ) throws(SQLiteError) -> (row: RowID, document: String)? {
        let statement = try connection.statement(
            "SELECT row, document FROM \(collection.table) WHERE parent = ?1 AND \(collection.column(collection.key)) = ?2"
        )
        try statement.bind(.integer(parent?.number ?? 0), at: 1)
        try statement.bind(.text(key), at: 2)
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        return (RowID(number: statement.integer(0)), statement.text(1) ?? "")
    }
}
