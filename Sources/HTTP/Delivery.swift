/// How a response leaves: a server that is there to be tested against has to be able to answer late or not properly.
///
/// A server that is asked to stop waits for nothing: what was to leave late, or in pieces, leaves at once, with its ending.
public struct Delivery: Sendable, Hashable {
    /// What becomes of the response and its connection.
    public enum Ending: Sendable, Hashable {
        /// All of it is sent, and the connection goes on if the client wants.
        case complete
        /// All of it is sent, and the connection is closed, as the response says.
        case close
        /// The head is sent at once and the body in so many pieces, evenly spread over the time, at the end of which the last one
        /// leaves; then the connection goes on.
        ///
        /// There are never more pieces than bytes.
        case dribbled(chunks: Int, over: Duration)
        /// All of it is sent, with a head that promises no length, then what is written to the stream until it is finished; then the
        /// connection is closed.
        case stream(ResponseStream)
        /// Only so many bytes of the body are sent, though the response says otherwise; then the connection is closed.
        case truncated(bodyBytes: Int)
        /// These bytes are sent in place of the response; then the connection is closed.
        case garbage([UInt8])
        /// Nothing is sent, and the connection is closed.
        case empty
        /// Nothing is sent, and the connection is reset, after the answers before it have arrived.
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
