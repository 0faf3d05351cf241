extension Target {
    /// Path and query as received, which is what HTTP Digest's `uri` repeats (RFC 7616, section 3.4).
    public var pathAndQuery: String { rawQuery.map { path + "?" + $0 } ?? path }
}
