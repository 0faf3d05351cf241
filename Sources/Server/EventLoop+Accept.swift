import PatchbayCSystem
import PatchbayHTTP

extension EventLoop {
    /// How many connections are taken at one time; more would keep those already open waiting.
    private static let acceptBatch = 64
    /// How many connections beyond the limit are still told so instead of being dropped.
    private static let politeRefusals = 64

    /// Watches the listener.
    func resumeAccepting() {
        guard let listener, !isAccepting else { return }
        isAccepting = poller.add(listener.descriptor.number, interest: .read, isShared: true)
    }

    /// Stops watching the listener; connections wait in the kernel's queue.
    func pauseAccepting() {
        guard let listener, isAccepting else { return }
        poller.remove(listener.descriptor.number)
        isAccepting = false
    }

    /// Takes what waits in the listener's queue.
    ///
    /// - Returns: Whether there may be more.
    @discardableResult
    func acceptConnections() -> Bool {
        guard let listener else { return false }
        for _ in 0..<Self.acceptBatch {
            let socket = system_accept(listener.descriptor.number, nil, nil)
            if socket >= 0 {
                distribute(socket)
                continue
            }
            switch system_errno() {
            case EAGAIN: return false
            case EINTR, ECONNABORTED, EPROTO, EPERM:
                // That one connection is gone, and the next is worth a try.
                continue
            default:
                // EMFILE and the like: the connection stays in the queue and would be reported again at once.
                pauseAccepting()
                schedule(after: options.acceptPause) { [unowned self] in resumeAccepting() }
                return false
            }
        }
        return true
    }

    /// Gives a connection to the loop that has the fewest: the kernel prefers to wake one loop for all of them.
    private func distribute(_ socket: Int32) {
        var choice = gate
        var fewest = gate.connectionCount
        for peer in peers {
            let count = peer.connectionCount
            if count < fewest { (choice, fewest) = (peer, count) }
        }
        if choice !== gate {
            choice.admit()
            if choice.post(socket) { return }
            choice.dismiss()
        }
        gate.admit()
        adopt(socket)
    }

    /// Begins to serve an accepted connection, which has been counted already.
    func adopt(_ socket: Int32) {
        let total = peers.reduce(0) { $0 + $1.connectionCount }
        let excess = total - options.limits.connections
        let descriptor = Descriptor(owning: socket)
        guard excess <= Self.politeRefusals, poller.add(socket, interest: .read, isShared: false) else {
            gate.dismiss()
            return
        }
        _ = system_set_option(socket, Int32(IPPROTO_TCP), TCP_NODELAY, 1)
        let connection = Connection(
            socket: descriptor,
            local: localAddress(of: socket),
            remote: remoteAddress(of: socket),
            loop: self
        )
        insert(connection)
        arm(connection)
        if excess > 0 {
            connection.refuse(ParseError(.serviceUnavailable, "there are too many connections"), on: self)
        } else if isStopping {
            connection.stop(on: self)
        }
    }

    private func localAddress(of socket: Int32) -> String {
        if let listener, !listener.isWildcard { return listener.authority }
        guard let own = SocketAddress({ getsockname(socket, $0, $1) })?.numeric else { return "" }
        return SocketAddress.authority(host: own.host, port: own.port)
    }

    private func remoteAddress(of socket: Int32) -> String {
        SocketAddress({ getpeername(socket, $0, $1) })?.numeric.host ?? ""
    }
}
