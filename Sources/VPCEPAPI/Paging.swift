internal import APIKit
internal import OTCKit
internal import Store

/// The query parameters of the list, in the order of the document's table, which is the order they are checked in.
struct ConnectionFilters {
    /// Two editions of the page spell the members of a time differently, and clients send both (contract section 8.3).
    static let sortKeys = [
        (word: "create_at", meaning: "created_at"), (word: "update_at", meaning: "updated_at"),
        (word: "created_at", meaning: "created_at"), (word: "updated_at", meaning: "updated_at"),
    ]

    static let id = Parameter<String?>.text("id")
    static let markerID = Parameter<Int64?>.integer("marker_id", form: .digits64)
        // Below zero there is no packet identifier, so that this one matches nothing.
        .under(Quirks.markerID, "text", Parameter<Int64?>.integer("marker_id", form: .digits64).otherwise(-1))
    static let status = Parameter<String?>.choice("status", OTC.connectionStates)
        .under(Quirks.status, "four", .choice("status", ["pendingAcceptance", "accepted", "rejected", "failed"]))
        .under(Quirks.status, "ignored", Parameter<String?>.text("status").ignored())
    static let sortKey = Parameter.choice("sort_key", default: "created_at", named: "create_at", sortKeys)
        .under(Quirks.sortKeys, "create_at", sortKey(Array(sortKeys.prefix(2))))
        .under(Quirks.sortKeys, "created_at", sortKey(Array(sortKeys.suffix(2))))
    static let sortDirection = Parameter.choice(
        "sort_dir",
        default: Query.Direction.descending,
        named: "desc",
        [("desc", .descending), ("asc", .ascending)],
    )
    static let limit = limit(from: 0, .digits64)
        .under(Quirks.limitZero, "refused", limit(from: 1, .digits64))
        .under(Quirks.integers, "signed", limit(from: 0, .signed64))
    static let offset = offset(.digits64).under(Quirks.integers, "signed", offset(.signed64))

    static let parameters = [
        Self.id.description, Self.markerID.description, Self.status.description, Self.sortKey.description,
        Self.sortDirection.description,
        Self.limit.description, Self.offset.description,
    ]

    private var filters: [(member: String, value: Query.FilterValue)] = []
    private let order: String
    private let direction: Query.Direction
    private let limit: Int64
    let offset: Int64

    private static func sortKey(_ keys: [(word: String, meaning: String)]) -> Parameter<String> {
        .choice("sort_key", default: "created_at", named: keys[0].word, keys)
    }

    private static func limit(from lowest: Int64, _ form: IntegerForm) -> Parameter<Int64> {
        .integer("limit", default: 10, in: lowest...1000, form: form)
    }

    private static func offset(_ form: IntegerForm) -> Parameter<Int64> {
        .integer("offset", default: 0, in: 0...Int64.max, form: form)
    }

    init(_ call: borrowing Call<VPCEPAPI>) throws(VPCEPAPI.Failure) {
        if let id = try call.query(Self.id) { filters.append(("id", .text(id))) }
        if let markerID = try call.query(Self.markerID) { filters.append(("marker_id", .integer(markerID))) }
        if let status = try call.query(Self.status) { filters.append(("status", .text(status))) }
        order = try call.query(Self.sortKey)
        direction = try call.query(Self.sortDirection)
        limit = try call.query(Self.limit)
        offset = try call.query(Self.offset)
    }

    /// What they ask for of a service's connections.
    func query(under service: RowID) -> Query {
        var query = Query(OTC.connections, under: service, limit: limit)
        query.filters = filters
        query.order = order
        query.direction = direction
        query.start = .offset(offset)
        return query
    }
}
