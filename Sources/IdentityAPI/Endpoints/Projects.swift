internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit

extension IdentityAPI {
    /// Querying Project Information Based on the Specified Criteria: the projects of the sender's account.
    static func listProjects(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        try authorize("iam:projects:listProjects", call)
        let filters = try ProjectFilters(call)
        let account = try Caller(call).account
        return try list(call, filters) { account == nil || $0.domainID == account }
    }

    /// Querying the List of Projects Accessible to Users.
    static func listAuthProjects(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let caller = try Caller(call)
        let reachable = try reachableProjects(of: caller, call)
        return try list(call, nil) { project in
            (caller.account == nil || project.domainID == caller.account)
                && reachable.allSatisfy { $0.contains("*") || $0.contains(project.id) }
        }
    }

    /// What the user of a token reaches; of a token without a user, the one project that it is for.
    private static func reachableProjects(
        of caller: Caller,
        _ call: borrowing Call<Self>
    ) throws(Failure) -> [[String]] {
        guard let token = caller.token else { return [] }
        guard let user = token["user"], let id = user["id"]?.stringValue else {
            return token["project_id"]?.stringValue.map { [[$0]] } ?? []
        }
        let domain = user["domain"]?["id"]?.stringValue ?? ""
        guard let row = try call.find(OTC.users, domain, id) else { return [] }
        return try call.document(OTC.users, row)?.texts("projects").map { [$0] } ?? []
    }

    private static func list(
        _ call: borrowing Call<Self>,
        _ filters: ProjectFilters?,
        where isListed: (Project) -> Bool
    ) throws(Failure) -> Reply {
        let all = try Project.all(call)
        let origin = call.origin
        let listed = all.filter(isListed).map { $0.listed(among: all, origin: origin) }
        let projects = (filters?.apply(to: listed) ?? listed).map(JSON.object)
        return Reply(json: ["links": listLinks(call), "projects": .array(projects)], rows: projects.count)
    }

    /// The links of a list, none of which leads to another page.
    static func listLinks(_ call: borrowing Call<Self>) -> JSON {
        ["self": .string(call.origin + call.request.target.pathAndQuery), "previous": nil, "next": nil]
    }
}
