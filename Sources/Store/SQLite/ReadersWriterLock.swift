internal import PatchbayCSystem

/// Keeps something that many threads may look past at once, or one may use.
///
/// A waiting writer goes before readers that come later, so that a busy server cannot keep writes out for ever.
final class ReadersWriterLock<Guarded>: @unchecked Sendable {
    // Safe to share: the lock's memory never moves, only pthread calls touch it, and what it guards is only reachable
    // while nobody else is inside.
    private let lock = UnsafeMutablePointer<pthread_rwlock_t>.allocate(capacity: 1)
    private let guarded: Guarded

    init(_ guarded: sending Guarded) {
        self.guarded = guarded
        precondition(system_rwlock_init(lock) == 0, "a readers-writer lock cannot be made")
    }

    deinit {
        pthread_rwlock_destroy(lock)
        lock.deallocate()
    }

    /// Runs a body while nobody writes.
    func read<Result, Failure: Error>(_ body: () throws(Failure) -> Result) throws(Failure) -> Result {
        precondition(pthread_rwlock_rdlock(lock) == 0, "a thread that writes cannot wait until nobody does")
        defer { pthread_rwlock_unlock(lock) }
        return try body()
    }

    /// Runs a body with what is guarded, while nobody reads or writes.
    func write<Result: Sendable, Failure: Error>(
        _ body: (Guarded) throws(Failure) -> Result,
    ) throws(Failure) -> Result {
        precondition(pthread_rwlock_wrlock(lock) == 0, "a thread that reads or writes cannot wait until nobody does")
        defer { pthread_rwlock_unlock(lock) }
        return try body(guarded)
    }
}
