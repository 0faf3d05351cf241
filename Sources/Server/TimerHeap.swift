/// What is due when: a binary heap, earliest first; things due at one time come in the order they were added.
struct TimerHeap<Payload> {
    private struct Entry {
        let deadline: Int64
        let order: UInt64
        let payload: Payload

        func precedes(_ other: Entry) -> Bool {
            deadline == other.deadline ? order < other.order : deadline < other.deadline
        }
    }

    private var entries: [Entry] = []
    private var added: UInt64 = 0

    /// The earliest deadline.
    var first: Int64? { entries.first?.deadline }

    mutating func add(_ payload: Payload, at deadline: Int64) {
        added += 1
        entries.append(Entry(deadline: deadline, order: added, payload: payload))
        var child = entries.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard entries[child].precedes(entries[parent]) else { return }
            entries.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes and returns the earliest payload that is due.
    mutating func next(dueAt now: Int64) -> (payload: Payload, deadline: Int64)? {
        guard let first = entries.first, first.deadline <= now else { return nil }
        entries.swapAt(0, entries.count - 1)
        entries.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < entries.count {
                if entries[child].precedes(entries[least]) { least = child }
            }
            if least == parent { return (first.payload, first.deadline) }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
