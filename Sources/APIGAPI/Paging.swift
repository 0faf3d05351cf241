internal import PatchbayAPIKit
internal import PatchbayOTCKit
internal import PatchbayStore

/// The query parameters of the lists, in the order of the documents' tables, which is the order they are checked in.
struct Filters {
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
    .means(.offset)
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
    .means(.pageSize)
    static let id = Parameter<String?>.text("id").means(.identifier)
    static let markerID = Parameter<Int64?>.following { quirks in
        .integer(
            "marker_id",
            form: .signed64,
            malformed: quirks.take(Quirks.notInteger, "default") ? .becomes(nil) : .refused
        )
    }
    .means(.packet)
    static let status = Parameter<String?>.following { quirks in
        switch quirks[Quirks.status] {
        case "four": .choice("status", ["pendingAcceptance", "accepted", "rejected", "failed"])
        case "any": .text("status")
        default: .choice("status", OTC.connectionStates)
        }
    }
    .means(.status)

    static let permission = Parameter<String?>.text("permission").means(.permission)
    static let instanceID = Parameter<String?>.text("instance_id").means(.identifier)
    static let instanceName = Parameter<String?>.text("instance_name").means(.name)
    static let instanceStatus = Parameter<String?>.text("status").means(.status)

    static let window = [Self.offset.description, Self.limit.description]

    private var values: [(member: String, value: Query.FilterValue)] = []
    let limit: Int64
    private let offset: Int64

    private init(_ call: borrowing Call<APIGAPI>) throws(APIGAPI.Failure) {
        offset = try call.query(Self.offset)
        limit = try call.query(Self.limit)
    }

    /// Those of a gateway's connections.
    static func connections(_ call: borrowing Call<APIGAPI>) throws(APIGAPI.Failure) -> Self {
        var filters = try Self(call)
        if let id = try call.query(id) { filters.values.append(("id", .text(id))) }
        if let markerID = try call.query(markerID) { filters.values.append(("marker_id", .integer(markerID))) }
        if let status = try call.query(status) { filters.values.append(("status", .text(status))) }
        return filters
    }

    /// Those of a whitelist.
    static func permissions(_ call: borrowing Call<APIGAPI>) throws(APIGAPI.Failure) -> Self {
        var filters = try Self(call)
        if let permission = try call.query(permission) {
            filters.values.append(("permission", .containing(permission)))
        }
        return filters
    }

    /// Those of a project's gateways.
    static func instances(_ call: borrowing Call<APIGAPI>) throws(APIGAPI.Failure) -> Self {
        var filters = try Self(call)
        for (parameter, member) in [(instanceID, "id"), (instanceName, "instance_name"), (instanceStatus, "status")] {
            if let value = try call.query(parameter) { filters.values.append((member, .text(value))) }
        }
        return filters
    }

    /// What they ask for of a row's children.
    func query(_ collection: Collection, under parent: RowID) -> Query {
        var query = Query(collection, under: parent, limit: limit)
        query.filters = values
        query.start = .offset(offset)
        return query
    }
}
