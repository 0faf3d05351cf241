import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

/// The seeds that the program carries: every kind of service, and a walk over all of them.
struct BundledTests {
    /// One for all tests: they only read.
    private static let emulator = Result {
        let emulator = try Emulator(authentication: .off)
        try emulator.load(.bundled)
        return emulator
    }

    private static let full = "00000000000000000000000000000257"
    private static let empty = "00000000000000000000000000000000"

    /// Each type of the document, with each of its hosts, with each mode of `tls_settings` and without.
    @Test(arguments: ["http", "tcp"])
    func `every kind of host and of certificate check is there`(type: String) throws {
        let services = try walk("type=\(type)", size: 1000)
        let kinds = services.map { service in
            let host = (service["host"]?.objectValue?.keys ?? []).joined(separator: " ")
            return "\(host), \(service["tls_settings"]?["cert_verification_mode"]?.stringValue ?? "unset")"
        }
        let hosts = ["ipv4 network", "ipv6 network", "ipv4 ipv6 network", "hostname resolver_network"]
        let modes = ["verify_full", "verify_ca", "disabled", "unset"]
        #expect(Set(kinds) == Set(hosts.flatMap { host in modes.map { "\(host), \($0)" } }))
        let resolvers = services.compactMap { $0["host"]?["resolver_network"] }
        #expect(Set(resolvers.map { $0["resolver_ips"] == nil }) == [true, false])
    }

    @Test func `every protocol and every pair of ports is there`() throws {
        let protocols = try walk("type=tcp", size: 1000).map { $0["app_protocol"]?.stringValue ?? "unset" }
        #expect(Set(protocols) == ["postgresql", "mysql"])
        let ports = try walk("type=http", size: 1000).map { service in
            ["http_port", "https_port"].filter { service[$0] != nil }
        }
        #expect(Set(ports) == [["http_port"], ["https_port"], ["http_port", "https_port"]])
    }

    @Test(arguments: [("type=http", "http"), ("type=tcp", "tcp")])
    func `a filter leaves one type, with its own members only`(filter: String, type: String) throws {
        let others = type == "http" ? ["tcp_port", "app_protocol"] : ["http_port", "https_port"]
        for service in try walk(filter, size: 1000) {
            #expect(service["type"]?.stringValue == type)
            #expect(others.allSatisfy { service[$0] == nil })
        }
    }

    @Test func `several services were created in one second`() throws {
        let moments = try walk("", size: 1000).compactMap { $0["created_at"]?.stringValue }
        #expect(Set(moments).count < moments.count)
    }

    @Test(arguments: ["", "type=http", "type=tcp"], [1, 7, 128, 257, 1000])
    func `a walk meets each service once, by creation and then by id`(filter: String, size: Int) throws {
        let services = try walk(filter, size: size)
        if filter.isEmpty { #expect(services.count == 257) }
        let places = services.map { "\($0["created_at"]?.stringValue ?? "") \($0["service_id"]?.stringValue ?? "")" }
        #expect(zip(places, places.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    @Test func `the two types make up the whole`() throws {
        let whole = try walk("", size: 1000).count
        #expect(try walk("type=http", size: 1000).count + walk("type=tcp", size: 1000).count == whole)
    }

    @Test func `the empty account has no services`() throws {
        let body = try list("", of: Self.empty)
        #expect(body["result"] == [])
        #expect(body["result_info"]?["total_pages"] == 0)
    }

    /// All services as the vendor's libraries walk them: page after page until one is empty.
    private func walk(_ filter: String, size: Int) throws -> [JSON] {
        var services: [JSON] = []
        var totals: Set<Int64> = []
        for page in 1... {
            let body = try list("\(filter)&page=\(page)&per_page=\(size)")
            let result = try #require(body["result"]?.arrayValue)
            let info = try #require(body["result_info"])
            totals.insert(try #require(info["total_count"]?.int64Value))
            #expect(info["count"]?.int64Value == Int64(result.count))
            #expect(info["page"]?.int64Value == Int64(page))
            guard !result.isEmpty else {
                #expect(info["total_pages"]?.int64Value == Int64(page - 1))
                break
            }
            services += result
        }
        #expect(totals == [Int64(services.count)])
        return services
    }

    private func list(_ query: String, of account: String = full) throws -> JSON {
        let target = "/client/v4/accounts/\(account)/connectivity/directory/services?\(query)"
        let request = try Request(parsing: "GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n")
        let response = try Self.emulator.get().respond(to: request)
        #expect(response.status == .ok)
        return try JSON(parsing: response.body)
    }
}
