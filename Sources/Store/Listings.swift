internal import Synchronization

/// The listings that are kept beside a database, for all who read it.
///
/// They are worked out when somebody asks, and mended by the rows that a transaction has changed.
final class Listings: Sendable {
    private let kept = Mutex(Kept())
    /// What is kept, and how.
    let limits: Limits

    /// What is kept, and how.
    struct Limits {
        /// How many bytes all listings may take, about.
        var bytes = 64 << 20
        /// How many bytes may be kept of rows.
        var rowBytes = 64 << 20
        /// How many rows are in a block of a listing, about.
        var block = 512
        /// How many changes of a table by one transaction are mended one by one.
        var changes = 20_000
    }

    private struct Kept {
        var listings: [Selection: Entry] = [:]
        /// The oldest first; some may have gone already.
        var queue: [Entry] = []
        var bytes = 0
    }

    /// A listing, and whether somebody asked for it since it last stood first in the queue.
    private final class Entry: @unchecked Sendable {
        // Safe to share: the mutex guards what changes.
        let listing: Listing
        let bytes: Int
        var isWanted = false
        var isKept = true

        init(_ listing: Listing) {
            self.listing = listing
            // Short lists take more than their rows, and are not to be too many.
            bytes = 4_096 + listing.count * MemoryLayout<RowID>.size
        }
    }

    /// Keeps none yet.
    init(_ limits: Limits = Limits()) {
        self.limits = limits
    }

    /// Whether there are none.
    var isEmpty: Bool { count == 0 }

    /// How many there are.
    var count: Int { kept.withLock(\.listings.count) }

    /// The listing of some rows; `nil` when there is none.
    func find(_ selection: Selection) -> Listing? {
        kept.withLock { kept in
            guard let entry = kept.listings[selection] else { return nil }
            entry.isWanted = true
            return entry.listing
        }
    }

    /// Keeps a listing; those go that nobody has asked for longest, roughly.
    func keep(_ listing: Listing) {
        kept.withLock { kept in
            guard kept.listings[listing.selection] == nil else { return }
            let entry = Entry(listing)
            kept.listings[listing.selection] = entry
            kept.queue.append(entry)
            kept.bytes += entry.bytes
            while kept.bytes > limits.bytes, kept.listings.count > 1 {
                let oldest = kept.queue.removeFirst()
                if oldest.isKept, oldest.isWanted || oldest === entry {
                    oldest.isWanted = false
                    kept.queue.append(oldest)
                } else {
                    Self.drop(oldest, from: &kept)
                }
            }
        }
    }

    /// Drops all.
    func removeAll() {
        kept.withLock { $0 = Kept() }
    }

    private static func drop(_ entry: Entry, from kept: inout Kept) {
        guard entry.isKept else { return }
        entry.isKept = false
        kept.listings[entry.listing.selection] = nil
        kept.bytes -= entry.bytes
    }
}

/// What a transaction means for listings.
extension Listings {
    /// Makes the listings of a table what they are after a transaction.
    ///
    /// - Parameters:
    ///   - table: what the transaction has changed.
    ///   - connection: the connection that wrote it.
    func mend(_ table: Table, _ connection: Connection) {
        guard table.change != .none else { return }
        let all = kept.withLock { kept in kept.listings.values.map(\.listing) }
        let listings = all.filter { $0.selection.collection === table.collection }
        let below = all.filter { $0.selection.collection.parent === table.collection }
        do throws(SQLiteError) {
            for listing in below where try !hasParent(listing, in: table, connection) { drop([listing]) }
            guard !listings.isEmpty else { return }
            guard table.change == .rows else { return drop(listings) }
            let rows = Set(table.rows).sorted()
            for listing in listings { listing.remove(rows) }
            try add(rows, to: listings, of: table.collection, connection)
        } catch {
            // A change that has been made cannot fail any more; whoever asks next finds out.
            drop(listings + below)
        }
    }

    /// Whether the row that a listing is below is still there: nobody can ask for one below a row that went.
    private func hasParent(
        _ listing: Listing,
        in table: Table,
        _ connection: Connection
    ) throws(SQLiteError) -> Bool {
        let parent = listing.selection.parent
        if table.change == .rows, !table.rows.contains(parent) { return true }
        let statement = try connection.statement("SELECT 1 FROM \(table.collection.table) WHERE row = ?1")
        statement.reset()
        defer { statement.reset() }
        try statement.bind(.integer(parent.number), at: 1)
        return try statement.step()
    }

    private func drop(_ listings: [Listing]) {
        kept.withLock { kept in
            for listing in listings {
                if let entry = kept.listings[listing.selection] { Self.drop(entry, from: &kept) }
            }
            kept.queue.removeAll { !$0.isKept }
        }
    }

    /// Puts rows where they belong now, if they do anywhere.
    private func add(
        _ rows: [RowID],
        to listings: [Listing],
        of collection: Collection,
        _ connection: Connection,
    ) throws(SQLiteError) {
        let listings = Dictionary(grouping: listings, by: \.selection.parent)
        let parent = try connection.statement("SELECT parent FROM \(collection.table) WHERE row = ?1")
        var additions: [RowID: [RowID]] = [:]
        for row in rows {
            parent.reset()
            try parent.bind(.integer(row.number), at: 1)
            guard try parent.step() else { continue }
            let above = RowID(number: parent.integer(0))
            if listings[above] != nil { additions[above, default: []].append(row) }
        }
        parent.reset()
        for (above, rows) in additions {
            for listing in listings[above] ?? [] {
                // Past that it is faster to list all rows again.
                if rows.count > 16 + listing.count / 256 {
                    drop([listing])
                } else {
                    try listing.add(rows, connection)
                }
            }
        }
    }
}

extension Listing {
    /// Puts those rows in that belong to the list.
    fileprivate func add(_ rows: [RowID], _ connection: Connection) throws(SQLiteError) {
        let table = selection.collection.table
        let matching = try connection.statement(
            "SELECT 1 FROM \(table) WHERE \(selection.condition) AND row = ?\(selection.nextPlace)"
        )
        let columns = (selection.columns + ["row"]).joined(separator: ", ")
        let first = try connection.statement(
            "SELECT row FROM \(table) WHERE row IN (?1, ?2) ORDER BY \(columns) LIMIT 1"
        )
        for row in rows {
            matching.reset()
            try selection.bind(to: matching)
            try matching.bind(.integer(row.number), at: selection.nextPlace)
            guard try matching.step() else { continue }
            let place = try place { other throws(SQLiteError) in
                try first.bind(.integer(row.number), at: 1)
                try first.bind(.integer(other.number), at: 2)
                defer { first.reset() }
                return try first.step() && first.integer(0) == other.number
            }
            insert(row, at: place)
        }
        matching.reset()
    }
}
