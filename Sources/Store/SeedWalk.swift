internal import PatchbayJSON

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
        var arrays: [Rows]
        var current: Place?
    }

    /// An array of rows.
    private struct Rows {
        let collection: Collection
        /// Where it begins.
        let offset: Int
        /// What it was divided into when it was passed over; `nil` where rows may stand below its rows.
        let stretches: [Stretch]?
    }

    /// Rows that stand next to each other.
    private struct Stretch {
        var first: Int
        var range: Range<Int>
    }

    /// How far an array has been walked through.
    private struct Place {
        let list: SeedList
        var index = 0
        var offset: Int
        /// The stretches that remain, the next one last.
        var stretches: [Stretch]
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
                if place.list.hasChildren { return try row(at: place, last) }
                if let part = stretch(last) { return part }
                continue
            }
            guard let rows = open[last].arrays.popLast() else {
                open.removeLast()
                continue
            }
            if let part = try enter(rows, last) { return part }
        }
        return nil
    }

    /// Begins with an array of rows.
    private mutating func enter(_ rows: Rows, _ last: Int) throws(JSON.Parser.Failure) -> SeedPart? {
        let row = open[last]
        let pointer = row.pointer.appending(rows.collection.name)
        parser.position = rows.offset
        parser.depth = Self.depth(inRow: last)
        guard parser.peek() == UInt8(ascii: "[") else {
            let value = try parser.value()
            let violation = Violation(at: pointer, "is \(value.kindName) where an array of rows belongs")
            return .found([violation], number)
        }
        guard try parser.begin(closing: UInt8(ascii: "]")) else { return nil }
        let list = SeedList(
            file: number,
            collection: rows.collection,
            parent: row.number,
            keys: row.keys,
            pointer: pointer,
            hasChildren: rows.stretches == nil,
        )
        let stretches = Array((rows.stretches ?? []).reversed())
        open[last].current = Place(list: list, offset: parser.position, stretches: stretches)
        return nil
    }

    /// How many arrays and objects are open between the members of a row; rows stand in one more.
    private static func depth(inRow level: Int) -> Int { 2 * level + 1 }

    /// Hands on rows that no others may stand below; `nil` behind the last of them.
    private mutating func stretch(_ last: Int) -> SeedPart? {
        guard let next = open[last].current?.stretches.popLast(), let list = open[last].current?.list else {
            open[last].current = nil
            return nil
        }
        let depth = Self.depth(inRow: last) + 1
        return .stretch(SeedStretch(list: list, first: next.first, text: text, range: next.range, depth: depth))
    }

    /// Passes over an array of rows that no others may stand below, and divides it.
    private mutating func stretches() throws(JSON.Parser.Failure) -> [Stretch] {
        guard parser.peek() == UInt8(ascii: "[") else {
            parser.skim()
            return []
        }
        var stretches: [Stretch] = []
        guard try parser.begin(closing: UInt8(ascii: "]")) else { return [] }
        var count = 0
        var next = Stretch(first: 0, range: parser.position..<parser.position)
        var hasMore = true
        while hasMore {
            parser.skim()
            count += 1
            next.range = next.range.lowerBound..<parser.position
            hasMore = try parser.goesOn(closing: UInt8(ascii: "]"))
            guard !hasMore || next.range.count >= Self.stretch else { continue }
            stretches.append(next)
            next = Stretch(first: count, range: parser.position..<parser.position)
        }
        return stretches
    }

    /// Reads a row that others may stand below.
    private mutating func row(at place: Place, _ last: Int) throws(JSON.Parser.Failure) -> SeedPart {
        parser.position = place.offset
        parser.depth = Self.depth(inRow: last) + 1
        let value = try split(of: place.list.collection)
        let hasMore = try parser.goesOn(closing: UInt8(ascii: "]"))
        open[last].current?.index += 1
        open[last].current?.offset = parser.position
        if !hasMore { open[last].current = nil }
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

    /// A row's own members, and the arrays of rows below it.
    private typealias Split = (own: JSON.Object, arrays: [Rows])

    /// Tells a row's own members from the arrays of rows below it, the last of which comes first.
    private mutating func split(of collection: Collection?) throws(JSON.Parser.Failure) -> Result<Split, Violation> {
        guard parser.peek() == UInt8(ascii: "{") else { return .failure(.notAnObject(try parser.value())) }
        let below = file.collections.filter { $0.parent === collection }
        var members: [(name: String, value: JSON)] = []
        var arrays: [String: Rows] = [:]
        if try parser.begin(closing: UInt8(ascii: "}")) {
            repeat {
                let name = try parser.name()
                if let child = below.first(where: { $0.name == name }) {
                    let offset = parser.position
                    let hasChildren = file.parents.contains { $0 === child }
                    if hasChildren { parser.skim() }
                    let stretches = hasChildren ? nil : try stretches()
                    arrays[name] = Rows(collection: child, offset: offset, stretches: stretches)
                    members.append((name, .null))
                } else {
                    members.append((name, try parser.value()))
                }
            } while try parser.goesOn(closing: UInt8(ascii: "}"))
        }
        if let twice = JSON.Object(members: members).duplicateNames.first {
            return .failure(Violation(at: JSON.Pointer([twice]), "stands here twice"))
        }
        let own = JSON.Object(members: members.filter { arrays[$0.name] == nil })
        return .success((own, below.reversed().compactMap { arrays[$0.name] }))
    }
}
