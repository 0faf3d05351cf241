internal import Synchronization

/// Something that every event loop has one of, so that none waits for another; who wants to know of all puts them together.
final class PerLoop<Value: Sendable>: Sendable {
    private let shares: [Share]

    /// So many have one of their own; with more loops some share one.
    private static var most: Int { 16 }

    /// What one loop has.
    private final class Share: Sendable {
        let value: Mutex<Value>
        private let padding = CacheLine()

        init(_ value: Value) {
            self.value = Mutex(value)
        }
    }

    /// Gives every loop the same to begin with.
    init(_ value: Value) {
        shares = (0..<Self.most).map { _ in Share(value) }
    }

    /// Works on what a loop has.
    func withLock<Result: Sendable>(of loop: Int, _ body: (inout Value) -> Result) -> Result {
        shares[loop % Self.most].value.withLock { body(&$0) }
    }

    /// Works on what each has, one after the other, as all of them were at one moment.
    func withAll(_ body: (inout Value) -> Void) { withAll(from: 0, body) }

    private func withAll(from first: Int, _ body: (inout Value) -> Void) {
        guard first < shares.count else { return }
        shares[first].value.withLock { value in
            // Each is held until all are.
            withAll(from: first + 1, body)
            body(&value)
        }
    }
}

/// Room that keeps what stands before it from sharing a line of the processors' caches with what stands behind it: a line that
/// one of them writes to is lost to all others, whatever they want of it.
struct CacheLine: Sendable {
    private let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0, 0, 0, 0, 0)
}
