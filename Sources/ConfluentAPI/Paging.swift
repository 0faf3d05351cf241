internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The query parameters of the list, and the envelope they lead to.
struct Paging {
    static let connectionType = Parameter<String?>.following { quirks in
        let name = "spec.connection_type"
        return quirks.take(Quirks.connectionType, "open") ? .text(name) : .choice(name, ConfluentAPI.connectionTypes)
    }
    .means(.type)
    static let pageSize = Parameter<Int64>.following { quirks in
        let isClamped = quirks.take(Quirks.pageSize, "clamped")
        return .integer(
            "page_size",
            default: 10,
            in: 1...100,
            form: .digits64,
            above: isClamped ? .becomes(100) : .refused,
            takesTooLarge: isClamped,
        )
    }
    .means(.pageSize)
    static let pageToken = Parameter<String?>.text("page_token", atMost: 255).means(.pageToken)

    static let parameters = [Self.connectionType.description, Self.pageSize.description, Self.pageToken.description]

    private static let declared = parameters.map(\.name)

    private let environment: [String]
    private let connectionType: String?
    private let size: Int64
    private let last: [String]?
    private let order: String

    /// Whether the list of connections refuses a parameter that it does not declare.
    static func refusesUndeclared(_ quirks: Readings) -> Bool { quirks.take(Quirks.unknownParameter, "refused") }

    /// Reads the parameters: undeclared names first, then each in the order of the document.
    init(_ call: borrowing Call<ConfluentAPI>, environment: [String]) throws(ConfluentAPI.Failure) {
        if Self.refusesUndeclared(call.quirks) {
            for item in call.request.target.query where !Self.declared.contains(item.name.text) {
                throw .undeclaredFilter(item.name.text)
            }
        }
        self.environment = environment
        order = call.quirks.take(Quirks.order, "created") ? ConfluentAPI.created : ConfluentAPI.connections.key
        let type = try call.query(Self.connectionType)
        let size = try call.query(Self.pageSize)
        guard let text = try call.query(Self.pageToken) else {
            connectionType = type
            self.size = size
            last = nil
            return
        }
        // The token goes on with the list it was issued for: its size, and its filter, which none other may replace.
        guard
            let token = PageToken(text, environment: environment),
            type == nil || type == token.connectionType || call.quirks.take(Quirks.tokenFilter, "token"),
            token.last.count == (order == ConfluentAPI.created ? 2 : 1), Self.isAlive(token, call)
        else { throw .badPageToken }
        connectionType = token.connectionType
        let isOwn = call.quirks.take(Quirks.tokenSize, "request") && call.queryValue(Self.pageSize.name) != nil
        self.size = isOwn ? size : Int64(token.size)
        last = token.last
    }

    /// Whether tokens run out.
    static func isTimed(_ call: borrowing Call<ConfluentAPI>) -> Bool {
        !call.quirks.take(Quirks.tokenLifetime, "unlimited")
    }

    /// The size of a page, where the caller names one.
    static func givenSize(_ call: borrowing Call<ConfluentAPI>) -> Int64? {
        call.queryValue(pageSize.name).flatMap { IntegerForm.digits64.integer($0.text) }
    }

    /// Whether a token has not run out, where tokens do.
    static func isAlive(_ token: PageToken, _ call: borrowing Call<ConfluentAPI>) -> Bool {
        guard let lifetime = Int64(call.quirks[Quirks.tokenLifetime]) else { return true }
        guard let issued = token.issued else { return false }
        return (0...lifetime).contains(call.now.seconds - issued.seconds)
    }

    /// What they ask for of an environment's connections.
    func query(under environment: RowID, _ quirks: Readings) -> Query {
        var query = Query(ConfluentAPI.connections, under: environment, limit: size)
        if let connectionType { query.filters = [("spec.connection_type", .text(connectionType))] }
        query.order = order
        query.start = .after(last)
        query.view = ConfluentAPI.listView
        query.reshape = ConfluentAPI.reshape(quirks)
        return query
    }

    /// The list object, names sorted.
    ///
    /// All links are there on every page, the empty ones as "" (contract section 8.6).
    func reply(_ page: Page, to call: borrowing Call<ConfluentAPI>) -> Reply {
        let collection =
            call.origin + ConfluentAPI.collectionPath(organization: environment[0], environment: environment[1])
        let address = collection + (connectionType.map { "?\(Self.connectionType.name)=\(URLText.encoded($0))" } ?? "")
        var body = Array(#"{"api_version":"sql/v1","data":["#.utf8)
        OriginMark.append(page.bytes, origin: call.origin, to: &body)
        body += #"],"kind":"ConnectionList","metadata":"#.utf8
        let hasAll = call.quirks.take(Quirks.listMetadata, "all")
        let next = next(after: page, collection: collection, call)
        var metadata: JSON.Object = hasAll ? ["first": .string(address), "last": ""] : [:]
        if !next.isEmpty || !call.quirks.take(Quirks.lastNext, "absent") {
            metadata["next"] = next.isEmpty && call.quirks.take(Quirks.lastNext, "null") ? .null : .string(next)
        }
        if hasAll { metadata["prev"] = "" }
        metadata["self"] = .string(address)
        if hasAll { metadata["total_size"] = .number(JSON.Number(page.total)) }
        JSON.object(metadata).write(into: &body)
        body += "}".utf8
        return Reply(body: body, rows: page.count)
    }

    /// The next page's address: the parameters that the caller gave, then the token.
    private func next(after page: Page, collection: String, _ call: borrowing Call<ConfluentAPI>) -> String {
        guard let last = page.continuation else { return "" }
        var given: [String] = []
        if let size = Self.givenSize(call) { given.append("\(Self.pageSize.name)=\(size)") }
        if let connectionType, call.queryValue(Self.connectionType.name) != nil {
            given.append("\(Self.connectionType.name)=\(URLText.encoded(connectionType))")
        }
        let issued = Self.isTimed(call) ? call.now : nil
        let token = PageToken(connectionType: connectionType, size: UInt8(size), last: last, issued: issued)
        given.append("\(Self.pageToken.name)=\(token.text(in: environment))")
        return collection + "?" + given.joined(separator: "&")
    }
}
