import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Synchronization
import Testing

@testable import Patchbay

/// A machine whose clock is set, forwards and back, while it serves.
@Suite struct ClockJumpTests {
    private static let services =
        "/client/v4/accounts/023e105f4ecef8ad9ca31a8372d0c353/connectivity/directory/services"

    @Test func `What is made is found, once and with a time, whatever the machine's clock does meanwhile`() throws {
        let hours = Mutex<Int64>(0)
        let clock = Clock { hours.withLock { Timestamp(seconds: 1_790_000_000 + $0 * 3_600) } }
        let emulator = try Emulator(authentication: .off, clock: clock)
        try emulator.load(.bundled)
        let ask = { (method: String, path: String, body: String) throws -> JSON in
            let head = "\(method) \(path) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
            let response = emulator.respond(to: try Request(parsing: head + body))
            #expect(response.status.code == 200)
            return try JSON(parsing: response.body)
        }
        var made: [String] = []
        for (number, jump) in [0, 5, 5, -5, -5, 0, 9_000, -9_000, 0].enumerated() {
            hours.withLock { $0 = Int64(jump) }
            let network = #""network":{"tunnel_id":"0191dce4-9ab4-7fce-b660-8e5dec5172da"}"#
            let body = #"{"name":"n\#(number)","type":"http","host":{"ipv4":"10.0.0.1",\#(network)}}"#
            let result = try ask("POST", Self.services, body)["result"]
            made.append(try #require(result?["service_id"]?.stringValue))
            let time = clock.now.text(fractionDigits: 6)
            #expect(result?["created_at"]?.stringValue?.prefix(19) == time.prefix(19))
            let list = try ask("GET", Self.services, "")
            let names = list["result"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
            #expect(list["result_info"]?["total_count"]?.int64Value == Int64(names.count))
            #expect((0...number).allSatisfy { names.contains("n\($0)") })
            let health = try ask("GET", "/_patchbay/health", "")
            #expect((0...600).contains(health["uptimeSeconds"]?.int64Value ?? -1))
        }
        #expect(Set(made).count == made.count)
        #expect(made.allSatisfy { $0.utf8.count == 36 })
    }
}
