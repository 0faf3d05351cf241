internal import JSON

/// How lists are read: filter, order, window, total. All lists of all APIs come this way.
extension Reader {
    /// The row with the given keys, from the root down.
    func row(_ collection: Collection, _ keys: [String]) throws(SQLiteError) -> RowID? {
        let path = Path(table: collection.table, keys: keys.map(Text.init))
        if let known = rows[path] { return known }
        let lineage = collection.lineage
        guard lineage.count == keys.count else { return nil }
        var clauses: [String] = []
        for (level, ancestor) in lineage.enumerated() {
            clauses.append("t\(level).\(ancestor.column(ancestor.key)) = ?\(level + 1)")
            clauses.append(level == 0 ? "t0.parent = 0" : "t\(level).parent = t\(level - 1).row")
        }
        let statement = try connection.statement(
            "SELECT t\(lineage.count - 1).row FROM \(tables(of: lineage)) "
                + "WHERE \(clauses.joined(separator: " AND "))"
        )
        for (level, key) in keys.enumerated() { try statement.bind(.text(key), at: level + 1) }
        defer { statement.reset() }
        guard try statement.step() else { return nil }
        let row = RowID(number: statement.integer(0))
        rows[path] = row
        return row
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
        let cell = Cell(table: collection.table, row: row)
        if let known = documents[cell] { return known }
        let statement = try connection.statement("SELECT document FROM \(collection.table) WHERE row = ?1")
        try statement.bind(.integer(row.number), at: 1)
        defer { statement.reset() }
        guard try statement.step(), let text = statement.text(0) else { return nil }
        documents[cell] = try JSON(parsing: text).objectValue
        return documents[cell]
    }

    /// One page of a list: one statement, and another one the first time that the same rows are counted.
    func page(_ query: Query) throws -> Page {
        var page = Page(total: try total(query))
        switch query.start {
        case .offset(let offset): try read(query, from: offset, into: &page)
        case .after(let values): try read(query, after: values, into: &page)
        }
        return page
    }

    private func total(_ query: Query) throws(SQLiteError) -> Int64 {
        let listing = Listing(
            table: query.collection.table,
            parent: query.parent,
            filters: query.collection.filters.map { path in query.filters.first { $0.member == path }?.value.counted },
        )
        if let known = totals[listing] { return known }
        let sql = "SELECT count(*) FROM \(query.collection.table) WHERE \(conditions(query))"
        let statement = try connection.statement(sql)
        try bindConditions(query, to: statement)
        defer { statement.reset() }
        guard try statement.step() else { return 0 }
        if query.filters.allSatisfy(\.value.isShort) { totals[listing] = statement.integer(0) }
        return statement.integer(0)
    }

    private func read(_ query: Query, from offset: Int64, into page: inout Page) throws {
        guard offset < page.total, query.limit > 0 else { return }
        let place = query.filters.count + 2
        let statement = try connection.statement(
            "SELECT \(shown(query)) FROM \(query.collection.table) WHERE \(conditions(query)) "
                + "ORDER BY \(order(query)) LIMIT ?\(place) OFFSET ?\(place + 1)"
        )
        try bindConditions(query, to: statement)
        try statement.bind(.integer(query.limit), at: place)
        try statement.bind(.integer(offset), at: place + 1)
        defer { statement.reset() }
        while try statement.step() { try page.append(statement, query.reshape) }
    }

    /// One row more than asked for is read, to know whether another page follows.
    private func read(_ query: Query, after values: [String]?, into page: inout Page) throws {
        let columns = orderMembers(query).map(query.collection.column).joined(separator: ", ")
        let place = query.filters.count + 2
        let comparison = query.direction == .ascending ? ">" : "<"
        let places = (values ?? []).indices.map { "?\(place + 1 + $0)" }.joined(separator: ", ")
        let statement = try connection.statement(
            "SELECT \(shown(query)), \(columns) FROM \(query.collection.table) WHERE \(conditions(query)) "
                + (values == nil ? "" : "AND (\(columns)) \(comparison) (\(places)) ")
                + "ORDER BY \(order(query)) LIMIT ?\(place)"
        )
        try bindConditions(query, to: statement)
        try statement.bind(.integer(query.limit + 1), at: place)
        for (number, value) in (values ?? []).enumerated() { try statement.bind(.text(value), at: place + 1 + number) }
        defer { statement.reset() }
        let count = orderMembers(query).count
        var last: [String]?
        while try statement.step() {
            guard Int64(page.count) < query.limit else {
                page.continuation = last
                return
            }
            try page.append(statement, query.reshape)
            last = (1...count).map { statement.text($0) ?? "" }
        }
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

    private func shown(_ query: Query) -> String {
        guard let name = query.view, let view = query.collection.views.first(where: { $0.name == name }) else {
            return "document"
        }
        return view.column
    }

    private func conditions(_ query: Query) -> String {
        let filters = query.filters.enumerated().map { number, filter in
            let column = query.collection.column(filter.member)
            if case .containing = filter.value { return "instr(lower(\(column)), lower(?\(number + 2))) > 0" }
            return "\(column) = ?\(number + 2)"
        }
        return (["parent = ?1"] + filters).joined(separator: " AND ")
    }

    private func bindConditions(_ query: Query, to statement: Statement) throws(SQLiteError) {
        try statement.bind(.integer(query.parent.number), at: 1)
        for (number, filter) in query.filters.enumerated() { try statement.bind(filter.value.sql, at: number + 2) }
    }

    private func orderMembers(_ query: Query) -> [String] {
        query.collection.orders.first { $0.members.first == query.order }?.members ?? [query.collection.key]
    }

    private func order(_ query: Query) -> String {
        let direction = query.direction == .ascending ? "ASC" : "DESC"
        return orderMembers(query).map { "\(query.collection.column($0)) \(direction)" }.joined(separator: ", ")
    }
}

extension Query.FilterValue {
    /// Whether a total is worth remembering: what no row has may be of any length, and come again and again.
    fileprivate var isShort: Bool {
        switch self {
        case .integer: true
        case .text(let text), .containing(let text): text.utf8.count <= 256
        }
    }

    fileprivate var counted: Reader.Listing.Value {
        switch self {
        case .integer(let number): .integer(number)
        case .text(let text): .text(Reader.Text(text: text))
        case .containing(let text): .containing(Reader.Text(text: text))
        }
    }
}

extension Statement {
    /// The keys that follow the first column.
    fileprivate func keys(of collection: Collection) -> [String] {
        collection.lineage.indices.map { text($0 + 1) ?? "" }
    }
}

extension Page {
    fileprivate mutating func append(_ statement: Statement, _ reshape: ((JSON.Object) -> JSON.Object)?) throws {
        if count > 0 { bytes.append(UInt8(ascii: ",")) }
        count += 1
        guard let reshape else {
            statement.appendBytes(0, to: &bytes)
            return
        }
        var row: [UInt8] = []
        statement.appendBytes(0, to: &row)
        JSON.object(reshape(try JSON(parsing: row).objectValue ?? [:])).write(into: &bytes)
    }
}
