internal import APIKit
internal import HTTP
internal import Store

extension AtlasAPI {
    /// One provider's peers: the word in the query in any case, the results' spelling in the store (contract 8.2).
    static let provider = Parameter.choice(
        "providerName",
        default: "AWS",
        named: "AWS",
        providers.map { ($0, $0) },
        ignoringCase: true,
    )

    /// Get All Network Peering Connections in A Project.
    static func listPeeringConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let group = try group(call)
        let paging = try Paging(call)
        let provider = try call.query(provider)
        var query = Query(peers, under: group, limit: 0)
        query.filters = [("providerName", .text(provider))]
        query.view = version1View
        return paging.reply(try call.page(paging.window(query)), to: call)
    }

    /// The group of a path: its identifier's form is checked before it is looked up.
    private static func group(_ call: borrowing Call<Self>) throws(Failure) -> RowID {
        let id = call.capture("group_id").text
        guard Member.TextForm.hexadecimal(24).matches(id) else { throw .invalidGroup(id) }
        guard let group = try call.find(groups, id) else { throw .groupNotFound(id) }
        return group
    }
}
