internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// The parameters that all of Atlas's lists share, and the envelope they lead to.
struct Paging {
    /// 0 is page 1: first-party clients send it (contract section 4.1).
    static let pageNumber = Parameter.integer(
        "pageNum",
        default: 1,
        in: 1...Int64(Int32.max),
        form: .digits32,
        below: .becomes(1),
    ).means(.pageNumber)
    static let itemsPerPage = Parameter<Int64>.following { quirks in
        .integer(
            "itemsPerPage",
            default: 100,
            in: 1...500,
            form: .digits32,
            above: quirks.take(Quirks.itemsPerPage, "capped") ? .becomes(500) : .refused,
        )
    }
    .means(.pageSize)
    static let includesCount = Parameter.flag("includeCount", default: true).means(.count)

    static let parameters = [
        pageNumber.description, itemsPerPage.description, includesCount.description, Presentation.pretty.description,
        Presentation.envelope.description,
    ]

    private let number: Int64
    private let size: Int64
    private let includesCount: Bool
    /// Without a count the recorded lists of another resource have a count of 0 and no next page.
    private let countsZero: Bool

    init(_ call: borrowing Call<AtlasAPI>) throws(AtlasAPI.Failure) {
        number = try call.query(Self.pageNumber)
        size = try call.query(Self.itemsPerPage)
        includesCount = try call.query(Self.includesCount)
        countsZero = !includesCount && call.quirks.take(Quirks.includeCount, "zero")
    }

    /// The part of a list that they ask for.
    func window(_ query: Query) -> Query {
        var query = query
        query.start = .offset((number - 1) * size)
        query.limit = size
        return query
    }

    /// The part of a list that is not kept as one.
    func page(of objects: [JSON.Object]) -> Page {
        var page = Page(total: Int64(objects.count))
        for object in objects.dropFirst(Int(clamping: (number - 1) * size)).prefix(Int(size)) {
            if page.count > 0 { page.bytes.append(UInt8(ascii: ",")) }
            page.bytes += JSON.object(object).compact()
            page.count += 1
        }
        return page
    }

    /// The list object: links, results, total; alphabetical, as in all recordings.
    func reply(_ page: Page, to call: borrowing Call<AtlasAPI>, _ edition: Edition) -> Reply {
        let presentation = Presentation(call.request)
        var body = Array(#"{"links":["#.utf8)
        for (index, link) in links(total: page.total, call).enumerated() {
            if index > 0 { body.append(UInt8(ascii: ",")) }
            body += #"{"href":"#.utf8
            JSON.writeString(link.reference, into: &body)
            body += #","rel":"\#(link.relation)"}"#.utf8
        }
        body += #"],"results":["#.utf8
        body += page.bytes
        body += "]".utf8
        if presentation.isEnveloped { body += #","status":200"#.utf8 }
        if includesCount || countsZero { body += #","totalCount":\#(countsZero ? 0 : page.total)"#.utf8 }
        body += "}".utf8
        return Reply(
            contentType: edition.contentType,
            body: presentation.isPretty ? presentation.spread(body) : body,
            rows: page.count
        )
    }

    /// self, previous, next: `next` has the two page parameters the other way round, as recorded.
    private func links(
        total: Int64,
        _ call: borrowing Call<AtlasAPI>,
    ) -> [(relation: String, reference: String)] {
        let kept = Self.keptQuery(call.request.target, call.quirks[Quirks.linkQuery])
        let base = call.origin + call.request.target.path + "?" + kept
        let own = ("self", "\(base)pageNum=\(number)&itemsPerPage=\(size)")
        var links: [(relation: String, reference: String)] = []
        if number > 1 { links.append(("previous", "\(base)itemsPerPage=\(size)&pageNum=\(number - 1)")) }
        if number * size < total, !countsZero {
            links.append(("next", "\(base)itemsPerPage=\(size)&pageNum=\(number + 1)"))
        }
        switch call.quirks[Quirks.linkOrder] {
        case "self-last": return links + [own]
        case "self-amid":
            return links.filter { $0.relation == "previous" } + [own] + links.filter { $0.relation == "next" }
        default: return [own] + links
        }
    }

    /// The caller's other parameters, as written but encoded anew, each with `&` behind it.
    private static func keptQuery(_ target: Target, _ reading: String) -> String {
        guard reading != "dropped" else { return "" }
        var kept = ""
        for item in target.query where ![pageNumber.name, itemsPerPage.name].contains(item.name.text) {
            if reading == "provider", item.name.text != AtlasAPI.provider.name { continue }
            kept += URLText.encoded(item.name.text) + "=" + URLText.encoded(item.value?.text ?? "") + "&"
        }
        return kept
    }
}
