import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayStore

extension Fuzz {
    /// Queries of every list: what is asked twice is answered twice alike.
    static func query() throws -> Target {
        let emulator = try loaded(.off)
        return { input in
            let query = String(decoding: input.dropFirst().filter { $0 > 0x20 && $0 != 0x7F }, as: UTF8.self)
            let text = "GET \(chosen(lists, by: input))?\(query) HTTP/1.1\r\nHost: a\r\n\r\n"
            guard let first = try answer(emulator, text), let second = try answer(emulator, text) else { return }
            guard first.status == second.status, first.body == second.body || first.status.code >= 400 else {
                throw Found(description: "two answers to \(text)")
            }
        }
    }

    /// The token of Confluent's next page.
    static func pageToken() throws -> Target {
        let emulator = try loaded(.present)
        return { input in
            let token = input.map { "%" + String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
            _ = try answer(
                emulator,
                "GET \(lists[3])?page_token=\(token) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n\r\n"
            )
        }
    }

    /// The credentials of every API, which are known for every other request: signatures, Digest, Basic, tokens, with
    /// their header lines.
    static func authorization() throws -> Target {
        let emulators = [try loaded(.present), try loaded(.known)]
        return { input in
            let lines = input.dropFirst().split(separator: UInt8(ascii: "\n")).map { line in
                String(decoding: line.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self) + "\r\n"
            }
            let emulator = emulators[Int(input.first ?? 0) >> 7]
            _ = try answer(
                emulator,
                "GET \(chosen(lists, by: input)) HTTP/1.1\r\nHost: localhost\r\n\(lines.joined())\r\n"
            )
        }
    }

    /// Bodies of what creates and changes, and of two calls of the control plane.
    static func body() throws -> Target {
        let emulator = try loaded(.present)
        return { input in
            let body = String(decoding: input.dropFirst(), as: UTF8.self)
            _ = try answer(
                emulator,
                "\(chosen(calls, by: input)) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
                    + "X-Auth-Token: t\r\nAuthorization: Bearer t\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
            )
            // What a fault answers is no finding.
            _ = try answer(emulator, "DELETE /_patchbay/faults HTTP/1.1\r\nHost: localhost\r\n\r\n")
            if input.count % 64 == 0 { _ = try emulator.world.store.reset() }
        }
    }

    private static let lists = [
        "/v1/00000000000000000000000000000257/vpc-endpoint-services/00000000-0000-4000-8000-000000000257/connections",
        "/v2/00000000000000000000000000000257/apigw/instances/00000000000000000000000000000257/vpc-endpoint/connections",
        "/api/atlas/v1.0/groups/000000000000000000000257/peers",
        "/sql/v1/organizations/00000000-0000-4000-8000-000000000257/environments/env-257/connections",
        "/client/v4/accounts/00000000000000000000000000000257/connectivity/directory/services",
        "/v3/projects", "/org/v2/environments",
    ]

    private static let calls = [
        "POST /v1/00000000000000000000000000000257/vpc-endpoints", "POST /v3/auth/tokens",
        "POST \(lists[2])", "POST \(lists[3])", "POST \(lists[4])", "PUT /_patchbay/faults/f",
        "POST /_patchbay/requests/verify",
    ]

    /// Which is meant by the first byte.
    private static func chosen(_ texts: [String], by input: [UInt8]) -> String {
        texts[Int(input.first ?? 0) % 0x80 % texts.count]
    }

    /// An emulator with the bundled seeds, and a clock that stands still, so that a signature in the corpus stays good.
    private static func loaded(_ authentication: AuthenticationMode) throws -> Emulator {
        let clock = Clock.frozen(at: Timestamp(seconds: 1_800_000_000))
        let emulator = try Emulator(authentication: authentication, clock: clock)
        try emulator.load(.bundled)
        return emulator
    }

    /// The answer to a request; `nil` when the text is none.
    private static func answer(_ emulator: Emulator, _ text: String) throws -> Response? {
        guard let request = try? Request(parsing: text) else { return nil }
        let response = emulator.respond(to: request)
        if response.status.code == 500 { throw Found(description: "500 for \(text)") }
        return response
    }
}
