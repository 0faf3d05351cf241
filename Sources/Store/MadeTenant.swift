internal import PatchbayJSON

/// A tenant that was made as a copy of others: a root row that seeds know nothing of, with all that stands below it.
///
/// It is a copy of what its source goes back to. What it was when it was made is what it goes back to.
package struct MadeTenant: Sendable, Equatable {
    /// What whoever made it calls it; one label may stand for a tenant of each API.
    package var label: String
    /// Its root, whose key is its natural identifier.
    package var root: Root
    /// The keys of the roots that it was copied from.
    package var sources: [String]
    /// The APIs that it was made for.
    package var apis: [String]

    /// Names a tenant that is to be made, or was.
    package init(_ label: String, _ root: Root, from sources: [String], for apis: [String]) {
        self.label = label
        self.root = root
        self.sources = sources
        self.apis = apis
    }

    /// The statement that makes the table of them.
    static let schema = """
        CREATE TABLE made_tenants (label TEXT NOT NULL, collection TEXT NOT NULL, key TEXT NOT NULL, \
        sources TEXT NOT NULL, apis TEXT NOT NULL, PRIMARY KEY (label, collection), UNIQUE (collection, key)) STRICT
        """
}

extension [MadeTenant] {
    /// The labels, each once.
    package var labels: [String] {
        reduce(into: []) { labels, tenant in
            if !labels.contains(tenant.label) { labels.append(tenant.label) }
        }
    }
}

/// Why a tenant cannot be made.
package enum TenantRefusal: Error, Sendable, Equatable {
    /// There is a tenant of that identifier, which was not made under that label.
    case taken(Root)
    /// There is none of the identifier that it is to be copied from.
    case noSource(Root)
    /// What makes it tell from its source is another one's already.
    case notUnique(Root, member: String)
}

/// What making tenants has done.
package struct Making: Sendable, Equatable {
    /// How many rows each of them has, its root included.
    package var rows: [Int]
    /// Whether the label stood for tenants before, which are gone.
    package var hasReplaced: Bool
}

extension Store {
    /// The tenants that were made, by label, then in the order of their collections.
    ///
    /// - Throws: `SQLiteError`.
    package func madeTenants() throws -> [MadeTenant] {
        try read { try MadeTenant.all($0.connection) }
    }

    /// Whether a tenant can be a copy of a root: it is there, or was when things were as they go back to being.
    ///
    /// - Throws: `SQLiteError`.
    package func canCopy(_ collection: Collection, _ key: String) throws -> Bool {
        try read { reader in
            if try reader.row(collection, [key]) != nil { return true }
            return try isKeepingBaseline && reader.goneRoot(collection, key) != nil
        }
    }

    /// Makes tenants under a label, in place of those that it stood for: all of them, or none.
    ///
    /// - Parameter tenants: what they are to be, all under one label.
    /// - Returns: what came of it.
    /// - Throws: `TenantRefusal`; `Violation` when an identifier is none of its collection's; `SQLiteError`.
    @discardableResult
    package func make(_ tenants: [MadeTenant]) throws -> Making { try make(tenants) { _ in }.making }

    /// Makes tenants under a label, and looks at them before anybody else can change them.
    package func make<Seen: Sendable>(
        _ tenants: [MadeTenant],
        _ look: (any RowCounting) throws -> Seen,
    ) throws -> (making: Making, seen: Seen) {
        try rewrite { transaction in
            let old = try transaction.madeTenants().filter { $0.label == tenants.first?.label }
            for tenant in old { _ = try transaction.drop(tenant, of: collections) }
            let making = Making(
                rows: try tenants.map { try transaction.make($0, of: collections) },
                hasReplaced: !old.isEmpty,
            )
            return (making, try look(Reader(transaction.connection)))
        }
    }

    /// Makes a tenant unless its root is there.
    ///
    /// - Returns: whether it was made.
    /// - Throws: as `make` does.
    package func makeIfMissing(_ tenant: MadeTenant) throws -> Bool {
        try rewrite { transaction in
            guard
                let collection = collections.first(where: { $0.table == tenant.root.collection }),
                try transaction.find(collection, [tenant.root.key]) == nil
            else { return false }
            _ = try transaction.make(tenant, of: collections)
            return true
        }
    }

    /// Drops the tenants that a label stands for.
    ///
    /// - Returns: them, and how many rows of which collections are gone; nothing when it stands for none.
    /// - Throws: `SQLiteError`.
    package func dropTenants(_ label: String) throws -> (tenants: [MadeTenant], removed: [Reversal]) {
        try rewrite { transaction in
            let tenants = try transaction.madeTenants().filter { $0.label == label }
            return (tenants, try tenants.flatMap { try transaction.drop($0, of: collections) })
        }
    }
}

extension Store {
    /// Whether a row was there when its tenant was as it goes back to being, and no longer is.
    ///
    /// Others like it may stand elsewhere, in copies or in what it was copied from: they are none of its tenant's business.
    ///
    /// - Throws: `SQLiteError`.
    package func isLost(_ collection: Collection, _ keys: [String]) throws -> Bool {
        guard isKeepingBaseline else { return false }
        return try read { try $0.row(collection, keys) == nil && $0.isInBaseline(collection, keys) }
    }
}

