internal import APIKit
internal import HTTP
internal import OTCKit
internal import Store

extension VPCEPAPI {
    /// Querying Connections of a VPC Endpoint Service.
    static func listServiceConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = call.capture("project_id").text
        guard project.unicodeScalars.count <= 64 else { throw .invalidProject }
        let filters = try ConnectionFilters(call)
        let service = try call.find(OTC.endpointServices, project, call.capture("vpc_endpoint_service_id").text)
        guard let service else { throw .notFound }
        let page = try call.page(filters.query(under: service))
        var body = Array(#"{"connections":["#.utf8)
        body += page.bytes
        body += #"],"total_count":\#(page.total)}"#.utf8
        return Reply(body: body)
    }
}
