import Patchbay
import PatchbayAPIKit
import PatchbayAtlasAPI
import PatchbayHTTP
import Testing

/// Version 2 where no vector reaches: a header on several lines (RFC 9110, section 5.3).
struct EditionTests {
    @Test(
        arguments: [
            ["application/json", "application/vnd.atlas.2023-01-01+json"],
            ["application/vnd.atlas.2023-01-01+json", "application/json"],
            ["", "text/html, application/vnd.atlas.2025-03-12+json"],
        ]
    )
    func `a version is found on any line`(accepted: [String]) throws {
        let emulator = try Emulator(authentication: .off)
        emulator.world.becomeReady()
        let lines = accepted.map { "Accept: \($0)\r\n" }.joined()
        let request = try Request(parsing: "GET /api/atlas/v2/groups HTTP/1.1\r\nHost: localhost\r\n\(lines)\r\n")
        #expect(emulator.respond(to: request).status == .ok)
    }
}
