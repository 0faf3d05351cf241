/// Turns the bytes of one connection into requests (RFC 9112).
///
/// Append what arrives, then call `next()` until it returns nil. However the bytes are cut into pieces, the requests
/// and errors are the same, and each byte is looked at once. Nothing can be parsed after an error.
public struct RequestParser {
    enum Phase {
        case line
        case fields(PartialHead)
        case length(RequestHead, remaining: Int)
        case chunked(RequestHead, ChunkedBody)
        case failed(ParseError)
    }

    let limits: Limits
    var phase = Phase.line
    var buffer: [UInt8] = []
    /// Where the current message (or the rest of its body) begins in the buffer.
    var start = 0
    /// Where the current line of the head begins (0: the request line), and how far it has been searched for its end;
    /// both relative to `start`.
    var lineStart = 0
    var scanned = 0
    var hasSkippedEmptyLine = false
    var body: [UInt8] = []
    private let known: KnownHeads?
    private var failedMethod = Method.get
    private var failedPath = ""

    /// Whether the client waits for "100 Continue" before it sends the body (RFC 9110, section 10.1.1).
    public internal(set) var expectsContinue = false

    /// A parser at the beginning of a connection.
    ///
    /// - Parameters:
    ///   - limits: What is taken from the client.
    ///   - known: Heads that need not be read again; those of one thread, read with the same limits.
    public init(limits: Limits = Limits(), known: KnownHeads? = nil) {
        self.limits = limits
        self.known = known
    }

    /// Whether part of a request has arrived.
    public var isInRequest: Bool { isInBody || isInFields || unreadCount > 0 }

    /// Whether a head is complete and its body is not.
    public var isInBody: Bool {
        switch phase {
        case .length, .chunked: true
        case .line, .fields, .failed: false
        }
    }

    /// How many bytes have been appended and not yet understood.
    public var unreadCount: Int { buffer.count - start }

    /// Takes bytes that arrived.
    public mutating func append(_ bytes: Span<UInt8>) {
        discardConsumed()
        bytes.withUnsafeBufferPointer { buffer.append(contentsOf: $0) }
    }

    /// Takes bytes that arrived.
    public mutating func append(_ bytes: [UInt8]) {
        append(bytes.span)
    }

    /// Notes that "100 Continue" has been sent.
    public mutating func didContinue() {
        expectsContinue = false
    }

    /// The next complete request, or nil when more bytes are needed.
    public mutating func next() throws(ParseError) -> Request? {
        do throws(ParseError) {
            return try advance()
        } catch {
            failedMethod = methodInProgress
            failedPath = pathInProgress
            phase = .failed(error)
            release()
            throw error
        }
    }

    /// The method of the request that is being read, or was when it turned out to be wrong.
    ///
    /// An answer to HEAD has no content, whatever it says (RFC 9110, section 9.3.2).
    public var methodInProgress: Method {
        switch phase {
        case .fields(let head): head.line.method
        case .length(let head, _), .chunked(let head, _): head.method
        case .line: buffer[start...].starts(with: "HEAD ".utf8) ? .head : .get
        case .failed: failedMethod
        }
    }

    /// The head whose content is being read.
    var headInProgress: RequestHead? {
        switch phase {
        case .length(let head, _), .chunked(let head, _): head
        case .line, .fields, .failed: nil
        }
    }

    /// How much of the path is kept of a request that is too large to be one.
    private static let keptPath = 256

    /// The beginning of the path of the request that is being read, or was when it turned out to be wrong; empty when
    /// there is none yet.
    public var pathInProgress: String {
        switch phase {
        case .fields(let head): return head.line.target.path
        case .length(let head, _), .chunked(let head, _): return head.target.path
        case .failed: return failedPath
        case .line:
            let begun = buffer[start...].prefix(Self.keptPath)
            guard let blank = begun.firstIndex(of: Byte.blank) else { return "" }
            let target = begun[(blank + 1)...].prefix { $0 != Byte.blank && $0 != Byte.question }
            return Self.path(of: String(decoding: target, as: UTF8.self))
        }
    }

    /// The path of a target in origin or absolute form; empty for any other.
    private static func path(of target: String) -> String {
        if target.hasPrefix("/") { return target }
        let scheme = ["http://", "https://"].first { target.lowercased().hasPrefix($0) }
        guard let scheme else { return "" }
        let rest = target.dropFirst(scheme.count)
        return String(rest[(rest.firstIndex(of: "/") ?? rest.endIndex)...])
    }

