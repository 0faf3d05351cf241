import PatchbayHTTP
import PatchbayStore
import SeededGenerator
import Synchronization
import Testing

@testable import PatchbayAPIKit

/// What loops note each for itself is one journal to all who look at it.
@Suite struct JournalTests {
    @Test func `Whatever loops note, the journal is what one list of each tenant's newest would be`() throws {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for capacity in [0, 1, 7, 100] {
            let (journal, requests) = (Journal(capacity: capacity), try Self.requests())
            var model = Model(capacity: capacity)
            for step in 0..<3_000 {
                let entry = try #require(requests.randomElement(using: &generator)?(step))
                let loop = Int.random(in: 0..<20, using: &generator)
                switch Int.random(in: 0..<200, using: &generator) {
                case 0: #expect(journal.clear(entry.root) == model.clear(entry.root), "seed \(seed), step \(step)")
                case 1: #expect(journal.clear() == model.clear(), "seed \(seed), step \(step)")
                case 2...3: #expect(journal.record(entry) == model.take(entry), "seed \(seed), step \(step)")
                case 4...7: #expect(Self.difference(journal, model) == nil, "seed \(seed), step \(step)")
                default:
                    journal.note(entry, on: loop)
                    _ = model.take(entry)
                }
            }
            #expect(Self.difference(journal, model) == nil, "seed \(seed), capacity \(capacity)")
        }
    }

    @Test func `Loops that note at once lose nothing, and each keeps its order`() async throws {
        let (journal, metrics) = (Journal(capacity: 100_000), Metrics())
        let make = try #require(try Self.requests().first)
        let (loops, each) = (4, 5_000)
        await withTaskGroup(of: Void.self) { group in
            for loop in 0..<loops {
                group.addTask {
                    for number in 0..<each {
                        journal.note(make(loop * each + number), on: loop)
                        metrics.count(Metrics.Series(api: "a", route: number % 3, status: 200), duration: 1, on: loop)
                        if number % 97 == 0 { _ = (journal.extract(), metrics.all) }
                    }
                }
            }
        }
        let entries = journal.extract().entries
        #expect(entries.map(\.number) == (1...UInt64(loops * each)).map { $0 })
        for loop in 0..<loops {
            let own = entries.map(\.bytes).filter { $0 / each == loop }
            #expect(own == (loop * each..<(loop + 1) * each).map { $0 })
        }
        #expect(metrics.all.count == 3)
        #expect(metrics.all.reduce(0) { $0 + $1.counted.requests } == UInt64(loops * each))
        #expect(metrics.all.reduce(0) { $0 + $1.counted.nanoseconds } == Int64(loops * each))
    }

    @Test func `What was answered before another request came has the lower number`() async throws {
        let journal = Journal(capacity: 100_000)
        let make = try #require(try Self.requests().first)
        let turn = Turn()
        await withTaskGroup(of: Void.self) { group in
            for loop in 0..<4 {
                group.addTask {
                    for _ in 0..<5_000 {
                        // Whoever holds it has seen the answer before.
                        turn.number.withLock { turn in
                            journal.note(make(turn), on: loop)
                            turn += 1
                        }
                    }
                }
            }
            group.addTask { for _ in 0..<2_000 { _ = journal.lastNumber } }
        }
        #expect(journal.extract().entries.map(\.bytes) == (0..<20_000).map { $0 })
    }

    @Test func `Who follows is told of every exchange once, from the number on that it was told first`() async throws {
        let journal = Journal(capacity: 100)
        let make = try #require(try Self.requests().first)
        let followers = (0..<20).map { _ in Follower() }
        await withTaskGroup(of: Void.self) { group in
            for loop in 0..<3 {
                group.addTask { for number in 0..<5_000 { journal.note(make(number), on: loop) } }
            }
            group.addTask {
                for follower in followers {
                    journal.follow(follower)
                    for _ in 0..<100 { _ = journal.lastNumber }
                    journal.unfollow(follower)
                }
            }
        }
        let last = Follower()
        journal.follow(last)
        for number in 0..<10 { journal.note(make(number), on: number) }
        #expect(last.first == 15_000)
        for follower in followers + [last] {
            let told = follower.told.sorted()
            #expect(told == told.indices.map { follower.first + 1 + UInt64($0) })
        }
        #expect(last.told.count == 10)
    }

