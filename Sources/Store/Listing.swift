/// The rows of a list, in its order: what is on a page at any offset is known, and how many rows there are.
///
/// Only their numbers are kept, in blocks, so that a row can come or go without moving all others.
///
/// Safe to share: it is changed while nobody reads, by the thread that writes.
final class Listing: @unchecked Sendable {
    let selection: Selection
    private var blocks: [Block]
    /// How many rows there are before each block.
    private var starts: [Int] = []
    /// How many rows there are.
    private(set) var count = 0
    private let blockSize: Int

    /// Some rows that follow each other.
    private struct Block {
        var rows: [RowID]
        /// Their lowest and highest numbers, or ones beyond those.
        var numbers: ClosedRange<RowID>

        init(_ rows: ArraySlice<RowID>) {
            self.rows = Array(rows)
            let numbers = rows.reduce((lowest: rows[rows.startIndex], highest: rows[rows.startIndex])) { numbers, row in
                (min(numbers.lowest, row), max(numbers.highest, row))
            }
            self.numbers = numbers.lowest...numbers.highest
        }

        mutating func insert(_ row: RowID, at place: Int) {
            rows.insert(row, at: place)
            numbers = min(numbers.lowerBound, row)...max(numbers.upperBound, row)
        }
    }

    /// Takes rows down that are in order.
    init(_ selection: Selection, _ rows: [RowID], blockSize: Int) {
        self.selection = selection
        self.blockSize = blockSize
        blocks = stride(from: 0, to: rows.count, by: blockSize).map { start in
            Block(rows[start..<min(start + blockSize, rows.count)])
        }
        recount()
    }

    private func recount() {
        starts.removeAll(keepingCapacity: true)
        count = 0
        for block in blocks {
            starts.append(count)
            count += block.rows.count
        }
    }

    /// All rows.
    var rows: [RowID] { blocks.flatMap(\.rows) }

    /// The row of a place.
    subscript(place: Int) -> RowID {
        let block = block(of: place)
        return blocks[block].rows[place - starts[block]]
    }

    /// The rows of a page.
    ///
    /// - Parameters:
    ///   - offset: how many rows are before it.
    ///   - limit: the most rows that it may have.
    ///   - direction: which way the list is read.
    /// - Returns: their numbers.
    func page(from offset: Int64, limit: Int64, _ direction: Query.Direction) -> [RowID] {
        guard offset < Int64(count), limit > 0 else { return [] }
        let first = Int(offset)
        let last = first + Int(min(limit, Int64(count - first)))
        guard direction == .descending else { return rows(in: first..<last) }
        return rows(in: count - last..<count - first).reversed()
    }

    private func rows(in places: Range<Int>) -> [RowID] {
        var rows: [RowID] = []
        rows.reserveCapacity(places.count)
        var block = block(of: places.lowerBound)
        while rows.count < places.count {
            let start = places.lowerBound + rows.count - starts[block]
            rows += blocks[block].rows[start...].prefix(places.count - rows.count)
            block += 1
        }
        return rows
    }

    private func block(of place: Int) -> Int { starts.partitioningIndex { $0 > place } - 1 }

    /// How many rows come before something, given which do.
    func place(where isBefore: (RowID) throws(SQLiteError) -> Bool) throws(SQLiteError) -> Int {
        let block = try blocks.partitioningIndex { block throws(SQLiteError) in try !isBefore(block.rows[0]) } - 1
        guard block >= 0 else { return 0 }
        let rows = blocks[block].rows
        return starts[block] + (try rows.partitioningIndex { row throws(SQLiteError) in try !isBefore(row) })
    }

    /// Takes rows out, those that are in.
    ///
    /// - Parameter rows: sorted.
    func remove(_ rows: [RowID]) {
        var hasChanged = false
        for number in blocks.indices {
            let numbers = blocks[number].numbers
            let first = rows.partitioningIndex { $0 >= numbers.lowerBound }
            guard first < rows.endIndex, rows[first] <= numbers.upperBound else { continue }
            let before = blocks[number].rows.count
            blocks[number].rows.removeAll { row in
                let place = rows.partitioningIndex { $0 >= row }
                return place < rows.endIndex && rows[place] == row
            }
            hasChanged = hasChanged || blocks[number].rows.count < before
        }
        guard hasChanged else { return }
        blocks.removeAll(where: \.rows.isEmpty)
        recount()
    }

    /// Puts a row in.
    func insert(_ row: RowID, at place: Int) {
        guard !blocks.isEmpty else {
            blocks = [Block([row])]
            return recount()
        }
        let block = max(0, block(of: max(0, place - 1)))
        blocks[block].insert(row, at: place - starts[block])
        let rows = blocks[block].rows
        if rows.count > 2 * blockSize {
            blocks.replaceSubrange(block...block, with: [Block(rows[..<blockSize]), Block(rows[blockSize...])])
        }
        recount()
    }
}

extension RandomAccessCollection where Index == Int {
    /// The index of the first element that fulfils a condition, as all behind it do; the end when there is none.
    fileprivate func partitioningIndex<Failure: Error>(
        where isBehind: (Element) throws(Failure) -> Bool
    ) throws(Failure) -> Int {
        var (first, last) = (startIndex, endIndex)
        while first < last {
            let middle = (first + last) / 2
            if try isBehind(self[middle]) { last = middle } else { first = middle + 1 }
        }
        return first
    }
}
