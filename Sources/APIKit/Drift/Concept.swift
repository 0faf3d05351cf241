/// What a parameter is for, in terms that all APIs share, by which the name that one gives it leads to another's.
public enum Concept: String, Sendable, CaseIterable {
    case pageSize = "the page size"
    case pageNumber = "the number of the page"
    case offset = "where the page begins"
    case pageToken = "the page that follows"
    case sortKey = "what a list is sorted by"
    case sortDirection = "the direction of the order"
    case count = "whether all rows are counted"
    case identifier = "a filter by identifier"
    case name = "a filter by name"
    case status = "a filter by status"
    case type = "a filter by type"
    case provider = "a filter by cloud provider"
    case region = "a filter by region"
    case packet = "a filter by packet identifier"
    case network = "a filter by network"
    case account = "a filter by account"
    case parent = "a filter by parent"
    case environment = "a filter by environment"
    case permission = "a filter by permission"
    case enabled = "a filter by whether it is enabled"
    case deleted = "a filter by whether it is deleted"
    case domain = "a filter by whether it is an account"
    case pretty = "the layout of the body"
    case envelope = "the status in the body"
    case catalogue = "whether the catalogue is left out"

    /// The ones that do the same in another way.
    var kin: [Concept] {
        let positions: [Concept] = [.pageNumber, .offset, .pageToken]
        return positions.contains(self) ? positions.filter { $0 != self } : []
    }

    /// Whether values may be as good as credentials, and are told to nobody.
    var isSecret: Bool { self == .pageToken }
}
