internal import Synchronization

/// Something that is kept with a part of requests, for as long as the part is known (``KnownHeads``).
public final class Memory: Sendable {
    private let kept = Mutex<Content?>(nil)

    /// What is kept.
    public var content: Content? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }

    /// What a handler makes its own kind of: a class, as no protocol is looked up as fast.
    ///
    /// Safe to share: it has nothing, and what is made of it says itself what it adds.
    open class Content: @unchecked Sendable {
        /// Makes one.
        public init() {}
    }
}
