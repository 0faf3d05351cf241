public import PatchbayHTTP
public import PatchbayJSON
public import PatchbayStore

/// An API with its type erased: what the emulator chooses from.
public final class Service: Sendable {
    /// The API's name.
    public let name: String
    /// The service's name, as its vendor writes it.
    public let title: String
    /// What its users call it.
    public let brand: String
    /// The path that all its endpoints begin with.
    public let basePath: String
    /// The paths that its endpoints begin with, its own first.
    public let basePaths: [String]
    private let baseSegments: [[String]]
    /// What it keeps.
    public let collections: [Collection]
    /// What its vendor isolates customers by.
    public let root: Collection?
    /// The path parameter that names it.
    public let rootCapture: String?
    /// Whether a path may name a root with a text.
    public let takesRoot: @Sendable (_ key: String, Readings) -> Bool
    /// Its endpoint table.
    public let routes: [RouteDescription]
    /// Where its documents leave more than one reading.
    public let quirks: [Quirk]
    /// Every error that it can answer, as it answers it.
    public let errors: @Sendable (World) -> [(name: String, reply: Reply)]
    /// What faults can name of its errors.
    public let errorNames: @Sendable (World) -> [String]
    /// Whether an empty query parameter is as good as none.
    public let takesEmptyForNone: Bool
    /// The JSON Schema of an error's body.
    public let errorSchema: @Sendable () -> JSON.Object
    /// The schemes of its credentials, as OpenAPI's security schemes.
    public let securitySchemes: [[(name: String, scheme: JSON.Object)]]
    /// The variables by which clients find it and are let in, with `{url}` for the server's address; `nil` for those that
    /// lead them elsewhere.
    public let clientVariables: [(name: String, value: String?)]
    /// The names of the headers that all its answers carry.
    public let headers: @Sendable (World) -> [String]
    /// How its answers write the identifier of their exchange.
    public let text: @Sendable (Identifier) -> String
    /// The lists that can be asked for.
    public let tenants: @Sendable (Store) throws -> [Tenant]
    /// Those of them that are below the root with a key.
    public let lists: @Sendable (_ root: String, any RowCounting) throws -> [Tenant]
    /// Made-up rows for its seed files.
    public let samples: @Sendable (_ rows: Int) -> (collection: String, samples: [Sample])
    /// What a request below its path does that the operations do not provide for.
    public let findings: @Sendable (Request, World) -> [Finding]
    /// Answers a request below its path.
    public let respond: @Sendable (Request, World) -> Response
    /// Answers what is too large or malformed to be a request, given what HTTP says; `nil` where the vendor says nothing.
    public let refuse: @Sendable (Status, World) -> Response?

    /// Erases an API's type.
    ///
    /// - Throws: `RouteConflict` when its endpoint table is ambiguous.
    public init<A: API>(_ api: A.Type) throws(RouteConflict) {
        let pipeline = Pipeline<A>(router: try Router<A>())
        name = A.name
        title = A.title
        brand = A.brand
        basePath = A.basePath
        var basePaths = [A.basePath]
        for case let base? in A.endpoints.map(\.base) where !basePaths.contains(base) { basePaths.append(base) }
        self.basePaths = basePaths
        baseSegments = basePaths.map { $0.split(separator: "/").map(String.init) }
        root = A.root?.collection
        rootCapture = A.root?.capture
        takesRoot = { key, quirks in
            guard let root = A.root, root.collection.takes(key: key) else { return false }
            return A.isCapture(PercentEncoded(URLText.encoded(key)), named: root.capture, quirks)
        }
        collections = A.collections
        routes = A.endpoints.map(RouteDescription.init)
        quirks = A.quirks
        errors = { world in
            guard let call = Self.emptyCall(A.self, world) else { return [] }
            let exchange = call.exchange
            return A.catalogue.map { ($0.name, $0.failure.reply(to: exchange)) }
        }
        errorNames = { world in
            guard let call = Self.emptyCall(A.self, world) else { return [] }
            return A.errorNames(call.exchange)
        }
        takesEmptyForNone = A.queryRules.emptyIsAbsent
        errorSchema = { A.errorSchema }
        securitySchemes = A.securitySchemes
        clientVariables = A.clientVariables
        headers = { _ in
            guard let request = Self.emptyRequest else { return [] }
            return A.headers(of: Identifiers().next(), to: request, nil).map(\.name)
        }
        text = { A.text(of: $0) }
        samples = { A.samples(rows: $0) }
        tenants = { try A.tenants(in: $0, below: nil) }
        lists = { try A.tenants(in: $1, below: $0) }
        findings = { pipeline.findings(in: $0, $1) }
        respond = { pipeline.respond(to: $0, in: $1) }
        refuse = { status, world in
            guard let failure = A.refusal(status) else { return nil }
            guard let request = Self.emptyRequest else { return nil }
            let call = Call<A>(request: request, world: world, exchangeID: world.identifiers.next())
            return pipeline.response(failure.reply(to: call.exchange), to: call)
        }
    }