extension Transaction {
    /// Whether a row was there when its tenant was as it goes back to being, and has changed or gone since.
    ///
    /// - Throws: `SQLiteError`.
    package func isInBaseline(_ collection: Collection, _ keys: [String]) throws -> Bool {
        try Reader(connection).isInBaseline(collection, keys)
    }

    /// Whether a root is that of a tenant that was made.
    ///
    /// - Throws: `SQLiteError`.
    package func isMade(_ root: Root) throws -> Bool { try madeTenants().contains { $0.root == root } }
}

extension Reader {
    /// The row of a root that has gone since.
    func goneRoot(_ collection: Collection, _ key: String) throws(SQLiteError) -> RowID? {
        let found = try connection.integers(
            "SELECT row FROM \(collection.baseline) WHERE document IS NOT NULL "
                + "AND row NOT IN (SELECT row FROM \(collection.table)) "
                + "AND \(collection.expression(collection.key)) = ?1",
            [.text(key)],
        )
        return found.map { RowID(number: $0[0]) }
    }

    fileprivate func isInBaseline(_ collection: Collection, _ keys: [String]) throws(SQLiteError) -> Bool {
        guard let key = keys.last, let above = collection.parent, let parent = try row(above, keys.dropLast()) else {
            return false
        }
        let found = try connection.integers(
            "SELECT row FROM \(collection.baseline) WHERE parent = ?1 AND document IS NOT NULL "
                + "AND \(collection.expression(collection.key)) = ?2",
            [.integer(parent.number), .text(key)],
        )
        return found != nil
    }
}

extension MadeTenant {
    fileprivate static func all(_ connection: Connection) throws -> [MadeTenant] {
        let statement = try connection.statement(
            "SELECT label, collection, key, sources, apis FROM made_tenants ORDER BY label, rowid"
        )
        defer { statement.reset() }
        var tenants: [MadeTenant] = []
        while try statement.step() {
            let root = Root(table: statement.text(1) ?? "", key: statement.text(2) ?? "")
            tenants.append(
                MadeTenant(
                    statement.text(0) ?? "",
                    root,
                    from: try texts(statement.text(3)),
                    for: try texts(statement.text(4)),
                )
            )
        }
        return tenants
    }

    /// Takes it down in the table of a database.
    func insert(_ connection: Connection, into database: String) throws(SQLiteError) {
        try connection.run(
            "INSERT INTO \(database).made_tenants (label, collection, key, sources, apis) VALUES (?1, ?2, ?3, ?4, ?5)",
            [
                .text(label), .text(root.collection), .text(root.key),
                .text(JSON.array(sources.map(JSON.string)).text), .text(JSON.array(apis.map(JSON.string)).text),
            ],
        )
    }

    private static func texts(_ list: String?) throws -> [String] {
        try JSON(parsing: list ?? "[]").arrayValue?.compactMap(\.stringValue) ?? []
    }
}

extension Transaction {
    /// The tenants that were made.
    func madeTenants() throws -> [MadeTenant] { try MadeTenant.all(connection) }

    /// Makes a tenant.
    ///
    /// - Returns: how many rows it has.
    fileprivate func make(_ tenant: MadeTenant, of collections: [Collection]) throws -> Int {
        let lineages = collections.filter { $0.lineage[0].table == tenant.root.collection }
        guard let collection = lineages.first else { return 0 }
        guard try find(collection, [tenant.root.key]) == nil else { throw TenantRefusal.taken(tenant.root) }
        let sources = try tenant.sources.map { key in
            guard let source = try source(collection, key) else {
                throw TenantRefusal.noSource(Root(collection, key))
            }
            return source
        }
        guard let first = sources.first else { return 0 }
        let root = try copyRoot(first.document, of: collection, to: tenant)
        var rows = 1
        for (number, source) in sources.enumerated() {
            let copy = RootCopy(source: source, key: tenant.root.key, row: root, isFurther: number > 0)
            rows += try copyRows(copy, of: Array(lineages.dropFirst()))
        }
        try tenant.insert(connection, into: "main")
        return rows
    }

    /// Drops a tenant that was made, with what its rows would go back to.
    ///
    /// - Returns: how many rows went, by collection.
    func drop(_ tenant: MadeTenant, of collections: [Collection]) throws(SQLiteError) -> [Reversal] {
        try connection.run(
            "DELETE FROM made_tenants WHERE label = ?1 AND collection = ?2",
            [.text(tenant.label), .text(tenant.root.collection)],
        )
        let lineages = collections.filter { $0.lineage[0].table == tenant.root.collection }
        guard let collection = lineages.first, let root = try find(collection, [tenant.root.key]) else { return [] }
        plans.haveChanged = true
        var removals: [Reversal] = []
        // Those below first: where they stand is known by what is above them.
        for collection in lineages.reversed() {
            let row = [SQLValue.integer(root.number)]
            let count = try connection.run("DELETE FROM \(collection.table) WHERE \(collection.belowRoot)", row)
            removals.append(Reversal(collection: collection.name, removed: count))
            try connection.run("DELETE FROM \(collection.baseline) WHERE root = ?1", row)
        }
        return removals.reversed().filter { !$0.isEmpty }
    }
}
