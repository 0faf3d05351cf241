internal import APIKit
internal import HTTP
internal import JSON
internal import Store

extension AtlasAPI {
    /// One provider's peers: the word in the query in any case, the results' spelling in the store (contract 8.2).
    static let provider = Parameter<String>.following { quirks in
        let isExact = quirks.take(Quirks.providerCase, "exact")
        let words = isExact ? providers + ["Azure"] : providers
        return .choice(
            "providerName",
            default: "AWS",
            named: "AWS",
            words.map { ($0, $0.uppercased()) },
            ignoringCase: !isExact,
        )
    }

    /// Get All Network Peering Connections in A Project.
    static func listPeeringConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try group(call)
        let paging = try Paging(call)
        let provider = try call.query(provider)
        var query = Query(peers, under: group, limit: 0)
        query.filters = [("providerName", .text(provider))]
        query.view = call.quirks.take(Quirks.providerInResults, "present") ? nil : version1View
        if call.quirks.take(Quirks.unset, "absent") {
            query.reshape = { JSON.Object(members: $0.filter { !$0.value.isNull }) }
        }
        return paging.reply(try call.page(paging.window(query)), to: call)
    }

    /// The group of a path: its identifier's form is checked before it is looked up.
    private static func group(_ call: borrowing Call<Self>) throws(Failure) -> RowID {
        let written = call.capture("group_id").text
        let id = call.quirks.take(Quirks.idCase, "any") ? written.lowercased() : written
        guard Member.TextForm.hexadecimal(24).matches(id) else { throw .malformedGroup(written) }
        guard let group = try call.find(groups, id), let document = try call.document(groups, group) else {
            throw .groupNotFound(written)
        }
        switch document["state"]?.stringValue {
        case "CLOUD_MANAGER": throw .notAtlasGroup(written)
        case "INVALID": throw .invalidAtlasGroup(written)
        default: break
        }
        try authorize(call, in: id, document)
        guard document["state"]?.stringValue != "SUSPENDED" else { throw .suspended }
        return group
    }
}
