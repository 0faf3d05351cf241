internal import JSON

/// A part of the work of reading seed files, before it is done and after.
enum SeedPart: Sendable {
    /// Rows to be read.
    case stretch(SeedStretch)
    /// Rows that have been read.
    case rows(SeedRows)
    /// What is wrong with a file, by its number, besides rows.
    case found([Violation], Int)
    /// A file cannot be read, or is no JSON.
    case broken(Int)
    /// Nothing more comes of a file.
    case end(Int)

    /// Does the work.
    func read() -> SeedPart {
        if case .stretch(let stretch) = self { .rows(stretch.read()) } else { self }
    }
}

/// Divides seed files, one after the other, into parts that can be read on several threads.
final class SeedWalks {
    private let files: [SeedFile]
    private var number = 0
    private var walk: SeedWalk?

    init(_ files: [SeedFile]) {
        self.files = files
    }

    func next() -> SeedPart? {
        guard number < files.count else { return nil }
        if walk == nil {
            walk = SeedWalk(files[number], number)
            if walk == nil { return .broken(number) }
        }
        if let part = walk?.next() { return part }
        walk = nil
        defer { number += 1 }
        return .end(number)
    }
}

/// Walks through a seed file: reads rows that others may stand below one by one, and passes over all others, stretch by
/// stretch.
///
/// A row is read before those below it, wherever in the row they stand, and arrays in the order of their collections.
struct SeedWalk: ~Copyable {
    private let file: SeedFile
    private let number: Int
    private let text: SeedText
    private var parser: JSON.Parser
    /// The rows whose children are being walked through, the file itself first.
    private var open: [Row] = []
    /// How many rows that others may stand below have been read.
    private var count = 0
    private var hasBegun = false

    /// A row with arrays of rows below it.
    private struct Row {
        /// The row's number in the file.
        var number: Int?
        var keys: [String] = []
        var pointer = JSON.Pointer()
        /// The arrays that have not been walked through, the next one last, and where they begin.
        var arrays: [(collection: Collection, offset: Int)]
        var current: Place?
    }

    /// How far an array has been walked through.
    private struct Place {
        let list: SeedList
        var index = 0
        var offset: Int
    }

    /// About as many bytes as are worth a thread's while.
    private static let stretch = 128 * 1024

    /// Begins with a file; `nil` when it cannot be read.
    init?(_ file: SeedFile, _ number: Int) {
        guard let text = file.content.text() else { return nil }
        self.file = file
        self.number = number
        self.text = text
        parser = JSON.Parser(text.bytes)
    }

    /// The next part; `nil` at the end.
    mutating func next() -> SeedPart? {
        do throws(JSON.Parser.Failure) {
            if !hasBegun {
                hasBegun = true
                if let part = try begin() { return part }
            }
            return try step()
        } catch {
            open = []
            return .broken(number)
        }
    }

    /// Reads the file's own members.
    private mutating func begin() throws(JSON.Parser.Failure) -> SeedPart? {
        try parser.beginDocument()
        let root = try split(of: nil)
        try parser.endDocument()
        switch root {
        case .failure(let violation): return .found([violation], number)
        case .success(let (own, arrays)):
            open = [Row(arrays: arrays)]
            let known = file.collections.filter { $0.parent == nil }.map(\.name)
            // "$schema" is for editors; it says nothing about the rows.
            let unknown = own.map(\.name).filter { $0 != "$schema" }
            guard !unknown.isEmpty else { return nil }
            let violations = unknown.prefix(SeedError.mostFindings).map { name in
                Violation(at: JSON.Pointer([name]), "is unknown here" + Nearest.suggestion(for: name, in: known))
            }
            return .found(violations, number)
        }
    }

    private mutating func step() throws(JSON.Parser.Failure) -> SeedPart? {
        while let last = open.indices.last {
            if let place = open[last].current {
                return place.list.hasChildren ? try row(at: place, last) : try stretch(at: place, last)
            }
            guard let (collection, offset) = open[last].arrays.popLast() else {
                open.removeLast()
                continue
            }
            if let part = try enter(collection, at: offset, last) { return part }
        }
        return nil
    }

