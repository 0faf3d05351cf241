import Foundation
import PatchbayJSON
import SeededGenerator
import Testing

@testable import PatchbayStore

/// Seed files are read in stretches and on all cores, which nobody can tell from reading each as a whole.
@Suite struct SeedReaderTests {
    /// What is read of some files: rows, or what is wrong.
    struct Outcome: Equatable {
        var rows: [[String]] = []
        var findings: [String] = []
    }

    static let folders = Collection(
        "folders",
        in: "test",
        key: "id",
        members: [Member("id", .text(.nonempty)), Member("size", .integer(0...99), .standard(1))],
    )
    static let files = Collection(
        "files",
        in: "test",
        under: folders,
        key: "id",
        members: [
            Member("id", .text(.nonempty)), Member("kind", .choice(["a", "b"])),
            Member("note", .text(.any.atMost(5)), .optional),
        ],
        views: [.init("place") { document, path in [.string(path[0]), document["id"] ?? nil] }],
    )
    static let links = Collection("links", in: "test", under: folders, key: "id", members: [Member("id", .text(.any))])
    static let pages = Collection("pages", in: "test", under: files, key: "id", members: [Member("id", .text(.any))])
    static let all = [folders, links, files, pages]

    /// The plain way: a file as one tree, and each row where it is found.
    static func whole(_ contents: [String]) -> Outcome {
        var outcome = Outcome()
        for (number, content) in contents.enumerated() {
            var rows: [[String]] = []
            var found: [(JSON.Pointer, String)] = []
            do {
                let root = try JSON(parsing: content)
                read(root, of: nil, at: JSON.Pointer(), below: [], &rows, &found)
                outcome.findings += found.prefix(SeedError.mostFindings).map { "\(number): \($0.0) \($0.1)" }
            } catch {
                outcome.findings.append("\(number): line \(error.line), column \(error.column): \(error.reason)")
            }
            outcome.rows += rows
        }
        outcome.findings = Array(outcome.findings.prefix(SeedError.mostFindings))
        if !outcome.findings.isEmpty { outcome.rows = [] }
        return outcome
    }

    private static func read(
        _ value: JSON,
        of collection: Collection?,
        at place: JSON.Pointer,
        below path: [String],
        _ rows: inout [[String]],
        _ found: inout [(JSON.Pointer, String)],
    ) {
        guard case .object(let object) = value else {
            return found.append((place, "is \(value.kindName) where an object belongs"))
        }
        let below = all.filter { $0.parent === collection }
        if !below.isEmpty, let twice = object.duplicateNames.first {
            return found.append((place.appending(twice), "stands here twice"))
        }
        let own = JSON.Object(members: object.filter { member in !below.contains { $0.name == member.name } })
        var path = path
        if let collection {
            do throws(Violation) {
                let document = try collection.checked(own)
                let shown = collection.views.map { String(decoding: $0.shown(document, below: path), as: UTF8.self) }
                rows.append([collection.name, path.joined(separator: "/"), document.description] + shown)
                path.append(document["id"]?.stringValue ?? "")
            } catch {
                return found.append((JSON.Pointer(place.tokens + error.pointer.tokens), error.reason))
            }
        } else {
            for name in own.keys where name != "$schema" {
                found.append(
                    (place.appending(name), "is unknown here" + Nearest.suggestion(for: name, in: ["folders"]))
                )
            }
        }
        for child in below {
            guard let array = object[child.name] else { continue }
            let place = place.appending(child.name)
            guard case .array(let elements) = array else {
                found.append((place, "is \(array.kindName) where an array of rows belongs"))
                continue
            }
            for (index, element) in elements.enumerated() {
                read(element, of: child, at: place.appending(index), below: path, &rows, &found)
            }
        }
    }

    /// The way of the program.
    static func stretches(_ contents: [String]) -> Outcome {
        var outcome = Outcome()
        let files = contents.enumerated().map { number, content in
            SeedFile(name: "\(number)", collections: all, content: Array(content.utf8))
        }
        let findings = SeedReader.read(files) { (rows: SeedRows) throws(Never) in
            let width = 1 + rows.list.collection.views.count
            for row in 0..<rows.count {
                let parts = (0..<width).map { part in
                    let number = row * width + part
                    let bytes = rows.bytes[(number == 0 ? 0 : rows.ends[number - 1])..<rows.ends[number]]
                    return String(decoding: bytes, as: UTF8.self)
                }
                outcome.rows.append([rows.list.collection.name, rows.list.keys.joined(separator: "/")] + parts)
            }
        }
        outcome.findings = findings.map { "\($0.file): \($0.place) \($0.reason)" }
        if !findings.isEmpty { outcome.rows = [] }
        return outcome
    }

