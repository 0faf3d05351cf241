internal import PatchbayJSON

/// The form of a path parameter, as its JSON Schema has it: a length, and characters of one class.
struct CaptureForm: Sendable {
    /// In words.
    let description: String
    private let length: ClosedRange<Int>
    /// Which ASCII characters it may have; any character when `nil`.
    private let characters: ASCIISet?

    /// Reads a schema with a length, or a pattern such as `^[a-f0-9]{24}$` or `^[A-Za-z0-9_-]{1,32}$`; `nil` for another one.
    init?(_ schema: JSON.Object) {
        guard let pattern = schema["pattern"]?.stringValue else {
            let least = schema["minLength"]?.int64Value.map(Int.init(_:)) ?? 0
            guard let most = schema["maxLength"]?.int64Value.map(Int.init(_:)), least <= most else { return nil }
            self.init(description: "\(least) to \(most) characters", length: least...most, characters: nil)
            return
        }
        let parts = pattern.split(whereSeparator: { "[]{}".contains($0) })
        guard
            parts.count == 4, parts[0] == "^", parts[3] == "$", pattern.hasPrefix("^["),
            let characters = Self.characters(Array(parts[1].utf8))
        else { return nil }
        let bounds = parts[2].split(separator: ",").compactMap { Int($0) }
        guard let least = bounds.first, let most = bounds.last, least <= most else { return nil }
        self.init(description: pattern, length: least...most, characters: characters)
    }

    private init(description: String, length: ClosedRange<Int>, characters: ASCIISet?) {
        self.description = description
        self.length = length
        self.characters = characters
    }

    /// The characters of a class: single ones, and ranges.
    private static func characters(_ text: [UInt8]) -> ASCIISet? {
        var characters = ASCIISet()
        var index = 0
        while index < text.count {
            if index + 2 < text.count, text[index + 1] == UInt8(ascii: "-") {
                guard text[index] <= text[index + 2] else { return nil }
                for byte in text[index]...text[index + 2] { characters.insert(byte) }
                index += 3
            } else {
                guard text[index] != UInt8(ascii: "\\"), text[index] != UInt8(ascii: "^") else { return nil }
                characters.insert(text[index])
                index += 1
            }
        }
        return characters
    }

    /// Whether a text has the form.
    func matches(_ text: String) -> Bool {
        let count = text.utf8.count
        guard let characters else {
            // No text has more characters than bytes, and none that is not empty has no character.
            if length.lowerBound <= 1, count <= length.upperBound { return count >= length.lowerBound }
            return length.contains(text.unicodeScalars.count)
        }
        guard length.contains(count) else { return false }
        for byte in text.utf8 where !characters.contains(byte) { return false }
        return true
    }
}

/// Some of the 128 characters of ASCII, one bit for each.
private struct ASCIISet: Sendable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    mutating func insert(_ byte: UInt8) {
        if byte < 64 { low |= 1 << UInt64(byte) } else if byte < 128 { high |= 1 << UInt64(byte - 64) }
    }

    func contains(_ byte: UInt8) -> Bool {
        if byte < 64 { low >> UInt64(byte) & 1 == 1 } else { byte < 128 && high >> UInt64(byte - 64) & 1 == 1 }
    }
}
