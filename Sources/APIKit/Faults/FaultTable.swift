internal import PatchbayHTTP
public import PatchbayStore
internal import Synchronization

/// The faults that are in force, and what they have done so far.
public final class FaultTable: Sendable {
    /// How many may be in force, those of all tenants together: each looks at every request.
    public static let most = 1_000

    private let entries = Mutex<[Entry]>([])
    /// Spares every request the lock while there are none.
    private let hasFaults = Atomic<Bool>(false)

    /// A fault, and what it has done.
    public struct Entry: Sendable {
        /// The fault.
        public internal(set) var fault: Fault
        /// How many requests it has looked at.
        public internal(set) var seen: Int64 = 0
        /// How many of them it has struck.
        public internal(set) var fired: Int64 = 0
        /// For each tenant, when its window began and how many requests there were in it.
        var windows: [Root?: (start: Timestamp, used: Int)] = [:]
    }

    /// What a fault looks at.
    struct Target {
        var api: String
        var operation: String
        var root: Root?
        var request: Request
        var captures: [(name: String, value: PercentEncoded)]
        var now: Timestamp
    }

    /// What is to become of one request.
    struct Decision {
        /// The faults that strike.
        var strikes: [Fault.Strike] = []
        /// How long the answer is held back, in microseconds.
        var delay: Int64 = 0
        /// What becomes of it, by the first fault that says so.
        var effect: Fault.Effect?
        /// Whether the request has its effect all the same.
        var isAfter = false
        /// What is left of a limit that the request counts towards.
        var allowance: Allowance?
        /// Whether that limit is exceeded.
        var isLimited = false
        /// What stands in place of an answer that is garbage.
        var garbage: [UInt8] = []
        /// What the request itself asked for, of what is done.
        var preference: String?

        /// Whether the client gets no answer.
        var isAnswerLost: Bool {
            switch effect {
            case .reset, .empty, .garbage: true
            case .error, .truncated, .dribbled, .rateLimit, nil: false
            }
        }
    }

    /// Whether there are no faults.
    var isEmpty: Bool { !hasFaults.load(ordering: .acquiring) }

    /// Puts a fault in force, in place of one of the same name and tenant; its counts begin anew.
    ///
    /// - Returns: the fault as it begins, and whether there was none before; `nil` when there are too many.
    @discardableResult
    public func put(_ fault: Fault) -> (entry: Entry, isNew: Bool)? {
        entries.withLock { entries in
            let entry = Entry(fault: fault)
            if let place = entries.firstIndex(where: { $0.fault.isCalled(fault.name, of: fault.roots) }) {
                entries[place] = entry
                return (entry, false)
            }
            guard entries.count < Self.most else { return nil }
            entries.append(entry)
            hasFaults.store(true, ordering: .releasing)
            return (entry, true)
        }
    }

    /// Puts faults in force in place of all that some tenants have; of everything when `nil`.
    ///
    /// - Returns: whether that was done: all stays as it was when there would be too many.
    @discardableResult
    public func replaceAll(_ roots: [Root]?, by faults: [Fault]) -> Bool {
        entries.withLock { entries in
            let others = entries.filter { !$0.fault.belongs(to: roots) }
            guard others.count + faults.count <= Self.most else { return false }
            entries = others + faults.map { Entry(fault: $0) }
            hasFaults.store(!entries.isEmpty, ordering: .releasing)
            return true
        }
    }

    /// The faults of some tenants, in the order in which they look at requests; all when `nil`.
    public func list(_ roots: [Root]? = nil) -> [Entry] {
        entries.withLock { $0.filter { $0.fault.belongs(to: roots) } }
    }

    /// The fault of a name, of some tenants or of everything.
    public func find(_ name: String, of roots: [Root]?) -> Entry? {
        entries.withLock { $0.first { $0.fault.isCalled(name, of: roots) } }
    }

    /// Takes a fault out of force.
    ///
    /// - Returns: what it has done; `nil` when there was none.
    public func remove(_ name: String, of roots: [Root]?) -> Entry? {
        entries.withLock { entries in
            guard let place = entries.firstIndex(where: { $0.fault.isCalled(name, of: roots) }) else { return nil }
            let removed = entries.remove(at: place)
            hasFaults.store(!entries.isEmpty, ordering: .releasing)
            return removed
        }
    }

