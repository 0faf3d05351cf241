internal import HTTP

/// A step of the paths of an API's endpoints, with the steps that may follow it.
final class RouteTree<A: API>: Sendable {
    /// An endpoint, and the names of the captures on the way to it.
    typealias Leaf = (endpoint: Endpoint<A>, captures: [String])

    /// The endpoints of the path that ends here, one for each method.
    let leaves: [Leaf]
    /// The steps behind a literal segment, so few that comparing beats hashing.
    private let literals: [(segment: String, next: RouteTree)]
    /// The step behind a segment that is captured.
    private let capture: RouteTree?

    /// Builds the tree of some endpoints.
    ///
    /// - Throws: `RouteConflict` when two endpoints have the same method and paths that no request tells apart.
    convenience init(_ endpoints: [Endpoint<A>]) throws(RouteConflict) {
        var rows: [(path: ArraySlice<String>, leaf: Leaf)] = []
        for endpoint in endpoints {
            let path = Self.segments(of: endpoint.path)
            let captures = path.filter(Self.isCapture).map { String($0.dropFirst().dropLast()) }
            guard Set(captures).count == captures.count else {
                throw RouteConflict(description: "\(endpoint.pattern) captures the same name twice")
            }
            rows.append((path[...], (endpoint, captures)))
        }
        try self.init(rows)
    }

    private init(_ rows: [(path: ArraySlice<String>, leaf: Leaf)]) throws(RouteConflict) {
        leaves = rows.filter(\.path.isEmpty).map(\.leaf)
        for (index, leaf) in leaves.enumerated() {
            let method = leaf.endpoint.method
            if leaves[..<index].contains(where: { $0.endpoint.method == method }) {
                throw RouteConflict(description: "\(method.name) \(leaf.endpoint.pattern) is ambiguous")
            }
        }
        var literals: [(segment: String, next: RouteTree)] = []
        var capture: RouteTree?
        let longer = rows.filter { !$0.path.isEmpty }
        for segment in Set(longer.compactMap(\.path.first).map { Self.isCapture($0) ? "{}" : $0 }).sorted() {
            let captures = Self.isCapture(segment)
            let below = longer.filter { captures ? Self.isCapture($0.path.first) : $0.path.first == segment }
            let next = try RouteTree(below.map { ($0.path.dropFirst(), $0.leaf) })
            if captures { capture = next } else { literals.append((segment, next)) }
        }
        self.literals = literals
        self.capture = capture
    }

    /// The step at the end of a path that has endpoints: a literal before a capture, at every step.
    ///
    /// - Parameters:
    ///   - path: the segments still to go.
    ///   - captured: where captured segments are put.
    /// - Returns: the step; `nil` when there is no such path.
    func step(at path: ArraySlice<PercentEncoded>, capturing captured: inout [PercentEncoded]) -> RouteTree? {
        guard let segment = path.first else { return leaves.isEmpty ? nil : self }
        if let decoded = segment.decoded {
            for literal in literals where literal.segment == decoded {
                let count = captured.count
                if let found = literal.next.step(at: path.dropFirst(), capturing: &captured) { return found }
                captured.removeLast(captured.count - count)
            }
        }
        // An empty segment and the dot segments of RFC 3986 name nothing that could be captured.
        guard let capture, !["", ".", ".."].contains(segment.text) else { return nil }
        captured.append(segment)
        return capture.step(at: path.dropFirst(), capturing: &captured)
    }

    /// The steps of a path: a slash at its end is an empty one, that of "/" alone is none.
    private static func segments(of path: String) -> [String] {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        return segments == [""] ? [] : segments
    }

    private static func isCapture(_ segment: String?) -> Bool { segment?.hasPrefix("{") == true }
}

/// Two endpoints of one API that no request tells apart.
public struct RouteConflict: Error, Sendable, CustomStringConvertible {
    /// Which endpoint, and why.
    public var description: String
}
