internal import APIKit
internal import HTTP
internal import JSON
internal import OTCKit
internal import Store

extension APIGAPI {
    /// Querying VPC Endpoint Connections.
    static func listEndpointConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let filters = try ConnectionFilters(call)
        let project = call.capture("project_id").text
        guard
            let gateway = try call.find(instances, project, call.capture("instance_id").text),
            let serviceID = try call.document(instances, gateway)?["endpoint_service_id"]?.stringValue,
            let service = try call.find(OTC.endpointServices, project, serviceID)
        else { throw .noEndpointService }
        let page = try call.page(filters.query(under: service))
        var body = Array(#"{"total":\#(page.total),"size":\#(page.count),"connections":["#.utf8)
        body += page.bytes
        body += "]}".utf8
        return Reply(contentType: contentType, body: body)
    }
}
