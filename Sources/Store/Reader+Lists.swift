internal import PatchbayJSON

/// How lists are read: filter, order, window, total. All lists of all APIs come this way.
extension Reader {
    /// The row with the given keys, from the root down.
    func row(_ collection: Collection, _ keys: [String]) throws(SQLiteError) -> RowID? {
        let known = known(collection)
        let path = keys.map(Text.init)
        if let row = known.rows[path] { return row }
        let lineage = collection.lineage
        guard lineage.count == keys.count else { return nil }
        let statement: Statement
        if let lookup = known.lookup {
            statement = lookup
        } else {
            statement = try connection.statement(lookup(of: lineage))
            known.lookup = statement
        }
        for (level, key) in keys.enumerated() { try statement.bind(.text(key), at: level + 1) }
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let row = RowID(number: statement.integer(0))
        known.rows[path] = row
        return row
    }

    private func lookup(of lineage: [Collection]) -> String {
        var clauses: [String] = []
        for (level, ancestor) in lineage.enumerated() {
            clauses.append("t\(level).\(ancestor.column(ancestor.key)) = ?\(level + 1)")
            clauses.append(level == 0 ? "t0.parent = 0" : "t\(level).parent = t\(level - 1).row")
        }
        return "SELECT t\(lineage.count - 1).row FROM \(tables(of: lineage)) "
            + "WHERE \(clauses.joined(separator: " AND "))"
    }

    /// Whether some tables have no row.
    func isEmpty(_ collections: [Collection]) throws(SQLiteError) -> Bool {
        for collection in collections {
            let statement = try connection.statement("SELECT 1 FROM \(collection.table) LIMIT 1")
            defer { statement.reset() }
            if try statement.step() { return false }
        }
        return true
    }

    /// The document of a row.
    func document(_ collection: Collection, _ row: RowID) throws -> JSON.Object? {
        let known = known(collection)
        if let document = known.documents[row] { return document }
        let statement = try connection.statement("SELECT document FROM \(collection.table) WHERE row = ?1")
        try statement.bind(.integer(row.number), at: 1)
        defer { statement.reset() }
        guard try statement.step(), let text = statement.text(0) else { return nil }
        let document = try JSON(parsing: text).objectValue
        known.documents[row] = document
        return document
    }

    /// One page of a list: one statement, and another one the first time that somebody asks for the list.
    func page(_ query: Query) throws -> Page {
        let listing = try listing(Selection(query))
        var page = Page(total: Int64(listing.count))
        switch query.start {
        case .offset(let offset):
            try show(listing.page(from: offset, limit: query.limit, query.direction)[...], query, into: &page)
        case .after(let last):
            // One row more than asked for, to know whether another page follows.
            let rows =
                if let last {
                    try rows(of: listing, after: last, limit: query.limit + 1, query.direction)
                } else {
                    listing.page(from: 0, limit: query.limit + 1, query.direction)
                }
            let shown = rows.prefix(Int(clamping: query.limit))
            try show(shown, query, into: &page)
            if rows.count > shown.count, let row = shown.last {
                page.continuation = try values(of: row, listing.selection)
            }
        }
        return page
    }

    private func listing(_ selection: Selection) throws(SQLiteError) -> Listing {
        guard selection.isWorthKeeping else {
            return Listing(selection, try rows(of: selection), blockSize: listings.limits.block)
        }
        if let listing = listings.find(selection) { return listing }
        let parts = selection.parts
        var rows: [RowID]
        if parts.count == 1 {
            rows = try self.rows(of: selection)
        } else {
            rows = try listing(parts[0]).rows
            for part in parts.dropFirst() {
                let others = Set(try listing(part).rows)
                rows.removeAll { !others.contains($0) }
            }
        }
        let listing = Listing(selection, rows, blockSize: listings.limits.block)
        listings.keep(listing)
        return listing
    }

    /// The rows of a list, found one by one.
    private func rows(of selection: Selection) throws(SQLiteError) -> [RowID] {
        let statement = try statement(selection, after: nil) { selection.statement }
        try selection.bind(to: statement)
        return try rows(statement)
    }

