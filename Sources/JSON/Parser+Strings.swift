extension JSON.Parser {
    /// Reads a string (RFC 8259 section 7), `position` at its opening quote.
    mutating func string() throws(Failure) -> String {
        let start = position + 1
        let run = bytes.plainRun(from: start)
        guard run.end < bytes.count else { throw failure(.unterminatedString) }
        guard bytes[run.end] == UInt8(ascii: "\"") else { return try escapedString(from: start) }
        position = run.end + 1
        return run.isASCII ? text(start..<run.end) : try validated(start..<run.end)
    }

    /// Checks UTF-8 run by run on the bytes as written, because only there an error has an offset.
    private mutating func escapedString(from start: Int) throws(Failure) -> String {
        let quote = position
        var runStart = start
        unescaped.removeAll(keepingCapacity: true)
        while true {
            let run = bytes.plainRun(from: runStart)
            if !run.isASCII { try validate(runStart..<run.end) }
            unescaped.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[runStart..<run.end]))
            position = run.end
            guard position < bytes.count else { throw Failure(offset: quote, reason: .unterminatedString) }
            switch bytes[position] {
            case UInt8(ascii: "\""):
                position += 1
                return String(decoding: unescaped, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard position + 1 < bytes.count else { throw Failure(offset: quote, reason: .unterminatedString) }
                try escape()
            default:
                throw failure(.controlCharacter)
            }
            runStart = position
        }
    }

    private mutating func escape() throws(Failure) {
        switch bytes[position + 1] {
        case UInt8(ascii: "\""): unescaped.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): unescaped.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): unescaped.append(UInt8(ascii: "/"))
        case UInt8(ascii: "b"): unescaped.append(0x08)
        case UInt8(ascii: "f"): unescaped.append(0x0C)
        case UInt8(ascii: "n"): unescaped.append(0x0A)
        case UInt8(ascii: "r"): unescaped.append(0x0D)
        case UInt8(ascii: "t"): unescaped.append(0x09)
        case UInt8(ascii: "u"): return try unicodeEscape()
        default: throw failure(.badEscape)
        }
        position += 2
    }

    /// Reads one escape, or the pair that stands for a character beyond U+FFFF (RFC 8259 section 7).
    ///
    /// Half a pair is no character, and section 8.2 leaves open what to do with it: refused, since no Swift string
    /// can hold it.
    private mutating func unicodeEscape() throws(Failure) {
        let start = position
        var code = try codeUnit()
        if code >> 10 == 0xD800 >> 10 {
            guard position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
                bytes[position + 1] == UInt8(ascii: "u")
            else { throw Failure(offset: start, reason: .loneSurrogate) }
            let low = try codeUnit()
            guard low >> 10 == 0xDC00 >> 10 else { throw Failure(offset: start, reason: .loneSurrogate) }
            code = 0x10000 + (code & 0x3FF) << 10 + low & 0x3FF
        }
        guard let scalar = Unicode.Scalar(code) else { throw Failure(offset: start, reason: .loneSurrogate) }
        unescaped.append(contentsOf: scalar.utf8)
    }

    private mutating func codeUnit() throws(Failure) -> UInt32 {
        guard position + 6 <= bytes.count else { throw failure(.badUnicodeEscape) }
        var code: UInt32 = 0
        for byte in bytes[position + 2..<position + 6] {
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw failure(.badUnicodeEscape)
            }
            code = code << 4 | UInt32(digit)
        }
        position += 6
        return code
    }

    private func validated(_ range: Range<Int>) throws(Failure) -> String {
        if let text = String(validating: UnsafeBufferPointer(rebasing: bytes[range]), as: UTF8.self) { return text }
        try validate(range)
        throw Failure(offset: range.lowerBound, reason: .invalidUTF8)
    }

    /// Finds the first byte that is not UTF-8 (RFC 8259 section 8.1).
    private func validate(_ range: Range<Int>) throws(Failure) {
        var offset = range.lowerBound
        var input = bytes[range].makeIterator()
        var decoder = Unicode.UTF8.ForwardParser()
        while true {
            switch decoder.parseScalar(from: &input) {
            case .valid(let scalar): offset += scalar.count
            case .error: throw Failure(offset: offset, reason: .invalidUTF8)
            case .emptyInput: return
            }
        }
    }
}

extension UnsafeBufferPointer<UInt8> {
    /// Finds where the bytes that stand for themselves in a string end: before a quote, a backslash, a control
    /// character (RFC 8259 section 7) or at the end of the buffer.
    ///
    /// Eight bytes at a time. Each test leaves the high bit set in the bytes that match; a borrow can only make
    /// false matches above a true one, and only the lowest counts.
    func plainRun(from start: Int) -> (end: Int, isASCII: Bool) {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let highs = ones &* 0x80
        let raw = UnsafeRawBufferPointer(self)
        var position = start
        var nonASCII: UInt64 = 0
        while position &+ 8 <= count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
            let quote = word ^ (ones &* 0x22)
            let backslash = word ^ (ones &* 0x5C)
            let found =
                ((word &- (ones &* 0x20)) & ~word | (quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & highs
            if found != 0 {
                nonASCII |= word & highs & ((found & (0 &- found)) &- 1)
                return (position &+ found.trailingZeroBitCount >> 3, nonASCII == 0)
            }
            nonASCII |= word & highs
            position &+= 8
        }
        while position < count {
            let byte = self[position]
            if byte < 0x20 || byte == 0x22 || byte == 0x5C { break }
            nonASCII |= UInt64(byte & 0x80)
            position &+= 1
        }
        return (position, nonASCII == 0)
    }

    /// Finds where a string ends, behind its quote, whatever is in it; the end of the buffer where it has none.
    func endOfString(from start: Int) -> Int {
        let ones: UInt64 = 0x0101_0101_0101_0101
        let raw = UnsafeRawBufferPointer(self)
        var position = start
        while position < count {
            if position &+ 8 <= count {
                let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: position, as: UInt64.self))
                let quote = word ^ (ones &* 0x22)
                let backslash = word ^ (ones &* 0x5C)
                let found = ((quote &- ones) & ~quote | (backslash &- ones) & ~backslash) & (ones &* 0x80)
                position &+= found == 0 ? 8 : found.trailingZeroBitCount >> 3
                if found == 0 { continue }
            }
            switch self[position] {
            case UInt8(ascii: "\""): return position &+ 1
            case UInt8(ascii: "\\"): position &+= 2
            default: position &+= 1
            }
        }
        return count
    }
}
