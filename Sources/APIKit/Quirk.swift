internal import PatchbayStore

/// A point on which the vendor's documents leave more than one reading, and the readings that can be chosen.
///
/// Each API declares its own in `Quirks.swift`. The first reading is the one that was decided on; another is chosen at start
/// (`--quirk atlas.includeCount=zero`). `patchbay quirks` and `docs/quirks.md` list them all.
public struct Quirk: Sendable {
    /// What may be chosen: a word, and what the emulator does then.
    public typealias Reading = (name: String, says: String)

    /// The API's name, a dot, and a word: `atlas.includeCount`.
    public let name: String
    /// The passage that leaves it open: where it stands, and what it says or does not say.
    public let passage: String
    /// The readings, the decided one first.
    public let readings: [Reading]

    /// The reading that was decided on.
    public var standard: String { readings[0].name }

    /// Declares a quirk.
    ///
    /// - Parameters:
    ///   - name: its name, which begins with the API's.
    ///   - passage: what leaves it open.
    ///   - standard: the reading that was decided on.
    ///   - others: the other readings.
    public init(_ name: String, _ passage: String, _ standard: Reading, _ others: Reading...) {
        self.name = name
        self.passage = passage
        readings = [standard] + others
    }
}

/// Which reading of each quirk is in force.
public struct Readings: Sendable {
    /// Only what differs from the standard, so that asking costs next to nothing when nothing does.
    private var chosen: [String: String] = [:]

    /// The decided readings.
    public init() {}

    /// Chooses readings.
    ///
    /// - Parameters:
    ///   - settings: what to choose, as `name=reading`.
    ///   - quirks: what there is to choose.
    /// - Throws: `QuirkError` for a setting that names no quirk, or none of its readings, or one quirk twice.
    public init(_ settings: [String], among quirks: [Quirk]) throws(QuirkError) {
        var named: Set<String> = []
        for setting in settings {
            let parts = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2 else { throw QuirkError(setting: setting, reason: "is not name=reading") }
            let names = quirks.map(\.name)
            guard let quirk = quirks.first(where: { $0.name == parts[0] }) else {
                let suggestion = Nearest.suggestion(for: parts[0], in: names)
                throw QuirkError(setting: setting, reason: "names no quirk\(suggestion) (`patchbay quirks` lists them)")
            }
            let readings = quirk.readings.map(\.name)
            guard readings.contains(parts[1]) else {
                let list = readings.joined(separator: ", ")
                throw QuirkError(setting: setting, reason: "names none of its readings, which are \(list)")
            }
            guard named.insert(quirk.name).inserted else {
                throw QuirkError(setting: setting, reason: "chooses a reading of \(quirk.name) again")
            }
            if parts[1] != quirk.standard { chosen[quirk.name] = parts[1] }
        }
    }

    /// Whether all readings are the decided ones.
    public var areStandard: Bool { chosen.isEmpty }

    /// The reading of a quirk that is in force.
    public subscript(quirk: Quirk) -> String {
        chosen.isEmpty ? quirk.standard : chosen[quirk.name] ?? quirk.standard
    }

    /// Whether a reading of a quirk is in force.
    public func take(_ quirk: Quirk, _ reading: String) -> Bool {
        assert(quirk.readings.contains { $0.name == reading }, "\(quirk.name) has no reading \(reading)")
        return self[quirk] == reading
    }
}

/// A choice of a reading that means nothing.
public struct QuirkError: Error, Sendable, CustomStringConvertible {
    /// The choice as written.
    public var setting: String
    /// What is wrong with it, in words that follow it.
    public var reason: String

    /// The choice and what is wrong with it.
    public var description: String { "\"\(setting)\" \(reason)" }
}
