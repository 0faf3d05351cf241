internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// The query parameters of the lists around the services: accounts, memberships, tunnels.
struct DirectoryPaging {
    static let page = Parameter<Int64>.integer("page", default: 1, in: 1...Int64(Int32.max), form: .digits32)
        .means(.pageNumber)
    static let perPage = Parameter<Int64>.integer(
        "per_page",
        default: 20,
        in: 1...50,
        form: .digits32,
        above: .becomes(50),
    ).means(.pageSize)
    static let name = Parameter<String?>.text("name").means(.name)
    static let direction = Parameter<String?>.choice("direction", ["asc", "desc"]).means(.sortDirection)
    static let isDeleted = Parameter<String?>.choice("is_deleted", ["true", "false"]).means(.deleted)

    private let number: Int64
    private let size: Int64

    init(_ call: borrowing Call<CloudflareAPI>) throws(CloudflareAPI.Failure) {
        number = try call.query(Self.page)
        size = try call.query(Self.perPage)
    }

    /// A page of what has been found.
    func reply(_ found: [JSON.Object], _ quirks: Readings) -> Reply {
        let page = found.dropFirst(Int(clamping: (number - 1) * size)).prefix(Int(size))
        return Envelope.list(
            page.map { .object($0) },
            info: info(count: page.count, total: Int64(found.count)),
            quirks,
        )
    }

    /// A page of what is kept below an account.
    func query(_ collection: Collection, under account: RowID) -> Query {
        var query = Query(collection, under: account, limit: size)
        query.start = .offset((number - 1) * size)
        return query
    }

    /// A page of tunnels.
    func tunnels(_ page: Page) -> Reply {
        var body = Array(#"{"success":true,"errors":[],"messages":[],"result":["#.utf8)
        body += page.bytes
        body += #"],"result_info":"#.utf8
        JSON.object(info(count: page.count, total: page.total)).write(into: &body)
        return Reply(body: body + "}".utf8, rows: page.count)
    }

    private func info(count: Int, total: Int64) -> JSON.Object {
        [
            "count": .number(JSON.Number(count)), "page": .number(JSON.Number(number)),
            "per_page": .number(JSON.Number(size)), "total_count": .number(JSON.Number(total)),
            "total_pages": .number(JSON.Number((total + size - 1) / size)),
        ]
    }
}
