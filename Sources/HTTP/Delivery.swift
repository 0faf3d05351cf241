/// How a response leaves: a server that is there to be tested against has to be able to answer late or not properly.
public struct Delivery: Sendable, Hashable {
    /// What becomes of the response and its connection.
    public enum Ending: Sendable, Hashable {
        /// All of it is sent, and the connection goes on if the client wants.
        case complete
        /// All of it is sent, and the connection is closed, as the response says.
        case close
        /// Only so many bytes of the body are sent, though the response says otherwise; then the connection is closed.
        case truncated(bodyBytes: Int)
        /// Nothing is sent, and the connection is reset.
        case reset
    }

    /// How long the response is held back; requests behind it on the connection wait too.
    public var delay: Duration
    /// What becomes of the response and its connection.
    public var ending: Ending

    /// Makes a delivery; the defaults are the ordinary one.
    public init(delay: Duration = .zero, ending: Ending = .complete) {
        self.delay = delay
        self.ending = ending
    }
}
