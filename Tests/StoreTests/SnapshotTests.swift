import Foundation
import PatchbayJSON
import Synchronization
import Testing

@testable import PatchbayStore

/// States that are saved and put back.
@Suite(.timeLimit(.minutes(5)))
struct SnapshotTests {
    private let store: Store
    private static let seed = """
        {"houses":[
          {"id":"a","rooms":[\(House.room("one", 1)),\(House.room("two", 2, type: "kitchen"))]},
          {"id":"b","rooms":[\(House.room("one", 3))]}
        ]}
        """
    private static let moment = Timestamp(seconds: 1_700_000_000)

    init() throws {
        store = try Self.store()
    }

    private static func store() throws -> Store {
        let store = try Store([House.rooms, Lamp.lamps])
        let lamps = SeedFile(
            name: "lamps.json",
            collections: [Lamp.houses, Lamp.lamps],
            content: Array(#"{"houses":[{"id":"l"}]}"#.utf8)
        )
        try store.load([House.file(seed), lamps])
        return store
    }

    private static func root(_ house: String) -> Root { Root(House.houses, house) }

    /// All rows with their numbers, views and steps.
    private static func content(_ store: Store) throws -> [[String]] {
        try store.read { reader in
            try store.collections.flatMap { collection in
                let columns = ["row"] + collection.storedColumns
                let statement = try reader.connection.statement(
                    "SELECT \(columns.joined(separator: ", ")) FROM \(collection.table) ORDER BY row"
                )
                defer { statement.reset() }
                var rows: [[String]] = []
                while try statement.step() { rows.append(columns.indices.map { statement.text($0) ?? "NULL" }) }
                return rows
            }
        }
    }

    private static func save(_ name: String, of house: String? = nil, in store: Store) throws -> Snapshot {
        try store.save(name, of: house.map { [root($0)] }, version: "1.2.3", at: moment).snapshot
    }

    private static func add(_ name: String, _ number: Int, to house: String = "a", in store: Store) throws {
        try store.write { rows in
            let parent = try #require(try rows.find(House.houses, [house]))
            let document = try #require(try JSON(parsing: House.room(name, number)).objectValue)
            try rows.insert(document, into: House.rooms, under: parent)
        }
    }

    private static func remove(_ name: String, from house: String = "a", in store: Store) throws {
        try store.write { rows in
            guard let row = try rows.find(House.rooms, [house, name]) else { return }
            try rows.delete(row, from: House.rooms)
        }
    }

    @Test func `What was saved is put back by difference, and the answer says what that was`() throws {
        try Self.add("new", 9, in: store)
        try Self.remove("one", in: store)
        let saved = try Self.content(store)
        let snapshot = try Self.save("before", in: store)
        #expect(snapshot.rows.map(\.collection) == ["houses", "rooms", "houses"])
        #expect(snapshot.rows.map(\.count) == [2, 3, 1])
        try Self.remove("new", in: store)
        try Self.add("other", 10, in: store)
        try store.write { rows in
            let row = try #require(try rows.find(House.rooms, ["a", "two"]))
            let document = try #require(try JSON(parsing: House.room("changed", 11)).objectValue)
            try rows.update(row, in: House.rooms, to: document)
            let house = try #require(try rows.find(House.houses, ["b"]))
            try rows.delete(house, from: House.houses)
        }
        let restoration = try store.restore(snapshot)
        #expect(
            restoration.reversals == [
                Reversal(collection: "houses", restored: 1),
                Reversal(collection: "rooms", removed: 1, restored: 2, reverted: 1),
            ]
        )
        #expect(try Self.content(store) == saved)
        #expect(try store.restore(snapshot) == Restoration())
    }

    @Test func `Rows that have taken each other's names get their own back`() throws {
        let snapshot = try Self.save("before", in: store)
        let saved = try Self.content(store)
        try store.write { rows in
            let one = try #require(try rows.find(House.rooms, ["a", "one"]))
            let two = try #require(try rows.find(House.rooms, ["a", "two"]))
            for (row, name, number) in [(one, "x", 9), (two, "one", 1), (one, "two", 2)] {
                let document = try #require(try JSON(parsing: House.room(name, number)).objectValue)
                try rows.update(row, in: House.rooms, to: document)
            }
        }
        #expect(try store.restore(snapshot).reversals == [Reversal(collection: "rooms", reverted: 2)])
        #expect(try Self.content(store) == saved)
    }

