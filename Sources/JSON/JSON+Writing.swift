extension JSON {
    /// Appends the compact text: no white space, and escapes only where RFC 8259 section 7 demands them.
    public func write(into output: inout [UInt8]) {
        switch self {
        case .null: output.append(contentsOf: "null".utf8)
        case .bool(let value): output.append(contentsOf: (value ? "true" : "false").utf8)
        case .number(let number): output.append(contentsOf: number.text.utf8)
        case .string(let string): Self.writeString(string, into: &output)
        case .array(let elements): Self.write(elements, into: &output)
        case .object(let object): Self.write(object, into: &output)
        }
    }

    /// The compact text as bytes.
    public func compact() -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(512)
        write(into: &output)
        return output
    }

    /// The compact text.
    public var text: String { String(decoding: compact(), as: UTF8.self) }

    private static func write(_ elements: [JSON], into output: inout [UInt8]) {
        output.append(UInt8(ascii: "["))
        var isFirst = true
        for element in elements {
            if !isFirst { output.append(UInt8(ascii: ",")) }
            isFirst = false
            element.write(into: &output)
        }
        output.append(UInt8(ascii: "]"))
    }

    private static func write(_ object: Object, into output: inout [UInt8]) {
        guard !object.isEmpty else { return output.append(contentsOf: "{}".utf8) }
        var separator = UInt8(ascii: "{")
        for (name, value) in object {
            writeString(name, between: separator, UInt8(ascii: ":"), into: &output)
            value.write(into: &output)
            separator = UInt8(ascii: ",")
        }
        output.append(UInt8(ascii: "}"))
    }
}

extension JSON {
    /// Appends a string in quotes, escaped.
    ///
    /// Only `"`, `\` and control characters are escaped, the latter by `\b`, `\f`, `\n`, `\r`, `\t` or `\u00xx`
    /// in lower case; a slash, markup and everything beyond ASCII stay as they are (RFC 8259 section 7).
    public static func writeString(_ string: String, into output: inout [UInt8]) {
        writeString(string, between: nil, nil, into: &output)
    }

    /// The same with a byte before it and one behind, all at once, so that room is looked for once.
    private static func writeString(
        _ string: String,
        between first: UInt8?,
        _ last: UInt8?,
        into output: inout [UInt8]
    ) {
        var string = string
        string.withUTF8 { bytes in
            let isPlain = bytes.plainRun(from: 0).end == bytes.count
            output.append(addingCapacity: bytes.count + 4) { room in
                if let first { room.append(first) }
                guard isPlain else { return }
                room.append(UInt8(ascii: "\""))
                room.append(bytes)
                room.append(UInt8(ascii: "\""))
                if let last { room.append(last) }
            }
            guard !isPlain else { return }
            writeEscaped(bytes, into: &output)
            if let last { output.append(last) }
        }
    }

    private static func writeEscaped(_ bytes: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        var start = 0
        while true {
            let end = bytes.plainRun(from: start).end
            output.append(contentsOf: UnsafeBufferPointer(rebasing: bytes[start..<end]))
            guard end < bytes.count else { break }
            writeEscape(of: bytes[end], into: &output)
            start = end + 1
        }
        output.append(UInt8(ascii: "\""))
    }

    private static func writeEscape(of byte: UInt8, into output: inout [UInt8]) {
        output.append(UInt8(ascii: "\\"))
        switch byte {
        case 0x08: output.append(UInt8(ascii: "b"))
        case 0x09: output.append(UInt8(ascii: "t"))
        case 0x0A: output.append(UInt8(ascii: "n"))
        case 0x0C: output.append(UInt8(ascii: "f"))
        case 0x0D: output.append(UInt8(ascii: "r"))
        case 0x22, 0x5C: output.append(byte)
        default:
            let low = byte & 0x0F
            output.append(contentsOf: byte < 0x10 ? "u000".utf8 : "u001".utf8)
            output.append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
        }
    }
}

extension OutputSpan<UInt8> {
    fileprivate mutating func append(_ bytes: UnsafeBufferPointer<UInt8>) {
        withUnsafeMutableBufferPointer { room, count in
            _ = UnsafeMutableBufferPointer(rebasing: room[count...]).update(fromContentsOf: bytes)
            count += bytes.count
        }
    }
}
