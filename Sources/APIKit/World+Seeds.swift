package import PatchbayStore
internal import Synchronization

/// Where the data begins.
extension World {
    /// Says where the seeds can be read again.
    ///
    /// - Parameter read: reads the files; it throws `SeedError` when they cannot be read.
    package func keepSeeds(_ read: @escaping @Sendable () throws -> [SeedFile]) {
        seeds.withLock { $0 = read }
    }

    /// Reads the seeds anew, and puts them in place of all that there is and of what resets go back to.
    ///
    /// Whoever reads meanwhile has the old ones or the new ones, and never some of each: they are checked and loaded beside what
    /// is served, and change places with it at once.
    ///
    /// - Returns: what that changed; `nil` where there are no seeds to read.
    /// - Throws: `SeedError` when the seeds are wrong, and everything is as it was; `SQLiteError`.
    package func reloadSeeds() throws -> Restoration? {
        guard let files = try seeds.withLock({ $0 })?() else { return nil }
        let restoration = try store.replace(with: files)
        examples.withLock { $0.removeAll() }
        for service in services { _ = try lists(of: service) }
        forget(restoration.dropped.map(\.root))
        return restoration
    }
}