    @Test func `A reset still goes back to the seeds`() throws {
        let seeds = try Self.content(store)
        let early = try Self.save("early", in: store)
        try Self.add("new", 9, in: store)
        try Self.remove("one", in: store)
        let late = try Self.save("late", in: store)
        let changed = try Self.content(store)
        #expect(try store.reset().reversals == [Reversal(collection: "rooms", removed: 1, restored: 1)])
        _ = try store.restore(late)
        #expect(try Self.content(store) == changed)
        #expect(try store.reset().reversals == [Reversal(collection: "rooms", removed: 1, restored: 1)])
        #expect(try Self.content(store) == seeds)
        _ = try store.restore(late)
        _ = try store.restore(early)
        #expect(try Self.content(store) == seeds)
        #expect(try store.reset() == Reset())
    }

    @Test func `A tenant's snapshot leaves all others alone, and has a name of its own`() throws {
        let (a, b) = (try Self.save("before", of: "a", in: store), try Self.save("before", of: "b", in: store))
        #expect(a.rows.map(\.count) == [1, 2])
        #expect(b.rows.map(\.count) == [1, 1])
        for house in ["a", "b"] { try Self.remove("one", from: house, in: store) }
        #expect(try store.restore(a).reversals == [Reversal(collection: "rooms", restored: 1)])
        #expect(try store.find(House.rooms, ["a", "one"]) != nil)
        #expect(try store.find(House.rooms, ["b", "one"]) == nil)
        #expect(try store.reset().reversals == [Reversal(collection: "rooms", restored: 1)])
        #expect(store.snapshots().count == 2)
        #expect(store.snapshots(of: [Self.root("b")]).map(\.rows.count) == [2])
        #expect(store.snapshot("before", of: nil) == nil)
        #expect(store.removeSnapshot("before", of: [Self.root("a")]) != nil)
        #expect(store.removeSnapshot("before", of: [Self.root("a")]) == nil)
        #expect(store.snapshots().count == 1)
    }

