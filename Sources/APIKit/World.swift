package import PatchbayHTTP
public import PatchbayStore
internal import Synchronization

/// What all emulated APIs of one emulator share.
public final class World: Sendable {
    /// The services' data.
    public let store: Store
    /// The services' time.
    public let clocks: Clocks
    /// How fast steps come that wait for nobody.
    public let pace: Lifecycle.Pace
    /// Where identifiers come from.
    public let identifiers: Identifiers
    /// What is asked of credentials.
    public let authentication: AuthenticationMode
    /// Which reading of each quirk is in force.
    public let quirks: Readings
    /// What was counted of nonces.
    public let nonceCounts = NonceCounts()
    /// The address that links begin with, when it is not the one a request was sent to.
    public let publicURL: String?
    /// What callers of the control plane have to bring; `nil` where nothing is asked of them.
    public let adminToken: String?
    /// The services, for the control plane.
    public let services: [Service]
    /// What was asked and answered.
    public let journal: Journal
    /// What goes wrong on purpose.
    public let faults = FaultTable()
    /// What is counted.
    public let metrics = Metrics()
    /// What requests did that the operations do not provide for.
    public let diagnostics = Diagnostics()
    /// Whether such requests are refused.
    public let isStrict: Bool
    /// Where failures go that no client may see in full.
    let report: @Sendable (String) -> Void
    /// Where what was found of requests goes, each finding once.
    private let notice: @Sendable (String) -> Void
    /// When the emulator began.
    public let started: Timestamp
    private let beginning = Stopwatch.now
    /// Whether a tenant that nobody knows is made when it is asked for.
    let opensTenants: Bool
    /// The first list of each API, by its name.
    let examples = Mutex<[String: Tenant]>([:])
    /// Reads the seeds; `nil` where there are none.
    let seeds = Mutex<(@Sendable () throws -> [SeedFile])?>(nil)
    private let ready = Atomic<Bool>(false)
    /// When steps that could not be taken are tried again, by the stopwatch; 0 when there are none.
    private let nextTry = Atomic<Int64>(0)
    private let knownVocabulary = Mutex<Vocabulary?>(nil)
    private let connectionCount = Mutex<(@Sendable () -> Int)?>(nil)

    /// Makes a world.
    public init(
        services: [Service],
        store: Store,
        clock: Clock = .system,
        pace: Lifecycle.Pace = .immediate,
        identifiers: Identifiers = Identifiers(),
        authentication: AuthenticationMode = .present,
        quirks: Readings = Readings(),
        publicURL: String? = nil,
        adminToken: String? = nil,
        journalCapacity: Int = 1_000,
        opensTenants: Bool = false,
        isStrict: Bool = false,
        notice: @escaping @Sendable (String) -> Void = { _ in },
        report: @escaping @Sendable (String) -> Void = { _ in },
    ) {
        self.services = services
        self.store = store
        clocks = Clocks(clock)
        self.pace = pace
        self.identifiers = identifiers
        self.authentication = authentication
        self.quirks = quirks
        self.publicURL = publicURL
        self.adminToken = adminToken
        journal = Journal(capacity: journalCapacity)
        self.opensTenants = opensTenants
        self.isStrict = isStrict
        self.notice = notice
        self.report = report
        started = clock.now
    }

    /// What the services call their parameters; worked out for the first request that has something wrong with it.
    var vocabulary: Vocabulary {
        knownVocabulary.withLock { known in
            let vocabulary = known ?? Vocabulary(services)
            known = vocabulary
            return vocabulary
        }
    }

    /// Whether the seeds are loaded.
    public var isReady: Bool { ready.load(ordering: .acquiring) }

    /// Bits for the identifier of a resource that is made at a moment.
    ///
    /// They are the same in equal runs, and others at every other time.
    public func freshIdentifier(at moment: Timestamp) -> Identifier { identifiers.fresh(at: moment) }

    /// Takes an exchange down, and counts it.
    ///
    /// - Parameters:
    ///   - entry: what is known of it.
    ///   - loop: the number of the loop that it was on.
    package func observe(_ entry: JournalEntry, on loop: Int) {
        let series = Metrics.Series(api: entry.api ?? "", route: entry.route, status: entry.status?.code ?? 0)
        metrics.count(series, duration: entry.duration, strikes: entry.faults.count, on: loop)
        let findings = entry.findings
        guard !findings.isEmpty else {
            journal.note(entry, on: loop)
            return
        }
        let (root, moment) = (entry.root, entry.moment)
        diagnose(findings, of: root, at: moment, example: journal.record(entry))
    }

    /// Takes down what was found of a request, and tells what is new.
    private func diagnose(_ findings: [Finding], of root: Root?, at moment: Timestamp, example: UInt64) {
        for line in diagnostics.note(findings, of: root, at: moment, example: example) { notice(line) }
    }

    /// Takes an exchange down that leads to no API, and counts it.
    package func observe(_ request: Request, _ response: Response, unmatched: String?, since start: Int64) {
        let content = JournalEntry.Content(
            request,
            status: response.status,
            bytes: response.body.count,
            unmatched: unmatched,
            findings: unmatched.map { [.outside(request, $0)] } ?? []
        )
        observe(JournalEntry(moment: clocks.now(), since: start, content), on: request.loop)
    }

    /// The header that tells a tenant's time, where that may be another one than the server's, which is the machine's.
    func dateHeader(at moment: Timestamp) -> (name: String, value: String)? {
        guard !clocks.isMachineTime else { return nil }
        return ("Date", HTTPDate(secondsSince1970: Int(moment.seconds)).description)
    }

    /// Counts bytes that are no acceptable request; there is nothing to take down of them.
    package func count(refusalBy api: String?, _ status: Status, since start: Int64) {
        let series = Metrics.Series(api: api ?? "", status: status.code)
        metrics.count(series, duration: Stopwatch.now - start, on: 0)
    }

    /// Takes every step of a lifecycle that is due by itself.
    ///
    /// A store that fails is left alone for a while: whoever reads need not wait for it, nor the log be filled with it.
    ///
    /// - Returns: the steps that were taken.
    @discardableResult
    package func settle() -> [TakenStep] {
        let time = nextTry.load(ordering: .relaxed)
        guard time == 0 || Stopwatch.now >= time else { return [] }
        do {
            let taken = try store.settle(pace) { clocks.now(of: $0) }
            if time != 0 { nextTry.store(0, ordering: .relaxed) }
            return taken
        } catch {
            nextTry.store(Stopwatch.now + 1_000_000_000, ordering: .relaxed)
            report("a step of a lifecycle failed: \(error)")
            return []
        }
    }

    /// For how many seconds the emulator has been there, whatever is done to clocks.
    package var uptimeSeconds: Int64 { (Stopwatch.now - beginning) / 1_000_000_000 }

    /// How many connections are open; 0 without a server.
    package var connections: Int { connectionCount.withLock { $0 }?() ?? 0 }

    /// Says who knows how many connections are open.
    package func countConnections(_ count: @escaping @Sendable () -> Int) {
        connectionCount.withLock { $0 = count }
    }

    /// Says that the seeds are loaded.
    public func becomeReady() { ready.store(true, ordering: .releasing) }
}

/// What is asked of credentials.
public enum AuthenticationMode: String, Sendable, CaseIterable {
    /// Nothing.
    case off
    /// They are there, and have the form of a documented scheme.
    case present
    /// They are among those of the seeds, right, and suffice for what is asked.
    case known
}
