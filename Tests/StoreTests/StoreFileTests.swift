import Foundation
import PatchbayJSON
import Testing

@testable import PatchbayStore

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// A store that is kept in a file.
@Suite struct StoreFileTests {
    let folder: Scratch

    init() throws {
        folder = try Scratch()
    }

    /// Why a file cannot be the store, if it cannot.
    ///
    /// What is refused is left as it is, with all that lies beside it.
    private func refusal(_ name: String) -> String? {
        let before = folder.content
        do {
            _ = try Store([House.rooms], file: folder.path(name))
            return nil
        } catch let error as StoreFileError {
            #expect(folder.content == before)
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

    private static let damaged = "FILE: is no SQLite database, or a damaged one; it was left as it is"

    @Test(arguments: garbage)
    func `Garbage is refused and stays as it is`(content: [UInt8]) throws {
        try Data(content).write(to: URL(filePath: folder.path("file.db")))
        #expect(refusal("file.db") == Self.damaged)
    }

    /// A store as it is found after its program was killed: some of it stands in the file, the rest beside it.
    private func leaveKilled(_ name: String, _ rooms: [String] = []) throws {
        let path = folder.path("served.db")
        let (store, _) = try House.store((1...2_000).map { House.room("r\($0)", $0) }, file: path)
        try store.checkpoint()
        try store.load([House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("last", 9_999))]}]}"#)])
        for suffix in ["", "-wal"] {
            try FileManager.default.copyItem(atPath: path + suffix, toPath: folder.path(name + suffix))
        }
    }

    @Test func `What stands beside a file after a kill is part of the store`() throws {
        try leaveKilled("store.db")
        #expect(folder.bytes("store.db-wal")?.isEmpty == false)
        #expect(try Store([House.rooms], file: folder.path("store.db")).documents(in: House.rooms).count == 2_001)
        #expect(folder.names == ["served.db", "store.db"])
    }

    /// What may happen to a file.
    enum Damage: CaseIterable {
        case firstPage, middle, cutToHalf, cutByAQuarter, cutToHeader, cutToOne

        func strike(_ content: inout Data) {
            let pages = content.count / 4_096
            switch self {
            case .firstPage: content.replaceSubrange(100..<400, with: Data(repeating: 0xA5, count: 300))
            case .middle:
                let page = pages / 2 * 4_096
                content.replaceSubrange(page..<page + 4_096, with: Data(repeating: 0xA5, count: 4_096))
            case .cutToHalf: content = content.prefix(pages / 2 * 4_096)
            case .cutByAQuarter: content = content.dropLast(pages / 4 * 4_096)
            case .cutToHeader: content = content.prefix(100)
            case .cutToOne: content = content.prefix(1)
            }
        }
    }

    @Test(arguments: Damage.allCases, [true, false])
    func `A damaged store is refused and stays as it is, with what stands beside it`(
        damage: Damage,
        wasKilled: Bool,
    ) throws {
        try leaveKilled("store.db")
        if !wasKilled { _ = try Store([House.rooms], file: folder.path("store.db")) }
        #expect(folder.names.contains("store.db-wal") == wasKilled)
        var content = try #require(folder.bytes("store.db"))
        damage.strike(&content)
        try content.write(to: URL(filePath: folder.path("store.db")))
        #expect(refusal("store.db") == Self.damaged)
    }

    @Test func `What another database has left beside the file is noticed`() throws {
        try leaveKilled("store.db")
        do {
            let connection = try Connection(location: folder.path("foreign.db"), readOnly: false)
            try connection.execute("PRAGMA journal_mode = WAL; PRAGMA application_id = 7; CREATE TABLE t (a)")
            try connection.execute("INSERT INTO t VALUES (1)")
            try FileManager.default.removeItem(atPath: folder.path("store.db-wal"))
            try FileManager.default.copyItem(
                atPath: folder.path("foreign.db-wal"),
                toPath: folder.path("store.db-wal")
            )
        }
        #expect(refusal("store.db") == "FILE: is another program's database; it was left as it is")
    }

    @Test(arguments: ["DELETE", "WAL"], [true, false])
    func `Another program's database is refused and stays as it is`(journal: String, wasKilled: Bool) throws {
        do {
            let connection = try Connection(location: folder.path("other.db"), readOnly: false)
            try connection.execute("PRAGMA journal_mode = \(journal); CREATE TABLE t (a); INSERT INTO t VALUES (1)")
            // As if it had been killed in the middle of a write.
            try connection.execute(
                "PRAGMA cache_size = 1; BEGIN; CREATE TABLE u (a); INSERT INTO t VALUES (zeroblob(90000))"
            )
            for name in folder.names where wasKilled && !name.hasSuffix("-shm") {
                let copy = name.replacing("other", with: "foreign")
                try FileManager.default.copyItem(atPath: folder.path(name), toPath: folder.path(copy))
            }
            try connection.execute("COMMIT")
        }
        if !wasKilled {
            try FileManager.default.moveItem(atPath: folder.path("other.db"), toPath: folder.path("foreign.db"))
        }
        #expect(refusal("foreign.db") == "FILE: is another program's database; it was left as it is")
    }

    @Test func `A database that only has another program's mark is refused`() throws {
        do {
            let connection = try Connection(location: folder.path("marked.db"), readOnly: false)
            try connection.execute("PRAGMA application_id = 7")
        }
        #expect(refusal("marked.db") == "FILE: is another program's database; it was left as it is")
    }

    @Test func `A snapshot is refused with the option that takes it`() throws {
        let store = try House.store([House.room("a", 1)]).store
        let content = try store.save("s", of: nil, version: "1", at: Timestamp(seconds: 0)).snapshot.content()
        try Data(content).write(to: URL(filePath: folder.path("s.db")))
        #expect(refusal("s.db") == "FILE: is a snapshot, which is for --snapshot; it was left as it is")
    }

    @Test func `A store with other tables is refused and stays as it is`() throws {
        _ = try Store([House.houses], file: folder.path("store.db"))
        let other = "FILE: was written by another version of Patchbay, whose tables differ; it was left as it is"
        #expect(refusal("store.db") == other)
    }

    @Test(arguments: ["no/such/folder/x.db", ".", "pipe", "/dev/null"])
    func `A place that cannot be opened is refused`(name: String) {
        mkfifo(folder.path("pipe"), 0o600)
        #expect(refusal(name)?.hasPrefix("FILE: cannot be opened or made") == true)
    }

    @Test(arguments: [247, 248, 250, 255, 256])
    func `A name is refused that leaves no room for those of the files beside it`(length: Int) {
        let isTooLong = length + "-journal".utf8.count > 255
        let reason = "FILE: cannot be opened or made: its name is too long for those of the files that stand beside it"
        #expect(refusal(String(repeating: "x", count: length)) == (isTooLong ? reason : nil))
    }

    /// What may happen to the names of a store that is served, after which a write would not be found again.
    enum Upset: CaseIterable {
        case moved, replaced, movedBehindLink, restRemoved, restReplaced, restMovedBehindLink, linkRemoved, linkTurned

        /// Whether the store has a link for a name.
        var isLinked: Bool { self == .linkRemoved || self == .linkTurned }

        /// The name that does not stand for what it did.
        var upset: String {
            switch self {
            case .moved, .replaced, .movedBehindLink, .linkRemoved, .linkTurned: "store.db"
            case .restRemoved, .restReplaced, .restMovedBehindLink: "store.db-wal"
            }
        }

        func strike(_ folder: Scratch) throws {
            let (name, away) = (folder.path(upset), folder.path("away.db"))
            switch self {
            case .linkRemoved, .restRemoved: try FileManager.default.removeItem(atPath: name)
            default: try FileManager.default.moveItem(atPath: name, toPath: away)
            }
            switch self {
            case .linkTurned: _ = try Store([House.rooms], file: name)
            case .replaced, .restReplaced: try FileManager.default.copyItem(atPath: away, toPath: name)
            case .movedBehindLink, .restMovedBehindLink:
                try FileManager.default.createSymbolicLink(atPath: name, withDestinationPath: away)
            default: break
            }
        }
    }

    @Test(arguments: Upset.allCases)
    func `Nothing is written to a file that nobody would find again`(upset: Upset) throws {
        let path = folder.path("store.db")
        if upset.isLinked {
            let target = folder.path("target.db")
            try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        }
        let (store, house) = try House.store([House.room("a", 1)], file: path)
        let query = Query(House.rooms, under: house, limit: 9)
        #expect(try store.page(query).total == 1)
        try upset.strike(folder)
        let more = House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("b", 2))]}]}"#)
        let error = #expect(throws: StoreFileError.self) { try store.load([more]) }
        #expect(error?.description == "\(folder.path(upset.upset)): is gone, or another file has its name")
        #expect(try store.page(query).total == 1)
        guard rename(folder.path("away.db"), folder.path(upset.upset)) == 0 else { return }
        try store.load([more])
        #expect(try store.page(query).total == 2)
    }

    @Test func `A store is written to by way of a link, wherever that comes to lead from`() throws {
        let (path, target) = (folder.path("store.db"), folder.path("target.db"))
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: target)
        let (store, _) = try House.store([House.room("a", 1)], file: path)
        #expect(folder.names == ["store.db", "target.db", "target.db-wal"])
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "target.db")
        try store.load([House.file(#"{"houses":[{"id":"h","rooms":[\#(House.room("b", 2))]}]}"#)])
        #expect(try store.documents(in: House.rooms).count == 2)
    }

    @Test func `What is written is brought into the file when nothing stands beside it any more`() throws {
        let (store, _) = try House.store([House.room("a", 1)], file: folder.path("store.db"))
        try FileManager.default.removeItem(atPath: folder.path("store.db-wal"))
        try store.checkpoint()
        try FileManager.default.copyItem(atPath: folder.path("store.db"), toPath: folder.path("copy.db"))
        #expect(try Store([House.rooms], file: folder.path("copy.db")).documents(in: House.rooms).count == 1)
    }

    @Test func `Nothing is brought into the file when the next start would bring something older over it`() throws {
        let (store, _) = try House.store([House.room("a", 1)], file: folder.path("store.db"))
        try Upset.restReplaced.strike(folder)
        let before = folder.content
        let error = #expect(throws: StoreFileError.self) { try store.checkpoint() }
        #expect(error?.description == "\(folder.path("store.db-wal")): is gone, or another file has its name")
        #expect(folder.content == before)
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

    @Test func `Pages that become garbage are an error, not rows`() throws {
        let path = folder.path("store.db")
        let (store, house) = try House.store((1...2_000).map { House.room("r\($0)", $0) }, file: path)
        try store.checkpoint()
        var content = try #require(folder.bytes("store.db"))
        content.replaceSubrange(4_096..., with: Data(repeating: 0xA5, count: content.count - 4_096))
        let file = try FileHandle(forWritingTo: URL(filePath: path))
        try file.write(contentsOf: content)
        try file.close()
        let error = #expect(throws: SQLiteError.self) { try store.page(Query(House.rooms, under: house, limit: 9)) }
        #expect(error?.code == 11)
    }
}