    @Test func `Saved again, a name stands for the later state`() throws {
        #expect(try store.save("s", of: nil, version: "1", at: Self.moment).isNew)
        try Self.add("new", 9, in: store)
        #expect(try !store.save("s", of: nil, version: "1", at: Self.moment).isNew)
        try Self.remove("new", in: store)
        _ = try store.restore(try #require(store.snapshot("s", of: nil)))
        #expect(try store.find(House.rooms, ["a", "new"]) != nil)
        #expect(store.snapshots().count == 1)
    }

    @Test func `Tenants that were made come back and go with everything`() throws {
        try store.make([MadeTenant("old", Self.root("old"), from: ["a"], for: ["test"])])
        try Self.add("new", 9, to: "old", in: store)
        let saved = try Self.content(store)
        let snapshot = try Self.save("s", in: store)
        _ = try store.dropTenants("old")
        try store.make([MadeTenant("late", Self.root("late"), from: ["b"], for: ["test"])])
        let restoration = try store.restore(snapshot)
        #expect(restoration.made.labels == ["old"])
        #expect(restoration.dropped.labels == ["late"])
        #expect(try Self.content(store) == saved)
        #expect(try store.madeTenants().labels == ["old"])
        // It goes back to what it was when it was made.
        #expect(try store.reset([Self.root("old")]).reversals == [Reversal(collection: "rooms", removed: 1)])
        #expect(try store.find(House.rooms, ["old", "one"]) != nil)
        #expect(try store.reset().dropped.labels == ["old"])
    }

    @Test func `What waits for its next step waits for it again`() throws {
        try store.write(at: Self.moment, pace: .realistic) { rows in
            let house = try #require(try rows.find(Lamp.houses, ["l"]))
            try rows.insert(["name": "lamp", "state": "off"], into: Lamp.lamps, under: house)
        }
        let snapshot = try Self.save("s", in: store)
        let later = Timestamp(seconds: Self.moment.seconds + 100)
        #expect(try store.settle(.realistic) { _ in later }.map(\.event) == ["warm", "light"])
        #expect(try store.settle(.realistic) { _ in later }.isEmpty)
        _ = try store.restore(snapshot)
        #expect(try store.settle(.realistic) { _ in later }.map(\.event) == ["warm", "light"])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `Whatever happened, everything is as it was saved`(seed: UInt64) throws {
        var states: [(snapshot: Snapshot, content: [[String]])] = []
        var number = Int(seed) * 100
        for round in 0..<4 {
            for step in 0..<4 {
                number += 1
                try? Self.add("r\((number * 7) % 5)", number, to: number % 2 == 0 ? "a" : "b", in: store)
                try? Self.remove("r\((number * 3) % 5)", from: step % 2 == 0 ? "a" : "b", in: store)
            }
            if round % 2 == 1 { _ = try store.reset([Self.root("a")]) }
            states.append((try Self.save("s\(round)", in: store), try Self.content(store)))
        }
        for (snapshot, content) in states + states.reversed() {
            _ = try store.restore(snapshot)
            #expect(try Self.content(store) == content)
        }
        _ = try store.reset()
        #expect(try Self.content(store) == Self.content(Self.store()))
    }

    @Test func `Tenants that save, restore and read at the same time do not meet`() throws {
        let errors = Mutex<[String]>([])
        let threads = ["a", "b"].map { house in
            Thread {
                do {
                    for round in 0..<30 {
                        let count = try Self.rooms(in: house, store)
                        let snapshot = try Self.save("before", of: house, in: store)
                        try Self.add("r\(round)", 1_000 + round, to: house, in: store)
                        try Self.remove("one", from: house, in: store)
                        if try Self.rooms(in: house, store) != count { errors.withLock { $0.append("count") } }
                        let changes = try store.restore(snapshot).reversals
                        let expected = [Reversal(collection: "rooms", removed: 1, restored: 1)]
                        if changes != expected { errors.withLock { $0.append("\(changes)") } }
                        if try Self.rooms(in: house, store) != count { errors.withLock { $0.append("restored") } }
                    }
                } catch {
                    errors.withLock { $0.append("\(error)") }
                }
            }
        }
        for thread in threads { thread.start() }
        while threads.contains(where: { !$0.isFinished }) {
            _ = try store.documents(in: House.rooms)
            usleep(500)
        }
        #expect(errors.withLock { $0 } == [])
        #expect(try Self.content(store) == Self.content(Self.store()))
    }

    private static func rooms(in house: String, _ store: Store) throws -> Int64 {
        let row = try #require(try store.find(House.houses, [house]))
        return try store.page(Query(House.rooms, under: row, limit: 1)).total
    }
}

/// Stores that begin with the file of a snapshot.
@Suite struct SnapshotFileTests {
    private let folder: Scratch

    init() throws {
        folder = try Scratch()
    }

    /// Writes the snapshot of a store with two rooms, one of which seeds know nothing of.
    private func write(_ name: String, _ change: (inout [UInt8]) -> Void = { _ in }) throws {
        let (store, house) = try House.store([House.room("a", 1)])
        try store.write { rows in
            let document = try #require(try JSON(parsing: House.room("b", 2)).objectValue)
            try rows.insert(document, into: House.rooms, under: house)
        }
        var content = try store.save("s", of: nil, version: "1", at: Timestamp(seconds: 0)).snapshot.content()
        change(&content)
        try Data(content).write(to: URL(filePath: folder.path(name)))
    }

    private func refusal(_ name: String, _ collections: [Collection] = [House.rooms]) throws -> String? {
        let store = try Store(collections)
        do {
            _ = try store.load(snapshot: folder.path(name))
            return nil
        } catch let error as StoreFileError {
            #expect(try store.isEmpty)
            return error.description.replacing(folder.path(name) + ": cannot be the snapshot: it ", with: "")
        }
    }

