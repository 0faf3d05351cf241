internal import HTTP
internal import Store

/// Finds the endpoint of a path: a literal segment before a capture, at every step.
struct Router<A: API>: Sendable {
    /// Where a path leads.
    enum Match {
        case endpoint(Endpoint<A>, captures: [(name: String, value: PercentEncoded)])
        case wrongMethod(allowed: [String])
        case none
    }

    /// A step of a path.
    private struct Node: Sendable {
        var literals: [String: Node] = [:]
        var capture: [Node] = []
        var endpoints: [(endpoint: Endpoint<A>, captures: [String])] = []
    }

    private var root = Node()
    private let baseLength: Int
    /// The paths of all endpoints, for hints.
    let paths: [String]

    /// Builds the router of an API.
    ///
    /// - Throws: `RouteConflict` when two endpoints have the same method and paths that no request tells apart.
    init() throws(RouteConflict) {
        let base = Self.segments(A.basePath)
        baseLength = base.count
        paths = A.endpoints.map { A.basePath + $0.pattern }
        for endpoint in A.endpoints {
            let segments = base + Self.segments(endpoint.pattern)
            let captures = segments.filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
            guard Set(captures).count == captures.count else {
                throw RouteConflict(description: "\(endpoint.pattern) captures the same name twice")
            }
            try Self.insert((endpoint, captures), at: segments[...], into: &root)
        }
    }

    /// The endpoint of a request.
    func match(_ request: Request) -> Match {
        var segments = request.target.segments[...]
        if A.ignoresTrailingSlash, segments.count > 1, segments.last?.raw.isEmpty == true { segments.removeLast() }
        var found: [PercentEncoded] = []
        guard
            let node = Self.walk(segments, from: root, captures: &found), let names = node.endpoints.first?.captures,
            zip(names, found).allSatisfy({ A.isCapture($1, named: $0) })
        else { return .none }
        let asked = request.method == .head ? Method.get : request.method
        guard let (endpoint, names) = node.endpoints.first(where: { $0.endpoint.method == asked }) else {
            let methods = node.endpoints.map(\.endpoint.method.name)
            return .wrongMethod(allowed: (methods + (methods.contains("GET") ? ["HEAD"] : [])).sorted())
        }
        return .endpoint(endpoint, captures: Array(zip(names, found)))
    }

    /// The known path that is nearest to one that leads nowhere.
    func nearest(to path: String) -> String? {
        let typed = path.split(separator: "/").map(String.init)
        return paths.min { distance(typed, $0) < distance(typed, $1) }
    }

    /// A captured segment is as near as can be; other segments count their edits.
    private func distance(_ typed: [String], _ path: String) -> Int {
        let segments = Self.segments(path)
        var distance = abs(segments.count - typed.count) * 20
        for (left, right) in zip(typed, segments) where !right.hasPrefix("{") {
            distance += Nearest.distance(String(left.prefix(64)), right)
        }
        return distance
    }

    private static func walk(
        _ segments: ArraySlice<PercentEncoded>,
        from node: Node,
        captures: inout [PercentEncoded],
    ) -> Node? {
        guard let segment = segments.first else { return node.endpoints.isEmpty ? nil : node }
        let rest = segments.dropFirst()
        if let decoded = segment.decoded, let next = node.literals[decoded] {
            let before = captures
            if let found = walk(rest, from: next, captures: &captures) { return found }
            captures = before
        }
        // An empty segment and the dot segments of RFC 3986 name nothing that could be captured.
        guard let next = node.capture.first, !["", ".", ".."].contains(segment.text) else { return nil }
        captures.append(segment)
        return walk(rest, from: next, captures: &captures)
    }

    private static func insert(
        _ entry: (endpoint: Endpoint<A>, captures: [String]),
        at segments: ArraySlice<String>,
        into node: inout Node,
    ) throws(RouteConflict) {
        guard let segment = segments.first else {
            guard !node.endpoints.contains(where: { $0.endpoint.method == entry.endpoint.method }) else {
                throw RouteConflict(description: "\(entry.endpoint.method.name) \(entry.endpoint.pattern) is ambiguous")
            }
            return node.endpoints.append(entry)
        }
        if segment.hasPrefix("{") {
            if node.capture.isEmpty { node.capture.append(Node()) }
            try insert(entry, at: segments.dropFirst(), into: &node.capture[0])
        } else {
            try insert(entry, at: segments.dropFirst(), into: &node.literals[segment, default: Node()])
        }
    }

    private static func segments(_ path: String) -> [String] {
        path.split(separator: "/").map(String.init)
    }
}

/// Two endpoints of one API that no request tells apart.
public struct RouteConflict: Error, Sendable, CustomStringConvertible {
    /// Which endpoint, and why.
    public var description: String
}
