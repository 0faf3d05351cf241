internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayOTCKit

extension IdentityAPI {
    /// Any text but the empty one drops the catalogue.
    static let noCatalog = Parameter<String?>.text("nocatalog").means(.catalogue)
}

/// The query parameters of the list of projects, in the order of the document's table.
struct ProjectFilters {
    private static let domainID = Parameter<String?>.text("domain_id").means(.account)
    private static let name = Parameter<String?>.text("name").means(.name)
    private static let parentID = Parameter<String?>.text("parent_id").means(.parent)
    private static let enabled = truth("enabled").means(.enabled)
    private static let isDomain = truth("is_domain").means(.domain)
    private static let page = Parameter<Int64?>.integer("page", in: 1...Int64.max, form: .digits64)
        .means(.pageNumber)
    private static let perPage = Parameter<Int64?>.integer("per_page", in: 1...5000, form: .digits64)
        .means(.pageSize)

    static let parameters = [
        domainID.description, name.description, parentID.description, enabled.description, isDomain.description,
        page.description, perPage.description,
    ]

    /// Clients write it with a capital as well.
    private static func truth(_ name: String) -> Parameter<Bool?> {
        .choice(name, default: nil, [("true", true), ("false", false)], ignoringCase: true)
    }

    private let texts: [(member: String, value: String)]
    private let isNone: Bool
    private let window: (page: Int64, size: Int64)?

    init(_ call: borrowing Call<IdentityAPI>) throws(IdentityAPI.Failure) {
        var texts: [(String, String)] = []
        if let domain = try call.query(Self.domainID) { texts.append(("domain_id", domain)) }
        if let name = try call.query(Self.name) { texts.append(("name", name)) }
        if let parent = try call.query(Self.parentID) { texts.append(("parent_id", parent)) }
        self.texts = texts
        let (enabled, isDomain) = (try call.query(Self.enabled), try call.query(Self.isDomain))
        isNone = enabled == false || isDomain == true
        let (page, size) = (try call.query(Self.page), try call.query(Self.perPage))
        // "Ensure that the query parameters page and per_page both exist": one alone does nothing.
        if let page, let size { window = (page, size) } else { window = nil }
    }

    /// The projects that are asked for.
    func apply(to projects: [JSON.Object]) -> [JSON.Object] {
        guard !isNone else { return [] }
        let found = projects.filter { project in
            texts.allSatisfy { project[$0.member]?.stringValue?.hasSameBytes(as: $0.value) == true }
        }
        guard let window else { return found }
        let (start, isBeyond) = (window.page - 1).multipliedReportingOverflow(by: window.size)
        guard !isBeyond, start < found.count else { return [] }
        return Array(found.dropFirst(Int(start)).prefix(Int(window.size)))
    }
}
