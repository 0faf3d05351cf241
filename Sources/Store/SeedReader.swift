internal import PatchbayJSON
internal import Synchronization

/// Rows of a seed file that stand next to each other in one array, checked and written, or what is wrong with them.
struct SeedRows: Sendable {
    let list: SeedList
    /// The number of the first row in the array.
    let first: Int
    /// The document of each row and its views, one after the other.
    private(set) var bytes: [UInt8]
    /// Where each of them ends.
    private(set) var ends: [Int] = []
    /// How many rows there are.
    private(set) var count = 0
    /// The last row's key.
    private(set) var key = ""
    /// The rows that rows name, by the number of the row that does and the member that names them.
    private(set) var references: [(row: Int, member: String, collection: Collection, key: String)] = []
    /// What is wrong, seen from the file; nothing of it is used then.
    var findings: [Violation] = []
    /// Whether this is no JSON.
    var isBroken = false

    /// What writes the views.
    private let stencils: [Collection.View.Stencil]

    init(of list: SeedList, from first: Int = 0, in buffer: [UInt8] = []) {
        self.list = list
        self.first = first
        bytes = buffer
        stencils = list.collection.views.map { $0.stencil(below: list.keys) }
    }

    /// The place of a row in the file.
    func pointer(to row: Int) -> JSON.Pointer { list.pointer.appending(first + row) }

    /// Appends a row whose document has been checked.
    mutating func append(_ document: JSON.Object) {
        let collection = list.collection
        JSON.object(document).write(into: &bytes)
        ends.append(bytes.count)
        for stencil in stencils {
            stencil.write(document, into: &bytes)
            ends.append(bytes.count)
        }
        key = document[collection.key]?.stringValue ?? ""
        for (member, named) in collection.references {
            guard let key = document[member]?.stringValue else { continue }
            references.append((count, member, named, key))
        }
        count += 1
    }
}

extension SeedRows {
    /// Runs a statement that adds some of the rows.
    func run(_ statement: Statement, _ numbers: Range<Int>, _ parent: Int64) throws(SQLiteError) {
        let columns = list.collection.views.count + 1
        try bytes.withUnsafeBufferPointer { bytes throws(SQLiteError) in
            var end = numbers.lowerBound == 0 ? 0 : ends[numbers.lowerBound * columns - 1]
            var place = 1
            for number in numbers {
                try statement.bind(.integer(parent), at: place)
                for column in 0..<columns {
                    let start = end
                    end = ends[number * columns + column]
                    let value = UnsafeBufferPointer(rebasing: bytes[start..<end])
                    try statement.bind(lasting: value, isText: column == 0, at: place + 1 + column)
                }
                place += columns + 1
            }
            try statement.run()
        }
    }
}

/// The array in which rows of a seed file stand.
struct SeedList: Sendable {
    /// The file's number.
    let file: Int
    let collection: Collection
    /// The number, in the file, of the row that they stand below; `nil` for roots.
    let parent: Int?
    /// The keys of the rows above them, the root's first.
    let keys: [String]
    let pointer: JSON.Pointer
    /// Whether rows may stand below them.
    let hasChildren: Bool
}

/// Rows of an array that stand next to each other in a seed file, to be checked.
struct SeedStretch: Sendable {
    let list: SeedList
    /// The number of the first row in the array.
    let first: Int
    let text: SeedText
    let range: Range<Int>
    /// How many arrays and objects are open around the rows.
    let depth: Int

    /// Checks the rows against the collection's declaration and writes them.
    ///
    /// - Parameter buffer: memory for them.
    /// - Returns: the rows, or what is wrong with them.
    func read(in buffer: consuming [UInt8]) -> SeedRows {
        var rows = SeedRows(of: list, from: first, in: consume buffer)
        do throws(JSON.Parser.Failure) {
            try read(into: &rows)
        } catch {
            rows.isBroken = true
        }
        text.discard(range)
        return rows
    }

    private func read(into rows: inout SeedRows) throws(JSON.Parser.Failure) {
        let bytes = UnsafeBufferPointer(rebasing: text.bytes[..<range.upperBound])
        var parser = JSON.Parser(bytes, at: range.lowerBound, depth: depth)
        var number = 0
        while true {
            let value = try parser.value()
            do throws(Violation) {
                guard case .object(let object) = value else { throw .notAnObject(value) }
                rows.append(try list.collection.checked(object))
            } catch {
                rows.findings.append(error.inside(rows.pointer(to: number)))
                if rows.findings.count == SeedError.mostFindings { return }
            }
            number += 1
            if parser.position == bytes.count { return }
            guard try parser.goesOn(closing: UInt8(ascii: "]")) else { throw parser.failure(.unexpectedEnd) }
        }
    }
}

