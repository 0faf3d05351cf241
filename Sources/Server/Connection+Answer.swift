import CSystem
import HTTP

extension Connection {
    /// The largest output buffer that a loop keeps.
    private static let keptOutput = 1024 * 1024

    /// Answers every complete request that has arrived, in order.
    func process(on loop: EventLoop) {
        var isPaused = true
        while isPaused, state == .open, pending.isEmpty {
            isPaused = answer(on: loop)
            send(on: loop)
        }
        settle(on: loop)
    }

    /// Answers a connection that cannot go on.
    func refuse(_ error: ParseError, on loop: EventLoop) {
        append(error, on: loop)
        send(on: loop)
        settle(on: loop)
    }

    /// Puts answers into the loop's buffer.
    ///
    /// - Returns: Whether it paused because there is enough to send.
    private func answer(on loop: EventLoop) -> Bool {
        do throws(ParseError) {
            while var request = try parser.next() {
                request.local = local
                request.remote = remote
                served += 1
                waiting = .request
                let response = loop.handler(request)
                let context = ResponseWriter.Context(
                    method: request.method,
                    version: request.version,
                    keepAlive: request.keepAlive
                )
                if response.delivery.delay > .zero {
                    hold(response, context: context, on: loop)
                    return false
                }
                guard deliver(response, context: context, on: loop) else { return false }
                if loop.output.count >= loop.options.limits.pipelinedOutput { return true }
            }
            if parser.expectsContinue {
                ResponseWriter.appendContinue(to: &loop.output)
                parser.didContinue()
            }
        } catch {
            append(error, on: loop)
        }
        return false
    }

    /// Puts an answer into the loop's buffer, or does whatever else is to become of it.
    ///
    /// - Returns: Whether the connection goes on.
    private func deliver(_ response: Response, context: ResponseWriter.Context, on loop: EventLoop) -> Bool {
        let ending = response.delivery.ending
        if ending == .reset {
            send(on: loop)
            _ = system_reset_on_close(socket.number)
            close(on: loop)
            return false
        }
        var context = context
        let isWanted = context.keepAlive
        // Requests that have arrived are answered before the server stops.
        let isLast = loop.isStopping && parser.unreadCount == 0
        if isLast || ending == .close { context.keepAlive = false }
        ResponseWriter.append(response, context: context, date: loop.clock.date, to: &loop.output)
        if case .truncated(let kept) = ending {
            let hasBody = context.method != .head && !response.status.forbidsContent
            loop.output.removeLast(hasBody ? max(0, response.body.count - max(0, kept)) : 0)
        } else if context.keepAlive {
            return true
        }
        state = .closing
        // A client that asked for the close sends nothing more, so that nothing can turn it into a reset.
        needsDrain = isWanted || parser.unreadCount > 0
        return false
    }

    /// Lets an answer wait for its time, and all requests behind it.
    private func hold(_ response: Response, context: ResponseWriter.Context, on loop: EventLoop) {
        state = .delayed
        // Not owned by the timer: a connection that is closed meanwhile has to give its descriptor back.
        loop.schedule(after: response.delivery.delay) { [weak self, unowned loop] in
            guard let self, state == .delayed else { return }
            state = .open
            _ = deliver(response, context: context, on: loop)
            send(on: loop)
            process(on: loop)
        }
    }

    private func append(_ error: ParseError, on loop: EventLoop) {
        let response = loop.refusal?(error, parser.pathInProgress) ?? Response(problem: error)
        let context = ResponseWriter.Context(method: parser.methodInProgress)
        ResponseWriter.append(response, context: context, date: loop.clock.date, to: &loop.output)
        state = .closing
        needsDrain = true
    }

    /// Sends the loop's buffer and keeps what the socket does not take; leaves the buffer empty in any case.
    private func send(on loop: EventLoop) {
        let count = loop.output.count
        if count == 0 { return }
        if !pending.isEmpty {
            pending += loop.output
        } else if state != .closed {
            let sent = write(loop.output, from: 0, on: loop)
            if sent < count { pending = Array(loop.output[sent...]) }
        }
        // One huge answer must not keep its memory for ever.
        loop.output.removeAll(keepingCapacity: loop.output.capacity <= Self.keptOutput)
    }

    /// Sends what was left over, and goes on with the requests that had to wait for that.
    func flushPending(on loop: EventLoop) {
        guard !pending.isEmpty else { return }
        pendingStart += write(pending, from: pendingStart, on: loop)
        if pendingStart == pending.count {
            pending = []
            pendingStart = 0
        }
        if state != .closed { process(on: loop) }
    }

    /// How many bytes the socket took; closes when the client is gone.
    private func write(_ bytes: [UInt8], from start: Int, on loop: EventLoop) -> Int {
        var offset = start
        while offset < bytes.count {
            let count = bytes.withUnsafeBytes {
                system_send(socket.number, $0.baseAddress?.advanced(by: offset), $0.count - offset)
            }
            if count >= 0 {
                offset += count
                continue
            }
            let code = system_errno()
            if code == EINTR { continue }
            if code != EAGAIN { close(on: loop) }
            break
        }
        return offset - start
    }
}
