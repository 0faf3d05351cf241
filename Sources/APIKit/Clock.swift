public import PatchbayStore

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// What time it is for the emulated services.
public struct Clock: Sendable {
    private let read: @Sendable () -> Timestamp

    /// A clock that asks a function.
    public init(_ read: @escaping @Sendable () -> Timestamp) {
        self.read = read
    }

    /// The time now.
    public var now: Timestamp { read() }

    /// The machine's own time.
    public static let system = Self {
        var time = timespec()
        clock_gettime(CLOCK_REALTIME, &time)
        return Timestamp(microseconds: Int64(time.tv_sec) * 1_000_000 + Int64(time.tv_nsec) / 1_000)
    }

    /// A time that stands still.
    public static func frozen(at moment: Timestamp) -> Self { Self { moment } }
}

/// How long something takes, whatever is done to clocks.
package enum Stopwatch {
    /// Nanoseconds since some moment in the past.
    package static var now: Int64 {
        var time = timespec()
        clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
