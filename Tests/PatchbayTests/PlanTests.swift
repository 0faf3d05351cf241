import Patchbay
import PatchbayAPIKit
import Testing

@testable import PatchbayStore

/// How SQLite finds the rows of the lists.
@Suite struct PlanTests {
    private static let store: Result<Store, any Error> = Result { try Emulator().world.store }

    private static var collections: [Collection] { (try? store.get().collections) ?? [] }

    private static func plan(_ sql: String) throws -> [String] {
        try store.get().read { reader in
            let statement = try reader.connection.statement("EXPLAIN QUERY PLAN \(sql)")
            defer { statement.reset() }
            var steps: [String] = []
            while try statement.step() { steps.append(statement.text(3) ?? "") }
            return steps
        }
    }

    /// What a list of the collection can be asked for by index: each order, and each filter in the usual one.
    private static func selections(_ collection: Collection) -> [Selection] {
        let filters: [[(member: String, value: Query.FilterValue)]] = collection.filters.map { [($0, .text(""))] }
        return collection.orders.enumerated().filter(\.element.isIndexed).flatMap { number, order in
            ([[]] + (number == 0 ? filters : [])).map { filters in
                var query = Query(collection, under: RowID(number: 1), limit: 1)
                query.order = order.members[0]
                query.filters = filters
                return Selection(query)
            }
        }
    }

    @Test(arguments: PlanTests.collections)
    func `Rows are found along an index, and not sorted`(collection: Collection) throws {
        for selection in Self.selections(collection) {
            for sql in [
                selection.statement, selection.statement(after: .ascending), selection.statement(after: .descending),
            ] {
                let steps = try Self.plan(sql)
                #expect(steps.count == 1 && steps[0].hasPrefix("SEARCH \(collection.table) USING INDEX"), "\(sql)")
            }
        }
    }

    @Test(arguments: PlanTests.collections)
    func `The rows of a page are read by their numbers, in the order of the page`(collection: Collection) throws {
        let steps = try Self.plan(Selection.showing(nil, of: 3, in: collection))
        #expect(steps.last == "SEARCH t USING INTEGER PRIMARY KEY (rowid=?)", "\(steps)")
        #expect(!steps.contains { $0.contains("SCAN t") || $0.contains("TEMP") }, "\(steps)")
    }
}
