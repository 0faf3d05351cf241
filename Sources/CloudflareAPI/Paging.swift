internal import APIKit
internal import Store

/// The query parameters of the list, in the order they are checked in, and the envelope they lead to.
struct Paging {
    static let page = Parameter.integer("page", default: 1, in: pages, form: .digits32)
        .under(
            Quirks.outOfRange,
            "clamped",
            .integer("page", default: 1, in: pages, form: .digits32, below: .becomes(1)),
        )
    static let perPage = Parameter.integer("per_page", default: 1000, in: 1...1000, form: .digits32)
        .under(
            Quirks.outOfRange,
            "clamped",
            .integer(
                "per_page",
                default: 1000,
                in: 1...1000,
                form: .digits32,
                below: .becomes(1),
                above: .becomes(1000)
            ),
        )
        .under(Quirks.perPage, "20", .integer("per_page", default: 20, in: 1...1000, form: .digits32))
    static let type = Parameter<String?>.choice("type", CloudflareAPI.serviceTypes)
        .under(
            Quirks.typeCase,
            "any",
            .choice("type", default: nil, CloudflareAPI.serviceTypes.map { ($0, $0) }, ignoringCase: true),
        )
        .under(
            Quirks.emptyType,
            "ignored",
            .choice("type", default: nil, CloudflareAPI.serviceTypes.map { ($0, $0) } + [("", nil)]),
        )

    private static let pages = 1...Int64(Int32.max)

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
        if quirks.take(Quirks.unset, "null") { query.reshape = CloudflareAPI.withNulls }
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
        var body = Array(#"{"result":["#.utf8)
        body += page.bytes
        body += #"],"success":true,"errors":[],"messages":[]"#.utf8
        if quirks.take(Quirks.resultInfo, "present") {
            body += #","result_info":{"count":\#(count),"page":\#(number),"per_page":\#(size)"#.utf8
            body += #","total_count":\#(total),"total_pages":\#(pages)}"#.utf8
        }
        body += "}".utf8
        return Reply(body: body)
    }
}
