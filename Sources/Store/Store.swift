public import PatchbayJSON
internal import Synchronization

/// Everything that the emulated APIs know: rows of collections, kept in SQLite.
public final class Store: Sendable {
    let database: Database
    private let plans = Plans()
    /// The states that were saved.
    let snapshots = Mutex<[Snapshot]>([])
    /// Whether what rows were is kept from now on.
    private let keepsBaseline = Atomic<Bool>(false)
    /// The collections that have a table here, parents before their children.
    public let collections: [Collection]
    /// A number that differs where tables differ.
    let tablesVersion: Int64

    /// Opens an empty store.
    ///
    /// - Parameters:
    ///   - collections: what it holds; parents of those named are added.
    ///   - file: where it is kept; in memory when `nil`.
    /// - Throws: `StoreFileError` when the file is none of this program's, or of another version of it; `SQLiteError`.
    public convenience init(_ collections: [Collection], file: String? = nil) throws {
        try self.init(collections, file: file, Listings.Limits())
    }

    /// Opens an empty store that keeps some listings.
    init(_ collections: [Collection], file: String? = nil, _ limits: Listings.Limits) throws {
        var ordered: [Collection] = []
        for collection in collections.flatMap(\.lineage) where !ordered.contains(where: { $0 === collection }) {
            ordered.append(collection)
        }
        self.collections = ordered
        let schema = ordered.map(\.schema) + [MadeTenant.schema]
        let text = schema.joined(separator: ";\n")
        tablesVersion = StoreFile.fingerprint(text)
        database = try Database(file: file, of: ordered, schema: text, limits)
        guard file != nil, let root = ordered.first else { return }
        // A file may hold what rows were, and rows that wait for their next step.
        keepsBaseline.store(try database.read { try $0.connection.hasTable(root.baseline) }, ordering: .releasing)
        if !isReadOnly { try change { $0.plans.haveChanged = true } }
    }

    /// Whether another store of this process may write to it, of which ``generation`` knows nothing.
    package var isShared: Bool { database.isFile }

    /// Whether it can only be read, as its file cannot be written to.
    public var isReadOnly: Bool { database.isReadOnly }

    /// A number that is another one after each write: what was read in several steps while it stayed the same goes together.
    package var generation: Int64 { database.currentGeneration }

    /// Whether there are no rows at all.
    ///
    /// - Throws: `SQLiteError`.
    public var isEmpty: Bool {
        get throws {
            try database.isUntouched || database.read { try $0.isEmpty(collections.filter { $0.parent == nil }) }
        }
    }

    /// How large the database is.
    ///
    /// - Throws: `SQLiteError`.
    package var bytes: Int64 { get throws { try database.read { try $0.size() } } }

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

    /// The keys of the rows of a collection, each from the root down, with the number of children in another one.
    ///
    /// - Parameters:
    ///   - children: what is counted.
    ///   - parents: whose rows hold them.
    ///   - root: the key of the root that they are below; any when `nil`.
    /// - Returns: keys and numbers, the oldest row's first.
    /// - Throws: `SQLiteError`.
    public func counts(
        of children: Collection,
        in parents: Collection,
        below root: String? = nil,
    ) throws -> [(keys: [String], count: Int64)] {
        try database.read { try $0.counts(of: children, in: parents, below: root) }
    }

    /// The keys of the rows of a collection, each from the root down, with the row's document.
    ///
    /// - Parameters:
    ///   - collection: whose rows.
    ///   - root: the key of the root that they are below; any when `nil`.
    /// - Returns: keys and documents, the oldest row's first.
    /// - Throws: `SQLiteError`, or `JSON.ParseError` when a document is not what this store writes.
    public func documents(
        in collection: Collection,
        below root: String? = nil,
    ) throws -> [(keys: [String], document: JSON.Object)] {
        try database.read { try $0.documents(in: collection, below: root) }
    }

    /// Changes rows: all the changes of the body are kept, or none.
    ///
    /// - Parameters:
    ///   - now: what time it is for whoever changes them.
    ///   - pace: how fast the steps come that follow by themselves.
    ///   - body: makes the changes.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or `SQLiteError`.
    package func write<Result: Sendable>(
        at now: Timestamp = Timestamp(seconds: 0),
        pace: Lifecycle.Pace = .manual,
        _ body: (borrowing Transaction) throws -> Result,
    ) throws -> Result {
        try keepBaseline()
        return try change(at: now, pace: pace, body)
    }

    /// Changes rows together with what they go back to.
    ///
    /// - Parameters:
    ///   - attached: the location of another database, which is `snapshot` to statements.
    ///   - body: makes the changes.
    /// - Returns: what the body returns.
    /// - Throws: what the body throws, or `SQLiteError`.
    func rewrite<Result: Sendable>(
        attaching attached: String? = nil,
        _ body: (borrowing Transaction) throws -> Result,
    ) throws -> Result {
        try keepBaseline()
        return try change(isWatched: false, attaching: attached, body)
    }

