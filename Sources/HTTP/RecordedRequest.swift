/// A request as it was received, to be kept: less than what was made of it, which is made again when somebody wants it.
///
/// Many that are kept cost little: most share nothing but their bytes with what they came from, so that the rest of that is
/// free for the next request at once.
public struct RecordedRequest: Sendable {
    /// Request line and header section, up to the empty line.
    private let head: [UInt8]
    /// The content with the transfer coding removed.
    public let body: [UInt8]

    /// Takes a request down.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - keepsBody: whether its content is kept.
    public init(_ request: Request, keepsBody: Bool = true) {
        head = request.headers.bytes
        body = keepsBody ? request.body : []
    }

    /// How many bytes it has.
    public var size: Int { head.count + body.count }

    /// The request, without the addresses of its connection.
    public var request: Request {
        var parser = RequestParser(limits: .none)
        parser.append(head)
        parser.append([Byte.carriageReturn, Byte.lineFeed])
        // It is complete where it has no content, and waits for that where it has.
        guard let read = (try? parser.next())?.head ?? parser.headInProgress else {
            preconditionFailure("a head that was read once cannot be read again")
        }
        return Request(head: read, body: body)
    }
}
