import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

@testable import Patchbay

/// Patchbay's own calls.
@Suite struct ControlTests {
    @Test func `Health says what runs`() throws {
        let answer = try Emulator.shared().answer("GET /_patchbay/health", [])
        #expect(answer.status == 200)
        #expect(answer["Content-Type"] == "application/json")
        let uptime = try #require(answer.json?["uptimeSeconds"])
        #expect((uptime.int64Value ?? -1) >= 0)
        let expected: JSON = [
            "status": "ok", "version": .string(Emulator.version), "uptimeSeconds": uptime,
            "apis": ["vpcep", "apig", "identity", "atlas", "confluent", "cloudflare"],
        ]
        #expect(answer.json == expected)
    }

    @Test(arguments: ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "get"])
    func `A wrong method is 405 with Allow`(method: String) throws {
        let answer = try Emulator.shared().answer("\(method) /_patchbay/health", [])
        #expect(answer.status == 405)
        #expect(answer["Allow"] == "GET, HEAD")
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.json?["title"] == "Method Not Allowed")
    }

    @Test(arguments: [
        ("/_patchbay/helth", "/_patchbay/health"), ("/_patchbay/tenant", "/_patchbay/tenants"), ("/_patchbay", ""),
        ("/_patchbay/", ""), ("/_patchbay/ready/now", "/_patchbay/ready"), ("/_patchbay/Health", "/_patchbay/health"),
    ])
    func `An unknown call is 404 and names the nearest one`(path: String, nearest: String) throws {
        let answer = try Emulator.shared().answer("GET \(path)", [])
        #expect(answer.status == 404)
        #expect(answer["Content-Type"] == "application/problem+json")
        #expect(answer.json?["detail"]?.stringValue?.contains(path) == true)
        #expect(answer["X-Patchbay-Unmatched"]?.hasSuffix(nearest) == true)
    }

    @Test(arguments: [
        ("PUT", "/clock", #"{"nwo":"x"}"#, "/nwo"), ("POST", "/clock/advance", #"{"second":5}"#, "/second"),
        ("POST", "/reset", #"{"scope":[]}"#, "/scope"), ("POST", "/reset", #"{"scop":["all"]}"#, "/scop"),
        ("DELETE", "/faults", #"{"faults":[]}"#, ""), ("GET", "/health", "{}", ""),
        ("POST", "/transitions", #"{"api":"atlas","collection":"peers","path":["g","p"],"event":"acept"}"#, "/event"),
        ("POST", "/transitions", #"{"api":"atlas","collection":"peers","path":[]}"#, "/path"),
    ])
    func `A body that means nothing is refused with the place of what is wrong`(
        method: String,
        path: String,
        body: String,
        place: String,
    ) throws {
        let answer = try Emulator.shared().call("\(method) /_patchbay\(path)", body)
        #expect(answer.status == 400)
        #expect(answer.json?["pointer"] == .string(place), "\(answer.text)")
    }

    @Test func `An unknown tenant is named with those that there are`() throws {
        let answer = try Emulator.shared().answer("GET /_patchbay/clock?tenant=5356823b3794dee37132bb7c", [])
        #expect(answer.status == 404)
        #expect(answer.json?["nearest"] == "5356823b3794dee37132bb7b")
        #expect(answer.json?["parameter"] == "tenant")
    }

    @Test(arguments: [
        ("POST", "/reset"), ("GET", "/clock"), ("PUT", "/clock"), ("POST", "/clock/advance"), ("GET", "/faults"),
        ("DELETE", "/faults"), ("PUT", "/faults/f"), ("DELETE", "/requests"), ("DELETE", "/diagnostics"),
        ("PUT", "/snapshots/s"), ("POST", "/snapshots/s/restore"),
    ])
    func `An API alone does not make a call that is about a tenant one about everything`(
        method: String,
        path: String
    ) throws {
        let answer = try Emulator.shared().answer("\(method) /_patchbay\(path)?api=atlas", [])
        #expect(answer.status == 400)
        #expect(answer.json?["parameter"] == "api")
    }

    @Test func `Tenants name every list with its parameters and rows, and each list agrees`() throws {
        let emulator = try Emulator.shared()
        let tenants = try #require(try emulator.answer("GET /_patchbay/tenants").json?["tenants"]?.arrayValue)
        let routes = emulator.world.services.flatMap(\.routes)
        for tenant in tenants {
            let api = try #require(tenant["api"]?.stringValue)
            let route = try #require(routes.first { $0.api == api })
            var path = route.path
            for (name, value) in try #require(tenant["parameters"]?.objectValue) {
                #expect(path.contains("{\(name)}"))
                path.replace("{\(name)}", with: URLText.encoded(value.stringValue ?? ""))
            }
            #expect(!path.contains("{"))
            #expect(try Self.total(api, path, emulator) == tenant["rows"]?.int64Value, "\(tenant)")
        }
        for api in emulator.world.services.map(\.name) where api != "identity" {
            let rows = tenants.filter { $0["api"] == .string(api) }.compactMap { $0["rows"]?.int64Value }
            #expect(rows.contains(257), "\(api)")
            #expect(rows.contains(0), "\(api)")
            #expect(rows.contains { (1..<257).contains($0) }, "\(api)")
        }
    }

    /// The total that a list itself answers with.
    static func total(_ api: String, _ path: String, _ emulator: Emulator) throws -> Int64? {
        switch api {
        case "vpcep": try emulator.answer("GET \(path)").json?["total_count"]?.int64Value
        case "apig": try emulator.answer("GET \(path)").json?["total"]?.int64Value
        case "confluent": try emulator.answer("GET \(path)").json?["metadata"]?["total_size"]?.int64Value
        case "cloudflare": try emulator.answer("GET \(path)").json?["result_info"]?["total_count"]?.int64Value
        default:
            try ["AWS", "AZURE", "GCP"].reduce(0) { sum, provider in
                let json = try emulator.answer("GET \(path)?providerName=\(provider)").json
                return try sum + #require(json?["totalCount"]?.int64Value)
            }
        }
    }
}
