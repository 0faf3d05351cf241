public import PatchbayJSON

/// Made-up seed data: a row with the rows below it.
public struct Sample: Sendable {
    /// The row's own members.
    public var document: JSON.Object
    /// The rows below it, by the name of their collection.
    public var children: [(collection: String, rows: Rows)]

    /// Some rows: each with rows of its own, or any number of plain ones, made when they are written.
    public enum Rows: Sendable {
        case samples([Sample])
        case plain(count: Int, make: @Sendable (_ number: Int) -> JSON.Object)
    }

    /// Makes a row.
    public init(_ document: JSON.Object, _ children: [(collection: String, rows: Rows)] = []) {
        self.document = document
        self.children = children
    }
}

extension Sample {
    /// Digits that name a tenant by the number of its rows: `0257` for 257 rows in four places.
    public static func digits(_ number: Int, _ places: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, places - digits.count)) + digits
    }

    /// A UUID that ends in decimal digits.
    public static func uuid(_ group: String, _ number: Int) -> String {
        "00000000-0000-4000-\(group)-\(digits(number, 12))"
    }
}
