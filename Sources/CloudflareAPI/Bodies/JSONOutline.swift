internal import PatchbayJSON

/// Where things stand in a text of JSON, which a value that was read from it no longer knows.
struct JSONOutline {
    private let bytes: [UInt8]

    /// Looks at a text.
    init(_ bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// How many bytes a reader has seen when it has read a value to its end; of members that share a name, the last one.
    ///
    /// - Parameter place: the names and indexes that lead to the value, in a text that is JSON.
    /// - Returns: the offset behind the value; that of what is around it where there is no such value.
    func end(of place: [String]) -> Int {
        var start = skipBlanks(from: 0)
        for step in place {
            guard let found = value(of: step, inside: start) else { break }
            start = found
        }
        return skipValue(from: start)
    }

    /// What a reader is in the middle of where the text ends too soon.
    var unfinished: String {
        var open: [UInt8] = []
        var last: UInt8?
        var index = 0
        while index < bytes.count {
            let byte = bytes[index]
            index = byte == UInt8(ascii: "\"") ? skipString(from: index) : index + 1
            switch byte {
            case UInt8(ascii: "{"), UInt8(ascii: "["): open.append(byte)
            case UInt8(ascii: "}"), UInt8(ascii: "]"): _ = open.popLast()
            default: break
            }
            if !Self.isBlank(byte) { last = byte }
        }
        let isBehindValue = last.map { "\"}]{[".utf8.contains($0) } ?? false || endsInWord
        guard isBehindValue, let container = open.last else { return "a value" }
        return container == UInt8(ascii: "{") ? "an object" : "a list"
    }

    /// Whether the text ends in a whole number or literal.
    private var endsInWord: Bool {
        let word = bytes.reversed().drop(while: Self.isBlank).prefix { !Self.isBlank($0) && !":,{[".utf8.contains($0) }
        return (try? JSON(parsing: Array(word.reversed()))) != nil
    }

    /// Where a member's value, or an element, begins.
    private func value(of step: String, inside start: Int) -> Int? {
        let isObject = bytes[start] == UInt8(ascii: "{")
        guard isObject || bytes[start] == UInt8(ascii: "[") else { return nil }
        var found: Int?
        var count = 0
        var index = skipBlanks(from: start + 1)
        while index < bytes.count, bytes[index] != UInt8(ascii: "}"), bytes[index] != UInt8(ascii: "]") {
            var name = String(count)
            if isObject {
                let end = skipString(from: index)
                name = (try? JSON(parsing: Array(bytes[index..<end])))?.stringValue ?? ""
                // Behind the colon.
                index = skipBlanks(from: skipBlanks(from: end) + 1)
            }
            if name.utf8.elementsEqual(step.utf8) { found = index }
            count += 1
            index = skipBlanks(from: skipValue(from: index))
            if index < bytes.count, bytes[index] == UInt8(ascii: ",") { index = skipBlanks(from: index + 1) }
        }
        return found
    }

    private func skipValue(from start: Int) -> Int {
        var depth = 0
        var index = start
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\""): index = skipString(from: index)
            case UInt8(ascii: "{"), UInt8(ascii: "["):
                depth += 1
                index += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                index += 1
            case let byte where depth == 0:
                // A number or a literal.
                guard !Self.isBlank(byte), byte != UInt8(ascii: ",") else { return index }
                index += bytes[index...].prefix { !Self.isBlank($0) && !",]}".utf8.contains($0) }.count
            default: index += 1
            }
            if depth == 0 { return index }
        }
        return index
    }

    private func skipString(from quote: Int) -> Int {
        var index = quote + 1
        while index < bytes.count, bytes[index] != UInt8(ascii: "\"") {
            index += bytes[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return min(index + 1, bytes.count)
    }

    private func skipBlanks(from start: Int) -> Int {
        var index = start
        while index < bytes.count, Self.isBlank(bytes[index]) { index += 1 }
        return index
    }

    private static func isBlank(_ byte: UInt8) -> Bool { [0x20, 0x0A, 0x0D, 0x09].contains(byte) }
}