    /// Makes up a file: mostly right, its arrays anywhere in their rows, its members in any order.
    struct Author {
        var random: SeededGenerator
        /// Of how many values one is wrong; none when 0.
        let slips: Int

        mutating func slip() -> Bool { slips > 0 && Int.random(in: 0..<slips, using: &random) == 0 }

        mutating func space() -> String {
            Int.random(in: 0..<4, using: &random) == 0
                ? [" ", "\n", "\t", "\r\n  "].randomElement(using: &random) ?? "" : ""
        }

        mutating func text() -> String {
            let texts = [
                "a", "e\u{301}", "\\u00e9", "\\\"", "[", "]}", "{\\\\", "漢", "\\ud83d\\ude00", ",", "x y", "\\n", "7",
            ]
            let wrong = ["\"\\u12\"", "\"\u{1}\"", "\"\\ud800\"", "tru", "1.", "\"\"", "null", "[]", "[{}", "7", "-0"]
            if slip() { return wrong.randomElement(using: &random) ?? "" }
            let count = Int.random(in: 1...3, using: &random)
            return "\"" + (0..<count).map { _ in texts.randomElement(using: &random) ?? "" }.joined() + "\""
        }

        mutating func array(_ most: Int, _ element: (inout Author) -> String) -> String {
            let count = Int.random(in: 0...most, using: &random)
            var elements = (0..<count).map { _ in space() + element(&self) + space() }
            if slip() { elements.append(["", "7", "{}", "]", "\"x", "{\"id\":"].randomElement(using: &random) ?? "") }
            return "[" + elements.joined(separator: ",") + "]"
        }

        mutating func object(_ members: [(String, String)]) -> String {
            var members = Int.random(in: 0...1, using: &random) == 0 ? members : members.shuffled(using: &random)
            if slip() { members.append(members.randomElement(using: &random) ?? ("id", "1")) }
            if slip() { members.append(("nmae", text())) }
            if slip() { members = Array(members.dropFirst()) }
            let written = members.map { space() + "\"\($0)\"" + space() + ":" + space() + $1 + space() }
            return "{" + written.joined(separator: ",") + (slip() ? "" : "}")
        }

        mutating func page() -> String { object([("id", text())]) }

        mutating func file() -> String {
            var members = [("id", text()), ("kind", slip() ? "\"c\"" : "\"b\"")]
            if Bool.random(using: &random) { members.append(("note", text())) }
            if Bool.random(using: &random) { members.append(("pages", array(3) { $0.page() })) }
            return object(members)
        }

        mutating func folder() -> String {
            let files = array(4) { $0.file() }
            let links = slip() ? "7" : array(4) { $0.page() }
            return object([("id", text()), ("files", files), ("links", links)])
        }

        mutating func content() -> String {
            var members = [("folders", array(5) { $0.folder() })]
            if Bool.random(using: &random) { members.append(("$schema", text())) }
            return space() + object(members) + space()
        }
    }

    @Test(arguments: [0, 5, 40, 400])
    func `Files read in stretches are the same as files read whole`(slips: Int) {
        for seed in 1...300 as ClosedRange<UInt64> {
            var author = Author(random: SeededGenerator(seed: seed), slips: slips)
            let contents = (0..<Int.random(in: 1...3, using: &author.random)).map { _ in author.content() }
            #expect(Self.stretches(contents) == Self.whole(contents), "seed \(seed): \(contents)")
        }
    }

