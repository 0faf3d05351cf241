import Foundation
import JSON
import Testing

@testable import Store

/// A store that is kept in a file.
@Suite struct StoreFileTests {
    let folder: Scratch

    init() throws {
        folder = try Scratch()
    }

    private func refusal(_ name: String) -> String? {
        do {
            _ = try Store([House.rooms], file: folder.path(name))
            return nil
        } catch let error as StoreFileError {
            return error.description.replacing(folder.path(name), with: "FILE")
        } catch {
            return "another error: \(error)"
        }
    }

    @Test func `A file is opened again with its rows`() throws {
        let path = folder.path("store.db")
        do {
            let (store, _) = try House.store([House.room("a", 1), House.room("ü", 2)], file: path)
            #expect(try !store.isEmpty)
        }
        let store = try Store([House.rooms], file: path)
        #expect(try store.documents(in: House.rooms).map(\.keys) == [["h", "a"], ["h", "ü"]])
        let house = try #require(try store.find(House.houses, ["h"]))
        #expect(try store.page(Query(House.rooms, under: house, limit: 1)).total == 2)
        try store.load([House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("b", 3))]}]}"#)])
        #expect(try Store([House.rooms], file: path).documents(in: House.rooms).count == 3)
    }

    @Test func `Nothing of a refused load reaches the file`() throws {
        let path = folder.path("store.db")
        let store = try Store([House.rooms], file: path)
        #expect(throws: SeedError.self) { try store.load([House.file(#"{"houses":[{"id":"h"},{}]}"#)]) }
        #expect(try Store([House.rooms], file: path).isEmpty)
    }

    @Test func `An empty file and a missing one become a store`() throws {
        try Data().write(to: URL(filePath: folder.path("empty.db")))
        #expect(refusal("empty.db") == nil)
        #expect(refusal("missing.db") == nil)
        #expect(refusal("empty.db") == nil)
    }

    static let garbage: [[UInt8]] = [
        Array("xy".utf8), Array("no database at all\n".utf8), Array(repeating: 0, count: 4_096),
        Array(repeating: 0xAB, count: 20_000), Array("SQLite format 3\0".utf8) + Array(repeating: 0xFF, count: 4_080),
    ]

    @Test(arguments: garbage)
    func `Garbage is refused and stays as it is`(content: [UInt8]) throws {
        try Data(content).write(to: URL(filePath: folder.path("file.db")))
        #expect(refusal("file.db") == "FILE: is no SQLite database, or a damaged one; it was left as it is")
        #expect(folder.bytes("file.db").map(Array.init) == content)
        #expect(folder.names == ["file.db"])
    }

    @Test(arguments: ["DELETE", "WAL"])
    func `Another program's database is refused and stays as it is`(journal: String) throws {
        do {
            let connection = try Connection(location: folder.path("foreign.db"), readOnly: false)
            try connection.execute("PRAGMA journal_mode = \(journal); CREATE TABLE t (a); INSERT INTO t VALUES (1)")
        }
        let before = folder.bytes("foreign.db")
        #expect(refusal("foreign.db") == "FILE: is another program's database; it was left as it is")
        #expect(folder.bytes("foreign.db") == before)
        #expect(folder.names == ["foreign.db"])
    }

    @Test func `A database that only has another program's mark is refused`() throws {
        do {
            let connection = try Connection(location: folder.path("marked.db"), readOnly: false)
            try connection.execute("PRAGMA application_id = 7")
        }
        let before = folder.bytes("marked.db")
        #expect(refusal("marked.db") == "FILE: is another program's database; it was left as it is")
        #expect(folder.bytes("marked.db") == before)
    }

    @Test func `A snapshot is refused with the option that takes it`() throws {
        let store = try House.store([House.room("a", 1)]).store
        let content = try store.save("s", of: nil, version: "1", at: Timestamp(seconds: 0)).snapshot.content()
        try Data(content).write(to: URL(filePath: folder.path("s.db")))
        #expect(refusal("s.db") == "FILE: is a snapshot, which is for --snapshot; it was left as it is")
        #expect(folder.bytes("s.db") == Data(content))
    }

    @Test func `A store with other tables is refused and stays as it is`() throws {
        _ = try Store([House.houses], file: folder.path("store.db"))
        let before = folder.bytes("store.db")
        #expect(
            refusal("store.db")
                == "FILE: was written by another version of Patchbay, whose tables differ; it was left as it is"
        )
        #expect(folder.bytes("store.db") == before)
    }

    @Test(arguments: ["no/such/folder/x.db", "."])
    func `A place that cannot be opened is refused`(name: String) {
        #expect(refusal(name)?.hasPrefix("FILE: cannot be opened or made") == true)
    }

    @Test(arguments: ["", "?mode=memory"])
    func `A name that looks like a URI is a name`(query: String) {
        #expect(throws: StoreFileError.self) {
            try Store([House.rooms], file: "file:" + folder.path("x.db") + query)
        }
        #expect(folder.names.isEmpty)
    }

    @Test(arguments: ["with space.db", "ü?mode=memory&x#y%41.db", "file:odd.db"])
    func `Any name of a file is taken as it is`(name: String) throws {
        #expect(refusal(name) == nil)
        #expect(folder.names == [name])
        #expect(try Store([House.rooms], file: folder.path(name)).isEmpty)
    }

    @Test func `The file alone has all rows after a checkpoint`() throws {
        let (store, house) = try House.store([House.room("a", 1), House.room("b", 2)], file: folder.path("store.db"))
        // Readers of all threads let go of the file first.
        let query = Query(House.rooms, under: house, limit: 9)
        #expect(try store.page(query).total == 2)
        try store.checkpoint()
        try FileManager.default.copyItem(atPath: folder.path("store.db"), toPath: folder.path("copy.db"))
        #expect(folder.bytes("store.db-wal")?.isEmpty != false)
        #expect(try Store([House.rooms], file: folder.path("copy.db")).documents(in: House.rooms).count == 2)
        try store.load([House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("c", 3))]}]}"#)])
        #expect(try store.page(query).total == 3)
        try store.checkpoint()
        try store.checkpoint()
        try FileManager.default.copyItem(atPath: folder.path("store.db"), toPath: folder.path("later.db"))
        #expect(try Store([House.rooms], file: folder.path("later.db")).documents(in: House.rooms).count == 3)
    }

    @Test func `A store in memory has nothing to bring anywhere`() throws {
        let (store, house) = try House.store([House.room("a", 1)])
        try store.checkpoint()
        #expect(try store.page(Query(House.rooms, under: house, limit: 9)).total == 1)
    }

    @Test func `What another store writes to the file is seen`() throws {
        let path = folder.path("store.db")
        let (first, house) = try House.store([House.room("a", 1)], file: path)
        let second = try Store([House.rooms], file: path)
        var query = Query(House.rooms, under: house, limit: 9)
        for number in 2...4 {
            // Asked twice: what was counted and found once is kept until somebody writes.
            for store in [first, second, first, second] {
                #expect(try store.page(query).total == Int64(number - 1))
                #expect(try store.page(query).rows.count == number - 1)
                #expect(try store.find(House.rooms, ["h", "r\(number)"]) == nil)
            }
            let writer = number % 2 == 0 ? first : second
            try writer.load([House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("r\(number)", number))]}]}"#)])
            for store in [first, second] {
                #expect(try store.page(query).total == Int64(number))
                #expect(try store.page(query).rows.count == number)
                #expect(try store.find(House.rooms, ["h", "r\(number)"]) != nil)
            }
        }
        // A document that was asked for, and a house that is gone.
        #expect(try second.document(House.houses, house)?["colour"] == "white")
        try first.write { try $0.delete(house, from: House.houses) }
        #expect(try second.document(House.houses, house) == nil)
        #expect(try second.find(House.houses, ["h"]) == nil)
        query.filters = [("type", .text("hall"))]
        #expect(try second.page(query).total == 0)
    }

    @Test func `Pages that are garbage are an error, not rows`() throws {
        let path = folder.path("store.db")
        do {
            let (store, _) = try House.store([House.room("a", 1)], file: path)
            try store.checkpoint()
        }
        var content = try #require(folder.bytes("store.db"))
        content.replaceSubrange(4_096..., with: Data(repeating: 0xA5, count: content.count - 4_096))
        try content.write(to: URL(filePath: path))
        let error = #expect(throws: SQLiteError.self) { try Store([House.rooms], file: path).isEmpty }
        #expect(error?.code == 11)
    }
}
