public import PatchbayStore
internal import Synchronization

/// What requests did that the operations do not provide for, tenant by tenant: each finding once, and how often it was made.
public final class Diagnostics: Sendable {
    /// A finding that was made, once or more often.
    public struct Entry: Sendable {
        /// What was found, in the words of the first time.
        public var finding: Finding
        /// How often.
        public var count = 1
        /// When for the first time, by the tenant's clock.
        public var first: Timestamp
        /// When for the last time.
        public var last: Timestamp
        /// The number of the last exchange in the journal that it was made of.
        public var example: UInt64
        /// Its place among all that were made.
        fileprivate var place: Int
    }

    /// What makes findings the same.
    fileprivate struct Key: Hashable {
        var kind: Finding.Kind
        var api: String
        var operation: String?
        var parameter: String?
        var value: String?

        init(_ finding: Finding) {
            kind = finding.kind
            api = finding.api
            operation = finding.operation
            parameter = finding.parameter
            value = finding.value
        }
    }

    fileprivate struct Place: Hashable {
        var root: Root?
        var key: Key
    }

    fileprivate struct State {
        var entries: [Place: Entry] = [:]
        /// How many there are of each tenant.
        var sizes: [Root?: Int] = [:]
        /// How often something was found for which there was no room.
        var further = 0
        var lastPlace = 0
        /// What was told already.
        var told: Set<Key> = []
    }

    /// So many different findings are kept of a tenant, and told.
    static let mostOfTenant = 1_000
    /// So many are kept of all tenants together.
    static let most = 10_000

    private let state = Mutex(State())
    private let found = Atomic<Bool>(false)

    init() {}

    /// Whether anything was ever found, cleared or not.
    public var hasFound: Bool { found.load(ordering: .acquiring) }

    /// Takes findings down.
    ///
    /// - Parameters:
    ///   - findings: what was found of one exchange.
    ///   - root: the tenant.
    ///   - moment: when, by its clock.
    ///   - example: the exchange's number in the journal.
    /// - Returns: lines about what nobody was told yet.
    func note(_ findings: [Finding], of root: Root?, at moment: Timestamp, example: UInt64) -> [String] {
        found.store(true, ordering: .releasing)
        return state.withLock { state in
            var lines: [String] = []
            for finding in findings {
                let key = Key(finding)
                state.count(finding, at: Place(root: root, key: key), moment, example)
                if let line = state.line(about: finding, key) { lines.append(line) }
            }
            return lines
        }
    }

    /// What was found of some tenants, in the order of the first time, and how often there was no room for more; of all, each
    /// finding once, when `nil`.
    public func extract(of roots: [Root]? = nil, api: String? = nil) -> (entries: [Entry], further: Int) {
        let (entries, further) = state.withLock { ($0.entries, $0.further) }
        var merged: [Key: Entry] = [:]
        for (place, entry) in entries where api == nil || entry.finding.api == api {
            if let roots, !roots.contains(where: { $0 == place.root }) { continue }
            merged[place.key] = merged[place.key]?.merged(with: entry) ?? entry
        }
        return (merged.values.sorted { $0.place < $1.place }, further)
    }

    /// Forgets what was found.
    ///
    /// - Parameter root: of which tenant; of all when `nil`.
    /// - Returns: how many findings those were.
    @discardableResult
    public func clear(_ root: Root? = nil) -> Int {
        state.withLock { state in
            let count = state.entries.count
            if let root {
                state.entries = state.entries.filter { $0.key.root != root }
                state.sizes[root] = nil
            } else {
                state.entries = [:]
                state.sizes = [:]
                state.further = 0
            }
            return count - state.entries.count
        }
    }
}

extension Diagnostics.State {
    /// Counts a finding, where there is room for it.
    fileprivate mutating func count(
        _ finding: Finding,
        at place: Diagnostics.Place,
        _ moment: Timestamp,
        _ example: UInt64
    ) {
        if entries[place] != nil {
            entries[place]?.count += 1
            entries[place]?.last = moment
            entries[place]?.example = example
            return
        }
        let size = sizes[place.root, default: 0]
        guard size < Diagnostics.mostOfTenant, entries.count < Diagnostics.most else {
            further += 1
            return
        }
        sizes[place.root] = size + 1
        lastPlace += 1
        entries[place] = Diagnostics.Entry(
            finding: finding,
            first: moment,
            last: moment,
            example: example,
            place: lastPlace
        )
    }

    /// A line about a finding that was not told yet.
    fileprivate mutating func line(about finding: Finding, _ key: Diagnostics.Key) -> String? {
        guard told.count < Diagnostics.mostOfTenant, told.insert(key).inserted else { return nil }
        // What leads to no operation is told by its path.
        let place = [finding.api, finding.operation ?? finding.value ?? ""].filter { !$0.isEmpty }
        let last = told.count == Diagnostics.mostOfTenant ? "; further findings are in /_patchbay/diagnostics only" : ""
        return "\(place.joined(separator: " ")): \(finding.says); documented: \(finding.documented)\(last)"
    }
}

extension Diagnostics.Entry {
    /// The same finding of two tenants.
    fileprivate func merged(with other: Self) -> Self {
        var merged = place < other.place ? self : other
        merged.count = count + other.count
        merged.first = min(first, other.first)
        merged.last = max(last, other.last)
        merged.example = max(example, other.example)
        return merged
    }
}
