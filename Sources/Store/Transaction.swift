package import PatchbayJSON

/// Changes to rows that are kept together or not at all.
package struct Transaction: ~Copyable {
    let connection: Connection
    /// What time it is for whoever makes the changes.
    package let now: Timestamp
    let pace: Lifecycle.Pace
    let plans = PlanMark()

    /// Whether steps were planned, or are no longer.
    final class PlanMark {
        var haveChanged = false
    }

    /// The row with the given keys, from the root down; `nil` when there is none.
    ///
    /// - Throws: `SQLiteError`.
    package func find(_ collection: Collection, _ keys: [String]) throws(SQLiteError) -> RowID? {
        try Reader(connection).row(collection, keys)
    }

    /// A row's document; `nil` when there is no such row.
    ///
    /// - Throws: `SQLiteError`.
    package func document(_ collection: Collection, _ row: RowID) throws -> JSON.Object? {
        try Reader(connection).document(collection, row)
    }

    /// The rows of a collection below another one, oldest first.
    ///
    /// - Parameters:
    ///   - collection: whose rows.
    ///   - parent: the row above them; below every row when `nil`.
    ///   - values: what members have to equal, by path.
    /// - Returns: the rows with their documents.
    /// - Throws: `SQLiteError`.
    package func rows(
        of collection: Collection,
        under parent: RowID?,
        where values: [(member: String, value: String)] = [],
    ) throws -> [(row: RowID, document: JSON.Object)] {
        var conditions = values.enumerated().map { number, condition in
            let isColumn = collection.columns.contains(condition.member)
            let value = isColumn ? collection.column(condition.member) : collection.expression(condition.member)
            return "\(value) = ?\(number + 1)"
        }
        if parent != nil { conditions.append("parent = ?\(values.count + 1)") }
        let statement = try connection.statement(
            "SELECT row, document FROM \(collection.table) "
                + (conditions.isEmpty ? "" : "WHERE \(conditions.joined(separator: " AND ")) ") + "ORDER BY row"
        )
        for (number, condition) in values.enumerated() { try statement.bind(.text(condition.value), at: number + 1) }
        if let parent { try statement.bind(.integer(parent.number), at: values.count + 1) }
        defer { statement.reset() }
        var rows: [(row: RowID, document: JSON.Object)] = []
        while try statement.step() {
            let document = try JSON(parsing: statement.text(1) ?? "").objectValue ?? [:]
            rows.append((RowID(number: statement.integer(0)), document))
        }
        return rows
    }

    /// Whether so many rows of a collection, or more, stand below another one.
    ///
    /// - Throws: `SQLiteError`.
    package func has(_ count: Int64, of collection: Collection, under parent: RowID) throws(SQLiteError) -> Bool {
        // No more are looked at than that takes.
        try connection.integers(
            "SELECT 1 FROM \(collection.table) WHERE parent = ?1 LIMIT 1 OFFSET ?2",
            [.integer(parent.number), .integer(count - 1)],
        ) != nil
    }

    /// The largest integer that a member has in a row of a collection.
    ///
    /// - Parameters:
    ///   - member: the member.
    ///   - collection: whose rows.
    ///   - parent: the row above them; any when `nil`.
    /// - Returns: the integer; `nil` without rows.
    /// - Throws: `SQLiteError`.
    package func largest(
        _ member: String,
        in collection: Collection,
        under parent: RowID? = nil,
    ) throws(SQLiteError) -> Int64? {
        let isColumn = collection.columns.contains(member)
        let value = isColumn ? collection.column(member) : collection.expression(member)
        return try connection.integers(
            "SELECT max(\(value)) FROM \(collection.table)\(parent == nil ? "" : " WHERE parent = ?1")",
            parent.map { [.integer($0.number)] } ?? [],
        )?[0]
    }

    /// The keys of a row and of those above it, the root's first.
    ///
    /// - Throws: `SQLiteError`.
    package func keys(of row: RowID, in collection: Collection) throws(SQLiteError) -> [String] {
        var keys: [String] = []
        var number = row.number
        for ancestor in collection.lineage.reversed() {
            let statement = try connection.statement(
                "SELECT parent, \(ancestor.column(ancestor.key)) FROM \(ancestor.table) WHERE row = ?1"
            )
            try statement.bind(.integer(number), at: 1)
            defer { statement.reset() }
            guard try statement.step() else { return [] }
            keys.append(statement.text(1) ?? "")
            number = statement.integer(0)
        }
        return keys.reversed()
    }
}

