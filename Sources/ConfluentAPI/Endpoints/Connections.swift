internal import APIKit
internal import HTTP
internal import Store

extension ConfluentAPI {
    /// List of Connections.
    static func listSqlv1Connections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let organization = call.capture("organization_id").text
        let environment = call.capture("environment_id").text
        guard try call.find(organizations, organization) != nil else { throw .noOrganization(organization) }
        guard let row = try call.find(environments, organization, environment) else {
            throw .noEnvironment(environment)
        }
        let paging = try Paging(call, environment: [organization, environment])
        return paging.reply(try call.page(paging.query(under: row)), to: call)
    }
}
