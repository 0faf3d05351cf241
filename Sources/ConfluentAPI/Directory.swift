internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

/// A list of what clients look up before they ask for connections, in the envelope of the vendor's control plane.
///
/// These lists are short, so their items are collected first and cut into pages then.
struct Directory {
    /// An item, and what it is sorted by.
    typealias Item = (key: [String], item: JSON.Object)

    static let parameters = [Paging.pageSize.description, Paging.pageToken.description]

    let version: String
    let kind: String
    /// The parameters that narrow the list, as they were given.
    var filters: [(name: String, value: String)] = []

    /// One page of the items.
    func reply(_ items: [Item], to call: borrowing Call<ConfluentAPI>) throws(ConfluentAPI.Failure) -> Reply {
        var size = try call.query(Paging.pageSize)
        var last: [String]?
        let place = [version, kind] + filters.map(\.value)
        if let text = try call.query(Paging.pageToken) {
            guard
                let token = PageToken(text, environment: place), token.connectionType == nil,
                Paging.isAlive(token, call)
            else { throw .badPageToken }
            last = token.last
            let isOwn = call.quirks.take(Quirks.tokenSize, "request") && call.queryValue(Paging.pageSize.name) != nil
            if !isOwn { size = Int64(token.size) }
        }
        let sorted = items.sorted { Self.precedes($0.key, $1.key) }
        let rest = sorted.filter { item in last.map { Self.precedes($0, item.key) } ?? true }
        let page = rest.prefix(Int(size))
        var next = ""
        if rest.count > page.count, let key = page.last?.key {
            let issued = Paging.isTimed(call) ? call.now : nil
            let token = PageToken(connectionType: nil, size: UInt8(size), last: key, issued: issued)
            var query = filters.map { "\($0.name)=\(URLText.encoded($0.value))&" }.joined()
            if let given = Paging.givenSize(call) { query = "\(Paging.pageSize.name)=\(given)&" + query }
            next = "\(address(call))?\(query)\(Paging.pageToken.name)=\(token.text(in: place))"
        }
        let query = filters.map { "\($0.name)=\(URLText.encoded($0.value))" }.joined(separator: "&")
        let metadata: JSON = [
            "first": .string(address(call) + (query.isEmpty ? "" : "?" + query)), "last": "", "next": .string(next),
            "prev": "", "total_size": .number(JSON.Number(items.count)),
        ]
        return Reply(
            json: [
                "api_version": .string(version), "data": .array(page.map { .object($0.item) }), "kind": .string(kind),
                "metadata": metadata,
            ],
            rows: page.count
        )
    }

    /// The list's own address; the vendor's CLI has another one than everybody else.
    private func address(_ call: borrowing Call<ConfluentAPI>) -> String {
        let path = call.request.target.path
        return call.origin + (path.hasSuffix("/") ? String(path.dropLast()) : path)
    }

    private static func precedes(_ left: [String], _ right: [String]) -> Bool {
        left.lexicographicallyPrecedes(right) { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }
}
