internal import APIKit
internal import JSON
internal import OTCKit

extension IdentityAPI {
    /// Any text but the empty one drops the catalogue.
    static let noCatalog = Parameter<String?>.text("nocatalog")
}

/// The query parameters of the list of projects, in the order of the document's table.
struct ProjectFilters {
    private static let domainID = Parameter<String?>.text("domain_id")
    private static let name = Parameter<String?>.text("name")
    private static let parentID = Parameter<String?>.text("parent_id")
    private static let enabled = truth("enabled")
    private static let isDomain = truth("is_domain")
    private static let page = Parameter<Int64?>.integer("page", form: .digits64)
    private static let perPage = Parameter<Int64?>.integer("per_page", form: .digits64)

    static let parameters = [
        domainID.description, name.description, parentID.description, enabled.description, isDomain.description,
        positive(page).description, positive(perPage).description,
    ]

    /// Clients write it with a capital as well.
    private static func truth(_ name: String) -> Parameter<Bool?> {
        .choice(name, default: nil, [("true", true), ("false", false)], ignoringCase: true)
    }

    /// What is described of a number that begins at 1.
    private static func positive(_ parameter: Parameter<Int64?>) -> Parameter<Int64?> {
        var parameter = parameter
        parameter.description.schema["minimum"] = 1
        if parameter.name == "per_page" { parameter.description.schema["maximum"] = 5000 }
        return parameter
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
        let page = try Self.number(Self.page, in: 1...Int64.max, call)
        let size = try Self.number(Self.perPage, in: 1...5000, call)
        // "Ensure that the query parameters page and per_page both exist": one alone does nothing.
        if let page, let size { window = (page, size) } else { window = nil }
    }

    private static func number(
        _ parameter: Parameter<Int64?>,
        in range: ClosedRange<Int64>,
        _ call: borrowing Call<IdentityAPI>
    ) throws(IdentityAPI.Failure) -> Int64? {
        guard let number = try call.query(parameter) else { return nil }
        guard range.contains(number) else {
            throw IdentityAPI.Failure(
                .badParameter(name: parameter.name, value: String(number), reason: "out of range")
            )
        }
        return number
    }

    /// The projects that are asked for.
    func apply(to projects: [JSON.Object]) -> [JSON.Object] {
        guard !isNone else { return [] }
        let found = projects.filter { project in
            texts.allSatisfy { project[$0.member]?.stringValue?.utf8.elementsEqual($0.value.utf8) == true }
        }
        guard let window else { return found }
        let (start, isBeyond) = (window.page - 1).multipliedReportingOverflow(by: window.size)
        guard !isBeyond, start < found.count else { return [] }
        return Array(found.dropFirst(Int(start)).prefix(Int(window.size)))
    }
}
