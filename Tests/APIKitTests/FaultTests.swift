import PatchbayHTTP
import PatchbayStore
import SeededGenerator
import Testing

@testable import PatchbayAPIKit

/// Which requests faults strike, and how long they hold them back.
@Suite struct FaultTests {
    private static let houses = Collection("houses", in: "t", key: "id", members: [])
    private static let one = Root(houses, "one")
    private static let two = Root(houses, "two")

    private static func target(
        _ root: Root? = one,
        api: String = "a",
        operation: String = "list",
        query: String = "",
        at seconds: Int64 = 0
    ) throws -> FaultTable.Target {
        FaultTable.Target(
            api: api,
            operation: operation,
            root: root,
            request: try Request(parsing: "GET /houses/one?\(query) HTTP/1.1\r\nHost: h\r\n\r\n"),
            captures: [("house", PercentEncoded("one"))],
            now: Timestamp(seconds: seconds)
        )
    }

    private static func table(_ faults: Fault...) -> FaultTable {
        let table = FaultTable()
        for fault in faults { table.put(fault) }
        return table
    }

    /// The numbers of the requests among the first that are struck.
    private static func struck(_ fault: Fault, of count: Int64) throws -> [Int64] {
        let table = table(fault)
        let target = try target()
        return (1...count).filter { _ in table.decide(target) != nil }
    }

    @Test(arguments: [
        (Fault.Schedule.always, [1, 2, 3, 4, 5, 6]), (.nth(3), [3]), (.first(2), [1, 2]), (.every(2), [2, 4, 6]),
        (.nth(7), []), (.probability(0), []), (.probability(1), [1, 2, 3, 4, 5, 6]),
    ])
    func `A schedule says which requests are struck`(schedule: Fault.Schedule, expected: [Int64]) throws {
        #expect(try Self.struck(Fault("f", schedule: schedule, effect: .reset), of: 6) == expected)
    }

    @Test func `A probability strikes as often as it says, and equal seeds strike alike`() throws {
        for seed in 1...5 as ClosedRange<UInt64> {
            let fault = Fault("f", schedule: .probability(0.3), seed: seed, effect: .empty)
            let struck = try Self.struck(fault, of: 10_000)
            #expect((2_800...3_200).contains(struck.count), "seed \(seed)")
            #expect(try Self.struck(fault, of: 10_000) == struck)
        }
        let seeds = try (1...4).map { seed in
            try Self.struck(Fault("f", schedule: .probability(0.5), seed: UInt64(seed), effect: .empty), of: 64)
        }
        #expect(Set(seeds).count == 4)
    }

    @Test func `Probability 0 never strikes, whatever the seed`() throws {
        for seed in 0..<200 as Range<UInt64> {
            let fault = Fault("f", schedule: .probability(0), seed: seed, effect: .reset)
            #expect(try Self.struck(fault, of: 50).isEmpty)
        }
    }

    @Test func `Delays are as long as they say`() {
        let draws = (1...10_000 as ClosedRange<Int64>).map { FaultDraw(seed: 7, ordinal: $0) }
        #expect(draws.allSatisfy { $0.length(of: .fixed(5)) == 5 })
        let even = draws.map { $0.length(of: .uniform(from: 100, to: 200)) }
        #expect(even.min() == 100)
        #expect(even.max() == 200)
        #expect((148...152).contains(even.reduce(0, +) / 10_000))
        let skewed = draws.map { $0.length(of: .logNormal(median: 1_000, sigma: 0.5, limit: 3_000)) }.sorted()
        #expect((950...1_050).contains(skewed[5_000]))
        #expect(skewed.last == 3_000)
        // Two thirds lie within one sigma of the median.
        let near = skewed.filter { (607...1_649).contains($0) }.count
        #expect((6_600...7_050).contains(near))
        #expect(draws.allSatisfy { $0.length(of: .logNormal(median: 1_000, sigma: 0, limit: 9_000)) == 1_000 })
    }

    @Test(arguments: [
        (Fault("f", of: [one], effect: .reset), true), (Fault("f", of: [two], effect: .reset), false),
        (Fault("f", of: [two, one], effect: .reset), true), (Fault("f", api: "a", effect: .reset), true),
        (Fault("f", api: "b", effect: .reset), false), (Fault("f", api: "a", operation: "list", effect: .reset), true),
        (Fault("f", api: "a", operation: "read", effect: .reset), false),
        (Fault("f", parameters: [("house", "one")], effect: .reset), true),
        (Fault("f", parameters: [("house", "two")], effect: .reset), false),
        (Fault("f", parameters: [("limit", "10"), ("sort", "a b")], effect: .reset), true),
        (Fault("f", parameters: [("limit", "1")], effect: .reset), false),
        (Fault("f", parameters: [("limit", nil)], effect: .reset), false),
        (Fault("f", parameters: [("offset", nil)], effect: .reset), true),
        (Fault("f", parameters: [("flag", "")], effect: .reset), true),
    ])
    func `A fault looks at its tenant's, API's and operation's requests with its parameters`(
        fault: Fault,
        looks: Bool
    ) throws {
        let table = Self.table(fault)
        #expect(try (table.decide(Self.target(query: "limit=10&sort=a%20b&flag")) != nil) == looks)
        #expect(table.list()[0].seen == (looks ? 1 : 0))
    }

