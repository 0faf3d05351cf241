internal import PatchbayAPIKit
internal import PatchbayOTCKit
internal import PatchbayStore

/// The query parameters that all lists have, after their filters: order, direction and window.
struct Window {
    /// Two editions of the page spell the members of a time differently, and clients send both (contract section 8.3).
    static let sortKeys = [
        (word: "create_at", meaning: "created_at"), (word: "update_at", meaning: "updated_at"),
        (word: "created_at", meaning: "created_at"), (word: "updated_at", meaning: "updated_at"),
    ]

    /// What a list can be asked for.
    struct Parameters: Sendable {
        let sortKey: Parameter<String>
        let limit: Parameter<Int64>

        /// The keys that a list is sorted by are those of both times, or of one; the most rows of a page are so many.
        init(keys: [String] = ["created_at", "updated_at"], atMost most: Int64 = 1000) {
            let sortKey = Parameter<String>.following { quirks in
                let words =
                    switch quirks[Quirks.sortKeys] {
                    case "create_at": Array(sortKeys.prefix(2))
                    case "created_at": Array(sortKeys.suffix(2))
                    default: sortKeys
                    }
                let taken = words.filter { keys.contains($0.meaning) }
                return .choice("sort_key", default: "created_at", named: taken[0].word, taken)
            }
            let limit = Parameter<Int64>.following { quirks in
                let lowest: Int64 = quirks.take(Quirks.limitZero, "refused") ? 1 : 0
                return .integer("limit", default: 10, in: lowest...most, form: form(quirks))
            }
            self.sortKey = sortKey.means(.sortKey)
            self.limit = limit.means(.pageSize)
        }

        var descriptions: [ParameterDescription] {
            [sortKey.description, sortDirection.description, limit.description, offset.description]
        }
    }

    static let parameters = Parameters()
    static let sortDirection = Parameter.choice(
        "sort_dir",
        default: Query.Direction.descending,
        named: "desc",
        [("desc", .descending), ("asc", .ascending)],
    ).means(.sortDirection)
    static let offset = Parameter<Int64>.following { quirks in
        .integer("offset", default: 0, in: 0...Int64.max, form: form(quirks))
    }
    .means(.offset)

    private static func form(_ quirks: Readings) -> IntegerForm {
        quirks.take(Quirks.integers, "signed") ? .signed64 : .digits64
    }

    let order: String
    let direction: Query.Direction
    let limit: Int64
    let offset: Int64

    init(_ call: borrowing Call<VPCEPAPI>, _ parameters: Parameters = parameters) throws(VPCEPAPI.Failure) {
        order = try call.query(parameters.sortKey)
        direction = try call.query(Self.sortDirection)
        limit = try call.query(parameters.limit)
        offset = try call.query(Self.offset)
    }

    /// What they ask for of a row's children.
    func query(_ collection: Collection, under parent: RowID) -> Query {
        var query = Query(collection, under: parent, limit: limit)
        query.order = order
        query.direction = direction
        query.start = .offset(offset)
        return query
    }

    /// Refuses an offset behind the end of a list of so many rows, where that is the reading.
    func check(total: Int64, _ quirks: Readings) throws(VPCEPAPI.Failure) {
        if quirks.take(Quirks.offsetBeyond, "refused"), total > 0, offset >= total {
            throw VPCEPAPI.Failure(.badParameter(name: "offset", value: "", reason: "is not before the end"))
        }
    }
}

/// The query parameters of the lists, in the order of the documents' tables, which is the order they are checked in.
enum Filters {
    typealias Values = [(member: String, value: Query.FilterValue)]

    static let id = Parameter<String?>.text("id").means(.identifier)
    static let serviceName = Parameter<String?>.text("endpoint_service_name").means(.name)
    static let vpcID = Parameter<String?>.text("vpc_id").means(.network)
    static let permission = Parameter<String?>.text("permission").means(.permission)
    static let serviceStatus = Parameter<String?>.choice("status", OTC.serviceStates).means(.status)

    static let connectionID = Parameter<String?>.following { quirks in
        quirks.take(Quirks.id, "uuid") ? .text("id", Member.TextForm.uuid) : .text("id")
    }
    .means(.identifier)
    static let markerID = Parameter<Int64?>.following { quirks in
        // Below zero there is no packet identifier, so that this one matches nothing.
        .integer(
            "marker_id",
            form: .digits64,
            malformed: quirks.take(Quirks.markerID, "text") ? .becomes(-1) : .refused
        )
    }
    .means(.packet)
    static let connectionStatus = Parameter<String?>.following { quirks in
        switch quirks[Quirks.status] {
        case "four": .choice("status", ["pendingAcceptance", "accepted", "rejected", "failed"])
        case "ignored": Parameter<String?>.text("status").ignored()
        default: .choice("status", OTC.connectionStates)
        }
    }
    .means(.status)

    /// Those of an endpoint service's connections.
    static func connections(_ call: borrowing Call<VPCEPAPI>) throws(VPCEPAPI.Failure) -> Values {
        var filters: Values = []
        if let id = try call.query(connectionID) { filters.append(("id", .text(id))) }
        if let markerID = try call.query(markerID) { filters.append(("marker_id", .integer(markerID))) }
        if let status = try call.query(connectionStatus) { filters.append(("status", .text(status))) }
        return filters
    }

    /// Those of a project's endpoint services.
    static func services(_ call: borrowing Call<VPCEPAPI>) throws(VPCEPAPI.Failure) -> Values {
        var filters: Values = []
        if let name = try call.query(serviceName) { filters.append(("service_name", .containing(name))) }
        if let id = try call.query(id) { filters.append(("id", .text(id))) }
        if let status = try call.query(serviceStatus) { filters.append(("status", .text(status))) }
        return filters
    }

    /// Those of a project's endpoints.
    static func endpoints(_ call: borrowing Call<VPCEPAPI>) throws(VPCEPAPI.Failure) -> Values {
        var filters: Values = []
        if let name = try call.query(serviceName) { filters.append(("endpoint_service_name", .containing(name))) }
        if let vpcID = try call.query(vpcID) { filters.append(("vpc_id", .text(vpcID))) }
        if let id = try call.query(id) { filters.append(("id", .text(id))) }
        return filters
    }

    /// Those of a whitelist.
    static func permissions(_ call: borrowing Call<VPCEPAPI>) throws(VPCEPAPI.Failure) -> Values {
        guard let permission = try call.query(permission) else { return [] }
        return [("permission", .containing(permission))]
    }
}
