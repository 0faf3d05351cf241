package import PatchbayJSON

/// A kind of row: what identifies it, under which parent it stands, and what it can be filtered and sorted by.
///
/// Collections form trees. The root of a tree is what a vendor isolates customers by (project, account, group,
/// organization), and dropping a row drops everything below it. Tables, generated columns and indexes are made from the
/// declaration, seed files are checked against it, and their JSON Schema is written from it.
public final class Collection: Sendable {
    /// What several APIs that share objects call their common store: part of the table's name.
    public let namespace: String
    /// The collection's name, and the member of the parent that holds its rows in a seed file.
    public let name: String
    /// The collection whose rows hold the rows of this one; `nil` for a root.
    public let parent: Collection?
    /// The member that identifies a row among those of its parent.
    public let key: String
    /// The members of a document, in the vendor's order.
    public let members: [Member]
    /// The members of a document that an API writes, where they may be more than a seed's; `members` when `nil`.
    let written: [Member]?
    /// Further members that depend on the value of one of `members`.
    public let variants: Variants?
    /// The members that a list can be filtered by, as paths (`spec.connection_type`).
    public let filters: [String]
    /// The orders that a list can be asked in; the first is the usual one.
    public let orders: [Order]
    /// Members that no two rows of a parent share, besides the key.
    public let unique: [String]
    /// Groups of members that no two rows of a parent have alike; a row that lacks one of them is like no other.
    public let uniqueTogether: [[String]]
    /// Members of a root by which it is known besides its key: those of a copy end with the copy's label.
    let labelled: [String]
    /// The members that nobody is shown, as paths.
    let secrets: [String]
    /// Members that name a row of another collection with the same parent.
    public let references: [(member: String, collection: Collection)]
    /// The ways a row is shown.
    ///
    /// Without one, the stored document is what is shown.
    public let views: [View]
    /// How rows live, by the value of the deciding member.
    public let lifecycles: [Lifecycle]
    /// What else changes when a row does; not asked when seeds are loaded.
    let follow: (@Sendable (borrowing Transaction, Change) throws -> Void)?
    /// What the declarations of single members cannot say.
    let rule: (@Sendable (JSON.Object) -> Violation?)?
    private let shapes: [(value: String, members: [Member])]
    private let writtenShapes: [(value: String, members: [Member])]
    /// The members that no two rows may have the same values of.
    let compared: [String]
    /// The table's name.
    let table: String
    /// The statement that adds a row: parent, document, then the views.
    let insertion: String

    /// Declares a collection.
    package init(
        _ name: String,
        in namespace: String,
        under parent: Collection? = nil,
        key: String,
        members: [Member],
        written: [Member]? = nil,
        variants: Variants? = nil,
        filters: [String] = [],
        orders: [Order] = [],
        unique: [String] = [],
        uniqueTogether: [[String]] = [],
        labelled: [String] = [],
        secrets: [String] = [],
        references: [(member: String, collection: Collection)] = [],
        views: [View] = [],
        lifecycles: [Lifecycle] = [],
        rule: (@Sendable (JSON.Object) -> Violation?)? = nil,
        follow: (@Sendable (borrowing Transaction, Change) throws -> Void)? = nil,
    ) {
        self.namespace = namespace
        self.name = name
        self.parent = parent
        self.key = key
        self.members = members
        self.written = written
        self.variants = variants
        self.filters = filters
        self.orders = orders
        self.unique = unique
        self.uniqueTogether = uniqueTogether
        self.labelled = labelled
        self.secrets = secrets
        self.references = references
        self.views = views
        self.lifecycles = lifecycles
        self.follow = follow
        self.rule = rule
        shapes = Self.shapes(members, variants)
        writtenShapes = Self.shapes(written ?? members, variants)
        compared = [key] + unique + uniqueTogether.flatMap(\.self)
        table = "\(namespace)_\(name)"
        insertion = Self.insertion("INSERT", of: 1, into: table, views)
    }

    /// A statement that adds rows up to the first that is refused: for each its parent, document, then the views.
    func insertion(of count: Int) -> String { Self.insertion("INSERT OR FAIL", of: count, into: table, views) }

    private static func insertion(_ verb: String, of count: Int, into table: String, _ views: [View]) -> String {
        let columns = ["parent", "document"] + views.map(\.column)
        let row = "(\(columns.map { _ in "?" }.joined(separator: ", ")))"
        let rows = repeatElement(row, count: count).joined(separator: ", ")
        return "\(verb) INTO \(table) (\(columns.joined(separator: ", "))) VALUES \(rows)"
    }
}

extension Collection {
    /// Members that a document has or has not, by the value of a member of the collection.
    public struct Variants: Sendable {
        /// The deciding member.
        public var discriminator: String
        /// The further members for each of its values.
        public var members: [(value: String, members: [Member])]

        /// The deciding value of a document, or the one that stands in for it.
        func value(in document: JSON.Object, _ members: [Member]) -> String? {
            if let value = document[discriminator] { return value.stringValue }
            guard case .standard(let value)? = members.first(where: { $0.name == discriminator })?.presence else {
                return nil
            }
            return value.stringValue
        }

        /// Declares variants.
        public init(by discriminator: String, _ members: [(value: String, members: [Member])]) {
            self.discriminator = discriminator
            self.members = members
        }
    }

    /// An order of rows, total because its last member is unique.
    public struct Order: Sendable {
        /// The members to compare, all in one direction, the tie-breaker last.
        public var members: [String]
        /// Whether an index is kept for it; without one, rows are sorted for each page.
        public var isIndexed: Bool

