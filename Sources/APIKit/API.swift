public import PatchbayHTTP
public import PatchbayJSON
public import PatchbayStore

/// One emulated API: where it lives, what it offers, and how it answers.
///
/// The five modules have the same shape: `AtlasAPI.swift` conforms to this protocol and holds the endpoint table,
/// `Resources.swift` the collections, `Paging.swift` the parameters and the list envelope, `Failure.swift` the errors,
/// `Authentication.swift` the schemes, and `Endpoints/` the operations.
public protocol API: Sendable {
    /// The API's errors, in its own envelope.
    associatedtype Failure: VendorFailure
    /// What a request brings to say who sends it.
    associatedtype Credentials: Sendable
    /// Who a request comes from, and what that one may do.
    associatedtype Identity: Sendable

    /// The name on the command line, in seed folders and in the control plane.
    static var name: String { get }
    /// The service's name, as its vendor writes it.
    static var title: String { get }
    /// What its users call it in a sentence: `Atlas`.
    static var brand: String { get }
    /// Whether it is one of those that are there to be tested against, and not the program's own.
    static var isEmulated: Bool { get }
    /// The path that all endpoints begin with.
    static var basePath: String { get }
    /// What the API keeps, roots before their children.
    static var collections: [Collection] { get }
    /// What a vendor isolates customers by, and the capture that names it; `nil` where paths name nothing of the kind.
    static var root: (collection: Collection, capture: String)? { get }
    /// What the API offers.
    static var endpoints: [Endpoint<Self>] { get }
    /// What is checked, in the vendor's order, before an endpoint's handler runs.
    static var checks: [Check] { get }
    /// How the API reads a query.
    static var queryRules: QueryRules { get }
    /// Where the vendor's documents leave more than one reading.
    static var quirks: [Quirk] { get }
    /// Every error that an operation can answer, by the name that the vendor or this program gives it.
    ///
    /// A status stands for the first that has it, which is the one that lists answer most.
    static var catalogue: [(name: String, failure: Failure)] { get }
    /// The JSON Schema of an error's body.
    static var errorSchema: JSON.Object { get }
    /// The media type of the body of a success; that of the errors when `nil`.
    static var answerType: String? { get }
    /// The schemes of its credentials, as OpenAPI's security schemes: any group is enough, with all that is in it.
    static var securitySchemes: [[(name: String, scheme: JSON.Object)]] { get }

    /// The vendor's error for what is too large, or too malformed, to be a request; `nil` where nothing is known of one.
    ///
    /// - Parameter status: what HTTP answers, 400, 413, 414 or 431.
    /// - Returns: the error.
    static func refusal(_ status: Status) -> Failure?
    /// Whether a path with a slash at its end names the same resource as the path without it.
    static func ignoresTrailingSlash(_ quirks: Readings) -> Bool
    /// Whether an escape that is none is refused, where that is checked at all.
    static func refusesMalformedEscapes(_ quirks: Readings) -> Bool
    /// Whether `HEAD` is answered wherever `GET` is.
    static func answersHead(_ quirks: Readings) -> Bool

    /// Whether a segment of a path can be what a capture stands for; a path with another one leads nowhere.
    static func isCapture(_ segment: PercentEncoded, named name: String, _ quirks: Readings) -> Bool

    /// The error for a query parameter that an endpoint does not declare; `nil` where such a one is ignored.
    static func undeclared(_ name: String, at endpoint: Endpoint<Self>, _ quirks: Readings) -> Failure?
    /// How a body is refused where none is read, by an API that checks that; `nil` where it is passed over.
    static var unreadBody: Failure? { get }

    /// Refuses callers that may not speak here at all.
    ///
    /// - Parameters:
    ///   - call: the request.
    ///   - endpoint: what it asks for; `nil` when there is no such thing.
    /// - Throws: how they are refused.
    static func admit(_ call: borrowing Call<Self>, to endpoint: Endpoint<Self>?) throws(Failure)
    /// Reads a request's credentials, and refuses missing or malformed ones.
    static func credentials(of call: borrowing Call<Self>) throws(Failure) -> Credentials
    /// Looks up who the credentials belong to, and refuses those that are unknown, wrong or expired.
    static func identify(_ credentials: Credentials, _ call: borrowing Call<Self>) throws(Failure) -> Identity

    /// The headers that every answer of the API carries.
    ///
    /// - Parameters:
    ///   - id: the identifier of the exchange.
    ///   - request: the request.
    ///   - allowance: what is left of the limit that it counts towards; `nil` without one.
    /// - Returns: their names and values, in their order.
    static func headers(
        of id: Identifier,
        to request: Request,
        _ allowance: Allowance?
    ) -> [(name: String, value: String)]

    /// How answers write the identifier of their exchange.
    static func text(of id: Identifier) -> String

