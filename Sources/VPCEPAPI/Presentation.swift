internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayOTCKit
internal import PatchbayStore

/// What all operations begin and end with.
extension VPCEPAPI {
    /// The project of the path, where the sender may do something.
    static func project(_ call: borrowing Call<Self>, _ action: String) throws(Failure) -> String {
        let project = call.capture("project_id").text
        guard project.utf8.count <= 64 || project.unicodeScalars.count <= 64 else { throw .invalidProject }
        try authorize(action, in: project, call)
        return project
    }

    /// The project and the endpoint service of the path, where the sender may do something.
    static func serviceKeys(
        _ call: borrowing Call<Self>,
        _ action: String
    ) throws(Failure) -> (project: String, service: String) {
        let project = try project(call, action)
        let id = call.capture("vpc_endpoint_service_id").text
        if call.quirks.take(Quirks.malformedService, "refused"), !Member.TextForm.uuid.matches(id) {
            throw .invalidService
        }
        return (project, id)
    }

    static func noSuchService(_ quirks: Readings) -> Failure {
        quirks.take(Quirks.unknownService, "2003") ? .noService : .notFound
    }

    /// A list of rows as they are stored, or as a view shows them.
    static func list(
        _ name: String,
        _ query: Query,
        _ filters: Filters.Values,
        _ window: Window,
        _ call: borrowing Call<Self>,
    ) throws(Failure) -> Reply {
        var query = query
        query.filters = filters
        let page = try call.page(query)
        try window.check(total: page.total, call.quirks)
        var body = Array(#"{"\#(name)":["#.utf8)
        body += page.bytes
        body += #"],"total_count":\#(page.total)}"#.utf8
        return Reply(body: body, rows: page.count)
    }

    /// What is answered when something goes away.
    static func deleted(_ quirks: Readings) -> Reply {
        Reply(quirks.take(Quirks.deleteStatus, "200") ? .ok : .noContent, body: [])
    }
}

extension Page {
    /// The rows as objects.
    var objects: [JSON.Object] {
        let rows = try? JSON(parsing: Array("[".utf8) + bytes + "]".utf8)
        return (rows?.arrayValue ?? []).compactMap(\.objectValue)
    }
}
