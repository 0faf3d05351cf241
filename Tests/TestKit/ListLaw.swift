internal import Patchbay
internal import PatchbayAPIKit
internal import PatchbayHTTP
package import PatchbayJSON
internal import PatchbayStore
package import SeededGenerator

/// What holds for an API's list whatever its rows are, checked against a plain array of the same rows.
///
/// A module says how its rows are made, what can be asked and how a page is asked for; the laws are here. The emulator is
/// driven by requests, and written to as its own operations would write.
package struct ListLaw: Sendable {
    /// What is asked: query parameters, and the same in terms of rows.
    package struct Question: Sendable {
        var query: String
        var isMatch: @Sendable (JSON.Object) -> Bool
        var isBefore: @Sendable (JSON.Object, JSON.Object) -> Bool

        /// Says what is asked.
        ///
        /// - Parameters:
        ///   - query: the query parameters, `status=accepted&sort_dir=asc`.
        ///   - isMatch: whether a row is in the list.
        ///   - isBefore: whether a row comes before another.
        package init(
            _ query: String,
            where isMatch: @escaping @Sendable (JSON.Object) -> Bool = { _ in true },
            isBefore: @escaping @Sendable (JSON.Object, JSON.Object) -> Bool,
        ) {
            self.query = query
            self.isMatch = isMatch
            self.isBefore = isBefore
        }
    }

    /// The API's name.
    package var api: String
    /// A seed document with the row that the list stands in.
    package var roots: JSON
    /// The collection of the rows, and the keys of the row that they stand in.
    package var collection: String
    package var parents: [String]
    /// The member that identifies a row, in the seeds and in answers.
    package var key: String
    /// The list's path.
    package var path: String
    /// Where an answer has its rows and their total.
    package var rows: String
    package var total: String
    /// Parameters that ask for so many rows from a place; `nil` where pages are only followed.
    package var window: @Sendable (_ offset: Int, _ size: Int) -> String?
    /// Parameters that ask for the first page of a size.
    package var first: @Sendable (_ size: Int) -> String
    /// Where an answer has the address of the next page; `nil` where the window is moved on.
    package var next: String?
    /// The largest page.
    package var largest: Int
    /// Makes a row.
    package var make: @Sendable (_ number: Int, _ generator: inout SeededGenerator) -> JSON.Object
    /// Makes a question.
    package var ask: @Sendable (_ generator: inout SeededGenerator) -> Question

    /// Describes a list.
    package init(
        api: String,
        roots: JSON,
        collection: String,
        parents: [String],
        key: String,
        path: String,
        rows: String,
        total: String,
        next: String? = nil,
        largest: Int,
        first: @escaping @Sendable (Int) -> String,
        window: @escaping @Sendable (Int, Int) -> String?,
        make: @escaping @Sendable (Int, inout SeededGenerator) -> JSON.Object,
        ask: @escaping @Sendable (inout SeededGenerator) -> Question,
    ) {
        self.api = api
        self.roots = roots
        self.collection = collection
        self.parents = parents
        self.key = key
        self.path = path
        self.rows = rows
        self.total = total
        self.next = next
        self.largest = largest
        self.first = first
        self.window = window
        self.make = make
        self.ask = ask
    }
}

extension ListLaw {
    /// Runs all laws.
    ///
    /// - Parameter seed: what everything random follows from.
    /// - Returns: what does not hold, each with the seed.
    /// - Throws: when a row cannot be written, or an answer is none.
    package func violations(seed: UInt64) throws -> [String] {
        var generator = SeededGenerator(seed: seed)
        var found: [String] = []
        for _ in 0..<4 {
            let bench = try Bench(self)
            for number in Array(0..<Int.random(in: 0...60, using: &generator)).shuffled(using: &generator) {
                try bench.insert(make(number, &generator))
            }
            for _ in 0..<12 {
                found += try windows(of: ask(&generator), bench, &generator)
                found += try walk(of: ask(&generator), bench, &generator)
            }
            found += try interleaved(ask(&generator), bench, &generator)
        }
        return found.map { "seed \(seed): \($0)" }
    }

    /// Any window is that of the array, and so is the total.
    private func windows(of question: Question, _ bench: Bench, _ generator: inout SeededGenerator) throws -> [String] {
        let expected = bench.answer(to: question)
        let size = Int.random(in: 1...min(largest, 70), using: &generator)
        let page =
            [0, 1, Int.random(in: 0...4, using: &generator), expected.count / size]
            .randomElement(using: &generator) ?? 0
        let offset = page * size
        guard let window = window(offset, size) else { return [] }
        let answer = try bench.page(question.query, window)
        return compare(answer, Array(expected.dropFirst(offset).prefix(size)), expected.count, question, window)
    }

    /// Pages put together are the list, each row once, and every page has the same total.
    private func walk(of question: Question, _ bench: Bench, _ generator: inout SeededGenerator) throws -> [String] {
        let expected = bench.answer(to: question)
        let size = Int.random(in: 1...min(largest, 30), using: &generator)
        var found: [String] = []
        var walked: [String] = []
        var page = try bench.page(question.query, first(size))
        for turn in 1... {
            if page.total != expected.count { found.append("\(question.query): total \(page.total)") }
            walked += page.keys
            guard walked.count <= expected.count, let following = try bench.page(after: page, turn, size, question)
            else { break }
            page = following
        }
        if walked != expected { found.append("\(question.query), pages of \(size): \(walked) and not \(expected)") }
        return found
    }

