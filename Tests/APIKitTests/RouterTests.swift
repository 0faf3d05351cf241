import PatchbayHTTP
import Testing

@testable import PatchbayAPIKit

/// Where paths lead.
@Suite struct RouterTests {
    enum Plain: Sketch {
        static let rows: [(method: PatchbayHTTP.Method, pattern: String)] = [
            (.get, "/a/{x}"), (.get, "/a/b"), (.post, "/a/b"), (.get, "/a/b/c"), (.get, "/{p}/b/d"),
            (.get, "/a/{x}/{y}/e"),
            (.get, "/n%61me"), (.get, "/spéc ial"), (.delete, "/only"), (.put, "/only"), (.get, "/{p}/{q}/{r}/{s}"),
        ]
    }

    enum Strict: Sketch {
        static let rows: [(method: PatchbayHTTP.Method, pattern: String)] = [
            (.get, "/a/b"), (.get, "/a/{x}"), (.get, "/slash/"),
        ]
        static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { false }
    }

    @Test(arguments: [
        ("/base/a/b", "/a/b "), ("/base/a/c", "/a/{x} x=c"), ("/base/a/b/c", "/a/b/c "),
        // A literal that leads nowhere further on gives way to a capture.
        ("/base/a/b/d", "/{p}/b/d p=a"), ("/base/z/b/d", "/{p}/b/d p=z"), ("/base/a/b/z/e", "/a/{x}/{y}/e x=b y=z"),
        ("/base/a/b/z/f", "/{p}/{q}/{r}/{s} p=a q=b r=z s=f"),
        ("/base/%61/%62", "/a/b "), ("/b%61se/a/b", "/a/b "), ("/base/a/%C3%A9%20", "/a/{x} x=é "),
        ("/base/a/x%2Fy", "/a/{x} x=x/y"), ("/base/a%2Fb/b/d", "/{p}/b/d p=a/b"), ("/base/a/+", "/a/{x} x=+"),
        ("/base/a/b?x=1", "/a/b "), ("/base/a/b/", "/a/b "), ("/base/a/c/", "/a/{x} x=c"), ("/base/a/b/?x", "/a/b "),
        ("/base/a/%25zz", "/a/{x} x=%zz"), ("/base/a/%zz", "/a/{x} x=%zz"), ("/base/a/B", "/a/{x} x=B"),
        ("/base/a/...", "/a/{x} x=..."), ("/base/a/;v=1", "/a/{x} x=;v=1"), ("/base/sp%C3%A9c%20ial", "/spéc ial "),
    ])
    func `A path leads to its endpoint`(path: String, found: String) throws {
        let answer = try Service(Plain.self).answer("GET \(path)")
        #expect(answer.status == 200)
        #expect(answer.body == "GET \(found)")
        #expect(answer.unmatched == nil)
    }

    @Test(arguments: [
        "/base", "/base/", "/base/a", "/base/a/", "/base/a//", "/base//a/b", "/base/a/b//", "/base/a/b/c/", "/base/a/.",
        "/base/a/..", "/base/a/%2e%2e", "/base/a/%2E", "/base/./b/d", "/base/A/b/c/d/e", "/base/a/b/../c", "/",
        "/Base/a/b",
        "/base/a%2Fb",
    ])
    func `Another path leads nowhere`(path: String) throws {
        let answer = try Service(Plain.self).answer("GET \(path)")
        guard path != "/base/a/b/c/" else { return #expect(answer.status == 200) }
        #expect(answer.status == 404)
        #expect(answer.body == "no \(path)")
        #expect(answer.unmatched?.hasPrefix("sketch has no such path; the nearest is /base/") == true)
    }

    @Test(arguments: [
        ("/base/a/b", 200), ("/base/a/b/", 404), ("/base/a/x", 200), ("/base/a/x/", 404), ("/base/a/", 404),
        // This one is in the table.
        ("/base/slash", 404), ("/base/slash/", 200),
    ])
    func `Where a final slash counts, the path with it is another one`(path: String, status: Int) throws {
        #expect(try Service(Strict.self).answer("GET \(path)").status == status)
    }

    @Test(arguments: [
        ("HEAD /base/a/b", 200, "GET /a/b "), ("POST /base/a/b", 200, "POST /a/b "),
        ("DELETE /base/a/b", 405, "DELETE is none of GET HEAD POST"),
        ("POST /base/a/c", 405, "POST is none of GET HEAD"),
        ("GET /base/only", 405, "GET is none of DELETE PUT"), ("HEAD /base/only", 405, "HEAD is none of DELETE PUT"),
        ("get /base/a/b", 405, "get is none of GET HEAD POST"), ("DELETE /base/nowhere/at", 404, "no /base/nowhere/at"),
    ])
    func `A wrong method is told from a wrong path`(line: String, status: Int, body: String) throws {
        let answer = try Service(Plain.self).answer(line)
        #expect(answer.status == status)
        #expect(answer.body == body)
        #expect((answer.unmatched == nil) == (status == 200))
    }

    @Test(arguments: [
        ("/base/onyl", "/base/only"), ("/base/a/b/cc", "/base/a/b/c"), ("/base/x/b/dd", "/base/{p}/b/d"),
        ("/basic/only", "/base/only"),
    ])
    func `The nearest path is named`(path: String, nearest: String) throws {
        let router = try Router<Plain>()
        #expect(router.nearest(to: path) == nearest)
    }

    enum SamePath: Sketch {
        static let rows: [(method: PatchbayHTTP.Method, pattern: String)] = [
            (.get, "/a/{x}"), (.post, "/a/{y}"), (.get, "/a/{z}"),
        ]
    }

    enum SameName: Sketch {
        static let rows: [(method: PatchbayHTTP.Method, pattern: String)] = [(.get, "/a/{x}/{x}")]
    }

    enum Twins: Sketch {
        static let rows: [(method: PatchbayHTTP.Method, pattern: String)] = [
            (.get, "/a/{x}/c"), (.post, "/a/{y}/c"), (.get, "/a/b/{z}"),
        ]
    }

    @Test func `Ambiguity is refused at the start`() throws {
        let path = #expect(throws: RouteConflict.self) { try Service(SamePath.self) }
        #expect(path?.description == "GET /base/a/{z} is ambiguous")
        let name = #expect(throws: RouteConflict.self) { try Service(SameName.self) }
        #expect(name?.description == "/base/a/{x}/{x} captures the same name twice")
    }

    @Test(arguments: [
        ("GET /base/a/q/c", "GET /a/{x}/c x=q"), ("POST /base/a/q/c", "POST /a/{y}/c y=q"),
        ("GET /base/a/b/c", "GET /a/b/{z} z=c"),
    ])
    func `Captures are named by the endpoint that has the method`(line: String, body: String) throws {
        #expect(try Service(Twins.self).answer(line).body == body)
    }

    @Test func `Routes are described in the order of the table`() throws {
        let routes = try Service(Plain.self).routes
        #expect(routes.map(\.path) == Plain.rows.map { "/base" + $0.pattern })
        #expect(routes.map(\.method) == Plain.rows.map(\.method))
        #expect(routes.allSatisfy { $0.api == "sketch" })
    }
}
