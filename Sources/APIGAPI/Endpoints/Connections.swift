internal import APIKit
internal import HTTP
internal import JSON
internal import OTCKit
internal import Store

extension APIGAPI {
    /// Querying VPC Endpoint Connections.
    static func listEndpointConnections(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let project = call.capture("project_id").text
        try authorize("apig:instance:listVpcEndpoint", in: project, call)
        let filters = try ConnectionFilters(call)
        guard let gateway = try call.find(instances, project, call.capture("instance_id").text) else {
            throw call.quirks.take(Quirks.unknownInstance, "7302") ? .noInstance : .noEndpointService
        }
        guard
            let serviceID = try call.document(instances, gateway)?["endpoint_service_id"]?.stringValue,
            let service = try call.find(OTC.endpointServices, project, serviceID)
        else { throw .noEndpointService }
        let page = try call.page(filters.query(under: service, call.quirks))
        let size = call.quirks.take(Quirks.size, "limit") ? filters.limit : Int64(page.count)
        let counts =
            call.quirks.take(Quirks.memberOrder, "table")
            ? #""size":\#(size),"total":\#(page.total)"# : #""total":\#(page.total),"size":\#(size)"#
        var body = Array(#"{\#(counts),"connections":["#.utf8)
        body += page.bytes
        body += "]}".utf8
        return Reply(contentType: contentType, body: body)
    }
}