    var isInFields: Bool {
        if case .fields = phase { true } else { false }
    }

    private mutating func advance() throws(ParseError) -> Request? {
        while true {
            switch phase {
            case .failed(let error):
                throw error
            case .line:
                if scanned == 0, let head = known?.head(of: buffer.span.extracting(start...)) {
                    begin(head)
                    continue
                }
                guard try readRequestLine() else { return nil }
            case .fields(let head):
                guard try readFields(head) else { return nil }
            case .length(let head, let remaining):
                return takeBody(head, remaining: remaining) ? finish(head) : nil
            case .chunked(let head, let chunks):
                return try readChunks(head, chunks) ? finish(head) : nil
            }
        }
    }

    /// Reads the request line, or returns false when it is incomplete.
    private mutating func readRequestLine() throws(ParseError) -> Bool {
        while let end = try endOfLine() {
            // A client may send an empty line after a body (RFC 9112, section 2.2).
            if end == lineStart, !hasSkippedEmptyLine {
                hasSkippedEmptyLine = true
                start += end + 2
                scanned = 0
                continue
            }
            let line = try RequestLine(buffer.span.extracting(absolute(end)), known)
            phase = .fields(PartialHead(line: line, at: end + 2))
            beginLine(at: end + 2)
            return true
        }
        return false
    }

    /// Reads header lines up to the empty one, or returns false when that has not arrived.
    private mutating func readFields(_ incomplete: PartialHead) throws(ParseError) -> Bool {
        var head = incomplete
        // The phase must not share the head's storage while it grows.
        phase = .line
        let section = head.isEmpty ? known?.section(of: buffer.span.extracting((start + lineStart)...)) : nil
        if let section {
            head.add(section)
            beginLine(at: lineStart + section.size)
        }
        while let end = try endOfLine() {
            if end == lineStart {
                if section == nil {
                    known?.take(head.section, buffer.span.extracting((start + head.start)..<(start + end)))
                }
                let complete = try head.finish(Array(buffer[start..<(start + end)]), limits: limits)
                begin(known?.take(complete) ?? complete)
                return true
            }
            try head.add(buffer.span.extracting(absolute(end)), at: lineStart, limits: limits)
            beginLine(at: end + 2)
        }
        phase = .fields(head)
        return false
    }

    /// Goes on with the body after a complete head.
    private mutating func begin(_ head: RequestHead) {
        phase =
            switch head.content {
            case .length(let length): .length(head, remaining: length)
            case .chunked: .chunked(head, ChunkedBody(limits: limits))
            }
        expectsContinue = head.expectsContinue
        start += head.size
        beginLine(at: 0)
    }

    /// Takes what there is of a body with a length, or returns false when that is not all.
    private mutating func takeBody(_ head: RequestHead, remaining: Int) -> Bool {
        let count = min(remaining, unreadCount)
        if count > 0 {
            expectsContinue = false
            body.append(contentsOf: buffer[start..<(start + count)])
            start += count
        }
        if count < remaining { phase = .length(head, remaining: remaining - count) }
        return count == remaining
    }

    /// Takes what there is of a chunked body, or returns false when that is not all.
    private mutating func readChunks(_ head: RequestHead, _ incomplete: ChunkedBody) throws(ParseError) -> Bool {
        var chunks = incomplete
        // Moved out and back, because the buffer is being read meanwhile.
        var decoded = body
        body = []
        let progress = try chunks.read(buffer.span.extracting(start...), into: &decoded)
        body = decoded
        if progress.consumed > 0 { expectsContinue = false }
        start += progress.consumed
        if !progress.isComplete { phase = .chunked(head, chunks) }
        return progress.isComplete
    }

    /// The current line in the buffer.
    private func absolute(_ end: Int) -> Range<Int> {
        (start + lineStart)..<(start + end)
    }

    private mutating func beginLine(at offset: Int) {
        lineStart = offset
        scanned = offset
    }

    /// The end of the current line relative to `start`, nil when it has not arrived.
    private mutating func endOfLine() throws(ParseError) -> Int? {
        let scan = LineScan(buffer.span.extracting(start...), from: scanned)
        switch scan {
        case .line(let end):
            try checkLength(upTo: end)
            scanned = end
            return end
        case .incomplete(let resume):
            try checkLength(upTo: resume)
            scanned = resume
            return nil
        case .malformed(let offset, let reason):
            try checkLength(upTo: offset)
            throw malformed(reason)
        }
    }
}
