import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// What a control call may ask for: more is refused before it is looked at, so that no call keeps the others waiting.
@Suite struct ControlBoundTests {
    private static func call(_ emulator: Emulator, _ line: String, _ body: String = "") throws -> Answer {
        let text = "\(line) HTTP/1.1\r\nHost: localhost\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        return Answer(response: emulator.respond(to: try Request(parsing: text)))
    }

    private static func emulator(journal: Int = 1_000) throws -> Emulator {
        let emulator = try Emulator(journal: journal)
        emulator.world.becomeReady()
        return emulator
    }

    private static func list(_ count: Int, _ element: (Int) -> String) -> String {
        "[" + (0..<count).map(element).joined(separator: ",") + "]"
    }

    private static func object(_ count: Int, _ value: String) -> String {
        "{" + (0..<count).map { "\"X-\($0)\":\(value)" }.joined(separator: ",") + "}"
    }

    private static func headers(_ count: Int) -> String { #"{"error":503,"headers":\#(object(count, #""a""#))}"# }

    private static func faults(_ count: Int) -> String {
        #"{"faults":\#(list(count) { #"{"name":"f\#($0)","error":503}"# })}"#
    }

    private static func pattern(_ count: Int) -> String {
        #"{"request":{"path":{"oneOf":\#(list(count - 2) { #""\#($0)""# })}}}"#
    }

    private static func order(_ count: Int) -> String {
        #"{"inOrder":\#(list(count / 2) { #"{"path":"\#($0)"}"# })}"#
    }

    private static let bounds: [(line: String, body: @Sendable (Int) -> String, most: Int, place: String)] = [
        ("PUT /_patchbay/faults/f", headers, 100, "/headers"), ("PUT /_patchbay/faults", faults, 1_000, "/faults"),
        ("POST /_patchbay/requests/verify", pattern, 1_000, "/request"),
        ("POST /_patchbay/requests/verify", order, 1_000, "/inOrder"),
        ("PUT /_patchbay/faults/f", { object($0, "1") }, 1_000, ""),
        ("POST /_patchbay/reset", { #"{"scope":\#(list($0) { _ in #""clock""# })}"# }, 1_000, "/scope"),
        ("PUT /_patchbay/tenants/t", { #"{"api":\#(list($0) { _ in #""atlas""# })}"# }, 1_000, "/api"),
        (
            "POST /_patchbay/transitions",
            { #"{"api":"atlas","collection":"peers","path":\#(list($0) { _ in #""a""# }),"event":"fail"}"# }, 1_000,
            "/path"
        ),
    ]

    @Test(arguments: bounds.indices)
    func `More than there may be of something is refused, with the bound and the place`(index: Int) throws {
        let bound = Self.bounds[index]
        let emulator = try Self.emulator()
        let most = try Self.call(emulator, bound.line, bound.body(bound.most)).text
        #expect(!most.contains("has more than"), "\(most)")
        let refused = try Self.call(emulator, bound.line, bound.body(bound.most + 2))
        #expect(refused.status == 400)
        #expect(refused.json?["pointer"] == .string(bound.place))
        #expect(refused.text.contains("more than \(bound.most) "), "\(refused.text)")
    }

    @Test(arguments: [
        "PUT /_patchbay/faults/f", "PUT /_patchbay/faults", "POST /_patchbay/requests/verify", "POST /_patchbay/reset",
        "PUT /_patchbay/tenants/t", "PUT /_patchbay/clock", "POST /_patchbay/clock/advance",
        "POST /_patchbay/transitions", "PUT /_patchbay/snapshots/s",
    ])
    func `A body larger than a megabyte is refused unread`(line: String) throws {
        let answer = try Self.call(try Self.emulator(), line, "[" + String(repeating: " ", count: 1 << 20))
        #expect(answer.status == 413)
        #expect(answer.text.contains("1048576"))
    }

    @Test func `A thousand faults may be in force, those of all tenants together`() throws {
        let emulator = try Self.emulator()
        #expect(try Self.call(emulator, "PUT /_patchbay/faults", Self.faults(1_000)).status == 200)
        let one = #"{"error":503}"#
        #expect(try Self.call(emulator, "PUT /_patchbay/faults/more", one).status == 409)
        #expect(try Self.call(emulator, "PUT /_patchbay/faults/f7", one).status == 200)
        #expect(try Self.call(emulator, "DELETE /_patchbay/faults/f7").status == 200)
        #expect(try Self.call(emulator, "PUT /_patchbay/faults/more", one).status == 201)
    }

    @Test func `A filter names a hundred values`() throws {
        let emulator = try Self.emulator()
        let filter = { (count: Int) in (0..<count).map { "parameter.a\($0)=1" }.joined(separator: "&") }
        for path in ["requests", "events"] {
            #expect(try Self.call(emulator, "GET /_patchbay/\(path)?\(filter(100))").status == 200)
            let refused = try Self.call(emulator, "GET /_patchbay/\(path)?\(filter(101))")
            #expect(refused.status == 400)
            #expect(refused.json?["parameter"] == "parameter.a100")
        }
    }

    @Test func `What takes too many comparisons is refused, and says what to do`() throws {
        let emulator = try Self.emulator()
        let values = (0..<4_000).map { "a=\($0)" }.joined(separator: "&")
        for _ in 0..<20 { _ = try Self.call(emulator, "GET /nowhere?\(values)") }
        let asked = Self.list(900) { #""x\#($0)""# }
        let body = #"{"request":{"parameters":{"a":{"oneOf":\#(asked)}}}}"#
        let refused = try Self.call(emulator, "POST /_patchbay/requests/verify", body)
        #expect(refused.status == 400)
        #expect(refused.text.contains("name a tenant, since, or less"), "\(refused.text)")
    }

    @Test func `Requests with thousands of parameters or values take more of the journal`() throws {
        let emulator = try Self.emulator(journal: 10_000)
        let query = String(repeating: "a&", count: 10_000)
        for _ in 0..<20 { _ = try Self.call(emulator, "GET /nowhere?\(query)") }
        #expect(emulator.world.journal.count == 13)
    }
}
