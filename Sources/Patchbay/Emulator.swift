public import PatchbayAPIKit
public import PatchbayHTTP
internal import PatchbayJSON
public import PatchbayStore
internal import Synchronization

/// The five emulated APIs and the control plane in one: a function from requests to responses.
///
/// It needs no socket: `send(_:_:headers:body:)` asks it in memory, `serve(_:_:)` puts it behind a port for as long as a test takes.
public final class Emulator: Sendable {
    /// What all emulated APIs share.
    package let world: World
    private let control: Service
    /// What is asked for before somebody else asks.
    private let firstRequests = Mutex<[(Service, Request)]>([])

    /// Makes an emulator, in memory unless a file is named.
    ///
    /// - Parameters:
    ///   - seeds: the data that it begins with; nothing when `nil`, until `load(_:)`.
    ///   - authentication: what is asked of credentials.
    ///   - quirks: readings other than the decided ones, as `atlas.includeCount=zero`.
    ///   - publicURL: the address that links begin with, when it is not the one a request was sent to.
    ///   - adminToken: what callers of the control plane have to bring; `nil` where nothing is asked of them.
    ///   - file: where the data is kept; in memory when `nil`.
    ///   - clock: the services' time.
    ///   - pace: how fast resources come into the states that wait for nobody.
    ///   - identifiers: where identifiers come from.
    ///   - journal: how many exchanges are kept of each tenant.
    ///   - isStrict: whether requests that do not keep to the contract are refused with 501.
    ///   - notice: called with what requests do that the operations do not provide for, with each finding once.
    ///   - opensTenants: whether a tenant that nobody knows is made when it is asked for, as a copy of the API's example.
    ///   - report: called with failures of the emulator itself, of which clients are told as little as by the vendor.
    /// - Throws: `QuirkError`; `SeedError`; `StoreFileError` or `SQLiteError` when the file cannot be used.
    public init(
        seeds: Seeds? = nil,
        authentication: AuthenticationMode = .present,
        quirks: [String] = [],
        publicURL: String? = nil,
        adminToken: String? = nil,
        file: String? = nil,
        clock: Clock = .system,
        pace: Lifecycle.Pace = .immediate,
        identifiers: Identifiers = Identifiers(),
        journal: Int = 1_000,
        isStrict: Bool = false,
        notice: @escaping @Sendable (String) -> Void = { _ in },
        opensTenants: Bool = false,
        report: @escaping @Sendable (String) -> Void = { _ in },
    ) throws {
        let services = try Catalogue.services()
        let quirks = try Readings(quirks, among: services.flatMap(\.quirks))
        world = World(
            services: services,
            store: try Store(services.flatMap(\.collections), file: file),
            clock: clock,
            pace: pace,
            identifiers: identifiers,
            authentication: authentication,
            quirks: quirks,
            publicURL: publicURL,
            adminToken: adminToken,
            journalCapacity: journal,
            opensTenants: opensTenants,
            isStrict: isStrict,
            notice: notice,
            report: report,
        )
        control = try Service(ControlAPI.self)
        if let seeds { try load(seeds) }
    }

    /// Loads seed data and opens the emulated APIs.
    ///
    /// A store that has data already keeps it as it is; the seeds are checked all the same.
    ///
    /// - Parameters:
    ///   - seeds: where the data comes from.
    ///   - isServedNext: whether a server starts next, whose threads warm up themselves.
    /// - Returns: how many rows were added.
    /// - Throws: `SeedError` when the data is wrong; nothing of it has been added then.
    @discardableResult
    public func load(_ seeds: Seeds, isServedNext: Bool = false) throws -> Int {
        let services = world.services
        world.keepSeeds { try seeds.files(for: services) }
        return try open(warmingUp: !isServedNext) {
            if case .bundled = seeds, let rows = try Seeds.withImage(world.store.load(image:)) { return rows }
            let files = try seeds.files(for: world.services)
            guard try world.store.isEmpty else {
                try Store.check(files)
                return 0
            }
            return try world.store.load(files)
        }
    }

    /// Loads the file of a snapshot in place of seeds, and opens the emulated APIs.
    ///
    /// - Parameter file: the file, as `/_patchbay/snapshots/{name}/content` gives it.
    /// - Returns: how many rows were added.
    /// - Throws: `StoreFileError` when the file cannot be used, or the store has data already.
    @discardableResult
    public func load(snapshot file: String) throws -> Int {
        guard try world.store.isEmpty else {
            throw StoreFileError(description: "\(file): the store has data already, which a snapshot does not replace")
        }
        return try open { try world.store.load(snapshot: file) }
    }

    private func open(warmingUp isCold: Bool = true, _ load: () throws -> Int) throws -> Int {
        let rows = try load()
        let requests = try world.services.compactMap(firstRequest)
        firstRequests.withLock { $0 = requests }
        if isCold { warmUp() }
        world.becomeReady()
        return rows
    }

