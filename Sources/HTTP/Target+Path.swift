extension Target {
    /// The path of a target.
    ///
    /// Requests for the same one may share it (``KnownHeads``).
    public final class Path: Sendable {
        /// As received, without the query; "*" for the asterisk form, empty for the authority form.
        public let text: String
        /// Split at "/": "/a//b/" gives "a", "", "b" and "", and "/" gives one empty segment.
        public let segments: [PercentEncoded]
        /// Whether a "%" in it is without two hexadecimal digits.
        let isMalformed: Bool
        /// Where a handler may leave what it wants to find again at the next request for this path; `nil` for one that nobody
        /// remembers.
        public let memory: Memory?

        /// A path that has no segments.
        init(without text: String) {
            self.text = text
            segments = []
            isMalformed = false
            memory = nil
        }

        /// Splits a path.
        init(_ bytes: Span<UInt8>, remembered: Bool) {
            // An http URI with an empty path means "/" (RFC 9110, section 4.2.3).
            text = bytes.isEmpty ? "/" : bytes.text
            segments = Self.segments(of: bytes)
            isMalformed = segments.contains { $0.fault == .malformedEscape }
            memory = remembered ? Memory() : nil
        }

        private static func segments(of path: Span<UInt8>) -> [PercentEncoded] {
            var segments: [PercentEncoded] = []
            segments.reserveCapacity(8)
            var start = min(1, path.count)
            while true {
                let end = path.firstIndex(of: Byte.slash, from: start) ?? path.count
                segments.append(PercentEncoded(path.extracting(start..<end), plusIsBlank: false))
                if end == path.count { return segments }
                start = end + 1
            }
        }
    }
}
