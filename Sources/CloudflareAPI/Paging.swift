internal import PatchbayAPIKit
internal import PatchbayStore

/// The query parameters of the list, in the order they are checked in, and the envelope they lead to.
struct Paging {
    static let page = Parameter<Int64>.following { quirks in
        let isClamped = quirks.take(Quirks.outOfRange, "clamped")
        return .integer(
            "page",
            default: 1,
            in: 1...Int64(Int32.max),
            form: isClamped ? .signed64 : .digits32,
            below: isClamped ? .becomes(1) : .refused,
            above: isClamped ? .becomes(Int64(Int32.max)) : .refused,
            takesTooLarge: isClamped,
        )
    }
    .means(.pageNumber)
    static let perPage = Parameter<Int64>.following { quirks in
        let isClamped = quirks.take(Quirks.outOfRange, "clamped")
        return .integer(
            "per_page",
            default: quirks.take(Quirks.perPage, "20") ? 20 : 1000,
            in: 1...1000,
            form: isClamped ? .signed64 : .digits32,
            below: isClamped ? .becomes(1) : .refused,
            above: isClamped ? .becomes(1000) : .refused,
            takesTooLarge: isClamped,
        )
    }
    .means(.pageSize)
    static let type = Parameter<String?>.following { quirks in
        let none: [(word: String, meaning: String?)] = quirks.take(Quirks.emptyType, "ignored") ? [("", nil)] : []
        return .choice(
            "type",
            default: nil,
            CloudflareAPI.serviceTypes.map { ($0, $0) } + none,
            ignoringCase: quirks.take(Quirks.typeCase, "any"),
        )
    }
    .means(.type)

    static let parameters = [page.description, perPage.description, type.description]

    private let number: Int64
    private let size: Int64
    private let type: String?

    init(_ call: borrowing Call<CloudflareAPI>) throws(CloudflareAPI.Failure) {
        number = try call.query(Self.page)
        size = try call.query(Self.perPage)
        type = try call.query(Self.type)
    }

    /// What they ask for of an account's services, the oldest first.
    func query(under account: RowID, _ quirks: Readings) -> Query {
        var query = Query(CloudflareAPI.services, under: account, limit: size)
        if let type { query.filters = [("type", .text(type))] }
        if quirks.take(Quirks.order, "id") { query.order = CloudflareAPI.services.key }
        query.reshape = CloudflareAPI.reshape(quirks)
        query.start = .offset((number - 1) * size)
        return query
    }

    /// The list object, in the live service's order; `result_info` in the document's.
    ///
    /// - Parameters:
    ///   - page: what is shown.
    ///   - unfiltered: how many services there are without a filter, where that is counted.
    ///   - quirks: the readings in force.
    /// - Returns: the answer.
    func reply(_ page: Page, unfiltered: Int64?, _ quirks: Readings) -> Reply {
        let pages = (page.total + size - 1) / size
        let count = unfiltered == nil ? Int64(page.count) : page.total
        let total = unfiltered ?? page.total
        let isAsOnPage = quirks.take(Quirks.memberOrder, "page")
        var body = Array((isAsOnPage ? #"{"errors":[],"messages":[],"success":true,"result":["# : #"{"result":["#).utf8)
        body += page.bytes
        body += (isAsOnPage ? "]" : #"],"success":true,"errors":[],"messages":[]"#).utf8
        if quirks.take(Quirks.resultInfo, "present") {
            body += #","result_info":{"count":\#(count),"page":\#(number),"per_page":\#(size)"#.utf8
            body += #","total_count":\#(total),"total_pages":\#(pages)}"#.utf8
        }
        body += "}".utf8
        return Reply(body: body, rows: page.count)
    }
}
