internal import Synchronization

/// Somebody who is told of every exchange as it is taken down.
package protocol JournalFollower: AnyObject, Sendable {
    /// Says which exchange was the last before those that it is told of; called before `take`.
    func begin(after number: UInt64)

    /// Tells of an exchange: of each of the following numbers once, but on whatever thread has answered it, and so in no
    /// certain order.
    func take(_ told: ToldExchange)
}

/// Who follows a journal.
final class JournalFollowers: Sendable {
    private let all = Mutex<[any JournalFollower]>([])
    /// Spares every exchange the lock while there are none.
    private let areThere = Atomic<Bool>(false)

    /// Whether there are any.
    var exist: Bool { areThere.load(ordering: .sequentiallyConsistent) }

    /// Those that there are.
    var current: [any JournalFollower] { exist ? all.withLock { $0 } : [] }

    func add(_ follower: any JournalFollower) {
        all.withLock { all in
            all.append(follower)
            areThere.store(true, ordering: .sequentiallyConsistent)
        }
    }

    func remove(_ follower: any JournalFollower) {
        all.withLock { all in
            all.removeAll { $0 === follower }
            areThere.store(!all.isEmpty, ordering: .sequentiallyConsistent)
        }
    }
}
