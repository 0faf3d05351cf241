import Synchronization

/// The side of an event loop that other threads may touch.
final class LoopGate: Sendable {
    private struct Mail {
        var accepted: [Int32] = []
        var written: [Int32] = []
        var isStopping = false
        var isClosed = false
    }

    let wakeup: Pipe
    private let connections = Atomic<Int>(0)
    private let mail = Mutex(Mail())

    init() throws(ServerError) {
        wakeup = try Pipe()
    }

    /// The connections of the loop, those still in the mail included.
    var connectionCount: Int { connections.load(ordering: .relaxed) }

    /// Counts a connection, before it is posted or adopted.
    func admit() {
        connections.add(1, ordering: .relaxed)
    }

    /// Counts a connection no more.
    func dismiss() {
        connections.subtract(1, ordering: .relaxed)
    }

    /// Hands an accepted connection over; false when the loop has ended.
    func post(_ socket: Int32) -> Bool {
        let isOpen = mail.withLock { mail in
            if !mail.isClosed { mail.accepted.append(socket) }
            return !mail.isClosed
        }
        if isOpen { wakeup.signal() }
        return isOpen
    }

    /// Tells that something was written to the stream of a connection.
    func announce(_ socket: Int32) {
        let isFirst = mail.withLock { mail in
            mail.written.append(socket)
            return mail.written.count == 1
        }
        // The loop that has been woken for the first finds the others, too.
        if isFirst { wakeup.signal() }
    }

    /// Asks the loop to finish.
    func stop() {
        mail.withLock { $0.isStopping = true }
        wakeup.signal()
    }

    /// What has been posted since the last call.
    func collect() -> (accepted: [Int32], written: [Int32], isStopping: Bool) {
        wakeup.clear()
        return mail.withLock { mail in
            defer {
                mail.accepted = []
                mail.written = []
            }
            return (mail.accepted, mail.written, mail.isStopping)
        }
    }

    /// Refuses further connections, unless one has come in since the last `collect()`.
    func close() -> Bool {
        mail.withLock { mail in
            mail.isClosed = mail.accepted.isEmpty
            return mail.isClosed
        }
    }
}
