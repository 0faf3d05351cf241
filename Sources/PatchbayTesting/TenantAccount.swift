internal import Patchbay
internal import PatchbayJSON

/// What a tenant was asked, for whoever reads of a failed test.
struct TenantAccount {
    private let tenant: TestTenant
    /// The number of the last exchange before the test.
    private let start: Int64

    /// How many of the last exchanges are in a summary.
    private static let most = 10

    /// An exchange that belongs to no tenant.
    struct Stray {
        var number: Int64
        var line: String
        var findings: [String]
    }

    init(_ tenant: TestTenant) {
        self.tenant = tenant
        let answer = try? JSON(parsing: tenant.emulator.control("GET", "/requests?limit=1"))
        start = answer?["last"]?.int64Value ?? 0
    }

    var label: String { tenant.label }

    /// The journal, as `/_patchbay/requests` gives it.
    func journal() -> String { document("/requests") }

    /// What requests did that no operation provides for, as `/_patchbay/diagnostics` gives it.
    func diagnostics() -> String { document("/diagnostics") }

    /// The last exchanges, a line for each.
    func summary() -> String {
        do {
            let answer = try read("/requests?limit=\(Self.most)")
            let exchanges = answer["requests"]?.arrayValue ?? []
            let count = (answer["matched"]?.int64Value ?? 0) + (answer["dropped"]?.int64Value ?? 0)
            guard !exchanges.isEmpty else { return nothing() }
            let shown = count > exchanges.count ? ", the last \(exchanges.count) of which are" : ""
            let title = "Patchbay got \(count) request\(count == 1 ? "" : "s") for the tenant \(label)\(shown):"
            return ([title] + exchanges.map(Self.line) + findings()).joined(separator: "\n")
        } catch {
            return "Patchbay no longer knows what it was asked: \(error)"
        }
    }

    /// That there was no request for the tenant, and which belong to no tenant: a client may have the wrong address.
    private func nothing() -> String {
        let strays = strays().suffix(Self.most)
        let title = "The journal has no request for the tenant \(label)"
        return strays.isEmpty
            ? "\(title)." : (["\(title), but these, of no tenant:"] + strays.map(\.line)).joined(separator: "\n")
    }

    /// The exchanges since the test began that belong to no tenant, some of which another test may have made.
    func strays() -> [Stray] {
        let answer = try? JSON(parsing: tenant.emulator.control("GET", "/requests?since=\(start)"))
        let exchanges = answer?["requests"]?.arrayValue ?? []
        return exchanges.filter { $0["tenant"]?.stringValue == nil }.map { exchange in
            Stray(
                number: exchange["number"]?.int64Value ?? 0,
                line: Self.line(exchange),
                findings: Self.texts(of: exchange["findings"]),
            )
        }
    }

    /// What was found, a line for each.
    func findings() -> [String] { Self.texts(of: (try? read("/diagnostics"))?["findings"]) }

    private static func texts(of findings: JSON?) -> [String] {
        (findings?.arrayValue ?? []).map { finding in
            let operation = finding["operation"]?.stringValue.map { "\($0): " } ?? ""
            return "\(operation)\(finding["says"]?.stringValue ?? ""); \(finding["documented"]?.stringValue ?? "")"
        }
    }

    /// `2  GET /client/v4/accounts?page=2  200, 5 rows`.
    private static func line(_ exchange: JSON) -> String {
        let query = exchange["query"]?.stringValue.map { "?\($0)" } ?? ""
        let rows = exchange["rows"]?.int64Value.map { ", \($0) row\($0 == 1 ? "" : "s")" } ?? ""
        let faults = exchange["faults"]?.arrayValue?.compactMap { $0["name"]?.stringValue } ?? []
        let struck = faults.isEmpty ? "" : ", struck by \(faults.joined(separator: ", "))"
        let unmatched = exchange["unmatched"]?.stringValue.map { ", \($0)" } ?? ""
        return "  \(exchange["number"]?.int64Value ?? 0)  \(exchange["method"]?.stringValue ?? "") "
            + "\(exchange["path"]?.stringValue ?? "")\(query)  \(exchange["status"]?.int64Value ?? 0)\(rows)\(struck)\(unmatched)"
    }

    private func read(_ path: String) throws -> JSON { try JSON(parsing: tenant.control("GET", path)) }

    private func document(_ path: String) -> String {
        do {
            var text: [UInt8] = []
            try read(path).writePretty(into: &text)
            return String(decoding: text, as: UTF8.self)
        } catch {
            return "\(error)\n"
        }
    }
}
