internal import PatchbayJSON

/// A reading connection, and what was worked out from the database since it was last written.
///
/// It belongs to one thread at a time: the one that took it out of the database's stack.
final class Reader: @unchecked Sendable {
    let connection: Connection
    private let tables: [Table]
    /// The listings that it shares with others who read the same database.
    let listings: Listings
    /// The rows that it shares with them.
    let rows: KeptRows
    private var known: [ObjectIdentifier: Known] = [:]
    /// How often others wrote, as SQLite counts it for this connection.
    private var others: Int64 = 0

    /// Reads through a connection.
    ///
    /// - Parameters:
    ///   - connection: the connection.
    ///   - tables: who knows when they change; without them nothing else than this reader may read or write.
    ///   - listings: where listings are kept, for others who read the same database as well.
    ///   - rows: where rows are kept, for them as well.
    init(
        _ connection: Connection,
        _ tables: [Table] = [],
        _ listings: Listings = Listings(),
        _ rows: KeptRows = KeptRows(atMost: 0),
    ) {
        self.connection = connection
        self.tables = tables
        self.listings = listings
        self.rows = rows
    }

    /// What is known of a collection's rows, as long as neither they nor those above them change; and the statements that
    /// read them.
    final class Known {
        let collection: Collection
        /// The place of its table among the database's; `nil` where nobody knows when it changes.
        let table: Int?
        /// The rows found by their keys, from the root down.
        var rows: [[Text]: RowID] = [:]
        /// The statement that finds them.
        var lookup: Statement?
        /// The documents of rows that were asked for one by one.
        var documents: [RowID: JSON.Object] = [:]
        /// The statements that find the rows of lists.
        var finding: [Selection.Shape: Statement] = [:]
        /// The statements that read the document, or a view, of some rows.
        var showing: [Statement?]
        private let tables: [Table]
        private var version: Int64 = 0

        /// How many rows are kept before all are dropped.
        private static let most = 4_096

        init(_ collection: Collection, _ tables: [Table]) {
            self.collection = collection
            showing = Array(repeating: nil, count: collection.views.count + 1)
            let lineage = collection.lineage
            table = tables.firstIndex { $0.collection === collection }
            self.tables = tables.filter { table in lineage.contains { $0 === table.collection } }
        }

        /// Drops what is no longer known to be true.
        func refresh() {
            var current: Int64 = 0
            for table in tables { current += table.version }
            guard version != current || max(rows.count, documents.count) > Self.most else { return }
            version = current
            forget()
        }

        func forget() {
            rows.removeAll(keepingCapacity: true)
            documents.removeAll(keepingCapacity: true)
        }
    }

    /// A text that is the same as another when its bytes are, as for SQLite; for `String`, "é" is "e\u{301}".
    struct Text: Hashable {
        var text: String

        static func == (left: Self, right: Self) -> Bool { left.text.hasSameBytes(as: right.text) }

        func hash(into hasher: inout Hasher) {
            var text = text
            text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        }
    }

    /// What is known of a collection.
    func known(_ collection: Collection) -> Known {
        if let known = known[ObjectIdentifier(collection)] {
            known.refresh()
            return known
        }
        let new = Known(collection, tables)
        new.refresh()
        known[ObjectIdentifier(collection)] = new
        return new
    }

    /// Drops everything when another connection has written, of this process or another one.
    func noticeOthers() throws(SQLiteError) {
        let current = try pragma("data_version")
        guard current != others else { return }
        others = current
        for known in known.values { known.forget() }
        listings.removeAll()
        rows.removeAll()
    }

    /// How many bytes the database has.
    func size() throws(SQLiteError) -> Int64 { try pragma("page_count") * pragma("page_size") }

    private func pragma(_ name: String) throws(SQLiteError) -> Int64 {
        let statement = try connection.statement("PRAGMA \(name)")
        defer { statement.reset() }
        return try statement.step() ? statement.integer(0) : 0
    }
}