    @Test func `A request of no tenant is none of a tenant's`() throws {
        #expect(try Self.table(Fault("f", of: [Self.one], effect: .reset)).decide(Self.target(nil)) == nil)
    }

    @Test func `Delays add up, the first end counts, and every fault counts what it has done`() throws {
        let table = Self.table(
            Fault("slow", delay: .fixed(10)),
            Fault("slower", delay: .fixed(5)),
            Fault("down", schedule: .every(2), effect: .error("E", retryAfter: nil, headers: [])),
            Fault("cut", effect: .truncated(bytes: 3)),
        )
        let first = try #require(table.decide(Self.target()))
        #expect(first.delay == 15)
        guard case .truncated(3) = first.effect else { Issue.record("\(String(describing: first.effect))"); return }
        let second = try #require(table.decide(Self.target()))
        guard case .error("E", _, _) = second.effect else {
            Issue.record("\(String(describing: second.effect))"); return
        }
        #expect(second.strikes.map(\.name) == ["slow", "slower", "down"])
        #expect(second.strikes.map(\.ordinal) == [2, 2, 2])
        #expect(table.list().map(\.seen) == [2, 2, 2, 2])
        #expect(table.list().map(\.fired) == [2, 2, 1, 1])
    }

    @Test func `A limit counts down in each tenant's window, and begins anew with the next`() throws {
        let table = Self.table(Fault("limit", effect: .rateLimit(requests: 2, seconds: 60)))
        func ask(_ root: Root, at seconds: Int64) throws -> [Int] {
            let decision = try #require(table.decide(Self.target(root, at: seconds)))
            let left = try #require(decision.allowance)
            #expect(left.limit == 2)
            #expect(left.window == 60)
            #expect(decision.isLimited == !decision.strikes.isEmpty)
            return [left.remaining, left.resetsIn, decision.isLimited ? 1 : 0]
        }
        #expect(try ask(Self.one, at: 100) == [1, 60, 0])
        #expect(try ask(Self.one, at: 110) == [0, 50, 0])
        #expect(try ask(Self.one, at: 159) == [0, 1, 1])
        #expect(try ask(Self.two, at: 159) == [1, 60, 0])
        #expect(try ask(Self.one, at: 160) == [1, 60, 0])
        // A clock that is set back begins a window, too.
        #expect(try ask(Self.one, at: 10) == [1, 60, 0])
        #expect(table.list()[0].fired == 1)
    }

    @Test(arguments: [false, true])
    func `Of several limits the one that is exceeded counts, in whatever order they stand`(isReversed: Bool) throws {
        let limits = [
            Fault("wide", effect: .rateLimit(requests: 100, seconds: 60)),
            Fault("narrow", effect: .rateLimit(requests: 1, seconds: 60)),
        ]
        let table = FaultTable()
        for fault in isReversed ? limits.reversed() : limits { table.put(fault) }
        let first = try #require(table.decide(Self.target()))
        #expect(first.allowance?.remaining == 0)
        #expect(!first.isLimited)
        let second = try #require(table.decide(Self.target()))
        #expect(second.isLimited)
        #expect(second.allowance?.limit == 1)
        #expect(second.strikes.map(\.name) == ["narrow"])
    }

    @Test func `An error that comes before a limit counts towards it all the same`() throws {
        let table = Self.table(
            Fault("down", schedule: .nth(1), effect: .error("E", retryAfter: nil, headers: [])),
            Fault("limit", effect: .rateLimit(requests: 2, seconds: 60)),
        )
        #expect(try table.decide(Self.target())?.allowance?.remaining == 1)
        #expect(try table.decide(Self.target())?.allowance?.remaining == 0)
        #expect(try table.decide(Self.target())?.isLimited == true)
    }

    @Test func `Faults are named per tenant, replaced by their name, and removed`() {
        let table = FaultTable()
        #expect(table.isEmpty)
        #expect(table.put(Fault("f", of: [Self.one], effect: .reset))?.isNew == true)
        #expect(table.put(Fault("f", of: [Self.two], effect: .reset))?.isNew == true)
        #expect(table.put(Fault("f", effect: .reset))?.isNew == true)
        #expect(table.put(Fault("f", of: [Self.one], effect: .empty))?.isNew == false)
        #expect(table.list().count == 3)
        #expect(table.list([Self.one]).count == 1)
        #expect(table.remove("f", of: [Self.one]) != nil)
        #expect(table.remove("f", of: [Self.one]) == nil)
        #expect(table.removeAll([Self.two]) == 1)
        #expect(table.list().count == 1)
        #expect(!table.isEmpty)
        #expect(table.removeAll() == 1)
        #expect(table.isEmpty)
    }
}
