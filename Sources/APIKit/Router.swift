internal import PatchbayHTTP
internal import PatchbayStore

/// Where a path leads with a method, kept with the path.
///
/// Safe to share: nothing of it changes.
private final class KeptRoute: Memory.Content, @unchecked Sendable {
    let api: String
    let method: Method
    let number: Int
    let captures: [(name: String, value: PercentEncoded)]

    init(api: String, method: Method, number: Int, captures: [(name: String, value: PercentEncoded)]) {
        self.api = api
        self.method = method
        self.number = number
        self.captures = captures
    }
}

/// Finds the endpoint of a path: a literal segment before a capture, at every step.
struct Router<A: API>: Sendable {
    /// Where a path leads: for an endpoint, with its place in the table.
    enum Match {
        case endpoint(Endpoint<A>, Int, captures: [(name: String, value: PercentEncoded)])
        case wrongMethod(allowed: [String])
        case none

        /// The methods of a path that is there for others only.
        var allowed: [String]? {
            if case .wrongMethod(let allowed) = self { allowed } else { nil }
        }
    }

    private let tree: RouteTree
    private let endpoints: [Endpoint<A>]
    /// The paths of all endpoints with what they begin with, for hints.
    private let paths: [(base: [String], segments: [String], path: String)]

    /// Builds the router of an API.
    ///
    /// - Throws: `RouteConflict` when two endpoints have the same method and paths that no request tells apart.
    init() throws(RouteConflict) {
        endpoints = A.endpoints
        tree = try RouteTree(endpoints.map { ($0.method, $0.path) })
        paths = endpoints.map { endpoint in
            (Self.segments(endpoint.base ?? A.basePath), Self.segments(endpoint.path), endpoint.path)
        }
    }

    /// The endpoint of a request: that of the one before it for the same path, if the method is the same as well.
    func match(_ request: Request, _ quirks: Readings) -> Match {
        let memory = request.target.location.memory
        if let kept = memory?.content as? KeptRoute, kept.api == A.name, kept.method == request.method {
            return .endpoint(endpoints[kept.number], kept.number, captures: kept.captures)
        }
        let match = find(request, quirks)
        if let memory, case .endpoint(_, let number, let captures) = match {
            memory.content = KeptRoute(api: A.name, method: request.method, number: number, captures: captures)
        }
        return match
    }

    private func find(_ request: Request, _ quirks: Readings) -> Match {
        let segments = request.target.segments
        var count = segments.count
        // "/" has one segment, which is empty; its pattern has none.
        if segments.last?.raw.isEmpty == true, count == 1 || A.ignoresTrailingSlash(quirks) { count -= 1 }
        var found: [Int] = []
        guard
            let step = tree.step(at: 0, of: segments, count, capturing: &found),
            let names = step.leaves.first?.captures,
            zip(names, found).allSatisfy({ A.isCapture(segments[$1], named: $0, quirks) })
        else { return .none }
        let answersHead = A.answersHead(quirks)
        let asked = request.method == .head && answersHead ? Method.get : request.method
        guard let leaf = step.leaves.first(where: { $0.method == asked }) else {
            let methods = step.leaves.map(\.method.name)
            let further = answersHead && methods.contains("GET") ? ["HEAD"] : []
            return .wrongMethod(allowed: (methods + further).sorted())
        }
        return .endpoint(
            endpoints[leaf.number],
            leaf.number,
            captures: zip(leaf.captures, found).map { ($0, segments[$1]) }
        )
    }

    /// Why a request leads nowhere; `nil` when it does not.
    func reason(for match: Match, _ request: Request) -> String? {
        switch match {
        case .endpoint: return nil
        case .wrongMethod(let allowed): return "\(A.name) has this path for \(allowed.joined(separator: ", ")) only"
        case .none:
            let nearest = nearest(to: request.target.path).map { "; the nearest is \($0)" } ?? ""
            return "\(A.name) has no such path\(nearest)"
        }
    }

    /// The known path that is nearest to one that leads nowhere; one below the same prefix, if it has one of ours.
    func nearest(to path: String) -> String? {
        let typed = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        let shared = paths.map { typed.starts(with: $0.base) ? $0.base.count : 0 }.max()
        let near = paths.filter { (typed.starts(with: $0.base) ? $0.base.count : 0) == shared }
        return near.map { (path: $0.path, distance: distance(typed, $0.segments)) }.min { $0.distance < $1.distance }?
            .path
    }

    /// How far a path is from a known one, and between equals how many segments are left when they begin to differ.
    ///
    /// Segments count their edits, a captured one next to nothing, one that lacks a few, and one too many its characters
    /// and more.
    private func distance(_ typed: [String], _ segments: [String]) -> (edits: Int, different: Int) {
        let surplus = typed.dropFirst(segments.count).reduce(0) { $0 + 2 + min($1.utf8.count, 64) }
        var distance = surplus + 4 * max(0, segments.count - typed.count)
        for (left, right) in zip(typed, segments) {
            distance += right.hasPrefix("{") ? 1 : Nearest.distance(left, right)
        }
        let same = zip(typed, segments).prefix { $0 == $1 || $1.hasPrefix("{") }.count
        return (distance, typed.count - same)
    }

    private static func segments(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }
}
