import Foundation
import Testing

@testable import PatchbayStore

/// Stores that begin with what another one held.
@Suite struct ImageTests {
    /// What an image holds in these tests.
    private static let rooms = [House.room("a", 1), House.room("b", 2, type: "kitchen"), House.room("c", 3)]

    private func begin(_ store: Store, with image: [UInt8]) throws -> Int? {
        try image.withUnsafeBytes { try store.load(image: $0) }
    }

    @Test func `A store that begins with an image holds what the other one held`() throws {
        let (store, _) = try House.store(Self.rooms)
        let copy = try Store([House.rooms])
        #expect(try begin(copy, with: store.image()) == 4)
        #expect(try copy.image() == store.image())
        #expect(try !copy.isEmpty)
        #expect(try copy.read { try $0.connection.integers("SELECT count(*) FROM pragma_integrity_check") } == [1])
    }

    @Test func `What began with an image can be changed, and goes back to it`() throws {
        let copy = try Store([House.rooms])
        _ = try begin(copy, with: House.store(Self.rooms).store.image())
        let house = try #require(try copy.find(House.houses, ["h"]))
        let query = Query(House.rooms, under: house, limit: 10)
        let before = try copy.page(query).bytes
        try copy.write { transaction in
            let row = try #require(try transaction.find(House.rooms, ["h", "b"]))
            try transaction.delete(row, from: House.rooms)
        }
        #expect(try copy.page(query).total == 2)
        #expect(try copy.reset().reversals.map(\.restored) == [1])
        #expect(try copy.page(query).bytes == before)
    }

    @Test func `Two stores that begin with one image know nothing of each other`() throws {
        let image = try House.store(Self.rooms).store.image()
        let stores = [try Store([House.rooms]), try Store([House.rooms])]
        for store in stores { _ = try begin(store, with: image) }
        try stores[0].write { transaction in
            let row = try #require(try transaction.find(House.houses, ["h"]))
            try transaction.delete(row, from: House.houses)
        }
        #expect(try stores[0].isEmpty)
        #expect(try !stores[1].isEmpty)
    }

    @Test func `An image of other tables, or of none, is left alone`() throws {
        let other = try Store([House.houses]).image()
        let store = try Store([House.rooms])
        for image in [other, [], Array("SQLite format 3\0".utf8), [UInt8](repeating: 0, count: 4_096)] {
            #expect(try begin(store, with: image) == nil)
        }
        #expect(try store.isEmpty)
        #expect(try store.load([House.file(#"{"houses":[{"id":"x"}]}"#)]) == 1)
    }

    @Test func `A store that is in a file, or has been used, does not begin with an image`() throws {
        let image = try House.store(Self.rooms).store.image()
        let used = try Store([House.rooms])
        #expect(try used.find(House.houses, ["h"]) == nil)
        #expect(try begin(used, with: image) == nil)
        #expect(try used.isEmpty)
        let folder = FileManager.default.temporaryDirectory.appending(path: "patchbay-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = try Store([House.rooms], file: folder.appending(path: "store.db").path)
        #expect(try begin(file, with: image) == nil)
        #expect(try file.isEmpty)
    }

    @Test func `Many threads may be the first to need the tables`() async throws {
        for _ in 0..<20 {
            let store = try Store([House.rooms])
            await withTaskGroup(of: Bool.self) { group in
                for number in 0..<8 {
                    group.addTask {
                        guard number % 2 == 0 else { return (try? store.find(House.houses, ["h"])) == .some(nil) }
                        return (try? store.load([House.file(#"{"houses":[{"id":"h\#(number)"}]}"#)])) == 1
                    }
                }
                for await isDone in group { #expect(isDone) }
            }
        }
    }
}