    /// Asks for a list of each API once, so that whoever comes first does not pay for what is made once: connections to the
    /// database, prepared statements, the order of rows, tables of endpoints, memory of the thread.
    func warmUp() {
        let open = World(services: world.services, store: world.store, authentication: .off)
        var answer: [UInt8] = []
        for (service, request) in firstRequests.withLock({ $0 }) {
            let response = service.respond(request, open)
            let context = ResponseWriter.Context(method: request.method, version: request.version, keepAlive: true)
            ResponseWriter.append(response, context: context, date: HTTPDate(secondsSince1970: 0), to: &answer)
        }
    }

    /// Longer lists are put in order when somebody asks for them.
    private static let mostRows: Int64 = 10_000

    /// The request for the longest list of an API, if any, that takes no time worth speaking of.
    func firstRequest(to service: Service) throws -> (Service, Request)? {
        let tenants = try world.lists(of: service).filter { $0.rows <= Self.mostRows }
        guard let tenant = tenants.max(by: { $0.rows < $1.rows }) else { return nil }
        let captures = tenant.parameters.map { (pattern: "{\($0.name)}", value: $0.value) }
        let list = service.routes.first { route in
            route.method == .get && captures.allSatisfy { route.path.contains($0.pattern) }
        }
        guard let list else { return nil }
        let path = captures.reduce(list.path) { $0.replacing($1.pattern, with: $1.value) }
        // Few rows, as the pages of the database that they stand on stay in memory.
        let size = list.parameters.first { $0.concept == .pageSize }.map { "?\($0.name)=2" } ?? ""
        let request = try? Request(parsing: "GET \(path)\(size) HTTP/1.1\r\nHost: localhost\r\n\r\n")
        return request.map { (service, $0) }
    }

    /// Whether its data is there: until then the emulated APIs answer 503.
    public var isReady: Bool { world.isReady }

    /// Whether requests that do not keep to the contract are refused.
    public var isStrict: Bool { world.isStrict }

    /// Brings everything that was written into the store's file, if it has one.
    ///
    /// - Throws: `SQLiteError`.
    public func close() throws { try world.store.checkpoint() }

    /// Answers a request.
    public func respond(to request: Request) -> Response {
        if let response = world.respondAgain(to: request) { return response }
        let segments = request.target.segments
        if control.owns(segments) { return control.respond(request, world) }
        if request.target.form == .asterisk { return capabilities }
        let start = Stopwatch.now
        let service = world.services.first { $0.owns(segments) }
        if world.isReady, let service { return service.respond(request, world) }
        let response = world.isReady ? outside(request) : Self.starting
        world.observe(request, response, unmatched: service == nil ? Self.isOutside : nil, since: start)
        return response
    }

    /// Why nothing matches a request that leads to no API.
    private static let isOutside = "outside every emulated API"

    /// Answers what is too large or malformed to be a request as the vendor would whose path it begins with.
    ///
    /// - Parameters:
    ///   - error: what HTTP says of it.
    ///   - path: the beginning of its path.
    /// - Returns: the vendor's answer; `nil` where nothing is known of one.
    public func refuse(_ error: ParseError, path: String) -> Response? {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map {
            PercentEncoded(String($0))
        }
        let start = Stopwatch.now
        let service = world.services.first { $0.owns(segments) }
        let response = service?.refuse(error.status, world)
        world.count(refusalBy: service?.name, error.status, since: start)
        return response
    }

    private static let starting = Problem.response(
        .serviceUnavailable,
        "The seeds are still being loaded.",
        headers: [("Retry-After", "1")],
    )

    /// What the server as a whole can do (RFC 9110, section 9.3.7).
    private var capabilities: Response {
        let methods = Set(world.services.flatMap(\.routes).map(\.method) + [.head, .options])
        return Response(status: .noContent, headers: [("Allow", methods.map(\.name).sorted().joined(separator: ", "))])
    }

    private func outside(_ request: Request) -> Response {
        if world.isStrict {
            let reply = Strictness.reply(to: [.outside(request, Self.isOutside)])
            let type = (name: "Content-Type", value: reply.contentType)
            return Response(status: reply.status, headers: [type] + reply.headers, body: reply.body)
        }
        if request.method == .connect {
            return Problem.response(
                .notImplemented,
                "Patchbay is no proxy: it opens no tunnel to \(request.host ?? "").",
                headers: [("X-Patchbay-Unmatched", Self.isOutside)],
            )
        }
        // "/" on its own is no prefix of anything.
        let bases = world.services.map { service in
            (name: service.name, paths: service.basePaths.filter { !$0.isEmpty })
        }
        let prefixes = bases.map { "\($0.paths.joined(separator: ", ")) (\($0.name))" }
        return Problem.response(
            .notFound,
            "No emulated API has the path \(request.target.path). They are below \(prefixes.joined(separator: "; ")); "
                + "Patchbay's own calls are below /_patchbay.",
            headers: [("X-Patchbay-Unmatched", Self.isOutside)],
            members: ["prefixes": .array(bases.flatMap(\.paths).map(JSON.string))],
        )
    }
}
