internal import PatchbayHTTP

/// A step of the paths of an API's endpoints, with the steps that may follow it.
final class RouteTree: Sendable {
    /// An endpoint: its method, its place in the table, and the names of the captures on the way to it.
    typealias Leaf = (method: Method, number: Int, captures: [String])

    /// The endpoints of the path that ends here, one for each method.
    let leaves: [Leaf]
    /// The steps behind a literal segment, so few that comparing beats hashing.
    private let literals: [(segment: String, next: RouteTree)]
    /// The step behind a segment that is captured.
    private let capture: RouteTree?

    /// An endpoint with the steps of its path.
    private typealias Row = (path: [String], leaf: Leaf)

    /// Builds the tree of some endpoints.
    ///
    /// - Throws: `RouteConflict` when two endpoints have the same method and paths that no request tells apart.
    convenience init(_ endpoints: [(method: Method, path: String)]) throws(RouteConflict) {
        var rows: [Row] = []
        for (number, endpoint) in endpoints.enumerated() {
            let path = Self.segments(of: endpoint.path)
            let captures = path.filter(Self.isCapture).map { String($0.dropFirst().dropLast()) }
            guard Set(captures).count == captures.count else {
                throw RouteConflict(description: "\(endpoint.path) captures the same name twice")
            }
            rows.append((path, (endpoint.method, number, captures)))
        }
        try self.init(rows, at: 0)
    }

    /// The tree behind the first steps of some paths, which they have in common.
    private init(_ rows: [Row], at depth: Int) throws(RouteConflict) {
        var leaves: [Leaf] = []
        var literals: [(segment: String, rows: [Row])] = []
        var captured: [Row] = []
        for row in rows {
            guard row.path.count > depth else {
                let method = row.leaf.method
                if leaves.contains(where: { $0.method == method }) {
                    let path = row.path.map { "/" + $0 }.joined()
                    throw RouteConflict(description: "\(method.name) \(path) is ambiguous")
                }
                leaves.append(row.leaf)
                continue
            }
            let segment = row.path[depth]
            if Self.isCapture(segment) {
                captured.append(row)
            } else if let index = literals.firstIndex(where: { $0.segment == segment }) {
                literals[index].rows.append(row)
            } else {
                literals.append((segment, [row]))
            }
        }
        self.leaves = leaves
        var steps: [(segment: String, next: RouteTree)] = []
        for literal in literals { steps.append((literal.segment, try RouteTree(literal.rows, at: depth + 1))) }
        self.literals = steps
        capture = captured.isEmpty ? nil : try RouteTree(captured, at: depth + 1)
    }

    /// The step at the end of a path that has endpoints: a literal before a capture, at every step.
    ///
    /// - Parameters:
    ///   - index: the place of the segment that comes next.
    ///   - path: all segments.
    ///   - end: how many of them count.
    ///   - captured: where the places of captured segments are put.
    /// - Returns: the step; `nil` when there is no such path.
    func step(at index: Int, of path: [PercentEncoded], _ end: Int, capturing captured: inout [Int]) -> RouteTree? {
        guard index < end else { return leaves.isEmpty ? nil : self }
        if let decoded = path[index].decoded, let place = literals.firstIndex(where: { $0.segment == decoded }) {
            let count = captured.count
            if let found = literals[place].next.step(at: index + 1, of: path, end, capturing: &captured) {
                return found
            }
            captured.removeLast(captured.count - count)
        }
        guard let capture, !Self.isNameless(path[index].text) else { return nil }
        captured.append(index)
        return capture.step(at: index + 1, of: path, end, capturing: &captured)
    }

    /// Whether a segment is empty or one of the dot segments of RFC 3986, which name nothing that could be captured.
    private static func isNameless(_ segment: String) -> Bool { segment.isEmpty || segment == "." || segment == ".." }

    /// The steps of a path: a slash at its end is an empty one, that of "/" alone is none.
    private static func segments(of path: String) -> [String] {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map(String.init)
        return segments == [""] ? [] : segments
    }

    private static func isCapture(_ segment: String) -> Bool { segment.utf8.first == UInt8(ascii: "{") }
}

/// Two endpoints of one API that no request tells apart.
public struct RouteConflict: Error, Sendable, CustomStringConvertible {
    /// Which endpoint, and why.
    public var description: String
}
