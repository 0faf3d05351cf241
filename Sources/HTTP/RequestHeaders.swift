/// The header fields of a request in their order, repeats kept (RFC 9110, section 5).
///
/// Holds one copy of the head's bytes and makes strings only of what is asked for: most fields of most requests
/// are never looked at.
public struct RequestHeaders: Sendable {
    /// Where a field stands, counted from the beginning of the first one.
    struct Field: Sendable {
        var name: Range<Int32>
        var value: Range<Int32>
    }

    /// The head up to the empty line.
    let bytes: [UInt8]
    /// Where the first field begins.
    let start: Int
    let ranges: [Field]

    /// How many fields there are.
    public var count: Int { ranges.count }

    /// How many bytes the head has that they stand in.
    public var size: Int { bytes.count }

    /// All fields, names as received.
    public var fields: [(name: String, value: String)] {
        ranges.map { (text($0.name), text($0.value)) }
    }

    /// The first value of a field, its name compared without regard to case.
    public subscript(name: String) -> String? {
        for field in ranges where isName(name, at: field.name) {
            return text(field.value)
        }
        return nil
    }

    /// The first value of a field as it was received, whatever its encoding.
    public func bytes(_ name: String) -> [UInt8]? {
        for field in ranges where isName(name, at: field.name) {
            return Array(bytes[place(field.value)])
        }
        return nil
    }

    /// The values of all fields with the name, in their order.
    public func values(_ name: String) -> [String] {
        ranges.filter { isName(name, at: $0.name) }.map { text($0.value) }
    }

    private func isName(_ name: String, at range: Range<Int32>) -> Bool {
        guard name.utf8.count == range.count else { return false }
        var index = start + Int(range.lowerBound)
        for byte in name.utf8 {
            if byte.lowercased != bytes[index].lowercased { return false }
            index += 1
        }
        return true
    }

    private func text(_ range: Range<Int32>) -> String {
        String(decoding: bytes[place(range)], as: UTF8.self)
    }

    private func place(_ range: Range<Int32>) -> Range<Int> {
        start + Int(range.lowerBound)..<start + Int(range.upperBound)
    }
}