        /// Declares an order.
        public init(_ members: String..., isIndexed: Bool = true) {
            self.members = members
            self.isIndexed = isIndexed
        }
    }
}

extension Collection {
    /// The root of the tree first, the collection itself last.
    package var lineage: [Collection] { (parent?.lineage ?? []) + [self] }

    /// The rows that stand below a root, or are it: a condition on `row` and `parent` with the root's number as `?1`.
    var belowRoot: String {
        guard let parent else { return "row = ?1" }
        guard parent.parent != nil else { return "parent = ?1" }
        return "parent IN (SELECT row FROM \(parent.table) WHERE \(parent.belowRoot))"
    }

    /// The columns that are not worked out from others, but for the row's number.
    var storedColumns: [String] {
        ["parent", "document"] + (lifecycles.isEmpty ? [] : ["due", "event"]) + views.map(\.column)
    }

    /// The members that the database has to see: key, filters, orders.
    var columns: [String] {
        var paths = [key]
        let further = filters + unique + uniqueTogether.flatMap(\.self) + orders.flatMap(\.members)
        for path in further where !paths.contains(path) { paths.append(path) }
        return paths
    }

    /// A document as anybody may see it.
    package func withoutSecrets(_ document: JSON.Object) -> JSON.Object {
        var shown = document
        for path in secrets.map({ $0.split(separator: ".").map(String.init) }) {
            if JSON.object(shown)[JSON.Pointer(path)] != nil { shown.set("<withheld>", at: path[...]) }
        }
        return shown
    }

    /// Where a document comes from.
    package enum Source: Sendable {
        /// A seed file.
        case seeded
        /// An API, which under some readings takes what no seed may hold.
        case written
    }

    /// The declared members that apply to a document, and whether its variant is known, where there are any.
    func members(for document: JSON.Object, as source: Source = .seeded) -> (declared: [Member], areAll: Bool) {
        let members = source == .written ? written ?? members : members
        guard let variants else { return (members, true) }
        let value = variants.value(in: document, members)
        let shape = (source == .written ? writtenShapes : shapes).first { $0.value == value }
        return (shape?.members ?? members, shape != nil)
    }

    /// All members of a document by the value of the deciding one.
    private static func shapes(_ members: [Member], _ variants: Variants?) -> [(value: String, members: [Member])] {
        (variants?.members ?? []).map { value, further in
            // One order for all: a variant may take its place among the common members by naming them again.
            let again = Set(further.map(\.name))
            return (value, members.filter { !again.contains($0.name) } + further)
        }
    }

    /// The statements that make the table, its generated columns and its indexes.
    var schema: String {
        let parentColumn =
            parent.map { "parent INTEGER NOT NULL REFERENCES \($0.table)(row) ON DELETE CASCADE" }
            ?? "parent INTEGER NOT NULL"
        let generated = columns.map {
            "\(column($0)) ANY GENERATED ALWAYS AS (\(expression($0))) VIRTUAL"
        }
        let shown = views.map { "\($0.column) BLOB NOT NULL" }
        let planned = lifecycles.isEmpty ? [] : ["due INTEGER", "event TEXT"]
        let definitions =
            // A number that was given is never given again: what a row was is kept by its number (`Baseline`).
            ["row INTEGER PRIMARY KEY AUTOINCREMENT", parentColumn, "document TEXT NOT NULL"]
            + planned + shown + generated
        var statements = ["CREATE TABLE \(table) (\(definitions.joined(separator: ", "))) STRICT"]
        if !lifecycles.isEmpty {
            statements.append("CREATE INDEX \(table)_due ON \(table) (due) WHERE due IS NOT NULL")
        }
        for (number, paths) in ([[key]] + unique.map { [$0] } + uniqueTogether).enumerated() {
            let list = (["parent"] + paths.map(column)).joined(separator: ", ")
            statements.append("CREATE UNIQUE INDEX \(table)_unique\(number) ON \(table) (\(list))")
        }
        for (number, order) in orders.enumerated() where order.members != [key] && order.isIndexed {
            statements.append("CREATE INDEX \(table)_order\(number) ON \(table) (parent, \(columnList(order)))")
        }
        if let usual = orders.first {
            for (number, path) in filters.enumerated() where path != key && !unique.contains(path) {
                let list = "parent, \(column(path)), \(columnList(usual))"
                statements.append("CREATE INDEX \(table)_filter\(number) ON \(table) (\(list))")
            }
        }
        return statements.joined(separator: ";\n")
    }

    /// The value of a member, as it is compared.
    func expression(_ path: String) -> String {
        let value = "json_extract(document, '\(jsonPath(path))')"
        guard case .timestamp(let digits)? = kind(of: path[...], in: members), digits > 0 else { return value }
        // Without the Z a time sorts before the same time with a fraction, as it should.
        return "rtrim(\(value), 'Z')"
    }

    private func kind(of path: Substring, in members: [Member]) -> Member.Kind? {
        let steps = path.split(separator: ".", maxSplits: 1)
        guard let member = members.first(where: { $0.name == steps[0] }) else { return nil }
        guard steps.count == 2 else { return member.kind }
        guard case .object(let inner) = member.kind else { return nil }
        return kind(of: steps[1], in: inner)
    }

    /// The quoted column of a member.
    func column(_ path: String) -> String { "\"\(path)\"" }

    private func columnList(_ order: Order) -> String { order.members.map(column).joined(separator: ", ") }

    private func jsonPath(_ path: String) -> String {
        "$" + path.split(separator: ".").map { ".\"\($0)\"" }.joined()
    }
}
