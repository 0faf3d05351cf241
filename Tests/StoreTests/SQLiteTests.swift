import Testing

@testable import PatchbayStore

/// The wrapper around SQLite.
@Suite struct SQLiteTests {
    let connection: Connection

    init() throws {
        connection = try Connection(location: ":memory:", readOnly: false)
        try connection.execute("CREATE TABLE t (a ANY, b TEXT UNIQUE) STRICT")
    }

    private func stored(_ value: SQLValue) throws -> Statement {
        try connection.execute("DELETE FROM t")
        let insertion = try connection.statement("INSERT INTO t (a) VALUES (?1)")
        try insertion.bind(value, at: 1)
        try insertion.run()
        let statement = try connection.statement("SELECT a, typeof(a), length(CAST(a AS BLOB)) FROM t")
        #expect(try statement.step())
        return statement
    }

    @Test(arguments: [
        "", "plain", "naïve — 漢字 😀", "e\u{301}", "\u{E9}", "a\0b", "\0", "'; DROP TABLE t; --", "\u{10FFFD}\u{FFFD}",
        String(repeating: "long ", count: 10_000),
    ])
    func `Text comes back as it went in`(text: String) throws {
        let statement = try stored(.text(text))
        #expect(statement.text(1) == "text")
        #expect(statement.integer(2) == Int64(text.utf8.count))
        #expect(statement.text(0).map { Array($0.utf8) } == Array(text.utf8))
        var bytes: [UInt8] = []
        statement.appendBytes(0, to: &bytes)
        #expect(bytes == Array(text.utf8))
    }

    @Test(arguments: [.min, -1, 0, 1, Int64(Int32.max) + 1, .max])
    func `An integer comes back as it went in`(number: Int64) throws {
        let statement = try stored(.integer(number))
        #expect(statement.text(1) == "integer")
        #expect(statement.integer(0) == number)
    }

    @Test func `NULL is no text`() throws {
        let statement = try stored(.null)
        #expect(statement.text(1) == "null")
        #expect(statement.text(0) == nil)
        var bytes: [UInt8] = [1]
        statement.appendBytes(0, to: &bytes)
        #expect(bytes == [1])
    }

    @Test(arguments: [
        ("SELEC 1", 1, #"near "SELEC": syntax error"#), ("SELECT * FROM nowhere", 1, "no such table: nowhere"),
        ("INSERT INTO t (b) VALUES (1.5e3), ('x'), ('x')", 2_067, "UNIQUE constraint failed: t.b"),
        ("INSERT INTO t (b) VALUES (x'00')", 3_091, "cannot store BLOB value in TEXT column t.b"),
    ])
    func `An error has the extended code, SQLite's words and the statement`(sql: String, code: Int32, message: String) {
        let error = #expect(throws: SQLiteError.self) { try connection.execute(sql) }
        #expect(error?.extendedCode == code)
        #expect(error?.code == code & 0xff)
        #expect(error?.message == message)
        #expect(error?.context == sql)
        #expect(error?.description == "SQLite: \(message) (\(code)) in \(sql)")
    }

    @Test func `A statement is prepared once and works again after an error`() throws {
        let sql = "INSERT INTO t (b) VALUES (?1)"
        let statement = try connection.statement(sql)
        try statement.bind(.text("x"), at: 1)
        try statement.run()
        let error = #expect(throws: SQLiteError.self) { try statement.run() }
        #expect(error?.isUniqueViolation == true)
        let again = try connection.statement(sql)
        #expect(again === statement)
        try again.bind(.text("y"), at: 1)
        try again.run()
        let count = try connection.statement("SELECT count(*) FROM t")
        #expect(try count.step())
        #expect(count.integer(0) == 2)
    }

    @Test func `A place that a statement has not is an error`() throws {
        let statement = try connection.statement("SELECT ?1")
        let error = #expect(throws: SQLiteError.self) { try statement.bind(.integer(1), at: 2) }
        #expect(error?.code == 25)
    }

    @Test func `A transaction is kept as a whole or not at all`() throws {
        struct Refused: Error {}
        try connection.transaction { try connection.execute("INSERT INTO t (b) VALUES ('kept')") }
        #expect(throws: Refused.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO t (b) VALUES ('dropped')")
                throw Refused()
            }
        }
        #expect(throws: SQLiteError.self) {
            try connection.transaction {
                try connection.execute("INSERT INTO t (b) VALUES ('dropped too')")
                try connection.execute("INSERT INTO t (b) VALUES ('kept')")
            }
        }
        let statement = try connection.statement("SELECT group_concat(b) FROM t")
        #expect(try statement.step())
        #expect(statement.text(0) == "kept")
    }

    @Test func `A reading connection refuses to write and a missing file to be read`() throws {
        let reader = try Connection(location: ":memory:", readOnly: true)
        #expect(throws: SQLiteError.self) { try reader.execute("CREATE TABLE x (a)") }
        let error = #expect(throws: SQLiteError.self) { _ = try Connection(location: "/nowhere/x.db", readOnly: true) }
        #expect(error?.code == 14)
        #expect(error?.context == "/nowhere/x.db")
    }
}
