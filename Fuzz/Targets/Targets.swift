import HTTP
import JSON
import Patchbay
import Store

extension Fuzz {
    /// The request parser: however the bytes are cut, and whatever is known of heads, it makes the same of them.
    static func request() -> Target {
        { input in
            let (whole, known) = (Outcome([input]), KnownHeads(places: 2))
            let cut = Int(input.first ?? 0) % 7 + 1
            let pieces = stride(from: 0, to: input.count, by: cut).map { Array(input[$0..<min($0 + cut, input.count)]) }
            for outcome in [Outcome(pieces), Outcome([input], known), Outcome([input], known), Outcome(pieces, known)]
            where outcome != whole {
                throw Found(description: "\(outcome) is not \(whole)")
            }
        }
    }

    /// Targets and their queries.
    static func target() -> Target {
        { input in
            let text = String(decoding: input, as: UTF8.self)
            guard let target = try? HTTP.Target(parsing: text) else { return }
            _ = target.segments.map { $0.bytes() } + target.query.map { $0.name.bytes(plusIsBlank: true) }
        }
    }

    /// JSON: what is read is written so that it is read as the same.
    static func json() -> Target {
        { input in
            guard let json = try? JSON(parsing: input) else { return }
            let again = try JSON(parsing: json.compact())
            guard again == json, again.compact() == json.compact() else { throw Found(description: json.text) }
        }
    }
}

extension Fuzz {
    /// Seed files of every API.
    static func seeds() -> Target {
        { input in
            let services = try Catalogue.services()
            let service = services[Int(input.first ?? 0) % services.count]
            let file = SeedFile(
                name: "fuzz.json",
                collections: service.collections,
                content: Array(input.dropFirst())
            )
            try? Store.check([file])
        }
    }

    /// The token of Confluent's next page.
    static func pageToken() throws -> Target {
        let list = "/sql/v1/organizations/00000000-0000-4000-8000-000000000257/environments/env-257/connections"
        return try answers { input in
            "GET \(list)?page_token=\(escaped(input)) HTTP/1.1\r\nHost: a\r\nAuthorization: Bearer t\r\n\r\n"
        }
    }

    /// The credentials of every API: signatures, Digest, Basic, tokens.
    static func authorization() throws -> Target {
        let paths = [
            "/v1/00000000000000000000000000000257/vpc-endpoints", "/api/atlas/v1.0/groups", "/org/v2/environments",
            "/client/v4/accounts", "/v3/projects",
        ]
        return try answers { input in
            let path = paths[Int(input.first ?? 0) % paths.count]
            return "GET \(path) HTTP/1.1\r\nHost: a\r\nX-Sdk-Date: 20261122T000000Z\r\n"
                + "Authorization: \(line(input.dropFirst()))\r\n\r\n"
        }
    }

    /// Bodies of what creates and changes.
    static func body() throws -> Target {
        let calls = [
            "POST /v1/00000000000000000000000000000257/vpc-endpoints", "POST /v3/auth/tokens",
            "POST /api/atlas/v1.0/groups/000000000000000000000257/peers",
            "POST /sql/v1/organizations/00000000-0000-4000-8000-000000000257/environments/env-257/connections",
            "POST /client/v4/accounts/00000000000000000000000000000257/connectivity/directory/services",
            "POST /_patchbay/faults", "POST /_patchbay/verify",
        ]
        return try answers { input in
            let call = calls[Int(input.first ?? 0) % calls.count]
            let body = String(decoding: input.dropFirst(), as: UTF8.self)
            return "\(call) HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nX-Auth-Token: t\r\n"
                + "Authorization: Bearer t\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)"
        }
    }

    /// Asks an emulator with the bundled seeds, which answers everything, and nothing with a failure of its own.
    private static func answers(_ text: @escaping @Sendable (_ input: [UInt8]) -> String) throws -> Target {
        let emulator = try Emulator()
        try emulator.load(.bundled)
        return { input in
            guard let request = try? Request(parsing: text(input)) else { return }
            let status = emulator.respond(to: request).status.code
            if status == 500 { throw Found(description: "500 for \(text(input))") }
            if input.count % 64 == 0 { _ = try emulator.world.store.reset() }
        }
    }

    /// Bytes as a query's value.
    private static func escaped(_ input: [UInt8]) -> String {
        input.map { "%" + String(UInt16($0) + 0x100, radix: 16).dropFirst() }.joined()
    }

    /// Bytes as a header's value.
    private static func line(_ input: ArraySlice<UInt8>) -> String {
        String(decoding: input.filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self)
    }
}

/// What a parser makes of some bytes.
private struct Outcome: Equatable, CustomStringConvertible {
    private var requests: [String] = []
    private var error = ""

    var description: String { "\(requests) \(error)" }

    init(_ pieces: [[UInt8]], _ known: KnownHeads? = nil) {
        var parser = RequestParser(known: known)
        do throws(ParseError) {
            for piece in pieces {
                parser.append(piece)
                while let request = try parser.next() { requests.append(Self.summary(request)) }
            }
        } catch {
            self.error = error.description
        }
    }

    private static func summary(_ request: Request) -> String {
        let fields = request.headers.fields.map { "\($0.name)=\($0.value)" }.joined(separator: ";")
        let target = request.target
        return "\(request.method) \(target.path)?\(target.rawQuery ?? "-") \(request.version) [\(fields)] "
            + "\(target.segments) \(target.query) \(request.keepAlive) \(request.body)"
    }
}