    /// The rows of a list behind one with some values of the order's members, which may have gone.
    private func rows(
        of listing: Listing,
        after values: [String],
        limit: Int64,
        _ direction: Query.Direction,
    ) throws(SQLiteError) -> [RowID] {
        let selection = listing.selection
        guard selection.isIndexed else {
            let place = try listing.place { row throws(SQLiteError) in
                try compare(row, direction == .ascending ? "<=" : "<", values, selection)
            }
            let offset = direction == .ascending ? place : listing.count - place
            return listing.page(from: Int64(offset), limit: limit, direction)
        }
        let place = selection.nextPlace
        let statement = try statement(selection, after: direction) { selection.statement(after: direction) }
        try selection.bind(to: statement)
        try statement.bind(.integer(limit), at: place)
        for (number, value) in values.enumerated() { try statement.bind(.text(value), at: place + 1 + number) }
        return try rows(statement)
    }

    /// Whether the values of the order's members in a row compare like that with some values.
    private func compare(
        _ row: RowID,
        _ comparison: String,
        _ values: [String],
        _ selection: Selection,
    ) throws(SQLiteError) -> Bool {
        let places = values.indices.map { "?\($0 + 2)" }.joined(separator: ", ")
        let statement = try connection.statement(
            "SELECT (\(selection.columns.joined(separator: ", "))) \(comparison) (\(places)) "
                + "FROM \(selection.collection.table) WHERE row = ?1"
        )
        try statement.bind(.integer(row.number), at: 1)
        for (number, value) in values.enumerated() { try statement.bind(.text(value), at: number + 2) }
        defer { statement.reset() }
        return try statement.step() && statement.integer(0) == 1
    }

    /// The values of the order's members in a row.
    private func values(of row: RowID, _ selection: Selection) throws(SQLiteError) -> [String] {
        let columns = selection.columns
        let statement = try connection.statement(
            "SELECT \(columns.joined(separator: ", ")) FROM \(selection.collection.table) WHERE row = ?1"
        )
        try statement.bind(.integer(row.number), at: 1)
        defer { statement.reset() }
        guard try statement.step() else { return [] }
        return columns.indices.map { statement.text($0) ?? "" }
    }

    /// The statement that finds rows of a selection, known by what its text depends on.
    private func statement(
        _ selection: Selection,
        after direction: Query.Direction?,
        _ sql: () -> String,
    ) throws(SQLiteError) -> Statement {
        let known = known(selection.collection)
        let shape = selection.shape(after: direction)
        if let statement = known.finding[shape] { return statement }
        let statement = try connection.statement(sql())
        known.finding[shape] = statement
        return statement
    }

    private func rows(_ statement: Statement) throws(SQLiteError) -> [RowID] {
        defer { statement.reset() }
        var rows: [RowID] = []
        while try statement.step() { rows.append(RowID(number: statement.integer(0))) }
        return rows
    }

    /// Room for so many bytes of a row is made at once.
    private static let usualRow = 320

    /// Appends rows as they are shown: those that were shown lately as they were then, others by one statement for as many as it
    /// takes.
    private func show(_ rows: ArraySlice<RowID>, _ query: Query, into page: inout Page) throws {
        page.bytes.reserveCapacity(rows.count * Self.usualRow)
        let view = query.view.flatMap { name in query.collection.views.firstIndex { $0.name == name } }
        let number = view.map { $0 + 1 } ?? 0
        let column = known(query.collection).table.map { KeptRows.Column(table: UInt16($0), view: UInt16(number)) }
        if let column, try self.rows.show(rows, column, { try page.append($0, query.reshape) }) { return }
        let statement = try showing(view, in: query.collection)
        var bytes: [UInt8] = []
        var rest = rows
        while !rest.isEmpty {
            let rows = rest.prefix(Self.shownAtOnce)
            defer { statement.reset() }
            for place in 0..<Self.shownAtOnce {
                // None is a row's number.
                let number = place < rows.count ? rows[rows.startIndex + place].number : 0
                try statement.bind(.integer(number), at: place + 1)
            }
            while try statement.step() {
                bytes.removeAll(keepingCapacity: true)
                statement.appendBytes(0, to: &bytes)
                try page.append(bytes[...], query.reshape)
                if let column { self.rows.keep(RowID(number: statement.integer(1)), column, bytes[...]) }
            }
            rest = rest.dropFirst(rows.count)
        }
    }

