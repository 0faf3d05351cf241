internal import PatchbayAPIKit
internal import PatchbayHTTP
internal import PatchbayJSON
internal import PatchbayStore

extension ConfluentAPI {
    static let poolEnvironment = Parameter<String?>.text("environment").means(.environment)

    /// Read a Compute Pool.
    ///
    /// One that is not there is refused as one that is out of reach, as the live service does; but where nobody is asked for
    /// credentials, none are refused.
    static func getFcpmV2ComputePool(_ call: borrowing Call<Self>) throws(Failure) -> Reply {
        let id = call.capture("compute_pool_id").text
        let environment = try call.query(poolEnvironment)
        let identity = call.identity
        let pool = try call.documents(in: computePools).first { pool in
            pool.document["id"] == .string(id)
                && environment?.utf8.elementsEqual(pool.keys[1].utf8) ?? true
                && identity?.reaches(pool.keys[0], environment: pool.keys[1]) ?? true
        }
        guard let pool else {
            let isAsked = call.world.authentication != .off
            throw isAsked ? .forbidden(user: user(of: call), resource: id) : .noPool(id)
        }
        return Reply(json: .object(shown(pool: pool.document, at: pool.keys, call.origin)))
    }

    private static func shown(pool document: JSON.Object, at path: [String], _ origin: String) -> JSON.Object {
        let cloud = document["cloud"]?.stringValue ?? ""
        let region = document["region"]?.stringValue ?? ""
        let environment = "crn://confluent.cloud/organization=\(path[0])/environment=\(path[1])"
        let name = "\(environment)/flink-region=\(cloud.lowercased()).\(region)/compute-pool=\(path[2])"
        return [
            "api_version": "fcpm/v2",
            "id": .string(path[2]),
            "kind": "ComputePool",
            "metadata": [
                "created_at": document["created_at"] ?? .null,
                "resource_name": .string(name),
                "self": .string("\(origin)/fcpm/v2/compute-pools/\(URLText.encoded(path[2]))"),
                "updated_at": document["updated_at"] ?? .null,
            ],
            "spec": [
                "cloud": .string(cloud),
                "display_name": document["display_name"] ?? .null,
                "environment": [
                    "id": .string(path[1]),
                    "related": .string("\(origin)/org/v2/environments/\(URLText.encoded(path[1]))"),
                    "resource_name": .string(environment),
                ],
                "http_endpoint": .string(origin),
                "max_cfu": document["max_cfu"] ?? .null,
                "region": .string(region),
            ],
            "status": ["current_cfu": 0, "phase": "PROVISIONED"],
        ]
    }
}
