public import Foundation
internal import Patchbay
internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// The test vectors of a contract: `Vectors/vectors.json` and `Vectors/fixture.json` of an API's test target.
///
/// `README.md` beside this file describes the format.
public struct VectorFile: Sendable {
    /// What is wrong with the files, or missing in them.
    public private(set) var problems: [String] = []
    /// The vectors, one case for each request that they begin with.
    public private(set) var cases: [VectorCase] = []

    private var source = VectorSource()
    private var statements = Statements()

    /// Reads the vectors of a test target.
    ///
    /// - Parameter bundle: the target's `Bundle.module`.
    public init(in bundle: Bundle) {
        source.directory = (bundle.resourcePath ?? "") + "/Vectors"
        do {
            source.fixture = try source.content(of: "fixture.json")
            statements = try Statements(try JSON(parsing: try source.content(of: "statements.json")))
            try readFindings(try JSON(parsing: try source.content(of: "findings.json")))
            try read(try JSON(parsing: try source.content(of: "vectors.json")))
        } catch {
            problems.append("\(error)")
        }
    }

    private mutating func read(_ document: JSON) throws {
        var members = try Members(document, at: "vectors.json")
        source.api = try members.string("api") ?? ""
        source.now = try members.string("now")
        let rows = try members.integer("rows")
        var words = Words()
        try words.define(try members.object("define") ?? [:])
        let answers = try members.object("answers") ?? [:]
        var common = RequestForm.Common()
        if let digest = members.take("digest") { common.digest = try DigestForm(digest, words: words, at: "the file") }
        for (name, value) in try members.object("headers") ?? [:] {
            common.headers.append((name, try words.expand(value.stringValue ?? "")))
        }
        var entries = (try members.array("vectors") ?? []).map { (value: $0, mode: String?.none) }
        for name in ["known.json", "quirks.json", "input.json", "writes.json"] {
            var file = try Members(try JSON(parsing: try source.content(of: name)), at: name)
            let mode = try file.string("auth")
            entries += (try file.array("vectors") ?? []).map { ($0, mode) }
            try file.finish()
        }
        for (value, mode) in entries {
            do throws(FormatError) {
                let vector = try Vector(value, mode: mode, common: common, answers: answers, words: words)
                if source.vectors[vector.name] != nil { problems.append("\(vector.name) stands there twice") }
                source.vectors[vector.name] = vector
                source.order.append(vector.name)
            } catch {
                problems.append(error.description)
            }
        }
        var skipped: [String] = []
        for value in try members.array("skipped") ?? [] {
            var entry = try Members(value, at: "skipped")
            let name = try entry.string("name") ?? ""
            if try entry.string("why")?.isEmpty != false { problems.append("\(name) is skipped without a reason") }
            try entry.finish()
            skipped.append(name)
        }
        try members.finish()
        checkCompleteness(rows: rows, names: source.order + skipped)
        let vectors = source.order.compactMap { source.vectors[$0] }
        problems += source.findings.keys.filter { source.vectors[$0] == nil }.map { "findings.json lists \($0)" }
        problems += statements.problems(provenBy: vectors)
        problems += try missingReadings(among: vectors)
        cases = vectors.flatMap { vector in
            vector.modes.flatMap { mode in
                vector.steps[0].requests.map {
                    VectorCase(source: source, vector: vector, request: $0, mode: mode)
                }
            }
        }
    }

    private mutating func readFindings(_ document: JSON) throws {
        for (name, value) in document.objectValue ?? [:] {
            source.findings[name] = Set((value.arrayValue ?? []).compactMap(\.stringValue))
        }
    }

    /// Every reading that can be chosen is shown to make a difference.
    private func missingReadings(among vectors: [Vector]) throws -> [String] {
        let service = try Catalogue.services().first { $0.name == source.api }
        let shown = Set(vectors.flatMap(\.quirks))
        return (service?.quirks ?? []).flatMap { quirk in
            quirk.readings.dropFirst().map { "\(quirk.name)=\($0.name)" }
        }.filter { !shown.contains($0) }.map { "no vector shows \($0)" }
    }

    /// Every row of the contract is there.
    private mutating func checkCompleteness(rows: Int?, names: [String]) {
        let numbers = Set(names.compactMap { Int($0.prefix { $0.isNumber }) })
        guard let rows else {
            problems.append("\"rows\" does not say how many rows the contract has")
            return
        }
        for row in 0..<rows where !numbers.contains(row + 1) {
            problems.append("row \(row + 1) is neither a vector nor skipped")
        }
        for number in numbers.sorted() where number < 1 || number > rows {
            problems.append("the contract has no row \(number)")
        }
    }
}

/// What the cases of a file share.
struct VectorSource: Sendable {
    var api = ""
    var directory = ""
    var fixture: [UInt8] = []
    var now: String?
    var vectors: [String: Vector] = [:]
    var order: [String] = []
    /// What successful requests do that the operations do not provide for, by the names of vectors.
    var findings: [String: Set<String>] = [:]

    /// Made-up rows as a seed document, as `patchbay seed generate` writes them.
    private static func samples(_ made: (collection: String, samples: [Sample])) -> JSON.Object {
        let rows = made.samples.map { sample in
            var row = sample.document
            for child in sample.children {
                switch child.rows {
                case .samples(let samples):
                    row[child.collection] = Self.samples((child.collection, samples))[child.collection]
                case .plain(let count, let make): row[child.collection] = .array((0..<count).map { .object(make($0)) })
                }
            }
            return JSON.object(row)
        }
        return JSON.Object([(made.collection, .array(rows))])
    }

    func content(of name: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: "\(directory)/\(name)") else {
            throw FormatError("\(directory)/\(name) cannot be read")
        }
        return [UInt8](data)
    }

    /// A time for a vector, which moves only when a step says so.
    func time(of vector: Vector) throws -> VectorTime { try VectorTime(vector.now ?? now ?? "") }

    /// A fresh emulator that holds the fixture, and what the vector adds to it.
    func emulator(for vector: Vector, _ mode: AuthenticationMode, _ time: VectorTime) throws -> Emulator {
        let emulator = try Emulator(
            authentication: mode,
            quirks: vector.quirks,
            clock: time.clock,
            pace: vector.pace,
        )
        let service = emulator.world.services.first { $0.name == api }
        guard let service else { throw FormatError("no API is called \(api)") }
        var files = [SeedFile(name: "fixture.json", collections: service.collections, content: fixture)]
        if let seed = vector.seed {
            let made = seed.int64Value.map { JSON.object(Self.samples(service.samples(Int($0)))).compact() }
            let bytes = try made ?? seed.stringValue.map { try content(of: $0) } ?? seed.compact()
            files.append(SeedFile(name: "the seed of \(vector.name)", collections: service.collections, content: bytes))
        }
        try emulator.world.store.load(files)
        emulator.world.becomeReady()
        return emulator
    }
}
