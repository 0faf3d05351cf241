public import PatchbayStore

/// Something that goes wrong on purpose: with which requests, when, and how.
public struct Fault: Sendable {
    /// Its name among those of its tenant.
    public var name: String
    /// The tenant, as it was named; `nil` when it is everybody's.
    public var tenant: String?
    /// Whose requests it looks at; everybody's when `nil`.
    public var roots: [Root]?
    /// The API whose requests it looks at; all when `nil`.
    public var api: String?
    /// The operation whose requests it looks at; all when `nil`.
    public var operation: String?
    /// What parameters of path or query have to be; absent when `nil`.
    public var parameters: [(name: String, value: String?)]
    /// Which of those requests it strikes.
    public var schedule: Schedule
    /// What draws follow from: equal seeds, equal draws.
    public var seed: UInt64
    /// How long answers are held back.
    public var delay: Delay?
    /// What becomes of the answer; nothing when `nil`.
    public var effect: Effect?
    /// Whether the request has its effect all the same, and only the answer is lost.
    public var isAfter: Bool

    /// Declares a fault.
    public init(
        _ name: String,
        tenant: String? = nil,
        of roots: [Root]? = nil,
        api: String? = nil,
        operation: String? = nil,
        parameters: [(name: String, value: String?)] = [],
        schedule: Schedule = .always,
        seed: UInt64 = 0,
        delay: Delay? = nil,
        effect: Effect? = nil,
        isAfter: Bool = false,
    ) {
        self.name = name
        self.tenant = tenant
        self.roots = roots
        self.api = api
        self.operation = operation
        self.parameters = parameters
        self.schedule = schedule
        self.seed = seed
        self.delay = delay
        self.effect = effect
        self.isAfter = isAfter
    }

    /// Which requests are struck, counted among those that the fault looks at.
    public enum Schedule: Sendable, Equatable {
        case always
        /// The one of this number.
        case nth(Int64)
        /// So many from the beginning.
        case first(Int64)
        /// Each whose number this divides.
        case every(Int64)
        /// Each with this probability, by the seed.
        case probability(Double)
    }

    /// How long, in microseconds.
    public enum Delay: Sendable, Equatable {
        case fixed(Int64)
        case uniform(from: Int64, to: Int64)
        /// The logarithm is normally distributed; nothing is longer than `limit`.
        case logNormal(median: Int64, sigma: Double, limit: Int64)
    }

    /// What becomes of an answer.
    public enum Effect: Sendable {
        /// An error of the API's catalogue takes its place.
        case error(String, retryAfter: Int?, headers: [(name: String, value: String)])
        /// The connection is reset.
        case reset
        /// The connection is closed without an answer.
        case empty
        /// So many random bytes take its place, and the connection is closed.
        case garbage(bytes: Int)
        /// Only so many bytes of the body are sent, and the connection is closed.
        case truncated(bytes: Int)
        /// The body is sent in so many pieces, spread over so many microseconds.
        case dribbled(pieces: Int, over: Int64)
        /// So many requests may come in a window of so many seconds; the vendor refuses more.
        case rateLimit(requests: Int, seconds: Int)
    }

    /// A fault that struck, and the number of the request among those that it looked at: with the seed, all that it takes
    /// to repeat it.
    public struct Strike: Sendable, Equatable {
        /// The fault's name.
        public var name: String
        /// The request's number.
        public var ordinal: Int64
    }
}
