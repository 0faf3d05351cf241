internal import Synchronization

/// A body that goes on until its writer ends it, or its reader goes.
///
/// Any thread may write; none is ever kept waiting. What has not left yet is bounded, and a writer is told when its reader
/// is too slow. `Delivery.Ending.stream` carries it to the server; without one it is a buffer that nobody reads.
public final class ResponseStream: Sendable {
    private struct State {
        var buffer: [UInt8] = []
        /// Bytes that were taken out of the buffer and have not left yet.
        var leaving = 0
        var isFinished = false
        var isClosed = false
        /// Whether the reader knows that there is something to take.
        var isAnnounced = false
        var wake: (@Sendable () -> Void)?
        var closed: (@Sendable () -> Void)?

        var isOpen: Bool { !isFinished && !isClosed }

        /// Whom to wake, when that is due: once until the reader has taken what there is.
        mutating func announce() -> (@Sendable () -> Void)? {
            guard let wake, !isAnnounced else { return nil }
            isAnnounced = true
            return wake
        }
    }

    /// How many bytes may wait for the reader.
    public let capacity: Int
    /// What is sent when nothing else was for a while, so that it is noticed when the reader has vanished.
    public let heartbeat: Heartbeat?
    private let state = Mutex(State())

    /// Bytes that mean nothing to the reader.
    public struct Heartbeat: Sendable {
        /// What is sent.
        public var bytes: [UInt8]
        /// After how long a silence.
        public var interval: Duration

        /// Makes a heartbeat.
        public init(_ bytes: [UInt8], every interval: Duration) {
            self.bytes = bytes
            self.interval = interval
        }
    }

    /// Makes a stream with nothing in it.
    public init(capacity: Int = 256 * 1024, heartbeat: Heartbeat? = nil) {
        self.capacity = capacity
        self.heartbeat = heartbeat
    }

    deinit {
        close()
    }

    /// Whether anything can be written still: neither side has ended it.
    public var isOpen: Bool { state.withLock { $0.isOpen } }

    /// Adds bytes, all of them or none.
    ///
    /// - Returns: Whether they were added; otherwise the reader is too slow to leave room for them or, when the stream is not
    ///   open any more, gone.
    @discardableResult
    public func write(_ bytes: [UInt8]) -> Bool {
        let (isAdded, wake) = state.withLock { state -> (Bool, (@Sendable () -> Void)?) in
            guard state.isOpen, bytes.count <= capacity - state.leaving - state.buffer.count else {
                return (false, nil)
            }
            state.buffer += bytes
            return (true, state.announce())
        }
        wake?()
        return isAdded
    }

    /// Ends the body after what was written.
    public func finish() {
        let wake = state.withLock { state -> (@Sendable () -> Void)? in
            guard state.isOpen else { return nil }
            state.isFinished = true
            return state.announce()
        }
        wake?()
    }

    /// Calls the closure when nobody reads any more: the reader has gone, the server has stopped, or all has left after `finish()`.
    ///
    /// It is called once, at once when it is too late already, and on the thread where it happened; so it must not block. Another
    /// closure takes the place of the one before.
    public func onClose(_ body: @escaping @Sendable () -> Void) {
        let isClosed = state.withLock { state in
            if !state.isClosed { state.closed = body }
            return state.isClosed
        }
        if isClosed { body() }
    }
}

/// The reader's side, which is the server's.
extension ResponseStream {
    /// Begins to read.
    ///
    /// - Parameter wake: Called when there is something to take after there was nothing, on the writer's thread.
    package func open(wake: @escaping @Sendable () -> Void) {
        let announcement = state.withLock { state -> (@Sendable () -> Void)? in
            state.wake = wake
            return state.buffer.isEmpty && state.isOpen ? nil : state.announce()
        }
        announcement?()
    }

    /// What was written since the last call, and whether that is the end; what was taken before has left.
    ///
    /// It takes room until `taken()`.
    package func take() -> (bytes: [UInt8], isLast: Bool) {
        state.withLock { state in
            let bytes = state.buffer
            state.buffer = []
            state.leaving = bytes.count
            state.isAnnounced = false
            return (bytes, !state.isOpen)
        }
    }

    /// Gives the room back to the writer: what was taken has left.
    package func taken() {
        state.withLock { $0.leaving = 0 }
    }

    /// Reads no more.
    package func close() {
        let closed = state.withLock { state -> (@Sendable () -> Void)? in
            let closed = state.closed
            state.isClosed = true
            state.buffer = []
            state.wake = nil
            state.closed = nil
            return closed
        }
        closed?()
    }
}

extension ResponseStream: Hashable {
    /// Whether both are one.
    public static func == (left: ResponseStream, right: ResponseStream) -> Bool { left === right }

    /// Hashes what the stream is, not what is in it.
    public func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
