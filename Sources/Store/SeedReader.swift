internal import JSON

/// A row of a seed file that has been checked, and where it stands in its file.
struct SeedRow: Sendable {
    let collection: Collection
    /// The row above it, by its number in the file; `nil` for a root.
    let parent: Int?
    /// Its number in the array that it stands in.
    let index: Int
    let key: String
    /// The rows that it names, by the member that names them.
    let references: [(member: String, collection: Collection, key: String)]
    let written: WrittenRow

    init(_ document: JSON.Object, of collection: Collection, parent: Int?, index: Int, below path: [String]) {
        self.collection = collection
        self.parent = parent
        self.index = index
        key = document[collection.key]?.stringValue ?? ""
        references = collection.references.compactMap { reference in
            document[reference.member]?.stringValue.map { (reference.member, reference.collection, $0) }
        }
        written = WrittenRow(document, of: collection, below: path)
    }
}

/// What a seed file holds: its rows, each after the one above it, or what is wrong with it.
struct SeedContent: Sendable {
    let file: SeedFile
    var rows: [SeedRow] = []
    var findings: [SeedError.Finding] = []

    /// The place of a row in the file.
    func pointer(to row: SeedRow) -> JSON.Pointer {
        let above = row.parent.map { pointer(to: rows[$0]) } ?? JSON.Pointer()
        return above.appending(row.collection.name).appending(row.index)
    }

    mutating func report(_ violation: Violation, in pointer: JSON.Pointer = JSON.Pointer()) {
        guard findings.count < SeedError.mostFindings else { return }
        let place = JSON.Pointer(pointer.tokens + violation.pointer.tokens).description
        findings.append(.init(file: file.name, place: place, reason: violation.reason))
    }
}

/// Reads one seed file and checks each row against its collection's declaration.
///
/// The store is not looked at.
struct SeedReader: ~Copyable {
    private var content: SeedContent

    /// The rows that stand in one row of the file, or at its root.
    private struct Position {
        var parent: Int?
        var keys: [String] = []
        var pointer = JSON.Pointer()
    }

    /// Reads a file.
    static func read(_ file: SeedFile) -> SeedContent {
        var reader = SeedReader(content: SeedContent(file: file))
        reader.read()
        return reader.content
    }

    private mutating func read() {
        do {
            let root = try JSON(parsing: content.file.content)
            let (own, children) = try split(root, of: nil)
            let known = content.file.collections.filter { $0.parent == nil }.map(\.name)
            // "$schema" is for editors; it says nothing about the rows.
            for (name, _) in own where name != "$schema" {
                let suggestion = Nearest.suggestion(for: name, in: known)
                content.report(Violation(at: JSON.Pointer([name]), "is unknown here" + suggestion))
            }
            read(children, at: Position())
        } catch let error as JSON.ParseError {
            let place = "line \(error.line), column \(error.column):"
            content.findings.append(.init(file: content.file.name, place: place, reason: error.reason))
        } catch let violation as Violation {
            content.report(violation)
        } catch {
            content.report(Violation(at: JSON.Pointer(), "\(error)"))
        }
    }

    private mutating func read(_ children: [(collection: Collection, rows: JSON)], at position: Position) {
        for (collection, value) in children {
            var list = position
            list.pointer = position.pointer.appending(collection.name)
            guard case .array(let elements) = value else {
                content.report(Violation(at: list.pointer, "is \(value.kindName) where an array of rows belongs"))
                continue
            }
            for (index, element) in elements.enumerated() where content.findings.count < SeedError.mostFindings {
                read(element, index: index, of: collection, in: list)
            }
        }
    }

    private mutating func read(_ element: JSON, index: Int, of collection: Collection, in list: Position) {
        do throws(Violation) {
            let (own, children) = try split(element, of: collection)
            let document = try collection.checked(own)
            let row = SeedRow(document, of: collection, parent: list.parent, index: index, below: list.keys)
            content.rows.append(row)
            guard !children.isEmpty else { return }
            let place = Position(
                parent: content.rows.count - 1,
                keys: list.keys + [row.key],
                pointer: list.pointer.appending(index),
            )
            read(children, at: place)
        } catch {
            content.report(error.inside(String(index)), in: list.pointer)
        }
    }

    /// Tells a row's own members from the arrays of rows below it.
    private func split(
        _ value: JSON,
        of collection: Collection?,
    ) throws(Violation) -> (own: JSON.Object, children: [(collection: Collection, rows: JSON)]) {
        guard case .object(let object) = value else {
            throw Violation(at: JSON.Pointer(), "is \(value.kindName) where an object belongs")
        }
        let below = content.file.collections.filter { $0.parent === collection }
        guard !below.isEmpty else { return (object, []) }
        if let twice = object.duplicateNames.first { throw Violation(at: JSON.Pointer([twice]), "stands here twice") }
        let names = below.map(\.name)
        let own = JSON.Object(members: object.filter { !names.contains($0.name) })
        return (own, below.compactMap { child in object[child.name].map { (child, $0) } })
    }
}
