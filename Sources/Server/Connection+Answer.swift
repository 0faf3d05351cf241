import PatchbayCSystem
import PatchbayHTTP

extension Connection {
    /// The largest output buffer that a loop keeps.
    private static let keptOutput = 256 * 1024

    /// Answers complete requests that have arrived, in order, as many as one connection's turn has room for.
    ///
    /// The socket takes more at once, in its next turn: others are served before it.
    func process(on loop: EventLoop) {
        hasMore = false
        if state == .open, pending.isEmpty {
            hasMore = answer(on: loop)
            // What is all there is to send leaves with the answers to others that came at the same time.
            let isTaken = !hasMore && canWait && !loop.isStopping && loop.outbox.take(&loop.output, for: self)
            if !isTaken { send(on: loop) }
        }
        settle(on: loop)
    }

    /// Whether nothing but its answer has to happen to the connection.
    private var canWait: Bool { state == .open && !hasPeerFinished }

    /// Answers a connection that cannot go on.
    func refuse(_ error: ParseError, on loop: EventLoop) {
        append(error, on: loop)
        send(on: loop)
        settle(on: loop)
    }

    /// Puts the answers of one turn into the loop's buffer.
    ///
    /// - Returns: Whether there may be more to answer.
    private func answer(on loop: EventLoop) -> Bool {
        let last = served + loop.options.limits.pipelinedRequests
        do throws(ParseError) {
            while var request = try parser.next() {
                request.local = local
                request.remote = remote
                request.loop = loop.number
                served += 1
                waiting = .request
                let response = loop.handler(request)
                let context = ResponseWriter.Context(
                    method: request.method,
                    version: request.version,
                    keepAlive: request.keepAlive
                )
                if response.delivery.delay > .zero, !loop.isStopping {
                    hold(response, context: context, on: loop)
                    return false
                }
                guard deliver(response, context: context, on: loop) else { return false }
                if served == last || loop.output.count >= loop.options.limits.pipelinedOutput {
                    return parser.unreadCount > 0
                }
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

    private func append(_ error: ParseError, on loop: EventLoop) {
        let response = loop.refusal?(error, parser.pathInProgress) ?? Response(problem: error)
        let context = ResponseWriter.Context(method: parser.methodInProgress)
        ResponseWriter.append(response, context: context, date: loop.clock.date, to: &loop.output)
        state = .closing
    }

    /// Sends the loop's buffer and keeps what the socket does not take; leaves the buffer empty in any case.
    func send(on loop: EventLoop) {
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

    /// Sends what was left over, and goes on with the requests that had to wait for that or for their turn.
    func flushPending(on loop: EventLoop) {
        guard !pending.isEmpty || hasMore else { return }
        pendingStart += write(pending, from: pendingStart, on: loop)
        if pendingStart == pending.count {
            pending = []
            pendingStart = 0
        }
        if state == .streaming, pending.isEmpty {
            sendStream(on: loop)
        } else if state != .closed {
            process(on: loop)
        }
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