    @Test(arguments: ["s.db", "with space.db", "ü?mode=memory&x#y%41.db"])
    func `A store begins with what was saved, and goes back to it`(name: String) throws {
        try write(name)
        let before = folder.bytes(name)
        let store = try Store([House.rooms])
        #expect(try store.load(snapshot: folder.path(name)) == 3)
        #expect(try store.documents(in: House.rooms).map(\.keys) == [["h", "a"], ["h", "b"]])
        let house = try #require(try store.find(House.houses, ["h"]))
        var query = Query(House.rooms, under: house, limit: 10)
        query.view = "short"
        #expect(try store.page(query).rows == [["h", "a"], ["h", "b"]])
        try store.write { rows in
            let row = try #require(try rows.find(House.houses, ["h"]))
            try rows.delete(row, from: House.houses)
        }
        #expect(try store.reset().reversals.map(\.restored) == [1, 2])
        #expect(folder.bytes(name) == before)
        #expect(folder.names == [name])
    }

    @Test func `Tenants that were made are so again, and a reset of everything drops them`() throws {
        let store = try House.store([House.room("a", 1)]).store
        let made = MadeTenant("kept", Root(House.houses, "kept"), from: ["h"], for: ["test"])
        try store.make([made])
        let content = try store.save("s", of: nil, version: "1", at: Timestamp(seconds: 0)).snapshot.content()
        try Data(content).write(to: URL(filePath: folder.path("s.db")))
        let other = try Store([House.rooms])
        #expect(try other.load(snapshot: folder.path("s.db")) == 4)
        #expect(try other.madeTenants() == [made])
        #expect(try other.make([made]).hasReplaced)
        #expect(try other.reset() == Reset(dropped: [made]))
        #expect(try other.documents(in: House.rooms).map(\.keys) == [["h", "a"]])
    }

    @Test func `The snapshot of few rows takes few bytes`() throws {
        try write("s.db")
        #expect(try #require(folder.bytes("s.db")).count < 20_000)
    }

    @Test func `A file store begins with it, too`() throws {
        try write("s.db")
        do {
            let store = try Store([House.rooms], file: folder.path("store.db"))
            #expect(try store.load(snapshot: folder.path("s.db")) == 3)
        }
        #expect(try Store([House.rooms], file: folder.path("store.db")).documents(in: House.rooms).count == 2)
    }

    @Test func `What is no snapshot is refused`() throws {
        #expect(try refusal("missing.db") == "cannot be read: unable to open database file")
        #expect(folder.names.isEmpty)
        try Data("no database at all, however long it may be".utf8).write(to: URL(filePath: folder.path("text.db")))
        #expect(try refusal("text.db") == "cannot be read: file is not a database")
        try Data().write(to: URL(filePath: folder.path("empty.db")))
        #expect(try refusal("empty.db") == "is none")
        _ = try House.store([House.room("a", 1)], file: folder.path("store.db"))
        #expect(try refusal("store.db") == "is none")
        #expect(try refusal(".")?.hasPrefix("cannot be read") == true)
    }

    @Test func `A snapshot of other tables is refused`() throws {
        try write("s.db")
        #expect(
            try refusal("s.db", [House.houses]) == "was saved by another version of Patchbay, whose tables differ"
        )
    }

    @Test(arguments: [0.2, 0.5, 0.75, 0.9, 0.9999])
    func `A file that was written in part is refused`(part: Double) throws {
        try write("s.db") { $0.removeLast($0.count - Int(Double($0.count) * part)) }
        let reason = try refusal("s.db")
        #expect(reason == "is damaged" || reason?.hasPrefix("cannot be read: ") == true)
    }

    @Test(arguments: [0, 100, 600, 1_500, 3_000])
    func `A damaged file is refused`(place: Int) throws {
        try write("s.db") { content in
            for place in place..<min(place + 400, content.count) { content[place] = 0xA5 }
        }
        let reason = try refusal("s.db")
        // The rest of a page that no row takes may hold anything.
        guard reason == nil else { return }
        #expect(try Store([House.rooms]).load(snapshot: folder.path("s.db")) == 3)
    }

    @Test func `Rows that belong nowhere are refused`() throws {
        try write("s.db")
        let connection = try Connection(location: folder.path("s.db"), readOnly: false)
        try connection.execute("DELETE FROM test_houses")
        #expect(try refusal("s.db") == "has rows that belong nowhere")
        try connection.execute("UPDATE test_rooms SET document = 'none'")
        #expect(try refusal("s.db")?.hasPrefix("cannot be read: ") == true)
    }
}