    /// Made-up roots: a tenant that is named by the number of its rows, in every state or type there is, and an empty one.
    static func samples(rows: Int) -> (collection: String, samples: [Sample])

    /// The variables by which clients find the service and are let in, with `{url}` for the server's address; `nil` for those that lead
    /// them elsewhere, whatever the others say.
    static var clientVariables: [(name: String, value: String?)] { get }

    /// Every list that can be asked for, with the number of its rows: those below a root, or all.
    static func tenants(in store: any RowCounting, below root: String?) throws -> [Tenant]
}

extension API {
    /// All but the control plane.
    public static var isEmulated: Bool { true }

    /// Most are called by their titles.
    public static var brand: String { title }

    /// Successes and errors look alike.
    public static var answerType: String? { nil }

    /// Most vendors ignore what they do not know.
    public static func undeclared(_ name: String, at endpoint: Endpoint<Self>, _ quirks: Readings) -> Failure? { nil }

    /// Services pass over it.
    public static var unreadBody: Failure? { nil }

    /// Not every client reads variables.
    public static var clientVariables: [(name: String, value: String?)] { [] }

    /// Not every API is about tenants.
    public static var root: (collection: Collection, capture: String)? { nil }

    /// Most vendors say nothing of their limits.
    public static func refusal(_ status: Status) -> Failure? { nil }

    /// Vendors that say nothing of a final slash take it for the same resource.
    public static func ignoresTrailingSlash(_ quirks: Readings) -> Bool { true }

    /// That is what the check is for.
    public static func refusesMalformedEscapes(_ quirks: Readings) -> Bool { true }

    /// As RFC 9110, section 9.3.2, has it.
    public static func answersHead(_ quirks: Readings) -> Bool { true }

    /// Most APIs take any text for an identifier, and look it up.
    public static func isCapture(_ segment: PercentEncoded, named name: String, _ quirks: Readings) -> Bool { true }

    /// Most answers that carry it have its digits.
    public static func text(of id: Identifier) -> String { id.hexadecimal }

    /// The emulated services speak with everybody.
    public static func admit(_ call: borrowing Call<Self>, to endpoint: Endpoint<Self>?) throws(Failure) {}
}

/// An API that asks nobody for credentials.
extension API where Credentials == Void, Identity == Void {
    /// There are none.
    public static func credentials(of call: borrowing Call<Self>) throws(Failure) {}

    /// Everybody is the same.
    public static func identify(_ credentials: Void, _ call: borrowing Call<Self>) throws(Failure) {}
}

/// A check that comes before an endpoint's handler.
public enum Check: Sendable {
    /// The caller is one that may speak here.
    case caller
    /// Every escape in path and query is well-formed.
    case encoding
    /// The path leads to an endpoint, which has the method.
    case route
    /// The credentials are there and well-formed; not asked in mode `off`.
    case credentials
    /// The credentials are known and right; asked in mode `known` only.
    case identity
    /// The query has nothing but what the endpoint declares; no vendor asks for that.
    case contract
}

/// How an API reads a query where RFC 3986 leaves it open.
public struct QueryRules: Sendable {
    /// Which of several parameters of one name counts.
    public enum Occurrence: Sendable {
        case first
        case last
    }

    /// Which of several parameters of one name counts.
    public var repeated: Occurrence
    /// Whether an empty value is as good as none.
    public var emptyIsAbsent: Bool

    /// Declares the rules.
    public init(repeated: Occurrence, emptyIsAbsent: Bool) {
        self.repeated = repeated
        self.emptyIsAbsent = emptyIsAbsent
    }
}

/// A list that can be asked for: the path parameters that lead to it, and how many rows it has.
public struct Tenant: Sendable {
    /// Path parameters by the names of the vendor's document.
    public var parameters: [(name: String, value: String)]
    /// How many rows there are without a filter.
    public var rows: Int64

    /// Names a list.
    public init(_ parameters: [(name: String, value: String)], rows: Int64) {
        self.parameters = parameters
        self.rows = rows
    }

    /// The lists of a collection, one for each row of another that holds them.
    ///
    /// - Parameters:
    ///   - children: what is listed.
    ///   - parents: whose rows hold the lists.
    ///   - names: the path parameters, root first.
    ///   - root: the key of the root that they are below; any when `nil`.
    ///   - store: where to look.
    /// - Returns: the lists, in the order of the rows that hold them.
    /// - Throws: `SQLiteError`.
    public static func lists(
        of children: Collection,
        in parents: Collection,
        named names: [String],
        below root: String?,
        store: any RowCounting,
    ) throws -> [Tenant] {
        try store.counts(of: children, in: parents, below: root).map {
            Tenant(Array(zip(names, $0.keys)), rows: $0.count)
        }
    }
}