    @Test func `A file of many stretches is the same as the file read whole`() {
        var rows = (0..<20_000).map { #"{"id":"\#($0)"}"# }
        let content = { (rows: [String]) in
            #"{"folders":[{"links":[\#(rows.joined(separator: ",\n"))],"id":"late"},{"id":"b"}]}"#
        }
        #expect(Self.stretches([content(rows)]) == Self.whole([content(rows)]))
        #expect(Self.stretches([content(rows)]).rows.count == 20_002)
        // What is wrong is told in the file's order, whoever found it.
        for index in stride(from: 19_999, to: 0, by: -700) { rows[index] = #"{"id":\#(index)}"# }
        let outcome = Self.stretches([content(rows)])
        #expect(outcome.findings.count == SeedError.mostFindings)
        #expect(outcome == Self.whole([content(rows)]))
        // Text that is no JSON is all there is to say of a file, however late it comes.
        let broken = content(rows).dropLast(2) + "]"
        #expect(Self.stretches([String(broken)]) == Self.whole([String(broken)]))
        #expect(Self.stretches([String(broken)]).findings.count == 1)
    }

    @Test func `What is wrong in the last of many rows leaves a store as it was`() throws {
        let store = try Store([House.rooms])
        try store.load([House.file(#"{"houses":[{"id":"g","rooms":[\#(House.room("a", 1))]}]}"#)])
        let before = try store.documents(in: House.rooms).map(\.document)
        let rooms = (1...5_000).map { House.room("r\($0)", $0) }
        for last in [House.room("r5000", 5_001), House.room("x", 5_000), House.room("", 5_001), "{", "7"] {
            let content = #"{"houses":[{"id":"h","rooms":[\#((rooms + [last]).joined(separator: ","))]}]}"#
            #expect(try findings([House.file(content)], in: store).count == 1, "\(last)")
            #expect(try store.documents(in: House.rooms).map(\.document) == before)
        }
        let content = #"{"houses":[{"id":"h","rooms":[\#(rooms.joined(separator: ","))]}]}"#
        #expect(try store.load([House.file(content)]) == 5_001)
    }

    @Test(arguments: [0, 1, 31, 32, 33, 63, 64, 100])
    func `Of rows that are added many at a time, those are told that others do not allow`(place: Int) throws {
        var rooms = (0..<120).map { House.room("r\($0)", $0 + 1) }
        rooms[place] = House.room("r119", 1_000)
        rooms[place + 2] = House.room("s", 110)
        let content = #"{"houses":[{"id":"h","rooms":[\#(rooms.joined(separator: ","))]}]}"#
        // The first of two stays, whichever was meant.
        #expect(
            try findings([House.file(content)]) == [
                "a.json: /houses/0/rooms/109/number is the same as in another row of rooms",
                "a.json: /houses/0/rooms/119/name is the same as in another row of rooms",
            ]
        )
    }

    @Test func `A file is read from where it is when its turn comes`() throws {
        let scratch = try Scratch()
        let rooms = (1...3_000).map { House.room("r\($0)", $0) }.joined(separator: ",\n")
        let content = #"{"houses":[{"id":"h","rooms":[\#(rooms)]}]}"#
        try content.write(toFile: scratch.path("a.json"), atomically: true, encoding: .utf8)
        #expect(SeedFile.OpenFile(scratch.path("a.json"), ofAtLeast: content.utf8.count + 1) == nil)
        #expect(SeedFile.OpenFile(scratch.path("b.json"), ofAtLeast: 0) == nil)
        #expect(SeedFile.OpenFile(scratch.root, ofAtLeast: 0) == nil)
        let open = try #require(SeedFile.OpenFile(scratch.path("a.json"), ofAtLeast: 1))
        let file = SeedFile(name: "a.json", collections: [House.houses, House.rooms], content: .file(open))
        #expect(try Store([House.rooms]).load([file]) == 3_001)
        #expect(throws: Never.self) { try Store.check([file]) }
        // It has become shorter since it was opened.
        try "{".write(toFile: scratch.path("a.json"), atomically: false, encoding: .utf8)
        #expect(try findings([file]) == ["a.json: line 1, column 2: unexpected end of input"])
    }
}

/// Work is shared out in order.
@Suite struct WorkersTests {
    struct Stop: Error {}

    @Test(arguments: [0, 1, 7, 1_000])
    func `What is made of elements is used in their order`(count: Int) {
        var next = 0
        var used: [Int] = []
        Workers.inOrder {
            next += 1
            return next <= count ? next : nil
        } make: { (number: Int) in
            // Some take longer than others.
            (0..<number % 7 * 1_000).reduce(number) { $0 ^ $1 ^ $1 }
        } use: { (number: Int) throws(Never) in
            used.append(number)
        }
        #expect(used == Array(1..<(count + 1)))
    }

    @Test func `Who uses them may stop, and no more are made`() {
        var next = 0
        #expect(throws: Stop.self) {
            try Workers.inOrder {
                next += 1
                return next
            } make: { (number: Int) in
                number
            } use: { (number: Int) throws(Stop) in
                if number == 100 { throw Stop() }
            }
        }
        #expect(next < 1_000)
    }
}
