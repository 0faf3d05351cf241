/// What the APIs call their query parameters, to tell whose a name is.
public struct Vocabulary: Sendable {
    /// A name that an API gives to a parameter of some operation.
    struct Entry: Sendable {
        var api: String
        var brand: String
        var operation: String
        var name: String
        var concept: Concept?
    }

    /// By the names without regard to case, `_`, `-` and `.`, in the order of the catalogue.
    private let entries: [String: [Entry]]

    /// The names of some APIs.
    public init(_ services: [Service] = []) {
        var entries: [String: [Entry]] = [:]
        for service in services {
            for route in service.routes {
                for parameter in route.parameters {
                    let entry = Entry(
                        api: service.name,
                        brand: service.brand,
                        operation: route.operation,
                        name: parameter.name,
                        concept: parameter.concept,
                    )
                    entries[Self.folded(parameter.name), default: []].append(entry)
                }
            }
        }
        self.entries = entries
    }

    /// Who uses a name, or one that differs from it in case and punctuation only.
    func entries(of name: String) -> [Entry] { entries[Self.folded(name)] ?? [] }

    /// A name without what APIs write differently.
    static func folded(_ name: String) -> String {
        String(name.lowercased().unicodeScalars.filter { !"_-.".unicodeScalars.contains($0) })
    }
}
