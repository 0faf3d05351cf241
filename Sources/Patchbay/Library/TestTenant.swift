internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// A tenant that a test has to itself: a copy of a seeded one, which no other test sees.
///
/// It is a project, group, organization or account of each API. Its rows, clock, faults, journal and findings are its own.
public struct TestTenant: Sendable {
    /// A list that the tenant has.
    public struct List: Sendable {
        /// The API's name: "atlas".
        public let api: String
        /// The path parameters that lead to the list, by their documented names: `group_id`.
        public let parameters: [(name: String, value: String)]
        /// How many rows it has.
        public let rows: Int
    }

    /// No list of a tenant has a parameter.
    public struct UnknownParameter: Error, Sendable, CustomStringConvertible {
        /// What there is in place of it.
        public let description: String
    }

    /// What the test calls it.
    public let label: String
    /// What answers for it.
    public let emulator: Emulator
    /// Where it is served, "http://127.0.0.1:4747"; in memory, what links in answers begin with.
    public let url: String
    /// Its lists when it was made, in the order of the APIs.
    public let lists: [List]

    /// The value of a path parameter, by its documented name: `try tenant["account_id"]`.
    ///
    /// Where several lists have one, such as the two endpoint services of VPC Endpoint, it is that of the first.
    ///
    /// - Throws: `UnknownParameter`, which says what there is.
    public subscript(name: String) -> String {
        get throws(UnknownParameter) {
            let known = lists.flatMap(\.parameters)
            if let value = known.first(where: { $0.name == name })?.value { return value }
            var names: [String] = []
            for parameter in known where !names.contains(parameter.name) { names.append(parameter.name) }
            let suggestion = Nearest.suggestion(for: name, in: names)
            throw UnknownParameter(
                description: "the tenant \(label) has no \(name), but \(names.joined(separator: ", "))\(suggestion)"
            )
        }
    }

    /// Makes a call of the control plane about this tenant.
    ///
    ///     try tenant.control("PUT", "/faults/busy", #"{"error": 429, "when": {"nth": 2}}"#)
    ///     try tenant.control("POST", "/requests/verify", #"{"request": {"status": 429}, "count": 1}"#)
    ///
    /// - Parameters:
    ///   - method: the method, "PUT".
    ///   - path: the path behind `/_patchbay`; `tenant` is added to its query.
    ///   - body: JSON; none when `nil`.
    /// - Returns: the answer's body.
    /// - Throws: `ControlError` when the call is refused, or what it verifies is not so.
    @discardableResult
    public func control(_ method: String, _ path: String, _ body: String? = nil) throws(ControlError) -> String {
        try emulator.control(method, path + (path.contains("?") ? "&" : "?") + "tenant=\(label)", body)
    }

    /// Drops it, with all that it has.
    ///
    /// - Throws: `ControlError`, when it is gone already for instance.
    public func drop() throws(ControlError) { try emulator.control("DELETE", "/tenants/\(label)") }
}

extension Emulator {
    /// Makes a tenant for a test.
    ///
    ///     let tenant = try emulator.makeTenant("lists-all-pages", from: "00000000000000000000000000000257")
    ///
    /// Under the same label there are the same identifiers in each run. A tenant that was made under it before is replaced.
    ///
    /// - Parameters:
    ///   - label: what the test calls it: 1 to 64 letters of a to z, digits, or any of `-._~`, other than `.` and `..`.
    ///   - apis: the names of the APIs that it is a tenant of; all that have tenants when `nil`.
    ///   - source: the identifier of the tenant that it is a copy of; the documents' examples when `nil`.
    /// - Returns: the tenant.
    /// - Throws: `ControlError` when the label is none, there is no such API or tenant, or no data yet.
    public func makeTenant(
        _ label: String,
        of apis: [String]? = nil,
        from source: String? = nil,
    ) throws(ControlError) -> TestTenant {
        try makeTenant(label, of: apis, from: source, at: world.publicURL ?? "http://localhost")
    }

    func makeTenant(
        _ label: String,
        of apis: [String]?,
        from source: String?,
        at url: String,
    ) throws(ControlError) -> TestTenant {
        // As segments of a path they mean something else.
        guard !["", ".", ".."].contains(label) else {
            throw ControlError(status: 400, description: "\"\(label)\" is no label of a tenant", document: "")
        }
        var members: JSON.Object = [:]
        if let apis { members["api"] = .array(apis.map(JSON.string)) }
        if let source { members["from"] = .string(source) }
        let path = "/tenants/" + URLText.encoded(label)
        let answer = try control("PUT", path, JSON.object(members).text)
        let lists = (try? JSON(parsing: answer))?["tenants"]?.arrayValue ?? []
        return TestTenant(label: label, emulator: self, url: url, lists: lists.map(TestTenant.List.init))
    }
}

extension EmulatorServer {
    /// Makes a tenant for a test that knows where it is served; all else is as `Emulator.makeTenant(_:of:from:)` has it.
    ///
    /// - Parameters:
    ///   - label: what the test calls it.
    ///   - apis: the names of the APIs that it is a tenant of.
    ///   - source: the identifier of the tenant that it is a copy of.
    /// - Returns: the tenant.
    /// - Throws: `ControlError`.
    public func makeTenant(
        _ label: String,
        of apis: [String]? = nil,
        from source: String? = nil,
    ) throws(ControlError) -> TestTenant {
        try emulator.makeTenant(label, of: apis, from: source, at: url)
    }
}

extension TestTenant.List {
    fileprivate init(_ list: JSON) {
        api = list["api"]?.stringValue ?? ""
        parameters = (list["parameters"]?.objectValue ?? [:]).map { ($0.name, $0.value.stringValue ?? "") }
        rows = list["rows"]?.int64Value.map { Int($0) } ?? 0
    }
}
