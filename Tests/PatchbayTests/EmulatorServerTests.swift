import Foundation
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayServer
import Synchronization
import Testing

@testable import Patchbay

/// An emulator behind a socket.
@Suite(.timeLimit(.minutes(5)))
struct EmulatorServerTests {
    @Test func `A server on port 0 answers, tells of exchanges, and stops`() throws {
        let observed = Mutex<[ObservedExchange]>([])
        let server = EmulatorServer(try Emulator.loaded(), options: ServerOptions(port: 0)) { exchange in
            observed.withLock { $0.append(exchange) }
        }
        try server.start()
        let url = try #require(URL(string: server.url))
        let port = try #require(url.port.flatMap { UInt16(exactly: $0) })
        #expect(port > 0)
        #expect(url.host() == "127.0.0.1")
        let probe = HealthProbe(host: "127.0.0.1", port: port)
        #expect(try probe.status(of: "/_patchbay/ready") == 200)
        #expect(try probe.status(of: "/nowhere?secret") == 404)
        #expect(try probe.status(of: seededPaths[0].path) == 401)
        #expect(throws: ServerError.self) {
            try EmulatorServer(try Emulator(), options: ServerOptions(port: port)).start()
        }
        server.stop()
        server.waitUntilStopped()
        #expect(throws: ServerError.self) { try probe.status(of: "/_patchbay/ready") }
        let exchanges = observed.withLock { $0 }
        #expect(exchanges.map(\.status) == [200, 404, 401])
        #expect(exchanges.map(\.path) == ["/_patchbay/ready", "/nowhere", seededPaths[0].path])
        #expect(exchanges.map { $0.unmatched != nil } == [false, true, false])
        #expect(exchanges.allSatisfy { $0.method == "GET" })
    }

    @Test func `A server answers before the seeds are loaded`() throws {
        let emulator = try Emulator()
        let server = EmulatorServer(emulator, options: ServerOptions(port: 0))
        try server.start()
        let port = try #require(URL(string: server.url)?.port.flatMap { UInt16(exactly: $0) })
        let probe = HealthProbe(host: "localhost", port: port)
        #expect(try probe.status(of: "/_patchbay/health") == 200)
        #expect(try probe.status(of: "/_patchbay/ready") == 503)
        try emulator.load(.bundled)
        #expect(try probe.status(of: "/_patchbay/ready") == 200)
        server.stop()
        server.waitUntilStopped()
    }

    @Test func `What a server asks to warm up is the longest list of each API, and is answered`() throws {
        let emulator = try Emulator(authentication: .off)
        try emulator.load(.bundled)
        let requests = try emulator.world.services.compactMap { try emulator.firstRequest(to: $0) }
        #expect(Set(requests.map(\.0.name)).isSuperset(of: ["vpcep", "apig", "atlas", "confluent", "cloudflare"]))
        for (service, request) in requests {
            #expect(request.target.path.contains("257"), "\(service.name)")
            #expect(emulator.respond(to: request).status == .ok, "\(service.name)")
        }
    }

    @Test func `What a server asks to warm up leaves no trace`() throws {
        let emulator = try Emulator()
        try emulator.load(.bundled, isServedNext: true)
        let server = EmulatorServer(emulator, options: ServerOptions(port: 0, loops: 2))
        try server.start()
        let port = try #require(URL(string: server.url)?.port.flatMap { UInt16(exactly: $0) })
        #expect(try HealthProbe(host: "localhost", port: port).status(of: "/_patchbay/ready") == 200)
        let request = try Request(parsing: "GET /_patchbay/requests HTTP/1.1\r\nHost: localhost\r\n\r\n")
        let journal = String(decoding: emulator.respond(to: request).body, as: UTF8.self)
        #expect(journal.contains(#""last":0"#), "\(journal)")
        server.stop()
        server.waitUntilStopped()
    }

    @Test func `RFC 9112, 9.3.2: A thousand requests at once, and one byte by byte, are answered as in memory`() throws
    {
        let served = try Served(try Emulator.loaded(authentication: .off))
        let bodies = try seededPaths.map {
            Array(try served.emulator.answer("GET \($0.path)", host: "localhost").text.utf8)
        }
        let requests = seededPaths.map { Wire.text(["GET \($0.path)"]) }.joined()
        var wire = try Wire(port: served.port, ["OPTIONS *"])
        try wire.send(String(repeating: requests, count: 200))
        for character in (requests + Wire.text(["OPTIONS *", "Connection: close"])).unicodeScalars {
            try wire.send(String(character))
        }
        let (answers, isReset) = try wire.outcome()
        var rest = answers[...]
        for body in [[]] + Array(repeating: bodies, count: 201).joined() + [[]] {
            let head = try #require(rest.firstRange(of: Array("\r\n\r\n".utf8)))
            #expect(rest.starts(with: "HTTP/1.1 20".utf8))
            rest = rest[head.upperBound...]
            #expect(rest.starts(with: body))
            rest = rest.dropFirst(body.count)
        }
        #expect(rest.isEmpty && !isReset)
    }

    @Test func `An IPv6 address has brackets in the URL`() throws {
        let server = EmulatorServer(try Emulator(), options: ServerOptions(host: "::1", port: 0))
        // A machine may have no IPv6.
        guard (try? server.start()) != nil else { return }
        #expect(server.url.hasPrefix("http://[::1]:"))
        server.stop()
        server.waitUntilStopped()
    }
}
