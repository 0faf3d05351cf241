internal import Synchronization

/// What was shown of rows lately, as bytes, for all who read the same database.
///
/// SQLite goes down a tree for each row, and copies every page on the way out of its memory.
final class KeptRows: Sendable {
    private let kept: Mutex<Kept>
    /// The most bytes of a row that is kept.
    static let longest = 16 << 10

    /// Keeps none yet.
    ///
    /// - Parameter bytes: how many bytes all rows may take.
    init(atMost bytes: Int) {
        kept = Mutex(Kept(stretches: max(1, bytes / Kept.stretchSize)))
    }

    /// Something that is shown of rows: their document or a view of it.
    struct Column: Equatable {
        /// The place of the table among the database's.
        var table: UInt16
        /// The view's place among the collection's, counted from 1; 0 for the document.
        var view: UInt16
    }

    /// Whether there are none.
    var isEmpty: Bool { kept.withLock(\.isEmpty) }

    /// How many bytes are taken, by rows that are there and by what was removed.
    var size: Int { kept.withLock(\.size) }

    /// Shows rows if all of them are there.
    ///
    /// - Returns: whether they are.
    func show(
        _ rows: ArraySlice<RowID>,
        _ column: Column,
        _ body: (ArraySlice<UInt8>) throws -> Void
    ) rethrows -> Bool {
        try kept.withLock { kept in
            guard rows.allSatisfy({ kept.place(of: $0, column) != nil }) else { return false }
            for row in rows { if let place = kept.place(of: row, column) { try body(kept.bytes(at: place)) } }
            return true
        }
    }

    /// Keeps what is shown of a row; those go that were kept first.
    func keep(_ row: RowID, _ column: Column, _ bytes: ArraySlice<UInt8>) {
        guard bytes.count <= Self.longest else { return }
        kept.withLock { $0.keep(row, column, bytes) }
    }

    /// Drops all.
    func removeAll() {
        kept.withLock { $0.removeAll() }
    }

    /// Drops what a transaction has changed.
    ///
    /// - Parameters:
    ///   - table: what it has changed.
    ///   - number: the place of the table among the database's.
    func mend(_ table: Table, _ number: Int) {
        guard table.change != .none else { return }
        kept.withLock { kept in
            guard table.change == .rows else { return kept.removeAll() }
            for view in 0...UInt16(table.collection.views.count) {
                for row in table.rows { kept.remove(row, Column(table: UInt16(number), view: view)) }
            }
        }
    }
}

/// The bytes stand one behind the other in stretches, the oldest of which is written over when there are enough.
private struct Kept {
    static let stretchSize = 64 << 10
    /// So many stretches are filled before it is worth the while to look what of them is there still.
    private static let fewest = 16

    private let most: Int
    private var stretches: [[UInt8]] = []
    /// How many bytes of each stretch are of rows that are there.
    private var live: [Int] = []
    /// The number of the stretch that is being filled, as if none was ever written over.
    private var latest = 0
    /// Where the bytes of each row are, at a place that follows from the row: the one kept last, where there are several.
    private var places: [Place] = []
    /// How many rows have a place, at most.
    private var count = 0

    /// The most places: as many rows of 256 bytes fill all stretches.
    private var mostPlaces: Int { most * (Self.stretchSize / 256) }

    struct Place {
        var row = RowID(number: 0)
        var column = KeptRows.Column(table: 0, view: 0)
        var stretch: Int32 = -1
        var start: Int32 = 0
        var end: Int32 = 0

        var size: Int { Int(end - start) }
    }

    init(stretches: Int) {
        most = stretches
    }

    var isEmpty: Bool { stretches.isEmpty }

    var size: Int { stretches.count * Self.stretchSize }

    func place(of row: RowID, _ column: KeptRows.Column) -> Place? {
        guard !places.isEmpty else { return nil }
        let place = places[index(row, column)]
        return place.row == row && place.column == column && isThere(place) ? place : nil
    }

    func bytes(at place: Place) -> ArraySlice<UInt8> {
        stretches[Int(place.stretch) % most][Int(place.start)..<Int(place.end)]
    }

    /// Whether the bytes of a place have not been written over.
    private func isThere(_ place: Place) -> Bool { place.stretch >= 0 && Int(place.stretch) > latest - most }

    mutating func keep(_ row: RowID, _ column: KeptRows.Column, _ bytes: ArraySlice<UInt8>) {
        makeRoom(for: bytes.count)
        let start = Int32(stretches[latest % most].count)
        stretches[latest % most] += bytes
        let end = start + Int32(bytes.count)
        set(Place(row: row, column: column, stretch: Int32(latest), start: start, end: end))
    }

    private mutating func makeRoom(for bytes: Int) {
        if isFull(for: bytes), stretches.count > Self.fewest, live.reduce(0, +) < size / 2 { pack() }
        if isFull(for: bytes) { begin() }
        guard count >= places.count / 2, places.count < mostPlaces else { return }
        let old = places
        places = Array(repeating: Place(), count: max(256, 2 * old.count))
        count = 0
        live = live.map { _ in 0 }
        for place in old where isThere(place) { set(place) }
    }

    private func isFull(for bytes: Int) -> Bool {
        stretches.isEmpty || stretches[latest % most].count + bytes > Self.stretchSize
    }

    /// Begins a stretch, in place of the oldest when there are enough.
    private mutating func begin() {
        if !stretches.isEmpty { latest += 1 }
        if latest < most {
            stretches.append([])
            live.append(0)
        } else {
            stretches[latest % most].removeAll(keepingCapacity: true)
            live[latest % most] = 0
        }
    }

    /// Leaves out what was removed: rows that change again and again would take all the room there is.
    private mutating func pack() {
        let old = self
        self = Kept(stretches: most)
        // As many as before, so that no two rows come to one place.
        places = Array(repeating: Place(), count: old.places.count)
        for place in old.places where old.isThere(place) { keep(place.row, place.column, old.bytes(at: place)) }
    }

    private mutating func set(_ place: Place) {
        let index = index(place.row, place.column)
        if places[index].stretch < 0 { count += 1 }
        release(places[index])
        places[index] = place
        live[Int(place.stretch) % most] += place.size
    }

    /// Counts the bytes of a place as those of a row no more.
    private mutating func release(_ place: Place) {
        if isThere(place) { live[Int(place.stretch) % most] -= place.size }
    }

    /// Rows that follow each other have places that do.
    private func index(_ row: RowID, _ column: KeptRows.Column) -> Int {
        let shift = (Int(column.table) << 16 | Int(column.view)) &* 40_503
        // There are always a power of two.
        return (Int(row.number) &+ shift) & (places.count - 1)
    }

    mutating func remove(_ row: RowID, _ column: KeptRows.Column) {
        guard let place = place(of: row, column) else { return }
        release(place)
        places[index(row, column)].stretch = -1
        count -= 1
    }

    mutating func removeAll() {
        self = Kept(stretches: most)
    }
}
