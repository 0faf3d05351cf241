package import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

extension OTC {
    /// Made-up projects, with what stands below the endpoint services of each.
    ///
    /// - Parameters:
    ///   - rows: how many connections the first project's endpoint service has; the second one's has none.
    ///   - group: the fourth group of the endpoint services' identifiers, which tells those of one API from another's.
    ///   - extras: what a project holds besides, given its number and its endpoint service.
    /// - Returns: the projects.
    package static func samples(
        rows: Int,
        group: String,
        extras: (_ number: Int, _ service: String) -> [(collection: String, rows: Sample.Rows)] = { _, _ in [] },
    ) -> (collection: String, samples: [Sample]) {
        let numbers = rows == 0 ? [0] : [rows, 0]
        let samples = numbers.map { number in
            let service = Sample.uuid(group, number)
            let connections = Sample.Rows.plain(count: number) { connection($0, group: group) }
            let project: JSON.Object = [
                "project_id": .string(Sample.digits(number, 32)),
                "domain_id": .string(domain),
                "name": .string("eu-de_\(number)"),
            ]
            let services = [Sample(["id": .string(service)], [("connections", connections)])]
            return Sample(project, [("endpoint_services", .samples(services))] + extras(number, service))
        }
        return ("projects", samples)
    }

    private static let domain = "5fc973eea581490997e82ea11a1df31f"

    /// Three connections at a time are created in the same second; every state takes its turn.
    private static func connection(_ number: Int, group: String) -> JSON.Object {
        let created = Timestamp(seconds: 1_600_000_000 + Int64(number / 3) * 60)
        let state = connectionStates[number % connectionStates.count]
        var connection: JSON.Object = [
            "id": .string("00000000-0001-4000-\(group)-\(Sample.digits(number, 12))"),
            "status": .string(state),
            "marker_id": .number(JSON.Number(Int64(16_777_216 + number))),
            "domain_id": .string(domain),
            "created_at": .string(created.text(fractionDigits: 0)),
            "updated_at": .string(Timestamp(seconds: created.seconds + Int64(number % 7)).text(fractionDigits: 0)),
        ]
        if state == "failed" {
            connection["error"] = [
                ["error_code": "EndPoint.2022", "error_message": "Failed to create an endpoint."]
            ]
        }
        return connection
    }
}
