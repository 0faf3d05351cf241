/// Which descriptors a loop waits for, and the wait itself; one implementation for each kernel.
///
/// Level-triggered: what has not been read or written is reported again, so nothing has to be remembered.
protocol Polling: ~Copyable {
    init() throws(ServerError)

    /// Begins to watch a descriptor.
    ///
    /// - Parameters:
    ///   - descriptor: What to watch; closing it ends the watch.
    ///   - interest: For what.
    ///   - isShared: Whether other pollers watch it too and one of them is enough.
    /// - Returns: Whether the kernel agreed.
    mutating func add(_ descriptor: Int32, interest: Interest, isShared: Bool) -> Bool
    mutating func change(_ descriptor: Int32, from old: Interest, to new: Interest)
    mutating func remove(_ descriptor: Int32)

    /// Waits until something is ready or the time is over.
    ///
    /// - Parameter timeout: In nanoseconds; negative waits for ever.
    /// - Returns: How many events can be read with `event(at:)`.
    mutating func wait(timeout: Int64) -> Int
    func event(at index: Int) -> Event
}

/// What a loop wants to know of a descriptor.
struct Interest: OptionSet {
    let rawValue: UInt8

    static let read = Interest(rawValue: 1)
    static let write = Interest(rawValue: 2)
}

/// What became of a descriptor.
struct Event {
    let descriptor: Int32
    let isReadable: Bool
    let isWritable: Bool
    /// Both directions are closed, or the connection was reset.
    let isBroken: Bool
}