    /// Begins with an array of rows.
    private mutating func enter(
        _ collection: Collection,
        at offset: Int,
        _ last: Int,
    ) throws(JSON.Parser.Failure) -> SeedPart? {
        let row = open[last]
        let pointer = row.pointer.appending(collection.name)
        parser.position = offset
        parser.depth = 2 * last + 1
        guard parser.peek() == UInt8(ascii: "[") else {
            let value = try parser.value()
            let violation = Violation(at: pointer, "is \(value.kindName) where an array of rows belongs")
            return .found([violation], number)
        }
        guard try parser.begin(closing: UInt8(ascii: "]")) else { return nil }
        let list = SeedList(
            file: number,
            collection: collection,
            parent: row.number,
            keys: row.keys,
            pointer: pointer,
            hasChildren: file.collections.contains { $0.parent === collection },
        )
        open[last].current = Place(list: list, offset: parser.position)
        return nil
    }

    /// Passes over rows that no others may stand below.
    private mutating func stretch(at place: Place, _ last: Int) throws(JSON.Parser.Failure) -> SeedPart {
        goBack(to: place, last)
        let depth = parser.depth
        var next = place
        var end = place.offset
        repeat {
            parser.skim()
            end = parser.position
            next.index += 1
        } while try goOn(to: &next, last) && end - place.offset < Self.stretch
        let range = place.offset..<end
        return .stretch(SeedStretch(list: place.list, first: place.index, text: text, range: range, depth: depth))
    }

    /// Reads a row that others may stand below.
    private mutating func row(at place: Place, _ last: Int) throws(JSON.Parser.Failure) -> SeedPart {
        goBack(to: place, last)
        let value = try split(of: place.list.collection)
        var next = place
        next.index += 1
        _ = try goOn(to: &next, last)
        var rows = SeedRows(of: place.list, from: place.index)
        do throws(Violation) {
            let (own, arrays) = try value.get()
            rows.append(try place.list.collection.checked(own))
            if !arrays.isEmpty {
                let keys = place.list.keys + [rows.key]
                open.append(Row(number: count, keys: keys, pointer: rows.pointer(to: 0), arrays: arrays))
            }
            count += 1
        } catch {
            rows.findings = [error.inside(rows.pointer(to: 0))]
        }
        return .rows(rows)
    }

    private mutating func goBack(to place: Place, _ last: Int) {
        parser.position = place.offset
        parser.depth = 2 * last + 2
    }

    /// Steps to the next row of an array; `false` behind the last one.
    private mutating func goOn(to place: inout Place, _ last: Int) throws(JSON.Parser.Failure) -> Bool {
        let hasMore = try parser.goesOn(closing: UInt8(ascii: "]"))
        place.offset = parser.position
        open[last].current = hasMore ? place : nil
        return hasMore
    }

    /// A row's own members, and the arrays of rows below it.
    private typealias Split = (own: JSON.Object, arrays: [(collection: Collection, offset: Int)])

    /// Tells a row's own members from the arrays of rows below it, the last of which comes first.
    private mutating func split(of collection: Collection?) throws(JSON.Parser.Failure) -> Result<Split, Violation> {
        guard parser.peek() == UInt8(ascii: "{") else { return .failure(.notAnObject(try parser.value())) }
        let below = file.collections.filter { $0.parent === collection }
        var members: [(name: String, value: JSON)] = []
        var offsets: [String: Int] = [:]
        if try parser.begin(closing: UInt8(ascii: "}")) {
            repeat {
                let name = try parser.name()
                if below.contains(where: { $0.name == name }) {
                    offsets[name] = parser.position
                    members.append((name, .null))
                    parser.skim()
                } else {
                    members.append((name, try parser.value()))
                }
            } while try parser.goesOn(closing: UInt8(ascii: "}"))
        }
        if let twice = JSON.Object(members: members).duplicateNames.first {
            return .failure(Violation(at: JSON.Pointer([twice]), "stands here twice"))
        }
        let own = JSON.Object(members: members.filter { offsets[$0.name] == nil })
        return .success((own, below.reversed().compactMap { child in offsets[child.name].map { (child, $0) } }))
    }
}
