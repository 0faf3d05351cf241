import PatchbayCSystem
import PatchbayHTTP

extension Connection {
    /// How long until a reset asks again whether what was sent before it has arrived.
    private static let resetPause: Int64 = 1_000_000

    /// Lets an answer wait for its time.
    func hold(_ response: Response, context: ResponseWriter.Context, on loop: EventLoop) {
        hold(.answer(response, context), for: response.delivery.delay.nanoseconds)
    }

    /// Puts an answer into the loop's buffer, or does whatever else is to become of it.
    ///
    /// - Returns: Whether the connection goes on.
    func deliver(_ response: Response, context: ResponseWriter.Context, on loop: EventLoop) -> Bool {
        var context = context
        if isLast(on: loop) { context.keepAlive = false }
        switch response.delivery.ending {
        case .complete:
            append(response, context, on: loop)
        case .close:
            context.keepAlive = false
            append(response, context, on: loop)
        case .dribbled(let pieces, let duration):
            let size = append(response, context, on: loop)
            if size == 0 || loop.isStopping { break }
            let body = Array(loop.output.suffix(size))
            loop.output.removeLast(size)
            let dribble = Dribble(body, pieces: pieces, over: duration, from: LoopClock.monotonic)
            hold(.body(dribble, keepAlive: context.keepAlive), until: dribble.due)
            return false
        case .stream(let stream):
            context.keepAlive = false
            context.hasLength = false
            append(response, context, on: loop)
            if begin(stream, context.method, response.status, on: loop) { return false }
        case .truncated(let kept):
            let size = append(response, context, on: loop)
            loop.output.removeLast(max(0, size - max(0, kept)))
            context.keepAlive = false
        case .garbage(let bytes):
            loop.output += bytes
            context.keepAlive = false
        case .empty:
            context.keepAlive = false
        case .reset:
            _ = system_reset_on_close(socket.number)
            hold(.reset(patience: loop.clock.now + loop.patience.idle), for: 0)
            return false
        }
        return goesOn(context.keepAlive)
    }

    /// Begins to send a stream.
    ///
    /// - Returns: Whether there is anything to send of it.
    private func begin(_ stream: ResponseStream, _ method: Method, _ status: Status, on loop: EventLoop) -> Bool {
        if method == .head || status.forbidsContent || loop.isStopping {
            stream.close()
            return false
        }
        self.stream = stream
        state = .streaming
        // What the client has sent is thrown away, as is what it still sends.
        parser = RequestParser(limits: loop.options.limits, known: loop.knownHeads)
        stream.open { [gate = loop.gate, number = socket.number] in gate.announce(number) }
        return true
    }

    /// Sends what was written to the stream.
    ///
    /// While the socket has not taken what was sent before, it stays in the stream, whose writer hears when that is full.
    func sendStream(on loop: EventLoop) {
        guard state == .streaming, pending.isEmpty, let stream else { return }
        let (bytes, isLast) = stream.take()
        if isLast { state = .closing }
        loop.output += bytes
        send(on: loop)
        if pending.isEmpty { stream.taken() }
        settle(on: loop)
    }

    /// Sends what says that the stream is still there.
    func sendHeartbeat(on loop: EventLoop) {
        guard let heartbeat = stream?.heartbeat else { return }
        loop.output += heartbeat.bytes
        send(on: loop)
        settle(on: loop)
    }

    /// Goes on with what was held.
    func resume(on loop: EventLoop) {
        guard let held else { return }
        self.held = nil
        state = .open
        switch held {
        case .answer(let response, let context):
            _ = deliver(response, context: context, on: loop)
        case .body(var dribble, let keepAlive):
            loop.output += loop.isStopping ? dribble.rest() : dribble.next(at: loop.clock.now)
            if dribble.isFinished {
                _ = goesOn(keepAlive && !isLast(on: loop))
            } else {
                hold(.body(dribble, keepAlive: keepAlive), until: dribble.due)
            }
        case .reset(let patience):
            // A reset destroys what has not arrived yet.
            if system_unsent(socket.number) == 0 || loop.clock.now >= patience { return close(on: loop) }
            hold(held, for: Self.resetPause)
        }
        send(on: loop)
        process(on: loop)
    }

    private func hold(_ held: Held, for delay: Int64) {
        hold(held, until: LoopClock.monotonic + delay)
    }

    private func hold(_ held: Held, until time: Int64) {
        self.held = held
        due = time
        state = .delayed
    }

    /// Whether an answer is the last before the server stops: requests that have arrived are answered, too.
    private func isLast(on loop: EventLoop) -> Bool { loop.isStopping && parser.unreadCount == 0 }

    private func goesOn(_ keepAlive: Bool) -> Bool {
        if !keepAlive { state = .closing }
        return keepAlive
    }

    /// - Returns: How many bytes of the answer are its body.
    @discardableResult
    private func append(_ response: Response, _ context: ResponseWriter.Context, on loop: EventLoop) -> Int {
        ResponseWriter.append(response, context: context, date: loop.clock.date, to: &loop.output)
    }
}