extension Transaction {
    /// Adds a row; what comes next by itself in its state is planned.
    ///
    /// - Parameters:
    ///   - document: the row's members, in any order.
    ///   - collection: where the row belongs.
    ///   - parent: the row above it; `nil` for a root.
    /// - Returns: the new row's place.
    /// - Throws: `Violation` when the collection takes no such document; `SQLiteError`.
    @discardableResult
    package func insert(_ document: JSON.Object, into collection: Collection, under parent: RowID?) throws -> RowID {
        let path = try path(to: parent, of: collection)
        let stored = try collection.checked(document, as: .written)
        let row = try insert(WrittenRow(stored, of: collection, below: path), into: collection, under: parent)
        try plan(for: stored, before: nil, row, in: collection)
        try followUp(Change(path: path, before: nil, after: stored, moment: now), in: collection)
        return row
    }

    /// Replaces a row's document; where its state is another one then, what comes next by itself is planned anew.
    ///
    /// - Parameters:
    ///   - row: the row.
    ///   - collection: its collection.
    ///   - document: the new members.
    ///   - entersState: whether that is planned anew even though the state is the same.
    /// - Throws: `Violation` when the collection takes no such document; `SQLiteError`.
    package func update(
        _ row: RowID,
        in collection: Collection,
        to document: JSON.Object,
        entersState: Bool = false,
    ) throws {
        let before = try self.document(collection, row)
        let stored = try collection.checked(document, as: .written)
        let path = Array(try keys(of: row, in: collection).dropLast())
        try write(stored, to: row, in: collection, below: path)
        try plan(for: stored, before: entersState ? nil : before, row, in: collection)
        try followUp(Change(path: path, before: before, after: stored, moment: now), in: collection)
    }

    /// Removes a row and everything below it.
    ///
    /// - Throws: `SQLiteError`.
    package func delete(_ row: RowID, from collection: Collection) throws {
        let before = try document(collection, row)
        let path = collection.follow == nil ? [] : Array(try keys(of: row, in: collection).dropLast())
        let statement = try connection.statement("DELETE FROM \(collection.table) WHERE row = ?1")
        try statement.bind(.integer(row.number), at: 1)
        try statement.run()
        plans.haveChanged = true
        if let before { try followUp(Change(path: path, before: before, after: nil, moment: now), in: collection) }
    }

    /// Makes something happen to a row: a step of its lifecycle.
    ///
    /// - Parameters:
    ///   - event: what; the step that would come by itself when `nil`.
    ///   - row: the row.
    ///   - collection: its collection.
    /// - Returns: what became of it.
    /// - Throws: `NoSuchStep` when that cannot happen in its state; `SQLiteError`.
    @discardableResult
    package func trigger(_ event: String?, of row: RowID, in collection: Collection) throws -> Change {
        let before = try document(collection, row) ?? [:]
        guard let lifecycle = collection.lifecycle(of: before) else { throw NoSuchStep(state: "", events: []) }
        let state = lifecycle.state(of: before)
        let possible = lifecycle.steps.filter { $0.from.contains(state) }
        let step = possible.first { step in event.map { step.event == $0 } ?? (step.delay != nil) }
        guard let step else { throw NoSuchStep(state: state, events: possible.map(\.event)) }
        let path = Array(try keys(of: row, in: collection).dropLast())
        let after = lifecycle.document(before, after: step, at: now)
        if let after {
            try update(row, in: collection, to: after)
        } else {
            try delete(row, from: collection)
        }
        return Change(path: path, before: before, after: after, moment: now)
    }

    /// Adds a row whose document has been checked, as a seed: nothing follows.
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

    /// Adds rows of a seed file, which have been checked: nothing follows.
    ///
    /// - Parameters:
    ///   - rows: the rows.
    ///   - first: the number of the first that is added.
    ///   - parent: the row above them; `nil` for roots.
    /// - Returns: how many were added, and why the next one was refused if it was.
    /// - Throws: `SQLiteError`.
    func insert(
        _ rows: SeedRows,
        from first: Int,
        under parent: RowID?,
    ) throws(SQLiteError) -> (added: Int, refusal: SQLiteError?) {
        let collection = rows.list.collection
        let many = collection.insertion(of: Self.rowsAtOnce)
        var next = first
        while next < rows.count {
            let count = rows.count - next < Self.rowsAtOnce ? 1 : Self.rowsAtOnce
            let statement = try connection.statement(count == 1 ? collection.insertion : many)
            do throws(SQLiteError) {
                try rows.run(statement, next..<next + count, parent?.number ?? 0)
                next += count
            } catch  where error.isUniqueViolation {
                return (next - first + (count == 1 ? 0 : connection.changes), error)
            }
        }
        return (next - first, nil)
    }

    /// The row that was added last.
    var newest: RowID { RowID(number: connection.lastInsertedRow) }

    /// How many rows one statement adds where there are so many: it costs almost as much as one that adds a single row.
    private static let rowsAtOnce = 32

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

