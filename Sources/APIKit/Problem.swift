public import PatchbayHTTP
public import PatchbayStore

/// What can go wrong with a request to any API.
///
/// Each API answers each of these in its own words.
public enum Problem: Error, Sendable {
    /// A path or query with a `%` that two hexadecimal digits do not follow.
    case malformedEscape
    /// No endpoint has the path, given as received.
    case noSuchRoute(path: String)
    /// Endpoints have the path, but none with the method.
    case wrongMethod(Method, allowed: [String])
    /// Credentials are missing, malformed or unknown.
    case unauthenticated
    /// The credentials do not reach this far.
    case forbidden
    /// A query parameter with a value that the operation does not take.
    case badParameter(name: String, value: String, reason: String)
    /// A body that is no JSON: why, and where.
    case malformedBody(reason: String, line: Int, column: Int)
    /// A body of a media type that the operation does not take.
    case unsupportedMediaType(String)
    /// More requests came than are allowed.
    case rateLimited(Allowance)
    /// The store did not do what it was asked.
    case storage(String)
}

/// An API's errors: made from every general problem, and able to write themselves.
public protocol VendorFailure: Error, Sendable {
    /// The vendor's error for a general problem.
    init(_ problem: Problem)

    /// The vendor's answer.
    func reply(to exchange: Exchange) -> Reply
}

/// What an error may tell of the request it answers.
public struct Exchange: Sendable {
    /// The request.
    public var request: Request
    /// The identifier of this exchange.
    public var id: Identifier
    /// When it is answered.
    public var now: Timestamp
    /// Which reading of each quirk is in force.
    public var quirks: Readings
}
