/// Decodes the chunked transfer coding (RFC 9112, section 7.1); extensions and trailer fields are dropped.
struct ChunkedBody: Sendable {
    private enum Part {
        case size
        case data(remaining: Int)
        case endOfData
        case trailers
    }

    private let limits: Limits
    private var part = Part.size
    /// How far the current line has been searched for its end.
    private var scanned = 0
    private var trailerLength = 0
    private var trailerCount = 0
    /// How long the lines with sizes and extensions have been so far.
    private var overhead = 0

    init(limits: Limits) {
        self.limits = limits
    }

    /// Takes what it can of the bytes.
    ///
    /// - Parameters:
    ///   - bytes: All bytes that were not consumed before.
    ///   - body: Where the decoded bytes go.
    /// - Returns: How many bytes are done with, and whether the body is complete.
    /// - Throws: When the coding is malformed or the body too large.
    mutating func read(
        _ bytes: Span<UInt8>,
        into body: inout [UInt8]
    ) throws(ParseError) -> (consumed: Int, isComplete: Bool) {
        var consumed = 0
        while true {
            let rest = bytes.extracting(consumed...)
            switch part {
            case .size:
                guard let end = try endOfLine(rest, limit: limits.chunkLine) else { return (consumed, false) }
                let size = try Self.size(rest.extracting(..<end))
                overhead += end
                // Without extensions and leading zeros they are no longer than the body (RFC 9112, section 7.1.1).
                if overhead > limits.body + limits.chunkLine {
                    throw ParseError(.contentTooLarge, "the chunk extensions are larger than \(limits.body) bytes")
                }
                if size > limits.body - body.count {
                    throw ParseError(.contentTooLarge, "the body is larger than \(limits.body) bytes")
                }
                part = size == 0 ? .trailers : .data(remaining: size)
                consumed += end + 2
            case .data(let remaining):
                let count = min(remaining, rest.count)
                rest.extracting(..<count).withUnsafeBufferPointer { body.append(contentsOf: $0) }
                part = count == remaining ? .endOfData : .data(remaining: remaining - count)
                consumed += count
                if count < remaining { return (consumed, false) }
            case .endOfData:
                guard try hasLineEnd(rest) else { return (consumed, false) }
                part = .size
                consumed += 2
            case .trailers:
                guard let end = try endOfLine(rest, limit: limits.head - trailerLength) else {
                    return (consumed, false)
                }
                consumed += end + 2
                if end == 0 { return (consumed, true) }
                _ = try PartialHead.endOfName(in: rest.extracting(..<end))
                trailerCount += 1
                if trailerCount > limits.headerCount {
                    throw ParseError(
                        .requestHeaderFieldsTooLarge,
                        "there are more than \(limits.headerCount) trailer fields"
                    )
                }
                trailerLength += end + 2
            }
        }
    }

    /// Whether the line end after a chunk's data has arrived.
    private func hasLineEnd(_ bytes: Span<UInt8>) throws(ParseError) -> Bool {
        let isWrong =
            bytes.count > 0 && bytes[0] != Byte.carriageReturn || bytes.count > 1 && bytes[1] != Byte.lineFeed
        if isWrong { throw .malformed("a chunk is longer than its size") }
        return bytes.count > 1
    }

    private mutating func endOfLine(_ bytes: Span<UInt8>, limit: Int) throws(ParseError) -> Int? {
        let reached: Int
        let end: Int?
        let fault: String?
        switch LineScan(bytes, from: scanned) {
        case .line(let offset): (reached, end, fault) = (offset, offset, nil)
        case .incomplete(let offset): (reached, end, fault) = (offset, nil, nil)
        case .malformed(let offset, let reason): (reached, end, fault) = (offset, nil, reason)
        }
        if reached > limit {
            if case .trailers = part {
                throw ParseError(
                    .requestHeaderFieldsTooLarge,
                    "the trailer section is larger than \(limits.head) bytes"
                )
            }
            throw .malformed("a chunk size line is longer than \(limits.chunkLine) bytes")
        }
        if let fault { throw .malformed(fault) }
        scanned = end == nil ? reached : 0
        return end
    }

    /// The size before any extension (RFC 9112, section 7.1.1).
    private static func size(_ line: Span<UInt8>) throws(ParseError) -> Int {
        var size = 0
        var index = 0
        while index < line.count, let digit = line[index].hexValue {
            guard size >> (Int.bitWidth - 5) == 0 else { throw .malformed("a chunk size is too large") }
            size = size << 4 | Int(digit)
            index += 1
        }
        guard index > 0 else { throw .malformed("a chunk does not begin with its size") }
        let rest = line.trimmedRange(index..<line.count)
        guard rest.isEmpty && index == line.count || !rest.isEmpty && line[rest.lowerBound] == Byte.semicolon else {
            throw .malformed("a chunk size is followed by something else than an extension")
        }
        return size
    }
}