    private static let emptyRequest = try? Request(parsing: "GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")

    /// A call that asks for nothing, to describe what does not depend on the request.
    private static func emptyCall<A: API>(_ api: A.Type, _ world: World) -> Call<A>? {
        guard let request = emptyRequest else { return nil }
        return Call(request: request, world: world, exchangeID: Identifiers().next())
    }

    /// Whether a path begins with one of the service's own; the empty one is that of "/" alone.
    public func owns(_ segments: [PercentEncoded]) -> Bool {
        baseSegments.contains { base in
            guard !base.isEmpty else { return segments.count == 1 && segments[0].raw.isEmpty }
            return segments.count >= base.count && zip(base, segments).allSatisfy { $0 == $1.text }
        }
    }
}

/// A row of an API's endpoint table, without its handler.
public struct RouteDescription: Sendable {
    /// The API's name.
    public var api: String
    /// The method.
    public var method: Method
    /// The whole path, with captures in braces.
    public var path: String
    /// The operation's name, as the vendor writes it.
    public var operation: String
    /// What it does, in a line; empty where the vendor's page says it.
    public var summary: String
    /// The vendor's page of the operation; empty where there is none.
    public var documentation: String
    /// The query parameters.
    public var parameters: [ParameterDescription]
    /// The headers without which there is nothing to do, credentials aside.
    public var headers: [String]
    /// The headers that a success has beside those of every answer.
    public var answerHeaders: [String]
    /// The JSON Schemas of path parameters that are not any text.
    public var captures: [String: JSON.Object]
    /// Whether everybody may ask.
    public var isOpen: Bool
    /// The media type of the request's body.
    public var bodyType: String
    /// Makes the JSON Schema of the request's body; `nil` where none is read.
    public var body: (@Sendable () -> JSON.Object)?
    /// Whether the body may be left out.
    public var isBodyOptional: Bool
    /// Where secrets stand in the request's body.
    public var secrets: [String]
    /// The status of a success.
    public var success: Status
    /// The media type of the body of a success; that of the API's errors when `nil`.
    public var answerType: String?
    /// Makes the JSON Schema of the body of a success.
    public var answer: @Sendable () -> JSON.Object
    /// What requests are compared with.
    public var contract: Contract

    /// The names of the path parameters, in their order.
    public var captureNames: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }
    /// The one of them that names a tenant; `nil` when none does.
    public var rootCapture: String?

    init<A: API>(_ endpoint: Endpoint<A>) {
        api = A.name
        method = endpoint.method
        path = endpoint.path
        isOpen = endpoint.access == .open
        bodyType = endpoint.bodyType
        body = endpoint.body
        isBodyOptional = endpoint.isBodyOptional
        secrets = endpoint.secrets
        success = endpoint.success
        operation = endpoint.operation
        summary = endpoint.summary
        documentation = endpoint.documentation
        parameters = endpoint.parameters
        headers = endpoint.headers
        answerHeaders = endpoint.answerHeaders
        captures = endpoint.captures
        answerType = endpoint.answerType
        answer = endpoint.answer
        contract = endpoint.contract
        rootCapture = A.root.map(\.capture).flatMap { endpoint.path.contains("{\($0)}") ? $0 : nil }
    }
}
