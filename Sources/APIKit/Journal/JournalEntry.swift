public import HTTP
public import Store
internal import Synchronization

/// What the journal keeps of one exchange: the request as it came, and what became of it.
///
/// It costs next to nothing to keep; what it says is worked out when somebody reads it.
public final class JournalEntry: Sendable {
    private let place = Atomic<UInt64>(0)
    /// When the request was answered, by the tenant's clock.
    public let moment: Timestamp
    private let record: RecordedRequest
    /// How many bytes the request's body has.
    public let bodyBytes: Int
    /// The identifier of the exchange, which most answers carry; `nil` outside every API.
    public let id: Identifier?
    /// The API's name; `nil` outside all of them.
    public let api: String?
    /// The place of the operation in the API's endpoint table; `nil` when the request led to none.
    public let route: Int?
    /// The tenant that the path names.
    public let root: Root?
    /// The answer's status; `nil` when a fault let no answer leave.
    public let status: Status?
    /// How many bytes the answer's body has.
    public let bytes: Int
    /// How many rows of a list the answer shows; `nil` when it is no list.
    public let rows: Int?
    /// How long the answer took to make, in nanoseconds; delays that faults bring come on top.
    public let duration: Int64
    /// The faults that struck, each with the number of the request among those that it looked at.
    public let faults: [Fault.Strike]
    /// Why nothing matched the request, when nothing did.
    public let unmatched: String?
    /// What the request does that the API does not provide for.
    public let findings: [Finding]

    init(
        moment: Timestamp,
        request: Request,
        id: Identifier? = nil,
        api: String? = nil,
        route: Int? = nil,
        root: Root? = nil,
        status: Status?,
        bytes: Int,
        rows: Int? = nil,
        duration: Int64,
        faults: [Fault.Strike],
        unmatched: String?,
        findings: [Finding],
    ) {
        self.moment = moment
        bodyBytes = request.body.count
        record = RecordedRequest(request, keepsBody: bodyBytes <= Self.largestBody)
        self.id = id
        self.api = api
        self.route = route
        self.root = root
        self.status = status
        self.bytes = bytes
        self.rows = rows
        self.duration = duration
        self.faults = faults
        self.unmatched = unmatched
        self.findings = findings
    }

    /// A body with more bytes than this is counted, and not kept.
    static let largestBody = 64 * 1024

    /// Its place among all entries of the run, from 1; 0 until the journal has given it one.
    public internal(set) var number: UInt64 {
        get { place.load(ordering: .relaxed) }
        set { place.store(newValue, ordering: .relaxed) }
    }

    /// Whether the request's body was too large to be kept.
    package var hasLostBody: Bool { bodyBytes > record.body.count }

    /// The request, without its body when that is too large to be kept; it is read again each time.
    public var request: Request { record.request }

    /// About how many bytes it takes to keep it.
    var size: Int { record.size + 512 * (1 + findings.count) }
}
