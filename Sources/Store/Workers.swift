internal import PatchbayCSystem

/// Spreads work that is done once, and takes long, over the machine's cores.
enum Workers {
    /// Makes something of each element, on several threads at once, and uses what was made, on the calling thread and in
    /// the elements' order.
    ///
    /// Only so many elements are on their way at a time, however many there are.
    ///
    /// - Parameters:
    ///   - next: the next element; never asked by two threads at once, nor after the last one.
    ///   - make: makes something of an element, on any thread.
    ///   - use: uses what was made.
    /// - Throws: what `use` throws, and nothing more is made then.
    static func inOrder<Element: Sendable, Result: Sendable, Failure: Error>(
        next: @escaping () -> Element?,
        make: @escaping @Sendable (Element) -> Result,
        use: (consuming Result) throws(Failure) -> Void,
    ) throws(Failure) {
        let cores = Int(system_core_count())
        let line = Line(next: next, make: make, most: 4 * cores)
        let threads = Self.threads(cores - 1) { line.work() }
        defer {
            line.end()
            for thread in threads { pthread_join(thread, nil) }
        }
        while let result = line.result() { try use(result) }
    }

    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) {
            self.body = body
        }
    }

    /// Threads that run a function; fewer where no more can be had.
    private static func threads(_ count: Int, _ body: @escaping @Sendable () -> Void) -> [pthread_t] {
        var threads: [pthread_t] = []
        for _ in 0..<max(0, count) {
            let work = Unmanaged.passRetained(Work(body))
            var thread: pthread_t = pthread_self()
            let code = system_create_thread(
                &thread,
                { context in
                    if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().body() }
                    return nil
                },
                work.toOpaque(),
            )
            if code == 0 { threads.append(thread) } else { work.release() }
        }
        return threads
    }
}

/// Elements on their way from those who make something of them to the one who uses it.
private final class Line<Element: Sendable, Result: Sendable>: @unchecked Sendable {
    // Safe to share: what changes is only looked at while the lock is held, and its memory never moves.
    private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let change = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private let next: () -> Element?
    private let make: @Sendable (Element) -> Result
    /// How many elements may be on their way.
    private let most: Int
    /// What was made and not used yet, by the elements' numbers.
    private var made: [Int: Result] = [:]
    private var taken = 0
    private var used = 0
    /// Whether no more elements are taken.
    private var hasEnded = false

    init(next: @escaping () -> Element?, make: @escaping @Sendable (Element) -> Result, most: Int) {
        self.next = next
        self.make = make
        self.most = most
        pthread_mutex_init(lock, nil)
        pthread_cond_init(change, nil)
    }

    deinit {
        pthread_cond_destroy(change)
        pthread_mutex_destroy(lock)
        change.deallocate()
        lock.deallocate()
    }

    /// What was made of the next element to be used; `nil` after the last.
    ///
    /// Who would have to wait for it makes something of another element meanwhile, so that all is done even where no
    /// thread can be had.
    func result() -> Result? {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while true {
            if let result = made.removeValue(forKey: used) {
                used += 1
                pthread_cond_broadcast(change)
                return result
            }
            if takeOne() { continue }
            if hasEnded, used == taken { return nil }
            pthread_cond_wait(change, lock)
        }
    }

    /// Makes something of elements until there are no more.
    func work() {
        pthread_mutex_lock(lock)
        defer { pthread_mutex_unlock(lock) }
        while !hasEnded {
            if !takeOne(), !hasEnded { pthread_cond_wait(change, lock) }
        }
    }

    /// Lets nobody take another element.
    func end() {
        pthread_mutex_lock(lock)
        hasEnded = true
        pthread_cond_broadcast(change)
        pthread_mutex_unlock(lock)
    }

    /// Makes something of the next element, without the lock; `false` when none can be taken.
    private func takeOne() -> Bool {
        guard !hasEnded, taken - used < most else { return false }
        guard let element = next() else {
            hasEnded = true
            pthread_cond_broadcast(change)
            return false
        }
        let number = taken
        taken += 1
        pthread_mutex_unlock(lock)
        let result = make(element)
        pthread_mutex_lock(lock)
        made[number] = result
        pthread_cond_broadcast(change)
        return true
    }
}
