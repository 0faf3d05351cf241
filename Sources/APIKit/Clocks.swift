public import PatchbayStore
internal import Synchronization

/// The services' time: one clock for each tenant, which a test can freeze, set and advance.
///
/// A tenant that nobody has touched follows the clock of all.
public final class Clocks: Sendable {
    /// What was done to a clock.
    public struct Setting: Sendable, Equatable {
        /// How many microseconds it is ahead of the machine's.
        public var ahead: Int64 = 0
        /// Where it stands still.
        public var frozen: Timestamp?
    }

    private let base: Clock
    private let settings = Mutex<[Root?: Setting]>([:])
    /// Spares everybody the lock while no clock was touched.
    private let isTouched = Atomic<Bool>(false)

    init(_ base: Clock) {
        self.base = base
    }

    /// What time it is below a root; for everybody when `nil`.
    public func now(of root: @autoclosure () -> Root? = nil) -> Timestamp {
        let time = base.now
        guard isTouched.load(ordering: .acquiring) else { return time }
        let root = root()
        return settings.withLock { Self.now(of: root, at: time, in: $0) }
    }

    /// What was done to a clock; that of all where a tenant's was not touched.
    public func setting(of root: Root? = nil) -> Setting {
        settings.withLock { $0[root] ?? $0[Root?.none] ?? Setting() }
    }

    /// Sets a clock, and makes it stand still or go on from there.
    ///
    /// - Parameters:
    ///   - root: whose clock; that of all, and of each tenant again, when `nil`.
    ///   - moment: the time that it shows from now on; the one that it shows when `nil`.
    ///   - isFrozen: whether it stands still.
    public func set(_ root: Root? = nil, to moment: Timestamp? = nil, isFrozen: Bool) {
        let time = base.now
        settings.withLock { settings in
            // Without a time each clock stops, or goes on, where it is.
            let keys = root == nil && moment == nil ? [nil] + settings.keys.filter { $0 != nil } : [root]
            let shown = keys.map { moment ?? Self.now(of: $0, at: time, in: settings) }
            if root == nil { settings.removeAll() }
            for (key, moment) in zip(keys, shown) {
                let ahead = moment.microseconds - time.microseconds
                settings[key] = Setting(ahead: ahead, frozen: isFrozen ? moment : nil)
            }
            isTouched.store(true, ordering: .releasing)
        }
    }

    /// Moves clocks forward: all of them, or none.
    ///
    /// - Parameters:
    ///   - roots: whose clocks; `nil` among them is that of all, and of each tenant that has one of its own.
    ///   - microseconds: how far.
    /// - Returns: whether they were moved: no clock goes further than times can be written.
    @discardableResult
    public func advance(_ roots: [Root?] = [nil], by microseconds: Int64) -> Bool {
        let time = base.now
        let isMoved = settings.withLock { settings in
            var moved = settings
            for root in roots {
                if moved[root] == nil { moved[root] = moved[Root?.none] ?? Setting() }
                for key in moved.keys where root == nil || key == root {
                    moved[key]?.ahead += microseconds
                    moved[key]?.frozen?.microseconds += microseconds
                    guard Self.now(of: key, at: time, in: moved) <= .last else { return false }
                }
            }
            settings = moved
            isTouched.store(true, ordering: .releasing)
            return true
        }
        return isMoved
    }

    /// Whether anybody has touched a clock.
    var isMachineTime: Bool { !isTouched.load(ordering: .acquiring) }

    /// Lets a clock show the time again that it would show if nobody had touched it.
    ///
    /// - Parameter root: whose clock, which follows that of all again; all clocks when `nil`.
    public func reset(_ root: Root? = nil) {
        settings.withLock { settings in
            if root == nil { settings.removeAll() } else { settings[root] = nil }
            isTouched.store(!settings.isEmpty, ordering: .releasing)
        }
    }

    private static func now(of root: Root?, at time: Timestamp, in settings: [Root?: Setting]) -> Timestamp {
        guard let setting = settings[root] ?? settings[Root?.none] else { return time }
        // A clock that was set shortly before its end stops there.
        return setting.frozen ?? time.advanced(byMicroseconds: setting.ahead)
    }
}