    private func path(to parent: RowID?, of collection: Collection) throws(SQLiteError) -> [String] {
        guard let parent, let above = collection.parent else { return [] }
        return try keys(of: parent, in: above)
    }

    /// Writes a document that has been checked, and the views of it, and nothing else.
    func write(_ document: JSON.Object, to row: RowID, in collection: Collection, below path: [String]) throws {
        let written = WrittenRow(document, of: collection, below: path)
        let views = collection.views.enumerated().map { ", \($1.column) = ?\($0 + 3)" }.joined()
        let statement = try connection.statement(
            "UPDATE \(collection.table) SET document = ?2\(views) WHERE row = ?1"
        )
        try statement.bind(.integer(row.number), at: 1)
        try statement.bind(text: written.document, at: 2)
        for (number, view) in written.views.enumerated() { try statement.bind(view, at: number + 3) }
        try statement.run()
    }

    private func followUp(_ change: Change, in collection: Collection) throws {
        try collection.follow?(self, change)
    }
}

/// Steps that come by themselves.
extension Transaction {
    /// Plans the next step of a row that is new, or has come into another state.
    private func plan(
        for document: JSON.Object,
        before: JSON.Object?,
        _ row: RowID,
        in collection: Collection,
    ) throws(SQLiteError) {
        guard let lifecycle = collection.lifecycle(of: document) else { return }
        if let before, lifecycle.state(of: before) == lifecycle.state(of: document) { return }
        let step = lifecycle.nextStep(for: document)
        let statement = try connection.statement(
            "UPDATE \(collection.table) SET due = ?2, event = ?3 WHERE row = ?1"
        )
        try statement.bind(.integer(row.number), at: 1)
        // A step that only a test can bring about has no time.
        let delay: Int64? =
            switch pace {
            case .immediate: step?.isDeadline == true ? step?.delay : 0
            case .realistic: step?.delay
            case .manual: nil
            }
        if let step, let delay {
            try statement.bind(.integer(now.microseconds + delay * 1_000_000), at: 2)
            try statement.bind(.text(step.event), at: 3)
        } else {
            try statement.bind(.null, at: 2)
            try statement.bind(.null, at: 3)
        }
        try statement.run()
        plans.haveChanged = true
    }

    /// When the first step below each root is due.
    func earliestDue(in collections: [Collection]) throws(SQLiteError) -> [Root: Timestamp] {
        var dues: [Root: Timestamp] = [:]
        for collection in collections where !collection.lifecycles.isEmpty {
            for plan in try plans(in: collection) {
                let root = Root(table: collection.lineage[0].table, key: plan.root)
                dues[root] = min(dues[root] ?? plan.due, plan.due)
            }
        }
        return dues
    }

    /// Takes the steps of a collection that are due below a root, each at its own time.
    ///
    /// - Returns: the steps that were taken.
    func takeDueSteps(in collection: Collection, below root: Root) throws -> [TakenStep] {
        guard !collection.lifecycles.isEmpty else { return [] }
        plans.haveChanged = true
        var taken: [TakenStep] = []
        for plan in try plans(in: collection) where plan.root == root.key && plan.due <= now {
            let then = Transaction(connection: connection, now: plan.due, pace: pace)
            let path = try keys(of: plan.row, in: collection)
            let change = try then.trigger(plan.event, of: plan.row, in: collection)
            let lifecycle = change.before.flatMap(collection.lifecycle)
            taken.append(
                TakenStep(
                    collection: collection,
                    path: path,
                    event: plan.event,
                    from: change.before.flatMap { lifecycle?.state(of: $0) } ?? "",
                    to: change.after.flatMap { lifecycle?.state(of: $0) },
                    moment: plan.due
                )
            )
        }
        return taken
    }

    /// The planned steps of a collection, the earliest first.
    private func plans(
        in collection: Collection
    ) throws(SQLiteError) -> [(row: RowID, due: Timestamp, event: String, root: String)] {
        let lineage = collection.lineage
        let last = lineage.count - 1
        let tables = lineage.enumerated().map { "\($1.table) t\($0)" }.joined(separator: ", ")
        let joins = lineage.indices.dropFirst().map { "AND t\($0).parent = t\($0 - 1).row " }.joined()
        let statement = try connection.statement(
            "SELECT t\(last).row, t\(last).due, t\(last).event, t0.\(lineage[0].column(lineage[0].key)) FROM \(tables) "
                + "WHERE t\(last).due IS NOT NULL \(joins)ORDER BY t\(last).due, t\(last).row"
        )
        defer { statement.reset() }
        var plans: [(row: RowID, due: Timestamp, event: String, root: String)] = []
        while try statement.step() {
            let due = Timestamp(microseconds: statement.integer(1))
            plans.append((RowID(number: statement.integer(0)), due, statement.text(2) ?? "", statement.text(3) ?? ""))
        }
        return plans
    }
}
