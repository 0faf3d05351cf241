internal import APIKit
internal import HTTP
internal import Store

extension ConfluentAPI {
    /// List of Connections.
    static func listSqlv1Connections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let organization = call.capture("organization_id").text
        let environment = call.capture("environment_id").text
        let row = try find(environment: environment, of: organization, call)
        try authorize(call, in: environment)
        let paging = try Paging(call, environment: [organization, environment])
        guard let row else { return paging.reply(Page(total: 0), to: call) }
        return paging.reply(try call.page(paging.query(under: row, call.quirks)), to: call)
    }

    /// The row of an environment; `nil` where an unknown one is as good as an empty one.
    private static func find(
        environment: String,
        of organization: String,
        _ call: borrowing Call<Self>
    ) throws(Failure) -> RowID? {
        if let row = try call.find(environments, organization, environment) { return row }
        switch call.quirks[Quirks.unknownEnvironment] {
        case "empty": return nil
        case "403": throw .forbidden(user: user(of: call), resource: environment)
        default:
            let isKnown = try call.find(organizations, organization) != nil
            throw isKnown ? .noEnvironment(environment) : .noOrganization(organization)
        }
    }
}