    /// Whether what rows were is kept.
    var isKeepingBaseline: Bool { keepsBaseline.load(ordering: .acquiring) }

    /// Keeps what rows were from now on.
    private func keepBaseline() throws {
        guard !isKeepingBaseline else { return }
        // On its own: the change that comes first may be taken back.
        try database.write { connection in
            for collection in collections { try connection.execute(collection.baselineSchema) }
        }
        keepsBaseline.store(true, ordering: .releasing)
    }

    /// Looks at rows while nobody writes.
    func read<Result>(_ body: (Reader) throws -> Result) throws -> Result { try database.read(body) }

    /// Changes rows that are part of the baseline, as seeds are.
    func change<Result: Sendable>(
        at now: Timestamp = Timestamp(seconds: 0),
        pace: Lifecycle.Pace = .manual,
        isWatched: Bool = true,
        attaching attached: String? = nil,
        _ body: (borrowing Transaction) throws -> Result,
    ) throws -> Result {
        try database.write(isWatched: isWatched, attaching: attached) { connection in
            // Named first: Swift 6.3.1 crashes in release builds when the call takes a temporary.
            let transaction = Transaction(connection: connection, now: now, pace: pace)
            let result = try body(transaction)
            let dues = transaction.plans.haveChanged ? try transaction.earliestDue(in: collections) : nil
            return (result, dues)
        } kept: { _, dues in
            // What was planned is known as soon as what it was planned for can be read.
            if let dues { plans.replace(by: dues) }
        }.0
    }
}

extension Store {
    /// Takes every step that is due by itself.
    ///
    /// - Parameters:
    ///   - pace: how fast the steps come that follow.
    ///   - now: what time it is below a root.
    /// - Returns: the steps that were taken.
    /// - Throws: `SQLiteError`, or what follows a change throws.
    @discardableResult
    package func settle(_ pace: Lifecycle.Pace, _ now: (Root) -> Timestamp) throws -> [TakenStep] {
        var taken: [TakenStep] = []
        while case let roots = plans.due(now), !roots.isEmpty {
            for (root, moment) in roots {
                taken += try write(at: moment, pace: pace) { transaction in
                    try collections.filter { $0.lineage[0].table == root.collection }
                        .flatMap { try transaction.takeDueSteps(in: $0, below: root) }
                }
            }
        }
        return taken
    }

    /// Takes rows back to what they were before they were first changed.
    ///
    /// - Parameter roots: the roots below which that is done, themselves included; everywhere when `nil`, and then the
    ///   tenants go that were made.
    /// - Returns: what that changed.
    /// - Throws: `SQLiteError`.
    package func reset(_ roots: [Root]? = nil) throws -> Reset {
        try rewrite { transaction in
            guard let roots else {
                let made = try transaction.madeTenants()
                for tenant in made { _ = try transaction.drop(tenant, of: collections) }
                return Reset(reversals: try transaction.revert(collections, below: nil), dropped: made)
            }
            var reset = Reset()
            for root in roots {
                guard
                    let collection = collections.first(where: { $0.table == root.collection }),
                    let row = try transaction.find(collection, [root.key])
                else { continue }
                let below = collections.filter { $0.lineage[0] === collection }
                reset.reversals += try transaction.revert(below, below: row)
            }
            return reset
        }
    }

    /// Makes something happen to a row.
    ///
    /// - Parameters:
    ///   - event: what; the step that would come by itself when `nil`.
    ///   - collection: the row's collection.
    ///   - keys: the keys from the root down to the row.
    ///   - now: when.
    ///   - pace: how fast the steps come that follow.
    /// - Returns: the row's document before and after; `nil` when there is no such row.
    /// - Throws: `NoSuchStep` when that cannot happen in the row's state; `SQLiteError`.
    package func trigger(
        _ event: String?,
        in collection: Collection,
        _ keys: [String],
        at now: Timestamp,
        pace: Lifecycle.Pace,
    ) throws -> Change? {
        try write(at: now, pace: pace) { transaction in
            guard let row = try transaction.find(collection, keys) else { return nil }
            return try transaction.trigger(event, of: row, in: collection)
        }
    }
}

/// That cannot happen in a row's state.
package struct NoSuchStep: Error, Sendable {
    /// The row's state.
    package var state: String
    /// What can happen in it.
    package var events: [String]
}

/// When the next step comes by itself, below each root that has any.
private final class Plans: Sendable {
    private let dues = Mutex<[Root: Timestamp]>([:])
    /// Spares everybody the lock while nothing is planned.
    private let isEmpty = Atomic<Bool>(true)

    func replace(by dues: [Root: Timestamp]) {
        self.dues.withLock { $0 = dues }
        isEmpty.store(dues.isEmpty, ordering: .releasing)
    }

    func due(_ now: (Root) -> Timestamp) -> [(root: Root, now: Timestamp)] {
        guard !isEmpty.load(ordering: .acquiring) else { return [] }
        return dues.withLock { dues in
            dues.compactMap { root, due in
                let moment = now(root)
                return due <= moment ? (root, moment) : nil
            }
        }
    }
}
