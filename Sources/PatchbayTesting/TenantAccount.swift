internal import Patchbay
internal import PatchbayJSON

/// What a tenant was asked, for whoever reads of a failed test.
struct TenantAccount {
    private let tenant: TestTenant

    /// How many of the last exchanges are in a summary.
    private static let most = 10

    init(_ tenant: TestTenant) {
        self.tenant = tenant
    }

    /// The journal, as `/_patchbay/requests` gives it.
    func journal() -> String { document("/requests") }

    /// What requests did that no operation provides for, as `/_patchbay/diagnostics` gives it.
    func diagnostics() -> String { document("/diagnostics") }

    /// The last exchanges, a line for each.
    func summary() -> String {
        let answer = read("/requests?limit=\(Self.most)")
        let exchanges = answer["requests"]?.arrayValue ?? []
        let matched = answer["matched"]?.int64Value ?? 0
        guard !exchanges.isEmpty else { return "Patchbay got no request for the tenant \(tenant.label)." }
        let shown = matched > exchanges.count ? ", the last \(exchanges.count) of which are" : ""
        let count = "\(matched) request\(matched == 1 ? "" : "s")"
        return
            (["Patchbay got \(count) for the tenant \(tenant.label)\(shown):"] + exchanges.map(Self.line) + findings())
            .joined(separator: "\n")
    }

    /// What was found, a line for each.
    func findings() -> [String] {
        (read("/diagnostics")["findings"]?.arrayValue ?? []).map { finding in
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

    /// What a call says; nothing where the test itself has dropped the tenant.
    private func read(_ path: String) -> JSON {
        (try? tenant.control("GET", path)).flatMap { try? JSON(parsing: Array($0.utf8)) } ?? [:]
    }

    private func document(_ path: String) -> String {
        var text: [UInt8] = []
        read(path).writePretty(into: &text)
        return String(decoding: text, as: UTF8.self)
    }
}
