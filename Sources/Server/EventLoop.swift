import PatchbayCSystem
import PatchbayHTTP

/// One thread's share of the server: waits for what is ready and lets the connections work on it.
///
/// Everything here belongs to the thread; other threads talk to the `gate`.
final class EventLoop {
    /// A place for a connection, indexed by its descriptor.
    private struct Slot {
        var connection: Connection?
        /// When the slot's entry in the timer heap is due.
        ///
        /// It outlives a connection, so that a heap holds about one
        /// entry for each descriptor however many connections come and go.
        var armed = Int64.max
    }

    private enum Due {
        case slot(Int32)
        case work(() -> Void)
    }

    let options: ServerOptions
    let patience: Patience
    let handler: (Request) -> Response
    let refusal: Server.RefusalHandler?
    let gate: LoopGate
    /// Its place among all loops.
    let number: Int
    let peers: [LoopGate]
    private(set) var clock = LoopClock()
    private(set) var isStopping = false
    var listener: Listener?
    var isAccepting = false
    var poller: Poller
    /// What is read goes here first; one buffer for all connections keeps the idle ones small.
    let scratch = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 16)
    /// Answers are written here and leave at once; only what the socket does not take moves to its connection.
    var output: [UInt8] = []
    /// What waits for the end of a batch of events.
    var outbox = Outbox()
    /// What clients ask for again and again.
    let knownHeads = KnownHeads()
    private var slots: [Slot] = []
    private var timers = TimerHeap<Due>()

    init(
        options: ServerOptions,
        handler: @escaping @Sendable (Request) -> Response,
        refusal: Server.RefusalHandler?,
        listener: Listener,
        gate: LoopGate,
        peers: [LoopGate]
    ) throws(ServerError) {
        self.options = options
        patience = Patience(options)
        self.handler = handler
        self.refusal = refusal
        self.listener = listener
        self.gate = gate
        self.peers = peers
        number = peers.firstIndex { $0 === gate } ?? 0
        poller = try Poller()
        guard poller.add(gate.wakeup.reading.number, interest: .read, isShared: false) else {
            throw .last("watch the wake-up pipe")
        }
    }

    deinit {
        scratch.deallocate()
    }

    /// Calls the closure on this loop when the time has passed, counted from the current batch of events.
    func schedule(after delay: Duration, _ work: @escaping () -> Void) {
        timers.add(.work(work), at: clock.now + delay.nanoseconds)
    }

    /// Works until it has been stopped and the last connection is closed.
    func run() {
        resumeAccepting()
        while !(isStopping && gate.connectionCount == 0 && gate.close()) {
            let ready = poller.wait(timeout: timers.first.map { max(0, $0 - clock.now) } ?? -1)
            clock.update()
            // Each descriptor occurs once in a batch, and only its own event can close it, so no event is stale.
            for index in 0..<ready { dispatch(poller.event(at: index)) }
            sendOutbox()
            runTimers()
            // What had to wait for its time may have been followed by further requests.
            sendOutbox()
        }
    }

    private func dispatch(_ event: Event) {
        if event.descriptor == gate.wakeup.reading.number {
            readMail()
        } else if let connection = connection(at: event.descriptor) {
            connection.handle(event, on: self)
            if outbox.isFull { sendOutbox() }
        } else if event.descriptor == listener?.descriptor.number {
            acceptConnections()
        }
    }

    private func sendOutbox() {
        var index = 0
        while let connection = outbox.next(index, into: &output) {
            connection.send(on: self)
            connection.settle(on: self)
            index += 1
        }
    }

    private func readMail() {
        // It may end connections.
        sendOutbox()
        let mail = gate.collect()
        for socket in mail.accepted { adopt(socket) }
        // Another connection may have got the descriptor meanwhile; that one has nothing to send then.
        for socket in mail.written { connection(at: socket)?.sendStream(on: self) }
        if mail.isStopping, !isStopping { beginStop() }
    }

    private func beginStop() {
        isStopping = true
        // Whoever is in the queue has been told that it is connected.
        while acceptConnections() {}
        pauseAccepting()
        listener = nil
        for slot in slots { slot.connection?.stop(on: self) }
        schedule(after: options.stopGrace) { [unowned self] in
            for slot in slots { slot.connection?.close(on: self) }
        }
    }
}

extension EventLoop {
    private func connection(at descriptor: Int32) -> Connection? {
        Int(descriptor) < slots.count ? slots[Int(descriptor)].connection : nil
    }

    /// Gives a connection its slot.
    func insert(_ connection: Connection) {
        let index = Int(connection.socket.number)
        while slots.count <= index { slots.append(Slot()) }
        slots[index].connection = connection
    }

    /// Lets go of a connection, which closes it.
    func remove(_ connection: Connection) {
        slots[Int(connection.socket.number)].connection = nil
        gate.dismiss()
    }

    /// Makes sure that a connection hears of its deadline; free when the slot's timer rings before it anyway.
    func arm(_ connection: Connection) {
        let number = connection.socket.number
        guard connection.deadline < slots[Int(number)].armed else { return }
        slots[Int(number)].armed = connection.deadline
        timers.add(.slot(number), at: connection.deadline)
    }

    private func runTimers() {
        while let (due, deadline) = timers.next(dueAt: clock.now) {
            switch due {
            case .work(let work):
                work()
            case .slot(let number):
                // Another entry is the slot's timer when the times differ.
                guard slots[Int(number)].armed == deadline else { continue }
                slots[Int(number)].armed = .max
                guard let connection = slots[Int(number)].connection else { continue }
                if connection.deadline <= clock.now { connection.timeOut(on: self) }
                if slots[Int(number)].connection != nil { arm(connection) }
            }
        }
    }
}
