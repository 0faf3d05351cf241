public import PatchbayHTTP
public import PatchbayJSON
public import PatchbayStore
internal import Synchronization

/// One request on its way through an API: what an endpoint's handler is given.
public struct Call<A: API>: ~Copyable {
    /// The request.
    public let request: Request
    /// What all APIs share.
    public let world: World
    /// The identifier of this exchange, for what is told of it.
    let exchangeID: Identifier
    /// Whether the answer follows from more than the request and the rows: it is this exchange's own.
    private let isSingular = Atomic<Bool>(false)
    /// The endpoint's place in the API's table; `nil` when the request leads to none.
    var route: Int?
    /// The values of the endpoint's captures.
    private(set) var captures: [(name: String, value: PercentEncoded)] = []
    /// The root of what is asked for; `nil` where the path names none.
    public internal(set) var root: Root?
    /// Why nothing matches the request, when nothing does.
    var unmatched: String?
    /// What the request does that the API does not provide for.
    var findings: [Finding] = []
    /// What goes wrong on purpose; `nil` when nothing does.
    var fault: FaultTable.Decision?
    /// What is left of the limit that the request counts towards; `nil` without one.
    public internal(set) var allowance: Allowance?

    // Last, because only what stands before them has its place in code that no API is compiled with.
    /// What the request brought to say who sends it; `nil` where nobody asked.
    public internal(set) var credentials: A.Credentials?
    /// Who sends the request; `nil` where that is not asked, and everything is allowed.
    public internal(set) var identity: A.Identity?

    init(request: Request, world: World, exchangeID: Identifier) {
        self.request = request
        self.world = world
        self.exchangeID = exchangeID
    }

    /// Whether the same request would be answered the same for as long as no row changes, as far as anybody has looked.
    var isRepeatable: Bool { request.method == .get && !isSingular.load(ordering: .relaxed) }

    /// The identifier of this exchange.
    public var id: Identifier {
        isSingular.store(true, ordering: .relaxed)
        return exchangeID
    }

    /// What an error may tell of the request.
    public var exchange: Exchange { Exchange(request: request, id: id, now: now, quirks: world.quirks) }

    /// Says which endpoint the request leads to.
    mutating func enter(_ route: Int, _ captures: [(name: String, value: PercentEncoded)]) {
        self.route = route
        self.captures = captures
        guard let root = A.root, let key = captures.first(where: { $0.name == root.capture }) else { return }
        self.root = Root(root.collection, key.value.text)
    }

    /// What time it is for the tenant that is asked for.
    public var now: Timestamp {
        isSingular.store(true, ordering: .relaxed)
        return moment
    }

    /// What time it is below a root; for everybody when `nil`.
    package func now(of root: Root?) -> Timestamp {
        isSingular.store(true, ordering: .relaxed)
        return world.clocks.now(of: root)
    }

    /// When the request is answered, for what is told of it.
    var moment: Timestamp { world.clocks.now(of: root) }

    /// Which reading of each quirk is in force.
    public var quirks: Readings { world.quirks }

    /// A path parameter.
    public func capture(_ name: String) -> PercentEncoded {
        // The router fills every capture of a pattern: a name that is not there is none of the pattern's.
        captures.first { $0.name == name }?.value ?? PercentEncoded("")
    }

    /// The value of a query parameter.
    ///
    /// - Throws: the API's error for a value that the parameter does not take.
    public func query<Value>(_ parameter: Parameter<Value>) throws(A.Failure) -> Value {
        try world.quirks.areStandard ? value(of: parameter) : value(of: parameter.taken(by: world.quirks))
    }

    private func value<Value>(of parameter: Parameter<Value>) throws(A.Failure) -> Value {
        guard let value = queryValue(parameter.name) else { return parameter.standard }
        do throws(Parameter<Value>.Refusal) {
            return try parameter.read(value)
        } catch {
            throw A.Failure(.badParameter(name: parameter.name, value: value.text, reason: error.reason))
        }
    }

    /// The occurrence of a query parameter that counts; `nil` when there is none, or an empty one that is as good as none.
    public func queryValue(_ name: String) -> PercentEncoded? {
        let items = request.target.query
        let rules = A.queryRules
        let counted =
            switch rules.repeated {
            case .first: items.firstIndex { $0.name.text == name }
            case .last: items.lastIndex { $0.name.text == name }
            }
        guard let counted else { return nil }
        let value = items[counted].value ?? PercentEncoded("")
        return value.raw.isEmpty && rules.emptyIsAbsent ? nil : value
    }

    /// The address that links begin with: `http://127.0.0.1:4747`.
    public var origin: String {
        if let publicURL = world.publicURL { return publicURL }
        return "http://" + (request.host ?? request.local)
    }

    /// The row with the given keys, from the root down.
    ///
    /// - Throws: the API's error when the store fails.
    public func find(_ collection: Collection, _ keys: String...) throws(A.Failure) -> RowID? {
        try stored { try $0.find(collection, keys) }
    }

    /// One page of a list.
    ///
    /// - Throws: the API's error when the store fails.
    public func page(_ query: Query) throws(A.Failure) -> Page {
        try stored { try $0.page(query) }
    }

    /// A row's document.
    ///
    /// - Throws: the API's error when the store fails.
    public func document(_ collection: Collection, _ row: RowID) throws(A.Failure) -> JSON.Object? {
        try stored { try $0.document(collection, row) }
    }

    /// The keys of all rows of a collection, each from the root down, with the row's document.
    ///
    /// - Throws: the API's error when the store fails.
    package func documents(
        in collection: Collection
    ) throws(A.Failure) -> [(keys: [String], document: JSON.Object)] {
        try stored { try $0.documents(in: collection) }
    }

    /// Whether a row of the tenant's own is gone that it goes back to having, so that others have only copied it.
    ///
    /// - Throws: the API's error when the store fails.
    package func isLost(_ collection: Collection, _ keys: String...) throws(A.Failure) -> Bool {
        try stored { try $0.isLost(collection, keys) }
    }

    /// The roots of the tenants that were made, for lookups in all tenants.
    ///
    /// - Throws: the API's error when the store fails.
    package func madeRoots() throws(A.Failure) -> Set<Root> {
        try stored { Set(try $0.madeTenants().map(\.root)) }
    }

    /// A credential of the seeds, unless it has run out.
    ///
    /// - Throws: the API's error when the store fails.
    public func credential(_ collection: Collection, _ key: String) throws(A.Failure) -> JSON.Object? {
        guard let row = try find(collection, key), let document = try document(collection, row) else { return nil }
        return document.hasExpired(at: now) ? nil : document
    }

    /// Changes rows: all the changes of the body are kept, or none.
    ///
    /// - Throws: the API's error that the body throws, or the one for a store that fails.
    package func write<Value: Sendable>(
        _ body: (borrowing Transaction) throws -> Value
    ) throws(A.Failure) -> Value {
        isSingular.store(true, ordering: .relaxed)
        do {
            return try world.store.write(at: now, pace: world.pace, body)
        } catch let failure as A.Failure {
            throw failure
        } catch {
            world.report("\(A.name): the store failed: \(error)")
            throw A.Failure(.storage("\(error)"))
        }
    }

    private func stored<Value>(_ body: (Store) throws -> Value) throws(A.Failure) -> Value {
        do {
            return try body(world.store)
        } catch {
            world.report("\(A.name): the store failed: \(error)")
            throw A.Failure(.storage("\(error)"))
        }
    }
}
