import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

@testable import Patchbay

/// What holds for every row of every endpoint table.
@Suite struct EndpointTests {
    static let routes = ((try? Catalogue.services()) ?? []).flatMap(\.routes)

    /// The rows whose path the bundled seeds fill, that only read, and that need no more than a path.
    static let reads = routes.filter { route in
        // One of its two parameters has to be there.
        guard route.operation != "ListServiceDescribeDetails" else { return false }
        guard route.method == .get, let service = try? Catalogue.services().first(where: { $0.name == route.api })
        else {
            return false
        }
        // The token that is spoken of stands in a header.
        guard route.operation != "KeystoneValidateToken" else { return false }
        let names = (try? Emulator.shared().world.store).flatMap { try? service.tenants($0).first?.parameters } ?? []
        return captures(of: route).allSatisfy { capture in names.contains { $0.name == capture } }
    }

    private static func captures(of route: RouteDescription) -> [String] {
        route.path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    /// Headers that satisfy a row: credentials, and the media type where an edition wants its own.
    private static func headers(of route: RouteDescription) -> [String] {
        credentials + (route.answerType.map { ["Accept: \($0)"] } ?? [])
    }

    /// The methods that a row's path has.
    private static func methods(of route: RouteDescription) -> [String] {
        let methods = routes.filter { $0.api == route.api && $0.path == route.path }.map(\.method.name)
        return (methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted()
    }

    /// The row's path with its captures filled from a tenant that has rows, and with any text where it does not have them.
    private func path(of route: RouteDescription, in emulator: Emulator) throws -> String {
        let service = try #require(emulator.world.services.first { $0.name == route.api })
        let tenant = try service.tenants(emulator.world.store).first { $0.rows > 0 }
        let filled = (tenant?.parameters ?? []).reduce(route.path) { $0.replacing("{\($1.name)}", with: $1.value) }
        return Self.captures(of: route).reduce(filled) { $0.replacing("{\($1)}", with: "x") }
    }

    @Test func `Every API has a row`() throws {
        let services = try Catalogue.services()
        #expect(services.map(\.name) == ["vpcep", "apig", "identity", "atlas", "confluent", "cloudflare"])
        #expect(Set(Self.routes.map(\.api)) == Set(services.map(\.name)))
        #expect(Set(services.map(\.basePath)).count == services.count)
        #expect(services.allSatisfy { !$0.title.isEmpty })
    }

    @Test(arguments: routes)
    func `A row describes itself`(route: RouteDescription) throws {
        #expect(!route.operation.isEmpty)
        #expect(route.documentation.hasPrefix("https://"))
        #expect(!route.documentation.contains(" "))
        #expect(Set(route.parameters.map(\.name)).count == route.parameters.count)
        for parameter in route.parameters {
            #expect(!parameter.name.isEmpty)
            #expect(["integer", "string", "boolean"].contains(parameter.type))
            #expect(!parameter.otherwise.isEmpty)
        }
    }

    @Test(arguments: reads)
    func `A row answers, with its defaults written out as well`(route: RouteDescription) throws {
        let emulator = try Emulator.shared()
        let path = try path(of: route, in: emulator)
        let plain = try emulator.answer("\(route.method) \(path)", Self.headers(of: route))
        #expect(plain.status == route.success.code)
        #expect(plain["Content-Type"]?.hasPrefix(route.answerType ?? "application/json") == true)
        #expect(plain.json != nil)
        let defaults = route.parameters.compactMap { parameter in parameter.standard.map { "\(parameter.name)=\($0)" } }
        let query = defaults.joined(separator: "&")
        let explicit = try emulator.answer("\(route.method) \(path)?\(query)", Self.headers(of: route))
        #expect(explicit.status == route.success.code)
        // Links repeat the query, so only the rows are compared.
        for member in ["connections", "results", "data", "result"] {
            #expect(plain.json?[member]?.arrayValue?.count == explicit.json?[member]?.arrayValue?.count)
        }
    }

    @Test(arguments: reads)
    func `No value of a parameter is too much`(route: RouteDescription) throws {
        let emulator = try Emulator.shared()
        let path = try path(of: route, in: emulator)
        let values = [
            "", "0", "-1", "1", "99999999999999999999999", "9223372036854775807", "2147483647", "x", "%00", "%C3",
            "%25",
            "%F0%9F%98%80", "'%22%3B--", String(repeating: "9", count: 2_000), "true", "null", "+", "1.5", "1e3",
        ]
        for parameter in route.parameters {
            for value in values {
                let answer = try emulator.answer(
                    "GET \(path)?\(parameter.name)=\(value)",
                    Self.headers(of: route),
                )
                #expect(answer.status < 500, "\(parameter.name)=\(value)")
                let isDone = answer.status == route.success.code
                #expect(isDone || isErrorOf(route.api, answer.json), "\(parameter.name)=\(value)")
            }
            #expect(try emulator.answer("GET \(path)?\(parameter.name)", Self.headers(of: route)).status < 500)
        }
    }

    @Test(arguments: routes, ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "FOO"])
    func `A row refuses another method in its own envelope`(route: RouteDescription, method: String) throws {
        let allowed = Self.methods(of: route)
        guard !allowed.contains(method) else { return }
        let emulator = try Emulator.shared()
        let answer = try emulator.answer("\(method) \(try path(of: route, in: emulator))")
        #expect([404, 405].contains(answer.status))
        #expect(isErrorOf(route.api, answer.json))
        let list = allowed.joined(separator: ", ")
        #expect(answer["X-Patchbay-Unmatched"]?.contains("\(list) only") == true)
        #expect(answer["Allow"] == (answer.status == 405 ? list : nil))
    }

    @Test(arguments: routes.filter { !$0.isOpen })
    func `A row wants credentials, unless they are off`(route: RouteDescription) throws {
        let strict = try Emulator.shared()
        let path = try path(of: route, in: strict)
        for headers in [
            [], ["Authorization: nonsense"], ["Authorization:"], ["X-Auth-Token:"], ["Authorization: Bearer"],
        ] {
            let answer = try strict.answer("\(route.method) \(path)", headers)
            #expect([400, 401].contains(answer.status), "\(headers)")
            #expect(isErrorOf(route.api, answer.json), "\(headers)")
            #expect(answer["X-Patchbay-Unmatched"] == nil)
        }
        // What is not refused may change something.
        let open = try route.method == .get ? Emulator.shared(authentication: .off) : .loaded(authentication: .off)
        for headers in [[], ["Authorization: nonsense"], credentials] {
            let answer = try open.answer("\(route.method) \(path)", headers)
            #expect(![401, 403].contains(answer.status))
            #expect(answer.status == route.success.code || isErrorOf(route.api, answer.json))
        }
    }

    @Test(arguments: routes.filter { $0.isOpen && $0.method == .get })
    func `What is open is shown to everybody`(route: RouteDescription) throws {
        let emulator = try Emulator.shared()
        let answer = try emulator.answer("GET \(try path(of: route, in: emulator))", [])
        #expect(![400, 401, 403].contains(answer.status))
    }

    @Test(
        arguments: routes,
        ["..", ".", "", "%2F", "%00", "%2e%2e", "%C3", "a%2Fb", String(repeating: "x", count: 3_000)]
    )
    func `No text in the place of a capture is too much`(route: RouteDescription, segment: String) throws {
        let emulator = try Emulator.shared()
        let path = try path(of: route, in: emulator)
        for index in route.path.split(separator: "/").indices {
            var segments = path.split(separator: "/").map(String.init)
            guard route.path.split(separator: "/")[index].hasPrefix("{") else { continue }
            segments[index] = segment
            let answer = try emulator.answer("\(route.method) /" + segments.joined(separator: "/"))
            #expect(answer.status < 500, "\(index)")
            #expect(answer.status == route.success.code || isErrorOf(route.api, answer.json), "\(index)")
        }
    }
}
