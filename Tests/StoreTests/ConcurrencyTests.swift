import Foundation
import PatchbayJSON
import Synchronization
import Testing

@testable import PatchbayStore

/// Readers on several threads while another thread writes and takes back.
@Suite(.timeLimit(.minutes(5)))
struct ConcurrencyTests {
    /// What the readers met.
    private final class Outcome: Sendable {
        let errors = Mutex<[String]>([])
        let pages = Atomic<Int>(0)
        let isOver = Atomic<Bool>(false)

        func note(_ error: String) {
            errors.withLock { if $0.count < 5 { $0.append(error) } }
        }
    }

    struct TakenBack: Error {}

    @Test(arguments: [true, false])
    func `No reader ever fails or sees half a write`(isInMemory: Bool) throws {
        let folder = try Scratch()
        let (store, house) = try House.store(file: isInMemory ? nil : folder.path("store.db"))
        let outcome = Outcome()
        let readers = (0..<4).map { number in
            Thread {
                while !outcome.isOver.load(ordering: .relaxed) { Self.read(store, house, number, outcome) }
            }
        }
        for reader in readers { reader.start() }
        defer { outcome.isOver.store(true, ordering: .relaxed) }
        while outcome.pages.load(ordering: .relaxed) < 8 { usleep(100) }
        var rounds = 0
        // Until enough of both happened at the same time; a pause lets readers in that would find nothing changed.
        while rounds < 120 || outcome.pages.load(ordering: .relaxed) < 1_000 {
            try Self.write(rounds, to: store, house)
            rounds += 1
            if rounds > 120 { usleep(500) }
        }
        outcome.isOver.store(true, ordering: .relaxed)
        while readers.contains(where: { !$0.isFinished }) { usleep(1_000) }
        #expect(outcome.errors.withLock { $0 } == [])
        let kept = (0..<rounds).filter { $0 % 3 != 1 }.count
        #expect(try store.page(Query(House.rooms, under: house, limit: 1)).total == Int64(kept * 2))
    }

    /// Inserts a pair; every third time takes it back, half way or at the end.
    private static func write(_ round: Int, to store: Store, _ house: RowID) throws {
        do {
            try store.write { transaction in
                for half in 0..<2 {
                    if round % 6 == 1, half == 1 { throw TakenBack() }
                    let text = House.room("r\(round)-\(half)", round * 2 + half + 1)
                    guard let document = try JSON(parsing: text).objectValue else { throw House.Missing() }
                    let row = WrittenRow(document, of: House.rooms, below: ["h"])
                    try transaction.insert(row, into: House.rooms, under: house)
                }
                if round % 3 == 1 { throw TakenBack() }
            }
        } catch is TakenBack {}
    }

    private static func read(_ store: Store, _ house: RowID, _ number: Int, _ outcome: Outcome) {
        do {
            var query = Query(House.rooms, under: house, limit: number % 2 == 0 ? .max - 1 : 4)
            if number % 2 == 1 { query.start = .offset(2) }
            if number >= 2 {
                query.direction = .descending
                query.filters = [("type", .text("hall"))]
            }
            let page = try store.page(query)
            if page.total % 2 != 0 { outcome.note("an odd total: \(page.total)") }
            let expected = number % 2 == 0 ? page.total : min(4, max(0, page.total - 2))
            if Int64(page.count) != expected { outcome.note("\(page.count) rows of \(page.total)") }
            let numbers = try page.rows.compactMap { $0["number"]?.int64Value }
            let ascending = query.direction == .ascending ? numbers : numbers.reversed()
            if Array(Set(numbers)).sorted() != ascending { outcome.note("\(numbers) are not in order") }
            for name in try page.texts("name") where try store.find(House.rooms, ["h", name]) == nil {
                outcome.note("\(name) was listed and is not found")
            }
        } catch {
            outcome.note("\(error)")
        }
        outcome.pages.add(1, ordering: .relaxed)
    }

    @Test func `Many stores in memory are apart`() throws {
        let stores = try (1...8).map { count in try House.store((1...count).map { House.room("r\($0)", $0) }) }
        for (index, (store, house)) in stores.enumerated() {
            #expect(try store.page(Query(House.rooms, under: house, limit: 1)).total == Int64(index + 1))
        }
    }
}
