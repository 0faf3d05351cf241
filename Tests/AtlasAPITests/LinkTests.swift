import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

/// Links with an option of the emulator, which vectors do not set.
struct LinkTests {
    @Test func `with a public address, links begin with it whatever the Host says`() throws {
        let path = "/api/atlas/v1.0/groups/5356823b3794dee37132bb7b/peers"
        let emulator = try Emulator(authentication: .off, publicURL: "https://front.example/base")
        try emulator.load(.bundled)
        let response = emulator.respond(to: try Request(parsing: "GET \(path) HTTP/1.1\r\nHost: other\r\n\r\n"))
        let link = try JSON(parsing: response.body)["links"]?[0]?["href"]
        #expect(link?.stringValue == "https://front.example/base\(path)?pageNum=1&itemsPerPage=100")
    }
}
