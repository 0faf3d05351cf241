public import HTTP
public import Store

/// What the journal keeps of one exchange: the request as it came, and what became of it.
///
/// It costs next to nothing to keep; what it says is worked out when somebody reads it.
public struct JournalEntry: Sendable {
    /// Its place among all entries of the run, from 1.
    public internal(set) var number: UInt64 = 0
    /// When the request was answered, by the tenant's clock.
    public var moment: Timestamp
    /// The request, without its body when that is too large to be kept.
    public var request: Request
    /// How many bytes the request's body has.
    public internal(set) var bodyBytes = 0
    /// The identifier of the exchange, which most answers carry; `nil` outside every API.
    public var id: Identifier?
    /// The API's name; `nil` outside all of them.
    public var api: String?
    /// The place of the operation in the API's endpoint table; `nil` when the request led to none.
    public var route: Int?
    /// The tenant that the path names.
    public var root: Root?
    /// The answer's status; `nil` when a fault let no answer leave.
    public var status: Status?
    /// How many bytes the answer's body has.
    public var bytes: Int
    /// How many rows of a list the answer shows; `nil` when it is no list.
    public var rows: Int?
    /// How long the answer took to make, in nanoseconds; delays that faults bring come on top.
    public var duration: Int64
    /// The faults that struck, each with the number of the request among those that it looked at.
    public var faults: [Fault.Strike]
    /// Why nothing matched the request, when nothing did.
    public var unmatched: String?
    /// What the request does that the API does not provide for.
    public var findings: [Finding]

    /// Whether the request's body was too large to be kept.
    package var hasLostBody: Bool { bodyBytes > request.body.count }

    /// About how many bytes it takes to keep it: the head is kept as it came, and its target once more in parts.
    var size: Int { 2 * request.headers.size + request.body.count + 512 * (1 + findings.count) }
}
