internal import PatchbayCSQLite

/// A call to SQLite that did not succeed: what was tried, and SQLite's own code and words.
///
/// See [Result and Error Codes](https://www.sqlite.org/rescode.html).
public struct SQLiteError: Error, Sendable, Equatable, CustomStringConvertible {
    /// The extended result code, `2067` (`SQLITE_CONSTRAINT_UNIQUE`) for instance.
    public var extendedCode: Int32
    /// SQLite's message for it.
    public var message: String
    /// What was being done: a statement's text, or the name of a file.
    public var context: String

    /// The primary result code, the low byte of the extended one.
    public var code: Int32 { extendedCode & 0xff }

    /// Whether a row was refused because its key, or another unique member, is taken.
    var isUniqueViolation: Bool {
        extendedCode == csqlite_constraint_unique || extendedCode == csqlite_constraint_primary_key
    }

    /// The member whose value another row has, from "UNIQUE constraint failed: table.parent, table.member".
    var violatedMember: String? {
        message.split(separator: ", ").last?.split(separator: ".", maxSplits: 1).last.map(String.init)
    }

    /// SQLite's message, its code, and what was being done.
    public var description: String { "SQLite: \(message) (\(extendedCode)) in \(context)" }
}

/// A value that is bound to a statement or compared with a column.
package enum SQLValue: Sendable, Hashable {
    case null
    case integer(Int64)
    case text(String)
}
