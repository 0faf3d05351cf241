/// Which rows a list has, and in which order: what of a query is the same for all of its pages.
struct Selection: Hashable {
    let collection: Collection
    let parent: RowID
    let filters: [Filter]
    /// The number of the order among the collection's; by key when `nil`.
    private let order: Int?

    /// What a member has to be.
    struct Filter: Hashable {
        let member: String
        let value: Query.FilterValue
    }

    init(_ query: Query) {
        collection = query.collection
        parent = query.parent
        filters = query.filters.map { Filter(member: $0.member, value: $0.value) }
        order = query.collection.orders.firstIndex { $0.members.first == query.order }
    }

    private init(_ selection: Self, filters: [Filter], order: Int?) {
        collection = selection.collection
        parent = selection.parent
        self.filters = filters
        self.order = order
    }

    /// Lists that have an index each; it has the rows that they have in common, in the order of the first.
    var parts: [Self] {
        let usual = collection.orders.isEmpty ? nil : 0
        let filtered = filters.map { Self(self, filters: [$0], order: usual) }
        return order == usual && !filters.isEmpty ? filtered : [Self(self, filters: [], order: order)] + filtered
    }

    static func == (left: Self, right: Self) -> Bool {
        left.collection === right.collection && left.parent == right.parent && left.order == right.order
            && left.filters == right.filters
    }

    func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(collection))
        hasher.combine(parent.number)
        hasher.combine(order)
        for filter in filters { hasher.combine(filter) }
    }

    /// The columns that are compared, the tie-breaker last.
    var columns: [String] {
        (order.map { collection.orders[$0].members } ?? [collection.key]).map(collection.column)
    }

    /// What the text of a statement that finds its rows depends on.
    struct Shape: Hashable {
        let order: Int?
        let filters: [Comparison]
        /// Where the rows begin: with the first when `nil`, or behind values of the order's members.
        let direction: Query.Direction?

        struct Comparison: Hashable {
            let member: String
            let isContaining: Bool
        }
    }

    /// The shape of the statement that finds its rows, all of them or those behind some values in a direction.
    func shape(after direction: Query.Direction?) -> Shape {
        Shape(
            order: order,
            filters: filters.map { filter in
                if case .containing = filter.value { return .init(member: filter.member, isContaining: true) }
                return .init(member: filter.member, isContaining: false)
            },
            direction: direction,
        )
    }

    /// Whether rows can be read in the order, wherever one begins, without being sorted.
    var isIndexed: Bool {
        guard let order else { return filters.isEmpty }
        return collection.orders[order].isIndexed && (filters.isEmpty || order == 0)
    }

    /// Whether a listing of it is worth keeping: one of more than a row, whose filters come again.
    var isWorthKeeping: Bool {
        filters.allSatisfy { filter in
            switch filter.value {
            // What no row has may be of any length.
            case .containing(let text): text.utf8.count <= Self.longest
            case .text(let text): text.utf8.count <= Self.longest && !isUnique(filter.member)
            case .integer: !isUnique(filter.member)
            }
        }
    }

    /// The longest text of a filter, in bytes, for which a listing is kept.
    private static let longest = 256

    private func isUnique(_ member: String) -> Bool { member == collection.key || collection.unique.contains(member) }

    /// The condition that its rows fulfil; the parent is `?1`, and what members are compared with comes next.
    var condition: String {
        let filters = filters.enumerated().map { number, filter in
            let column = collection.column(filter.member)
            if case .containing = filter.value { return "instr(lower(\(column)), lower(?\(number + 2))) > 0" }
            return "\(column) = ?\(number + 2)"
        }
        return (["parent = ?1"] + filters).joined(separator: " AND ")
    }

    /// The statement that finds its rows, in order.
    var statement: String {
        let order = (columns + ["row"]).joined(separator: ", ")
        return "SELECT row FROM \(collection.table) WHERE \(condition) ORDER BY \(order)"
    }

    /// The statement that finds so many of its rows, `?` behind those of the condition, behind the values of the order's
    /// members that come next.
    func statement(after direction: Query.Direction) -> String {
        let (comparison, word) = direction == .ascending ? (">", "ASC") : ("<", "DESC")
        let places = columns.indices.map { "?\(nextPlace + 1 + $0)" }.joined(separator: ", ")
        return "SELECT row FROM \(collection.table) WHERE \(condition) "
            + "AND (\(columns.joined(separator: ", "))) \(comparison) (\(places)) "
            + "ORDER BY \(columns.map { "\($0) \(word)" }.joined(separator: ", ")) LIMIT ?\(nextPlace)"
    }

    /// The statement that reads the document of so many rows, or a view of them, in the order in which they are bound, with
    /// their numbers.
    static func showing(_ view: Int?, of count: Int, in collection: Collection) -> String {
        let column = view.map { collection.views[$0].column } ?? "document"
        let places = (1...count).map { "(?\($0))" }.joined(separator: ", ")
        let rows = "(VALUES \(places)) v CROSS JOIN \(collection.table) t"
        return "SELECT t.\(column), t.row FROM \(rows) WHERE t.row = v.column1"
    }

    /// The place of the first parameter behind those of the condition.
    var nextPlace: Int { filters.count + 2 }

    /// Binds the values of the condition.
    func bind(to statement: Statement) throws(SQLiteError) {
        try statement.bind(.integer(parent.number), at: 1)
        for (number, filter) in filters.enumerated() { try statement.bind(filter.value.sql, at: number + 2) }
    }
}
