#if !os(Linux)
import PatchbayCSystem

typealias Poller = KqueuePoller

/// kqueue(2).
///
/// Each direction of a descriptor is an event of its own here.
struct KqueuePoller: ~Copyable, Polling {
    private let descriptor: Descriptor
    private var events: [kevent]

    init() throws(ServerError) {
        let number = kqueue()
        guard number >= 0 else { throw .last("kqueue") }
        descriptor = Descriptor(owning: number)
        events = Array(repeating: kevent(), count: 256)
    }

    mutating func add(_ descriptor: Int32, interest: Interest, isShared: Bool) -> Bool {
        set(descriptor, EVFILT_READ, isOn: interest.contains(.read))
            && set(descriptor, EVFILT_WRITE, isOn: interest.contains(.write))
    }

    mutating func change(_ descriptor: Int32, from old: Interest, to new: Interest) {
        let changed = old.symmetricDifference(new)
        if changed.contains(.read) { _ = set(descriptor, EVFILT_READ, isOn: new.contains(.read)) }
        if changed.contains(.write) { _ = set(descriptor, EVFILT_WRITE, isOn: new.contains(.write)) }
    }

    mutating func remove(_ descriptor: Int32) {
        _ = set(descriptor, EVFILT_READ, isOn: false)
        _ = set(descriptor, EVFILT_WRITE, isOn: false)
    }

    mutating func wait(timeout: Int64) -> Int {
        if timeout < 0 { return max(0, Int(kevent(descriptor.number, nil, 0, &events, Int32(events.count), nil))) }
        var time = timespec(tv_sec: Int(timeout / 1_000_000_000), tv_nsec: Int(timeout % 1_000_000_000))
        return max(0, Int(kevent(descriptor.number, nil, 0, &events, Int32(events.count), &time)))
    }

    func event(at index: Int) -> Event {
        let event = events[index]
        let isEnd = Int32(event.flags) & EV_EOF != 0
        let isWrite = Int32(event.filter) == EVFILT_WRITE
        return Event(
            descriptor: Int32(truncatingIfNeeded: event.ident),
            isReadable: !isWrite,
            isWritable: isWrite,
            // EV_EOF on the reading side is an ordinary half-close; there it shows up as a read of nothing.
            isBroken: isWrite && isEnd
        )
    }

    /// Deleting a filter that was never added fails with ENOENT, which is what was wanted.
    private func set(_ number: Int32, _ filter: Int32, isOn: Bool) -> Bool {
        var change = kevent()
        change.ident = UInt(number)
        change.filter = Int16(filter)
        change.flags = UInt16(isOn ? EV_ADD : EV_DELETE)
        return kevent(descriptor.number, &change, 1, nil, 0, nil) == 0 || !isOn
    }
}
#endif
