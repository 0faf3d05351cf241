internal import PatchbayJSON

/// Where the services are: this server, as the request addressed it.
enum Catalog {
    /// The entries that clients look for; one of them takes the endpoint of block storage for its own (contract
    /// `apig.md`, section 2.2).
    private static let regional = [
        (type: "vpcep", name: "vpcep", base: "/v1/", digit: "1"),
        (type: "apigv2", name: "apig", base: "/v2/", digit: "2"),
        (type: "volumev2", name: "evs", base: "/v2/", digit: "3"),
    ]

    /// The catalogue of a project; without one, of what belongs to no region.
    static func entries(for project: Project?, origin: String) -> JSON {
        var entries = [entry("identity", "iam", region: "*", url: origin + "/v3", digit: "0")]
        if let project {
            entries += regional.map { service in
                entry(
                    service.type,
                    service.name,
                    region: project.region,
                    url: origin + service.base + project.id,
                    digit: service.digit,
                )
            }
        }
        return .array(entries)
    }

    private static func entry(_ type: String, _ name: String, region: String, url: String, digit: String) -> JSON {
        let identifier = { (last: String) in JSON.string(String(repeating: digit, count: 31) + last) }
        return [
            "endpoints": [
                [
                    "id": identifier("e"),
                    "interface": "public",
                    "region": .string(region),
                    "region_id": .string(region),
                    "url": .string(url),
                ]
            ],
            "id": identifier("5"),
            "name": .string(name),
            "type": .string(type),
        ]
    }
}
