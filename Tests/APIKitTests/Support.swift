import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import SeededGenerator

@testable import PatchbayAPIKit

/// An API with endpoints to find, which answers with what it found.
protocol Sketch: API where Failure == SketchFailure, Credentials == Void, Identity == Void {
    static var rows: [(method: PatchbayHTTP.Method, pattern: String)] { get }
}

extension Sketch {
    static var name: String { "sketch" }
    static var title: String { "Sketch" }
    static var basePath: String { "/base" }
    static var collections: [Collection] { [] }
    static var checks: [Check] { [.route] }
    static var queryRules: QueryRules { QueryRules(repeated: .first, emptyIsAbsent: true) }

    static var endpoints: [Endpoint<Self>] {
        rows.map { row in
            Endpoint(row.method, row.pattern, operation: row.pattern, documentation: "") { call throws(SketchFailure) in
                let captures = call.captures.map { "\($0.name)=\($0.value.text)" }.joined(separator: " ")
                return Reply(body: Array("\(row.method) \(row.pattern) \(captures)".utf8))
            }
        }
    }

    static var quirks: [Quirk] { [] }
    static var errorSchema: JSON.Object { [:] }
    static var securitySchemes: [[(name: String, scheme: JSON.Object)]] { [] }
    static var catalogue: [(name: String, failure: SketchFailure)] { [] }
    static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)] { [] }
    static func samples(rows: Int) -> (collection: String, samples: [Sample]) { ("", []) }
    static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant] { [] }
}

struct SketchFailure: VendorFailure {
    var problem: Problem

    init(_ problem: Problem) {
        self.problem = problem
    }

    func reply(to exchange: Exchange) -> Reply {
        switch problem {
        case .noSuchRoute(let path): Reply(.notFound, body: Array("no \(path)".utf8))
        case .wrongMethod(let method, let allowed):
            Reply(.methodNotAllowed, body: Array("\(method) is none of \(allowed.joined(separator: " "))".utf8))
        default: Reply(.badRequest, body: Array("\(problem)".utf8))
        }
    }
}

extension Service {
    /// The answer to a request line without the version: status and body.
    func answer(_ line: String, headers: String = "") throws -> (status: Int, body: String, unmatched: String?) {
        let world = World(services: [], store: try Store([]))
        let request = try Request(parsing: "\(line) HTTP/1.1\r\nHost: a\r\n\(headers)\r\n")
        let response = respond(request, world)
        let unmatched = response.headers.first { $0.name == "X-Patchbay-Unmatched" }?.value
        return (response.status.code, String(decoding: response.body, as: UTF8.self), unmatched)
    }
}