    /// Takes all faults of some tenants out of force; all of everything when `nil`.
    ///
    /// - Returns: how many there were.
    @discardableResult
    public func removeAll(_ roots: [Root]? = nil) -> Int {
        entries.withLock { entries in
            let count = entries.count
            entries.removeAll { $0.fault.belongs(to: roots) }
            hasFaults.store(!entries.isEmpty, ordering: .releasing)
            return count - entries.count
        }
    }

    /// Decides what is to become of a request.
    ///
    /// Every fault that looks at it counts it; delays add up, and of the rest the first one counts.
    ///
    /// - Returns: `nil` when no fault strikes it, and none limits it.
    func decide(_ target: borrowing Target) -> Decision? {
        let decision = entries.withLock { entries in
            var decision = Decision()
            for place in entries.indices where entries[place].fault.looks(at: target) {
                entries[place].meet(target, &decision)
            }
            return decision
        }
        return decision.strikes.isEmpty && decision.allowance == nil ? nil : decision
    }
}

extension FaultTable.Entry {
    /// Counts a request, and strikes it if it is its turn.
    fileprivate mutating func meet(_ target: borrowing FaultTable.Target, _ decision: inout FaultTable.Decision) {
        seen += 1
        let draw = FaultDraw(seed: fault.seed, ordinal: seen)
        guard draw.strikes(fault.schedule) else { return }
        if case .rateLimit(let requests, let seconds) = fault.effect {
            let (left, isExceeded) = use(of: requests, in: seconds, target)
            // Of several limits, an exceeded one counts, or else the one of which least is left.
            if !decision.isLimited, isExceeded || left.remaining < decision.allowance?.remaining ?? .max {
                decision.allowance = left
            }
            guard isExceeded, !decision.isLimited, decision.effect == nil else { return }
            decision.isLimited = true
        } else if let effect = fault.effect {
            guard decision.effect == nil, !decision.isLimited else { return }
            decision.effect = effect
            decision.isAfter = fault.isAfter
            if case .garbage(let count) = effect { decision.garbage = draw.bytes(count) }
        }
        if let delay = fault.delay { decision.delay += draw.length(of: delay) }
        fired += 1
        decision.strikes.append(Fault.Strike(name: fault.name, ordinal: seen))
    }

    /// Counts a request in its tenant's window.
    private mutating func use(
        of requests: Int,
        in seconds: Int,
        _ target: borrowing FaultTable.Target
    ) -> (left: Allowance, isExceeded: Bool) {
        let length = Int64(seconds) * 1_000_000
        var window = windows[target.root] ?? (target.now, 0)
        let age = target.now.microseconds - window.start.microseconds
        // A clock may have been set back.
        if age >= length || age < 0 { window = (target.now, 0) }
        window.used += 1
        windows[target.root] = window
        let rest = window.start.microseconds + length - target.now.microseconds
        let left = Allowance(
            limit: requests,
            remaining: max(0, requests - window.used),
            window: seconds,
            resetsIn: Int((rest + 999_999) / 1_000_000)
        )
        return (left, window.used > requests)
    }
}

extension Fault {
    fileprivate func isCalled(_ name: String, of roots: [Root]?) -> Bool {
        self.name == name && self.roots == roots
    }

    /// Whether it is one of some tenants' own; every one is one of everything.
    fileprivate func belongs(to roots: [Root]?) -> Bool {
        guard let roots else { return true }
        return self.roots?.allSatisfy(roots.contains) ?? false
    }

    /// Whether it looks at a request.
    fileprivate func looks(at target: borrowing FaultTable.Target) -> Bool {
        if let roots, !(target.root.map(roots.contains) ?? false) { return false }
        if let api, api != target.api { return false }
        if let operation, operation != target.operation { return false }
        for (name, value) in parameters where target.value(of: name) != value { return false }
        return true
    }
}

extension FaultTable.Target {
    /// A parameter of the path, or else of the query, decoded.
    fileprivate func value(of name: String) -> String? {
        if let capture = captures.first(where: { $0.name == name }) { return capture.value.text }
        guard let item = request.target.query.first(where: { $0.name.text == name }) else { return nil }
        return item.value?.text ?? ""
    }
}
