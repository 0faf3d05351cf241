internal import PatchbayCSQLite

/// A collection's table, as those see it who keep what they read of it.
///
/// Safe to share: it is changed while nobody reads, by the thread that writes.
final class Table: @unchecked Sendable {
    let collection: Collection
    /// How many transactions have changed it.
    private(set) var version: Int64 = 0
    /// The rows that the transaction at work has changed, some of them more than once.
    fileprivate(set) var rows: [RowID] = []
    fileprivate(set) var change = Change.none

    /// What a transaction has done to it.
    enum Change {
        case none
        /// It has changed `rows`.
        case rows
        /// It has changed more rows than were noted.
        case many
    }

    init(_ collection: Collection) {
        self.collection = collection
    }

    fileprivate func commit() {
        if change != .none { version += 1 }
        forget()
    }

    fileprivate func forget() {
        change = .none
        rows = []
    }
}

/// Which rows a transaction changes.
///
/// SQLite tells it of each row, whatever changed it: a handler, a step of a lifecycle, a reset, a row above it that went.
/// What a statement has taken back because it failed is among them. Not among them would be the rows of a `DELETE` without a
/// condition, which no statement here is for a collection's table (<https://www.sqlite.org/c3ref/update_hook.html>).
final class Changes {
    let tables: [Table]
    /// The table that was changed last, which is likely to be the next one as well.
    private var latest = 0
    /// Whether somebody wants to know the rows, and not only the tables.
    private var notesRows = false

    /// So many changes of a table are noted one by one.
    private let most: Int

    init(_ tables: [Table], atMost most: Int) {
        self.tables = tables
        self.most = most
    }

    /// Begins a transaction.
    func begin(notingRows: Bool) {
        notesRows = notingRows
        // What a transaction changed that was taken back.
        for table in tables where table.change != .none { table.forget() }
    }

    /// Ends a transaction whose changes are there to stay.
    func commit() {
        for table in tables { table.commit() }
    }

    /// Is told of all changes that a connection makes.
    func watch(_ connection: OpaquePointer) {
        sqlite3_update_hook(
            connection,
            { changes, _, database, table, row in
                guard let changes, let database, let table else { return }
                Unmanaged<Changes>.fromOpaque(changes).takeUnretainedValue().note(database, table, RowID(number: row))
            },
            Unmanaged.passUnretained(self).toOpaque(),
        )
    }

    private func note(_ database: UnsafePointer<CChar>, _ name: UnsafePointer<CChar>, _ row: RowID) {
        // A snapshot's tables have the same names.
        guard sqlite3_stricmp(database, "main") == 0 else { return }
        if sqlite3_stricmp(tables[latest].collection.table, name) != 0 {
            let found = tables.firstIndex { sqlite3_stricmp($0.collection.table, name) == 0 }
            guard let found else { return }
            latest = found
        }
        let table = tables[latest]
        guard notesRows, table.rows.count < most else {
            table.change = .many
            return
        }
        if table.change == .none { table.change = .rows }
        table.rows.append(row)
    }
}
