import PatchbayCSystem
import PatchbayHTTP

/// One client's connection: bytes in, requests to the handler, bytes out, and the end of it (RFC 9112, section 9).
final class Connection {
    enum State {
        /// Requests are taken.
        case open
        /// An answer, or a part of it, waits for its time; nothing is read meanwhile.
        case delayed
        /// A body without an end is being sent; what the client sends is thrown away.
        case streaming
        /// The last answer is on its way.
        case closing
        /// The answer is out and our side is shut; what the client still sends is thrown away until it closes too.
        case draining
        case closed
    }

    /// What the deadline is for.
    enum Waiting {
        case request, head, body, delay, output, drain, stream
    }

    let socket: Descriptor
    let local: String
    let remote: String
    var parser: RequestParser
    var state = State.open
    var waiting = Waiting.request
    /// When patience ends, in the loop's monotonic nanoseconds.
    var deadline: Int64
    /// What waits while the connection is delayed, and until when.
    var held: Held?
    var due: Int64 = 0
    /// What is sent while the connection is streaming.
    var stream: ResponseStream?
    /// Output that the socket did not take yet.
    ///
    /// While there is any, nothing is read and nothing is parsed: a client that does not read its answers cannot make
    /// us hold more than the limit.
    var pending: [UInt8] = []
    var pendingStart = 0
    /// Whether requests may have arrived that wait for their turn.
    ///
    /// Until the poller has said that the socket takes more, nothing is read.
    var hasMore = false
    var hasPeerFinished = false
    private var interest = Interest.read
    private var drained = 0
    var served = 0

    init(socket: consuming Descriptor, local: String, remote: String, loop: EventLoop) {
        self.socket = socket
        self.local = local
        self.remote = remote
        parser = RequestParser(limits: loop.options.limits, known: loop.knownHeads)
        deadline = loop.clock.now + loop.patience.idle
    }

    /// Whether nothing is in flight.
    private var isIdle: Bool { state == .open && !hasOutput && !parser.isInRequest }

    /// Whether the socket has to take something before anything is read.
    private var hasOutput: Bool { !pending.isEmpty || hasMore }

    /// Works on what the poller has reported.
    func handle(_ event: Event, on loop: EventLoop) {
        // Both directions of a connection that drains are closed once the client has finished; bytes may be left to read.
        let isFinishing = state == .draining && event.isReadable
        if event.isBroken, !isFinishing { return close(on: loop) }
        if event.isWritable { flushPending(on: loop) }
        if event.isReadable { receive(on: loop) }
    }

    /// Closes the connection at once, whatever is unsent.
    func close(on loop: EventLoop) {
        guard state != .closed else { return }
        state = .closed
        stream?.close()
        if case .answer(let response, _) = held, case .stream(let stream) = response.delivery.ending { stream.close() }
        loop.remove(self)
    }

    /// Finishes: at once when nothing is in flight, else with the answer to what is, which waits for its time no longer.
    func stop(on loop: EventLoop) {
        // A request may have arrived that the poller has not told of yet.
        if interest.contains(.read) || state == .delayed { read(on: loop) }
        if state == .delayed {
            due = loop.clock.now
            return settle(on: loop)
        }
        if state == .streaming {
            sendStream(on: loop)
            return close(on: loop)
        }
        // Its next request may be on its way, to which a close would be the answer.
        guard isIdle else { return }
        deadline = loop.clock.now + loop.patience.fresh
        loop.arm(self)
    }

    /// Acts on the deadline.
    func timeOut(on loop: EventLoop) {
        switch waiting {
        case .request, .output, .drain: close(on: loop)
        case .delay: resume(on: loop)
        case .stream: sendHeartbeat(on: loop)
        case .head: refuse(ParseError(.requestTimeout, "the request head did not arrive in time"), on: loop)
        case .body: refuse(ParseError(.requestTimeout, "the request body did not arrive in time"), on: loop)
        }
    }

    /// Reads once, if anything is wanted.
    ///
    /// If there is more the poller says so again, and nobody who sends without end keeps the others waiting.
    func receive(on loop: EventLoop) {
        if interest.contains(.read) { read(on: loop) }
    }

    private func read(on loop: EventLoop) {
        guard state != .closed, !hasPeerFinished else { return }
        let count = recv(socket.number, loop.scratch.baseAddress, loop.scratch.count, 0)
        if count > 0 {
            take(count, on: loop)
        } else if count == 0 {
            hasPeerFinished = true
            guard state == .open, parser.isInRequest else { return settle(on: loop) }
            refuse(ParseError(.badRequest, "the connection ended in the middle of a request"), on: loop)
        } else if ![EAGAIN, EINTR].contains(system_errno()) {
            close(on: loop)
        }
    }

    private func take(_ count: Int, on loop: EventLoop) {
        if state == .draining || state == .streaming {
            drained += count
            if drained > loop.options.limits.drain { close(on: loop) }
            return
        }
        let bytes = UnsafeBufferPointer(
            start: loop.scratch.baseAddress?.assumingMemoryBound(to: UInt8.self),
            count: count
        )
        parser.append(bytes.span)
        process(on: loop)
    }

    /// Decides what to wait for next, and for how long.
    func settle(on loop: EventLoop) {
        if state == .closing, pending.isEmpty { finish(on: loop) }
        if state == .draining || state == .open, hasPeerFinished, !hasOutput { close(on: loop) }
        // Nobody who reads on ends the other direction; this is how it is seen that a reader has gone.
        if state == .streaming, hasPeerFinished { close(on: loop) }
        if state == .closed { return }
        if wanted != interest {
            loop.poller.change(socket.number, from: interest, to: wanted)
            interest = wanted
        }
        updateDeadline(on: loop)
        loop.arm(self)
    }

    /// What the poller has to tell of.
    private var wanted: Interest {
        switch state {
        case .streaming: pending.isEmpty ? .read : [.read, .write]
        case _ where hasOutput: .write
        case .delayed: []
        default: .read
        }
    }

    private func updateDeadline(on loop: EventLoop) {
        let now = loop.clock.now
        if state == .draining {
            // Set once: a client that goes on sending does not prolong it.
            if waiting != .drain { deadline = now + loop.patience.drain }
            waiting = .drain
        } else if hasOutput {
            waiting = .output
            deadline = now + loop.patience.idle
        } else if state == .delayed {
            waiting = .delay
            deadline = due
        } else if state == .streaming {
            waiting = .stream
            deadline = stream?.heartbeat.map { now + $0.interval.nanoseconds } ?? .max
        } else if parser.isInBody {
            waiting = .body
            deadline = now + loop.patience.body
        } else if parser.isInRequest {
            // Set once for each request: a head that trickles in does not prolong it.
            if waiting != .head { deadline = now + loop.patience.header }
            waiting = .head
        } else {
            waiting = .request
            deadline = now + (loop.isStopping ? loop.patience.fresh : loop.patience.idle)
        }
    }

    private func finish(on loop: EventLoop) {
        // Bytes that still arrive would turn the close into a reset, which may destroy the answer (RFC 9112, section 9.6).
        guard !hasPeerFinished else { return close(on: loop) }
        shutdown(socket.number, Int32(SHUT_WR))
        state = .draining
        // The parser's buffers are not needed any more.
        parser = RequestParser(limits: loop.options.limits, known: loop.knownHeads)
    }
}
