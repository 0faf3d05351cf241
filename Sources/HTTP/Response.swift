/// One response message as a handler makes it; framing and connection fields are the writer's business.
public struct Response: Sendable {
    /// The outcome.
    public var status: Status
    /// The fields in their order; Content-Length, Connection and Transfer-Encoding are the writer's.
    public var headers: [(name: String, value: String)]
    /// The content; not sent in answer to HEAD, nor with a status that forbids it.
    public var body: [UInt8]
    /// How it leaves, when not at once and properly; only a server on a socket heeds it.
    public var delivery = Delivery()

    /// Makes a response.
    public init(status: Status, headers: [(name: String, value: String)] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
