import SeededGenerator
import Testing

@testable import PatchbayStore

@Suite struct `Rows that are kept` {
    private static let column = KeptRows.Column(table: 3, view: 1)

    @Test func `are what was kept last, whatever else is kept`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        // Room for two stretches, which are written over hundreds of times.
        let kept = KeptRows(atMost: 128 << 10)
        var truth: [Int64: [UInt8]] = [:]
        var shown = 0
        for step in 0..<40_000 {
            let number = Int64.random(in: 0..<3_000, using: &generator)
            let row = RowID(number: number)
            let column = KeptRows.Column(table: UInt16(number % 5), view: UInt16(number % 3))
            if Int.random(in: 0..<3, using: &generator) == 0 {
                let size = Int.random(in: 0..<600, using: &generator)
                truth[number] = Array(repeating: UInt8.random(in: 0...255, using: &generator), count: size)
                kept.keep(row, column, (truth[number] ?? [])[...])
            } else if let found = bytes(of: [row], column, in: kept) {
                shown += 1
                #expect(found == [truth[number]], "seed \(seed), step \(step)")
            }
        }
        #expect(shown > 1_000)
    }

    @Test func `are shown together or not at all`() {
        let kept = KeptRows(atMost: 1 << 20)
        #expect(kept.isEmpty)
        let rows = (1...3).map { RowID(number: $0) }
        for row in rows.prefix(2) { kept.keep(row, Self.column, [UInt8(row.number)]) }
        #expect(bytes(of: rows, Self.column, in: kept) == nil)
        #expect(bytes(of: [rows[1], rows[0]], Self.column, in: kept) == [[2], [1]])
        #expect(bytes(of: [rows[0]], KeptRows.Column(table: 3, view: 0), in: kept) == nil)
        kept.removeAll()
        #expect(kept.isEmpty && bytes(of: [rows[0]], Self.column, in: kept) == nil)
    }

    @Test func `are not kept when they are large`() {
        let kept = KeptRows(atMost: 1 << 20)
        let row = RowID(number: 1)
        kept.keep(row, Self.column, Array(repeating: 1, count: KeptRows.longest + 1)[...])
        #expect(kept.isEmpty)
    }

    @Test func `take no more room when they change again and again`() {
        let kept = KeptRows(atMost: 64 << 20)
        let rows = (1...100).map { RowID(number: $0) }
        for step in 0..<2_000 {
            let bytes = Array(repeating: UInt8(step % 256), count: 400)
            for row in rows { kept.keep(row, Self.column, bytes[...]) }
        }
        #expect(kept.size <= 2 << 20)
        let last = Array(repeating: UInt8(1_999 % 256), count: 400)
        #expect(bytes(of: rows, Self.column, in: kept) == Array(repeating: last, count: 100))
    }

    private func bytes(of rows: [RowID], _ column: KeptRows.Column, in kept: KeptRows) -> [[UInt8]]? {
        var found: [[UInt8]] = []
        return kept.show(rows[...], column) { found.append(Array($0)) } ? found : nil
    }
}