    /// Rows come and go between pages.
    ///
    /// Where pages are counted, each is that of the moment it is asked for; where they are followed by key, every row that
    /// stays is met once.
    private func interleaved(
        _ question: Question,
        _ bench: Bench,
        _ generator: inout SeededGenerator
    ) throws -> [String] {
        let before = bench.answer(to: question)
        let size = Int.random(in: 1...min(largest, 7), using: &generator)
        var found: [String] = []
        var walked: [String] = []
        var page = try bench.page(question.query, first(size))
        var number = 1_000
        // Where pages are counted there is always another one to ask for.
        for turn in 1...(next == nil ? 40 : 1_000) {
            walked += page.keys
            for _ in 0..<Int.random(in: 0...2, using: &generator) {
                if Bool.random(using: &generator), let row = bench.rows.randomElement(using: &generator) {
                    try bench.remove(row)
                } else {
                    try bench.insert(make(number, &generator))
                    number += 1
                }
            }
            let now = bench.answer(to: question)
            if let window = window(turn * size, size) {
                page = try bench.page(question.query, window)
                found += compare(page, Array(now.dropFirst(turn * size).prefix(size)), now.count, question, window)
            } else {
                guard let following = try bench.page(after: page, turn, size, question) else { break }
                page = following
                if page.total != now.count { found.append("\(question.query): total \(page.total), not \(now.count)") }
            }
        }
        guard next != nil, window(0, 1) == nil else { return found }
        let stayed = before.filter(Set(bench.answer(to: question)).contains)
        if walked.filter(Set(stayed).contains) != stayed { found.append("\(question.query): \(walked) of \(stayed)") }
        return found
    }

    private func compare(
        _ page: Bench.Page,
        _ expected: [String],
        _ total: Int,
        _ question: Question,
        _ window: String
    ) -> [String] {
        page.keys == expected && page.total == total
            ? [] : ["\(question.query)&\(window): \(page.keys) of \(page.total) and not \(expected) of \(total)"]
    }
}

/// An emulator with a list, and an array with the same rows.
private final class Bench {
    struct Page {
        var keys: [String]
        var total: Int
        var next: String?
    }

    private let law: ListLaw
    private let emulator: Emulator
    private let collection: Collection
    private let parent: RowID
    private(set) var rows: [JSON.Object] = []

    init(_ law: ListLaw) throws {
        self.law = law
        emulator = try Emulator(authentication: .off)
        guard let service = emulator.world.services.first(where: { $0.name == law.api }),
            let collection = service.collections.first(where: { $0.name == law.collection }),
            let above = collection.parent
        else { throw FormatError("there is no \(law.collection)") }
        self.collection = collection
        let seeds = SeedFile(name: "roots", collections: service.collections, content: law.roots.compact())
        try emulator.world.store.load([seeds])
        emulator.world.becomeReady()
        guard let parent = try emulator.world.store.find(above, law.parents) else { throw FormatError("no parent") }
        self.parent = parent
    }

    func insert(_ row: JSON.Object) throws {
        let written = WrittenRow(try collection.checked(row), of: collection, below: law.parents)
        _ = try emulator.world.store.write { try $0.insert(written, into: collection, under: parent) }
        rows.append(row)
    }

    func remove(_ row: JSON.Object) throws {
        let key = row[law.key]?.stringValue ?? ""
        guard let place = try emulator.world.store.find(collection, law.parents + [key]) else { return }
        try emulator.world.store.write { try $0.delete(place, from: collection) }
        rows.removeAll { $0[law.key]?.stringValue == key }
    }

    /// The keys of a question's rows, in order.
    func answer(to question: ListLaw.Question) -> [String] {
        rows.filter(question.isMatch).sorted(by: question.isBefore).map { $0[law.key]?.stringValue ?? "" }
    }

    func page(_ queries: String...) throws -> Page {
        let query = queries.filter { !$0.isEmpty }.joined(separator: "&")
        return try page(at: law.path + (query.isEmpty ? "" : "?" + query))
    }

    /// The next page: the one that the answer names, or the next window; `nil` behind the last one.
    func page(after page: Page, _ turn: Int, _ size: Int, _ question: ListLaw.Question) throws -> Page? {
        if law.next != nil { return try page.next.map(self.page(at:)) }
        guard !page.keys.isEmpty, let window = law.window(turn * size, size) else { return nil }
        return try self.page(question.query, window)
    }

    private func page(at target: String) throws -> Page {
        let relative = target.split(separator: "://", maxSplits: 1).last.map {
            target.hasPrefix("/") ? target : "\($0)"
        }
        let path = relative.map { String($0[($0.firstIndex(of: "/") ?? $0.startIndex)...]) } ?? target
        let response = emulator.respond(to: try Request(parsing: "GET \(path) HTTP/1.1\r\nHost: test\r\n\r\n"))
        let json = try JSON(parsing: response.body)
        guard response.status == .ok, let total = try Place(law.total).value(in: json)?.int64Value else {
            throw FormatError("\(path): \(response.status) with \(json)")
        }
        let keys = try Place(law.rows).values(in: json).compactMap { $0[law.key]?.stringValue }
        let next = try law.next.flatMap { try Place($0).values(in: json).first?.stringValue }
        return Page(keys: keys, total: Int(total), next: next?.isEmpty == true ? nil : next)
    }
}

/// What random rows are made of.
package enum RandomText {
    /// A text that may be empty, of ordinary and odd characters.
    package static func text(_ generator: inout SeededGenerator, upTo length: Int = 12) -> String {
        let pieces = ["a", "B", "é", "e\u{301}", "漢", "😀", "\"", "\\", "/", "<", "&", "\u{7f}", "\u{2028}", " ", "\t"]
        return (0..<Int.random(in: 0...length, using: &generator))
            .map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
    }

    /// One of few seconds, so that many rows share it.
    package static func time(_ generator: inout SeededGenerator) -> String {
        "2026-01-02T03:04:0\(Int.random(in: 0...4, using: &generator))Z"
    }
}
