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

    static let id = Parameter<String?>.following { quirks in
        quirks.take(Quirks.id, "uuid") ? .text("id", Member.TextForm.uuid) : .text("id")
    }
    static let markerID = Parameter<Int64?>.following { quirks in
        // Below zero there is no packet identifier, so that this one matches nothing.
        .integer(
            "marker_id",
            form: .digits64,
            malformed: quirks.take(Quirks.markerID, "text") ? .becomes(-1) : .refused
        )
    }
    static let status = Parameter<String?>.following { quirks in
        switch quirks[Quirks.status] {
        case "four": .choice("status", ["pendingAcceptance", "accepted", "rejected", "failed"])
        case "ignored": Parameter<String?>.text("status").ignored()
        default: .choice("status", OTC.connectionStates)
        }
    }
    static let sortKey = Parameter<String>.following { quirks in
        let keys =
            switch quirks[Quirks.sortKeys] {
            case "create_at": Array(sortKeys.prefix(2))
            case "created_at": Array(sortKeys.suffix(2))
            default: sortKeys
            }
        return .choice("sort_key", default: "created_at", named: keys[0].word, keys)
    }
    static let sortDirection = Parameter.choice(
        "sort_dir",
        default: Query.Direction.descending,
        named: "desc",
        [("desc", .descending), ("asc", .ascending)],
    )
    static let limit = Parameter<Int64>.following { quirks in
        let lowest: Int64 = quirks.take(Quirks.limitZero, "refused") ? 1 : 0
        return .integer("limit", default: 10, in: lowest...1000, form: form(quirks))
    }
    static let offset = Parameter<Int64>.following { quirks in
        .integer("offset", default: 0, in: 0...Int64.max, form: form(quirks))
    }

    private static func form(_ quirks: Readings) -> IntegerForm {
        quirks.take(Quirks.integers, "signed") ? .signed64 : .digits64
    }

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
