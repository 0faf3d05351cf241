import PatchbayHTTP

/// What waits for its time on a connection, and all requests behind it.
///
/// Indirect, so that connections without any do not make room for it.
indirect enum Held {
    /// An answer that is late.
    case answer(Response, ResponseWriter.Context)
    /// What is left of a body that leaves in pieces.
    case body(Dribble, keepAlive: Bool)
    /// A reset, for which the answers before it have to have arrived; but not for ever.
    case reset(patience: Int64)
}

/// A body that leaves in pieces, evenly spread over a time.
struct Dribble {
    private let body: [UInt8]
    private let pieces: Int
    private let began: Int64
    private let interval: Int64
    private var sent = 0

    /// Makes one of a body that is not empty.
    init(_ body: [UInt8], pieces: Int, over duration: Duration, from now: Int64) {
        self.body = body
        self.pieces = max(1, min(pieces, body.count))
        began = now
        interval = max(0, duration.nanoseconds) / Int64(self.pieces)
    }

    /// When the next piece is.
    var due: Int64 { began + interval * Int64(sent + 1) }

    var isFinished: Bool { sent == pieces }

    /// What is due, which is several pieces after a time in which nothing could be sent.
    mutating func next(at now: Int64) -> ArraySlice<UInt8> {
        let start = offset
        sent = interval > 0 ? min(pieces, Int((now - began) / interval)) : pieces
        return body[start..<offset]
    }

    /// All that is left, due or not.
    mutating func rest() -> ArraySlice<UInt8> {
        let start = offset
        sent = pieces
        return body[start...]
    }

    private var offset: Int { body.count * sent / pieces }
}
