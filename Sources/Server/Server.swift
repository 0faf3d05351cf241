import PatchbayCSystem
public import PatchbayHTTP
import Synchronization

/// An HTTP/1.1 server: a listening socket and the event loops that share it.
///
/// The handler runs on the loops, so it must not block. `bind()`, `start()`, `stop()`, `waitUntilStopped()`.
public final class Server: Sendable {
    private struct State {
        var listener: Listener?
        var address: (host: String, port: UInt16)
        var gates: [LoopGate] = []
        var finished: Countdown?
    }

    /// What all loops have to come to: the last one ends the wait.
    private final class Countdown: Sendable {
        private let left: Atomic<Int>
        let pipe: Pipe

        init(loops: Int) throws(ServerError) {
            left = Atomic(loops)
            pipe = try Pipe()
        }

        func count() {
            if left.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { pipe.signal() }
        }
    }

    /// What a process has open besides connections: listener, pollers, pipes, databases, logs.
    private static let otherDescriptors = 256

    private let options: ServerOptions
    private let handler: @Sendable (Request) -> Response
    private let refusal: RefusalHandler?
    private let preparation: @Sendable () -> Void
    private let state: Mutex<State>

    /// Makes the answer to bytes that are no acceptable request.
    ///
    /// It is given what is wrong, and the beginning of the path as far as it was read; `nil` leaves the answer to the server,
    /// which describes the problem (RFC 9457).
    public typealias RefusalHandler = @Sendable (_ error: ParseError, _ path: String) -> Response?

    /// Makes a server that does nothing yet.
    ///
    /// - Parameters:
    ///   - options: where it listens, and how.
    ///   - refusal: answers what is no acceptable request.
    ///   - preparation: done on the thread of every loop before it takes connections.
    ///   - handler: answers requests.
    public init(
        options: ServerOptions,
        refusal: RefusalHandler? = nil,
        preparation: @escaping @Sendable () -> Void = {},
        handler: @escaping @Sendable (Request) -> Response,
    ) {
        self.options = options
        self.refusal = refusal
        self.preparation = preparation
        self.handler = handler
        state = Mutex(State(address: (options.host, options.port)))
    }

    deinit {
        stop()
    }

    /// Takes the address and port; connections wait in the kernel's queue until `start()`.
    public func bind() throws(ServerError) {
        try state.withLock { state throws(ServerError) in
            guard state.listener == nil, state.gates.isEmpty else { throw .wrongState("the server is bound already") }
            let listener = try Listener(options: options)
            state.listener = listener
            state.address = listener.address
        }
    }

    /// The address and, after `bind()`, the real port.
    public var address: (host: String, port: UInt16) {
        state.withLock { $0.address }
    }

    /// Gives memory back to the system that start-up needed and serving does not.
    public static func returnFreeMemory() {
        system_return_free_memory()
        system_return_code()
    }

    /// Open connections, those included that are about to be refused or closed.
    public var connectionCount: Int {
        state.withLock { $0.gates }.reduce(0) { $0 + $1.connectionCount }
    }

    /// Starts the loops and returns when they take connections.
    ///
    /// Raises the process's own limit of open descriptors, where it may, to what the limit of connections needs.
    public func start() throws(ServerError) {
        let prepared = try Countdown(loops: max(1, options.loops))
        try state.withLock { state throws(ServerError) in
            guard let listener = state.listener, state.gates.isEmpty else {
                throw .wrongState("the server is started already, or not bound")
            }
            system_return_large_blocks()
            system_raise_descriptor_limit(UInt64(options.limits.connections + Self.otherDescriptors))
            var gates: [LoopGate] = []
            for _ in 0..<max(1, options.loops) { gates.append(try LoopGate()) }
            let finished = try Countdown(loops: gates.count)
            do throws(ServerError) {
                for gate in gates {
                    try startLoop(
                        listener: listener,
                        gate: gate,
                        peers: gates,
                        prepared: prepared,
                        finished: finished
                    )
                }
            } catch {
                // Ends the loops that did start.
                for gate in gates { gate.stop() }
                throw error
            }
            state.gates = gates
            state.finished = finished
        }
        prepared.pipe.wait()
    }

    /// Stops gracefully: takes no more connections, finishes what is in flight, sends at once what was to leave late, closes the
    /// rest.
    ///
    /// Returns at once and may be called from any thread, any number of times.
    public func stop() {
        let gates = state.withLock { state in
            state.listener = nil
            return state.gates
        }
        for gate in gates { gate.stop() }
    }

    /// Blocks until the last loop has ended; returns at once when none was started.
    public func waitUntilStopped() {
        state.withLock { $0.finished }?.pipe.wait()
    }

    /// Returns when the last loop has ended, and keeps no thread of the caller's waiting until then.
    public func stopped() async {
        await withCheckedContinuation { continuation in
            do throws(ServerError) {
                try LoopThread.start {
                    self.waitUntilStopped()
                    continuation.resume()
                }
            } catch {
                waitUntilStopped()
                continuation.resume()
            }
        }
    }

    /// What the first request of a loop takes of the heap, about, in bytes.
    private static let heapRoom = 16 << 10

    private func startLoop(
        listener: Listener,
        gate: LoopGate,
        peers: [LoopGate],
        prepared: Countdown,
        finished: Countdown
    ) throws(ServerError) {
        let loop = try EventLoop(
            options: options,
            handler: handler,
            refusal: refusal,
            listener: listener,
            gate: gate,
            peers: peers
        )
        try LoopThread.start { [preparation] in
            preparation()
            system_prepare_heap(Self.heapRoom)
            prepared.count()
            loop.run()
            finished.count()
        }
    }
}
