public import PatchbayHTTP
public import PatchbayStore

/// What the journal keeps of one exchange: the request as it came, and what became of it.
///
/// It costs next to nothing to keep; what it says is worked out when somebody reads it.
public struct JournalEntry: Sendable {
    /// Its place among all entries of the run, from 1; 0 until the journal has given it one.
    public internal(set) var number: UInt64 = 0
    /// When the request was answered, by the tenant's clock.
    public let moment: Timestamp
    /// The identifier of the exchange, which most answers carry; `nil` outside every API.
    public let id: Identifier?
    /// How long the answer took to make, in nanoseconds; delays that faults bring come on top.
    public let duration: Int64
    /// When it was made, on the stopwatch.
    let end: Int64
    /// What was asked and answered.
    let content: Content

    /// Takes down that a request was answered just now.
    ///
    /// - Parameters:
    ///   - moment: what time it is for the tenant.
    ///   - id: the identifier of the exchange.
    ///   - start: when the request came, on the stopwatch.
    ///   - content: what was asked and answered.
    init(moment: Timestamp, id: Identifier? = nil, since start: Int64, _ content: Content) {
        self.moment = moment
        self.id = id
        end = Stopwatch.now
        duration = end - start
        self.content = content
    }

    /// What was asked and answered: exchanges may share it.
    final class Content: Sendable {
        let record: RecordedRequest
        let bodyBytes: Int
        let api: String?
        let route: Int?
        let root: Root?
        let status: Status?
        let bytes: Int
        let rows: Int?
        let faults: [Fault.Strike]
        let unmatched: String?
        let findings: [Finding]
        /// About how many bytes it takes to keep and to read it: parameters and values, of which a request may have thousands,
        /// take more than they are long.
        let size: Int

        init(
            _ request: Request,
            api: String? = nil,
            route: Int? = nil,
            root: Root? = nil,
            status: Status?,
            bytes: Int,
            rows: Int? = nil,
            faults: [Fault.Strike] = [],
            unmatched: String? = nil,
            findings: [Finding] = [],
        ) {
            bodyBytes = request.body.count
            record = RecordedRequest(request, keepsBody: bodyBytes <= JournalEntry.largestBody)
            self.api = api
            self.route = route
            self.root = root
            self.status = status
            self.bytes = bytes
            self.rows = rows
            self.faults = faults
            self.unmatched = unmatched
            self.findings = findings
            let values = record.body.count { $0 == UInt8(ascii: ",") || $0 == UInt8(ascii: "&") }
            size = record.size + 512 * (1 + findings.count) + 256 * request.target.query.count + 64 * values
        }
    }

    /// A body with more bytes than this is counted, and not kept.
    static let largestBody = 64 * 1024

    /// The API's name; `nil` outside all of them.
    public var api: String? { content.api }
    /// The place of the operation in the API's endpoint table; `nil` when the request led to none.
    public var route: Int? { content.route }
    /// The tenant that the path names.
    public var root: Root? { content.root }
    /// The answer's status; `nil` when a fault let no answer leave.
    public var status: Status? { content.status }
    /// How many bytes the answer's body has.
    public var bytes: Int { content.bytes }
    /// How many rows of a list the answer shows; `nil` when it is no list.
    public var rows: Int? { content.rows }
    /// The faults that struck, each with the number of the request among those that it looked at.
    public var faults: [Fault.Strike] { content.faults }
    /// Why nothing matched the request, when nothing did.
    public var unmatched: String? { content.unmatched }
    /// What the request does that the API does not provide for.
    public var findings: [Finding] { content.findings }

    /// How many bytes the request's body has.
    public var bodyBytes: Int { content.bodyBytes }

    /// Whether the request's body was too large to be kept.
    package var hasLostBody: Bool { bodyBytes > content.record.body.count }

    /// The request, without its body when that is too large to be kept; it is read again each time.
    public var request: Request { content.record.request }

    /// About how many bytes it takes to keep and to read it.
    var size: Int { content.size }
}
