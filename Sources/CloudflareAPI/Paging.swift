internal import APIKit
internal import Store

/// The query parameters of the list, in the order they are checked in, and the envelope they lead to.
struct Paging {
    static let page = Parameter.integer("page", default: 1, in: 1...Int64(Int32.max), form: .digits32)
    static let perPage = Parameter.integer("per_page", default: 1000, in: 1...1000, form: .digits32)
    static let type = Parameter<String?>.choice("type", CloudflareAPI.serviceTypes)

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
    func query(under account: RowID) -> Query {
        var query = Query(CloudflareAPI.services, under: account, limit: size)
        if let type { query.filters = [("type", .text(type))] }
        query.start = .offset((number - 1) * size)
        return query
    }

    /// The list object, in the live service's order; `result_info` in the document's.
    func reply(_ page: Page) -> Reply {
        let pages = (page.total + size - 1) / size
        var body = Array(#"{"result":["#.utf8)
        body += page.bytes
        body += #"],"success":true,"errors":[],"messages":[],"result_info":{"count":\#(page.count)"#.utf8
        body += #","page":\#(number),"per_page":\#(size),"total_count":\#(page.total),"total_pages":\#(pages)}}"#.utf8
        return Reply(body: body)
    }
}
