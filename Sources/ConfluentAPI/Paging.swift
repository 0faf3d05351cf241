internal import APIKit
internal import HTTP
internal import JSON
internal import Store

/// The query parameters of the list, and the envelope they lead to.
struct Paging {
    static let connectionType = Parameter<String?>.choice("spec.connection_type", ConfluentAPI.connectionTypes)
        .under(Quirks.connectionType, "open", .text("spec.connection_type"))
    static let pageSize = Parameter.integer("page_size", default: 10, in: 1...100, form: .digits64)
        .under(
            Quirks.pageSize,
            "clamped",
            .integer("page_size", default: 10, in: 1...100, form: .digits64, above: .becomes(100)),
        )
    static let pageToken = Parameter<String?>.text("page_token", atMost: 255)

    static let parameters = [Self.connectionType.description, Self.pageSize.description, Self.pageToken.description]

    private let environment: [String]
    private let connectionType: String?
    private let size: Int64
    private let last: String?

    /// Reads the parameters: undeclared names first, then each in the order of the document.
    init(_ call: borrowing Call<ConfluentAPI>, environment: [String]) throws(ConfluentAPI.Failure) {
        if call.quirks.take(Quirks.unknownParameter, "refused") {
            let declared = Self.parameters.map(\.name)
            for item in call.request.target.query where !declared.contains(item.name.text) {
                throw .undeclaredFilter(item.name.text)
            }
        }
        self.environment = environment
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
            type == nil || type == token.connectionType || call.quirks.take(Quirks.tokenFilter, "token")
        else { throw .badPageToken }
        connectionType = token.connectionType
        let isOwn = call.quirks.take(Quirks.tokenSize, "request") && call.queryValue(Self.pageSize.name) != nil
        self.size = isOwn ? size : Int64(token.size)
        last = token.last
    }

    /// What they ask for of an environment's connections.
    func query(under environment: RowID, _ quirks: Readings) -> Query {
        var query = Query(ConfluentAPI.connections, under: environment, limit: size)
        if let connectionType { query.filters = [("spec.connection_type", .text(connectionType))] }
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
        return Reply(body: body)
    }

    /// The next page's address: the parameters that the caller gave, then the token.
    private func next(after page: Page, collection: String, _ call: borrowing Call<ConfluentAPI>) -> String {
        guard let last = page.continuation else { return "" }
        var given: [String] = []
        if let size = call.queryValue(Self.pageSize.name), let number = IntegerForm.digits64.integer(size.text) {
            given.append("\(Self.pageSize.name)=\(number)")
        }
        if let connectionType, call.queryValue(Self.connectionType.name) != nil {
            given.append("\(Self.connectionType.name)=\(URLText.encoded(connectionType))")
        }
        let token = PageToken(environment: environment, connectionType: connectionType, size: UInt8(size), last: last)
        return collection + "?" + (given + ["\(Self.pageToken.name)=\(token.text)"]).joined(separator: "&")
    }
}
