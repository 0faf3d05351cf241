internal import APIKit
internal import OTCKit
internal import Store

/// The query parameters of the list, in the order of the document's table, which is the order they are checked in.
struct ConnectionFilters {
    /// Out of range is converted, as the document says, never refused (contract section 8.1).
    static let offset = Parameter<Int64>.following { quirks in
        .integer(
            "offset",
            default: 0,
            in: 0...Int64.max,
            form: .signed64,
            below: .becomes(0),
            takesTooLarge: quirks.take(Quirks.beyondInt64, "clamped"),
            malformed: quirks.take(Quirks.notInteger, "default") ? .becomes(0) : .refused,
        )
    }
    static let limit = Parameter<Int64>.following { quirks in
        let isConverted = quirks.take(Quirks.limit, "clamped")
        return .integer(
            "limit",
            default: 20,
            in: 1...500,
            form: .signed64,
            below: isConverted ? .becomes(20) : .refused,
            above: isConverted ? .becomes(500) : .refused,
            takesTooLarge: quirks.take(Quirks.beyondInt64, "clamped"),
            malformed: quirks.take(Quirks.notInteger, "default") ? .becomes(20) : .refused,
        )
    }
    static let id = Parameter<String?>.text("id")
    static let markerID = Parameter<Int64?>.following { quirks in
        .integer(
            "marker_id",
            form: .signed64,
            malformed: quirks.take(Quirks.notInteger, "default") ? .becomes(nil) : .refused
        )
    }
    static let status = Parameter<String?>.following { quirks in
        switch quirks[Quirks.status] {
        case "four": .choice("status", ["pendingAcceptance", "accepted", "rejected", "failed"])
        case "any": .text("status")
        default: .choice("status", OTC.connectionStates)
        }
    }

    static let parameters = [
        Self.offset.description, Self.limit.description, Self.id.description, Self.markerID.description,
        Self.status.description,
    ]

    private var filters: [(member: String, value: Query.FilterValue)] = []
    let limit: Int64
    private let offset: Int64

    init(_ call: borrowing Call<APIGAPI>) throws(APIGAPI.Failure) {
        offset = try call.query(Self.offset)
        limit = try call.query(Self.limit)
        if let id = try call.query(Self.id) { filters.append(("id", .text(id))) }
        if let markerID = try call.query(Self.markerID) { filters.append(("marker_id", .integer(markerID))) }
        if let status = try call.query(Self.status) { filters.append(("status", .text(status))) }
    }

    /// What they ask for of a service's connections; the newest come first (contract section 8.12).
    func query(under service: RowID, _ quirks: Readings) -> Query {
        var query = Query(OTC.connections, under: service, limit: limit)
        query.filters = filters
        query.direction = quirks.take(Quirks.order, "oldest") ? .ascending : .descending
        query.start = .offset(offset)
        query.view = OTC.gatewayView
        return query
    }
}
