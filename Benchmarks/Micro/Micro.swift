import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayOTCKit
import PatchbayStore

/// Does one piece of a request's work so many times: `microbench NAME COUNT`, for `Benchmarks/instructions.py`.
///
/// That counts the instructions of a run, and of one with twice as many times: the difference leaves out what was prepared.
@main
struct Micro {
    /// What is done once; its number tells one time from the others.
    typealias Work = (Int) throws -> Void

    /// The pieces, each with what prepares it.
    private static let pieces: [(name: String, prepare: @Sendable () throws -> Work)] = [
        ("parse", parse), ("parse-again", parseAgain), ("route", route), ("list", list), ("respond", respond),
        ("respond-again", respondAgain), ("respond-anew", respondAnew), ("write", write),
    ]

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let piece = pieces.first { $0.name == arguments.first }
        guard let piece, let count = arguments.last.flatMap({ Int($0) }) else { throw Unexpected() }
        let work = try piece.prepare()
        for number in 0..<count { try work(number) }
    }

    /// Bytes to a request, on a kept connection.
    private static func parse() -> Work { parse(RequestParser()) }

    /// The same, for a loop that has seen them before.
    private static func parseAgain() -> Work { parse(RequestParser(known: KnownHeads())) }

    private static func parse(_ parser: RequestParser) -> Work {
        let bytes = Array(text("limit=10").utf8)
        var parser = parser
        return { _ in
            parser.append(bytes)
            guard try parser.next() != nil else { throw Unexpected() }
        }
    }

    /// A request to its operation, and the comparison with what that provides for.
    private static func route() throws -> Work {
        let world = try emulator().world
        let request = try request("limit=10")
        guard let service = world.services.first(where: { $0.name == "vpcep" }) else { throw Unexpected() }
        return { _ in
            guard service.findings(request, world).isEmpty else { throw Unexpected() }
        }
    }

    /// A page of a list in the store.
    private static func list() throws -> Work {
        let store = try emulator().world.store
        guard let parent = try store.find(OTC.endpointServices, [project, service]) else { throw Unexpected() }
        let query = Query(OTC.connections, under: parent, limit: 10)
        return { _ in
            guard try store.page(query).count == 10 else { throw Unexpected() }
        }
    }

    /// A request to a response, which nothing is remembered for.
    private static func respond() throws -> Work { try respond(try request("limit=10")) }

    /// The same, for a request that has come before.
    private static func respondAgain() throws -> Work {
        var parser = RequestParser(known: KnownHeads())
        parser.append(Array(text("limit=10").utf8) + Array(text("limit=10").utf8))
        guard try parser.next() != nil, let request = try parser.next() else { throw Unexpected() }
        return try respond(request)
    }

    private static func respond(_ request: Request) throws -> Work {
        let emulator = try emulator()
        return { _ in
            guard emulator.respond(to: request).status == .ok else { throw Unexpected() }
        }
    }

    /// A request to a response that nobody has asked for before: every offset, in both directions by both times.
    private static func respondAnew() throws -> Work {
        let emulator = try emulator()
        var requests: [Request] = []
        for order in ["sort_key=created_at", "sort_key=updated_at"] {
            for direction in ["asc", "desc"] {
                for offset in 0..<(rows - 10) {
                    requests.append(try request("limit=10&offset=\(offset)&\(order)&sort_dir=\(direction)"))
                }
            }
        }
        return { number in
            // A second time would not be the first.
            guard number < requests.count, emulator.respond(to: requests[number]).status == .ok else {
                throw Unexpected()
            }
        }
    }

    /// A response to bytes.
    private static func write() throws -> Work {
        let request = try request("limit=10")
        let response = try emulator().respond(to: request)
        let context = ResponseWriter.Context(method: .get, keepAlive: true)
        let date = HTTPDate(secondsSince1970: 1_800_000_000)
        var output: [UInt8] = []
        return { _ in
            output.removeAll(keepingCapacity: true)
            guard ResponseWriter.append(response, context: context, date: date, to: &output) > 0 else {
                throw Unexpected()
            }
        }
    }

    /// Rows of the first list in the bundled seeds, which its tenant is called by.
    private static let rows = 257
    private static let project = "00000000000000000000000000000257"
    private static let service = "00000000-0000-4000-8000-000000000257"

    /// A request for that list, with the headers that curl sends.
    private static func text(_ query: String) -> String {
        "GET /v1/\(project)/vpc-endpoint-services/\(service)/connections?\(query) HTTP/1.1\r\n"
            + "Host: 127.0.0.1:4747\r\nUser-Agent: curl/8.5.0\r\nAccept: */*\r\nX-Auth-Token: any\r\n\r\n"
    }

    private static func request(_ query: String) throws -> Request { try Request(parsing: text(query)) }

    /// An emulator with the bundled seeds, whose clock stands still; its journal is full soon, as that of a busy one.
    private static func emulator() throws -> Emulator {
        let emulator = try Emulator(clock: .frozen(at: Timestamp(seconds: 1_800_000_000)), journal: 100)
        try emulator.load(.bundled)
        return emulator
    }
}

/// A piece that does not do what it is measured for, or is not there.
struct Unexpected: Error {}