    /// Whose turn it is.
    private final class Turn: Sendable {
        let number = Mutex(0)
    }

    private final class Follower: JournalFollower {
        private let state = Mutex((first: UInt64(0), told: [UInt64]()))

        var first: UInt64 { state.withLock { $0.first } }
        var told: [UInt64] { state.withLock { $0.told } }

        func begin(after number: UInt64) { state.withLock { $0.first = number } }

        func take(_ told: ToldExchange) { state.withLock { $0.told.append(told.entry.number) } }
    }

    /// What a journal is, the plain way.
    private struct Model {
        var capacity: Int
        var kept: [Root?: [(number: UInt64, entry: JournalEntry)]] = [:]
        var dropped: [Root?: UInt64] = [:]
        var lastDropped: [Root?: UInt64] = [:]
        var last: UInt64 = 0
        var cleared: UInt64 = 0
        var passed: UInt64 = 0
        var lastPassed: UInt64 = 0

        mutating func take(_ entry: JournalEntry) -> UInt64 {
            last += 1
            guard capacity > 0 else {
                (passed, lastPassed) = (passed + 1, last)
                return last
            }
            kept[entry.root, default: []].append((last, entry))
            if kept[entry.root, default: []].count > capacity, let first = kept[entry.root]?.removeFirst() {
                dropped[entry.root, default: 0] += 1
                lastDropped[entry.root] = first.number
            }
            return last
        }

        mutating func clear(_ root: Root?) -> Int {
            guard let root else { return clear() }
            cleared += dropped.removeValue(forKey: root) ?? 0
            lastDropped[root] = nil
            return kept.removeValue(forKey: root)?.count ?? 0
        }

        mutating func clear() -> Int {
            defer { (kept, dropped, lastDropped, passed, lastPassed) = ([:], [:], [:], 0, 0) }
            cleared += dropped.values.reduce(passed, +)
            return kept.values.reduce(0) { $0 + $1.count }
        }
    }

    /// Where a journal is not as it should be.
    private static func difference(_ journal: Journal, _ model: Model) -> String? {
        let expected = model.kept.values.flatMap { $0 }.sorted { $0.number < $1.number }
        let extract = journal.extract()
        let found = extract.entries
        if found.map(\.number) != expected.map(\.number) { return "numbers" }
        if found.map(\.bytes) != expected.map(\.entry.bytes) { return "entries" }
        if extract.dropped != model.dropped.values.reduce(model.passed, +) { return "dropped" }
        if extract.lastDropped != model.lastDropped.values.reduce(model.lastPassed, max) { return "last dropped" }
        if extract.last != model.last || journal.lastNumber != model.last { return "last" }
        if journal.count != expected.count { return "count" }
        if journal.dropped != model.cleared + extract.dropped { return "dropped in all" }
        if let some = expected.randomElement(), journal.entry(some.number)?.bytes != some.entry.bytes { return "one" }
        return nil
    }

    /// Makes entries of some tenants and of none, small ones and one that is too large to be noted; each can be told by its number of
    /// bytes.
    private static func requests() throws -> [@Sendable (Int) -> JournalEntry] {
        let collection = Collection("things", in: "a", key: "id", members: [])
        return try ["", "a", "b", "c"].flatMap { key in
            try [0, 20_000].map { size in
                let text = "POST /\(key) HTTP/1.1\r\nHost: a\r\nContent-Length: \(size)\r\n\r\n"
                let request = try Request(parsing: text + String(repeating: "x", count: size))
                let root = key.isEmpty ? nil : Root(collection, key)
                return { number in
                    let content = JournalEntry.Content(request, root: root, status: .ok, bytes: number)
                    return JournalEntry(moment: Timestamp(seconds: 0), since: 0, content)
                }
            }
        }
    }
}
