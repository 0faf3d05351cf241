internal import APIKit
internal import HTTP
internal import OTCKit
internal import Store

extension VPCEPAPI {
    /// Querying Connections of a VPC Endpoint Service.
    static func listServiceConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = call.capture("project_id").text
        guard project.unicodeScalars.count <= 64 else { throw .invalidProject }
        try authorize("vpcep:connections:list", in: project, call)
        let id = call.capture("vpc_endpoint_service_id").text
        if call.quirks.take(Quirks.malformedService, "refused"), !Member.TextForm.uuid.matches(id) {
            throw .invalidService
        }
        let filters = try ConnectionFilters(call)
        guard let service = try call.find(OTC.endpointServices, project, id) else {
            throw call.quirks.take(Quirks.unknownService, "2003") ? .noService : .notFound
        }
        let page = try call.page(filters.query(under: service))
        if call.quirks.take(Quirks.offsetBeyond, "refused"), page.total > 0, filters.offset >= page.total {
            throw Failure(.badParameter(name: "offset", value: "", reason: "is not before the end"))
        }
        var body = Array(#"{"connections":["#.utf8)
        body += page.bytes
        body += #"],"total_count":\#(page.total)}"#.utf8
        return Reply(body: body)
    }
}
