/// How many requests a client may send: what headers of a vendor's limits and its 429 speak of.
public struct Allowance: Sendable, Equatable {
    /// How many there may be in a window; what the vendor documents when `nil`.
    public var limit: Int?
    /// How many there may still be in this one.
    public var remaining: Int
    /// How long a window is, in seconds.
    public var window: Int
    /// In how many seconds the next one begins, rounded up.
    public var resetsIn: Int

    /// Declares what is left.
    public init(limit: Int?, remaining: Int, window: Int, resetsIn: Int) {
        self.limit = limit
        self.remaining = remaining
        self.window = window
        self.resetsIn = resetsIn
    }

    /// Nothing is left for so many seconds.
    public static func usedUp(limit: Int? = nil, window: Int = 60, resetsIn: Int = 60) -> Self {
        Self(limit: limit, remaining: 0, window: window, resetsIn: resetsIn)
    }
}