extension Violation {
    /// The same, seen from further out.
    func inside(_ pointer: JSON.Pointer) -> Violation {
        Violation(at: JSON.Pointer(pointer.tokens + self.pointer.tokens), reason)
    }

    /// There is something else where a row belongs.
    static func notAnObject(_ value: JSON) -> Violation {
        Violation(at: JSON.Pointer(), "is \(value.kindName) where an object belongs")
    }
}

/// Memory for the bytes of rows, from those that nobody needs any more for those that come next: what is given back to the
/// system comes back page by page.
private final class SeedBuffers: Sendable {
    private let buffers = Mutex<[[UInt8]]>([])

    /// Memory to write to.
    func take() -> [UInt8] {
        var buffer = buffers.withLock { $0.popLast() } ?? []
        buffer.removeAll(keepingCapacity: true)
        return buffer
    }

    /// Hands memory on.
    func give(_ buffer: [UInt8]) {
        buffers.withLock { $0.append(buffer) }
    }
}

extension SeedPart {
    /// Does the work.
    fileprivate func read(_ buffers: SeedBuffers) -> SeedPart {
        if case .stretch(let stretch) = self { .rows(stretch.read(in: buffers.take())) } else { self }
    }
}

/// Reads seed files on all cores, and hands on the rows in their order while nothing is wrong with any.
///
/// The store is not looked at.
struct SeedReader: ~Copyable {
    private let files: [SeedFile]
    private var findings: [SeedError.Finding] = []
    /// What was found in the file whose rows come.
    private var own: [SeedError.Finding] = []
    private var isBroken = false

    /// Reads files.
    ///
    /// - Parameters:
    ///   - files: the files.
    ///   - use: takes rows, each after the one above it, and not all where something is wrong.
    /// - Returns: what is wrong.
    /// - Throws: what `use` throws.
    static func read<Failure: Error>(
        _ files: [SeedFile],
        use: (SeedRows) throws(Failure) -> Void,
    ) throws(Failure) -> [SeedError.Finding] {
        var reader = SeedReader(files: files)
        let walks = SeedWalks(files)
        let buffers = SeedBuffers()
        try Workers.inOrder(next: walks.next) { (part: SeedPart) in
            part.read(buffers)
        } use: { (part: consuming SeedPart) throws(Failure) in
            switch consume part {
            case .rows(let rows):
                try reader.take(rows, use)
                if !rows.list.hasChildren { buffers.give(rows.bytes) }
            case let other: reader.take(other)
            }
        }
        return Array(reader.findings.prefix(SeedError.mostFindings))
    }

    private init(files: [SeedFile]) {
        self.files = files
    }

    private mutating func take<Failure: Error>(
        _ rows: SeedRows,
        _ use: (SeedRows) throws(Failure) -> Void,
    ) throws(Failure) {
        isBroken = isBroken || rows.isBroken
        report(rows.findings, in: files[rows.list.file])
        if findings.isEmpty, own.isEmpty, !isBroken { try use(rows) }
    }

    private mutating func take(_ part: SeedPart) {
        switch part {
        case .stretch, .rows: break
        case .found(let violations, let file): report(violations, in: files[file])
        case .broken: isBroken = true
        case .end(let file): finish(file)
        }
    }

    private mutating func report(_ violations: [Violation], in file: SeedFile) {
        own += violations.prefix(SeedError.mostFindings - own.count).map { violation in
            .init(file: file.name, place: violation.pointer.description, reason: violation.reason)
        }
    }

    /// Where a file is no JSON, that is all there is to say of it.
    private mutating func finish(_ number: Int) {
        defer {
            own = []
            isBroken = false
        }
        guard isBroken || !own.isEmpty else { return }
        let file = files[number]
        guard let text = file.content.text() else {
            findings.append(.init(file: file.name, place: "", reason: "cannot be read"))
            return
        }
        do throws(JSON.ParseError) {
            try JSON.check(text.bytes)
            if own.isEmpty { own = [.init(file: file.name, place: "", reason: "changed while it was read")] }
            findings += own
        } catch {
            let place = "line \(error.line), column \(error.column):"
            findings.append(.init(file: file.name, place: place, reason: error.reason))
        }
    }
}