    /// So many rows are read by one statement: a page of the usual size.
    private static let shownAtOnce = 10

    /// The statement that reads the document of some rows, or a view of them.
    private func showing(_ view: Int?, in collection: Collection) throws(SQLiteError) -> Statement {
        let known = known(collection)
        let number = view.map { $0 + 1 } ?? 0
        if let statement = known.showing[number] { return statement }
        let statement = try connection.statement(Selection.showing(view, of: Self.shownAtOnce, in: collection))
        known.showing[number] = statement
        return statement
    }

    /// The keys of the rows of a collection, from the root down, with the number of children in another one.
    func counts(
        of children: Collection,
        in parents: Collection,
        below root: String?,
    ) throws(SQLiteError) -> [(keys: [String], count: Int64)] {
        let last = parents.lineage.count - 1
        let count = "(SELECT count(*) FROM \(children.table) c WHERE c.parent = t\(last).row)"
        let statement = try everyRow(of: parents, below: root, showing: count)
        defer { statement.reset() }
        var counts: [(keys: [String], count: Int64)] = []
        while try statement.step() { counts.append((statement.keys(of: parents), statement.integer(0))) }
        return counts
    }

    /// The keys of the rows of a collection, from the root down, with their documents.
    func documents(in collection: Collection, below root: String?) throws -> [(keys: [String], document: JSON.Object)] {
        let last = collection.lineage.count - 1
        let statement = try everyRow(of: collection, below: root, showing: "t\(last).document")
        defer { statement.reset() }
        var documents: [(keys: [String], document: JSON.Object)] = []
        while try statement.step() {
            let document = try JSON(parsing: statement.text(0) ?? "").objectValue
            documents.append((statement.keys(of: collection), document ?? [:]))
        }
        return documents
    }

    /// Selects an expression, then the keys from the root down, for the rows of a collection below a root, or all.
    private func everyRow(
        of collection: Collection,
        below root: String?,
        showing expression: String,
    ) throws(SQLiteError) -> Statement {
        let lineage = collection.lineage
        let keys = lineage.enumerated().map { "t\($0).\($1.column($1.key))" }
        var joins = lineage.indices.dropFirst().map { "t\($0).parent = t\($0 - 1).row" }
        if root != nil { joins.append("t0.parent = 0 AND \(keys[0]) = ?1") }
        let statement = try connection.statement(
            "SELECT \(expression), \(keys.joined(separator: ", ")) FROM \(tables(of: lineage)) "
                + (joins.isEmpty ? "" : "WHERE \(joins.joined(separator: " AND ")) ")
                + "ORDER BY \(lineage.indices.map { "t\($0).row" }.joined(separator: ", "))"
        )
        if let root { try statement.bind(.text(root), at: 1) }
        return statement
    }

    private func tables(of lineage: [Collection]) -> String {
        lineage.enumerated().map { "\($1.table) t\($0)" }.joined(separator: ", ")
    }
}

extension Statement {
    /// The keys that follow the first column.
    fileprivate func keys(of collection: Collection) -> [String] {
        collection.lineage.indices.map { text($0 + 1) ?? "" }
    }
}

extension Page {
    fileprivate mutating func append(
        _ row: ArraySlice<UInt8>,
        _ reshape: ((JSON.Object) -> JSON.Object)?
    ) throws(JSON.ParseError) {
        if count > 0 { bytes.append(UInt8(ascii: ",")) }
        count += 1
        guard let reshape else {
            row.withUnsafeBytes { bytes.append(contentsOf: $0) }
            return
        }
        JSON.object(reshape(try JSON(parsing: Array(row)).objectValue ?? [:])).write(into: &bytes)
    }
}
