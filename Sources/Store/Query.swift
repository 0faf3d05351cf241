public import PatchbayJSON

/// The place of a row in the database.
///
/// It is worth nothing after the row is gone.
public struct RowID: Sendable, Hashable, Comparable {
    let number: Int64

    /// Whether a row is older than another one of its collection.
    public static func < (left: Self, right: Self) -> Bool { left.number < right.number }
}

/// What to list: which rows, in which order, and which part of them.
public struct Query: Sendable {
    /// Where a page begins.
    public enum Start: Sendable, Hashable {
        /// After so many rows.
        case offset(Int64)
        /// After the row with these values of the order's members; from the first row when `nil`.
        case after([String]?)
    }

    /// The direction of an order.
    public enum Direction: Sendable, Hashable {
        case ascending
        case descending
    }

    /// The collection to list.
    public var collection: Collection
    /// The row whose children are listed.
    public var parent: RowID
    /// What members have to be, by path.
    public var filters: [(member: String, value: FilterValue)] = []
    /// One of the collection's orders, by the member it begins with.
    public var order: String
    /// The direction of the order.
    public var direction = Direction.ascending
    /// Where the page begins.
    public var start = Start.offset(0)
    /// The most rows that the page may have.
    public var limit: Int64
    /// The view to show rows in; the stored document when `nil`.
    public var view: String?
    /// What is made of each row before it is shown, for readings that no view is kept for.
    public var reshape: (@Sendable (JSON.Object) -> JSON.Object)?

    /// What a member is compared with: a value that it has to equal, unless it says otherwise.
    public enum FilterValue: Sendable, Hashable {
        case integer(Int64)
        case text(String)
        /// A part of the member, letters of ASCII in either case.
        case containing(String)

        var sql: SQLValue {
            switch self {
            case .integer(let number): .integer(number)
            case .text(let text), .containing(let text): .text(text)
            }
        }

        /// Texts are the same when their bytes are, as for SQLite; for `String`, "é" is "e\u{301}".
        public static func == (left: Self, right: Self) -> Bool {
            switch (left, right) {
            case (.integer(let left), .integer(let right)): left == right
            case (.text(let left), .text(let right)), (.containing(let left), .containing(let right)):
                left.hasSameBytes(as: right)
            default: false
            }
        }

        /// Feeds what is compared to a hasher.
        public func hash(into hasher: inout Hasher) {
            switch self {
            case .integer(let number): hasher.combine(number)
            case .text(var text), .containing(var text):
                text.withUTF8 { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
            }
        }
    }

    /// Lists the children of a row, in the collection's usual order.
    public init(_ collection: Collection, under parent: RowID, limit: Int64) {
        self.collection = collection
        self.parent = parent
        self.limit = limit
        order = collection.orders.first?.members.first ?? collection.key
    }
}

/// A part of a list, each row as the bytes of its JSON.
public struct Page: Sendable {
    /// The rows' JSON, one after the other, separated by commas.
    public var bytes: [UInt8] = []
    /// How many rows there are in `bytes`.
    public var count = 0
    /// How many rows match over all pages.
    public var total: Int64
    /// The values of the order's members in the last row of a page that was asked for by them, if rows follow it.
    public var continuation: [String]?

    /// A page without rows of a list of so many.
    public init(total: Int64) {
        self.total = total
    }
}
