#if os(Linux)
import PatchbayCSystem

typealias Poller = EpollPoller

/// epoll(7).
struct EpollPoller: ~Copyable, Polling {
    private let descriptor: Descriptor
    private var events: [epoll_event]

    init() throws(ServerError) {
        let number = epoll_create1(Int32(EPOLL_CLOEXEC))
        guard number >= 0 else { throw .last("epoll_create1") }
        descriptor = Descriptor(owning: number)
        events = Array(repeating: epoll_event(), count: 256)
    }

    mutating func add(_ descriptor: Int32, interest: Interest, isShared: Bool) -> Bool {
        control(EPOLL_CTL_ADD, descriptor, Self.mask(interest) | (isShared ? system_epoll_exclusive : 0)) == 0
    }

    mutating func change(_ descriptor: Int32, from old: Interest, to new: Interest) {
        _ = control(EPOLL_CTL_MOD, descriptor, Self.mask(new))
    }

    mutating func remove(_ descriptor: Int32) {
        _ = control(EPOLL_CTL_DEL, descriptor, 0)
    }

    mutating func wait(timeout: Int64) -> Int {
        // Rounded up: a wait that ends before its timer would be repeated with 0 until the millisecond is over.
        let milliseconds = timeout < 0 ? -1 : Int32(min((timeout + 999_999) / 1_000_000, 3_600_000))
        let ready = collect(milliseconds: 0)
        if ready > 0 || milliseconds == 0 { return ready }
        // Whoever sleeps has to be woken by the next client that sends something, which costs more than to answer it. So those
        // who could run here go first, clients and other loops, and there may be something to do then.
        sched_yield()
        return collect(milliseconds: milliseconds)
    }

    private mutating func collect(milliseconds: Int32) -> Int {
        max(0, Int(epoll_wait(descriptor.number, &events, Int32(events.count), milliseconds)))
    }

    func event(at index: Int) -> Event {
        let event = events[index]
        return Event(
            descriptor: event.data.fd,
            isReadable: event.events & system_epoll_in != 0,
            isWritable: event.events & system_epoll_out != 0,
            isBroken: event.events & system_epoll_broken != 0
        )
    }

    private func control(_ operation: Int32, _ number: Int32, _ mask: UInt32) -> Int32 {
        var event = epoll_event(events: mask, data: epoll_data_t(fd: number))
        return epoll_ctl(descriptor.number, operation, number, &event)
    }

    private static func mask(_ interest: Interest) -> UInt32 {
        (interest.contains(.read) ? system_epoll_in : 0) | (interest.contains(.write) ? system_epoll_out : 0)
    }
}
#endif
