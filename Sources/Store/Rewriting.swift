internal import PatchbayCSystem

/// Puts another identifier where one stands in the bytes of JSON.
enum Rewriting {
    /// From how many bytes on an identifier is told from other texts wherever it stands.
    private static let unmistakable = 16

    /// Bytes with one identifier in place of another.
    ///
    /// An identifier that is long enough to be nothing else is replaced wherever neither a letter nor a digit is beside it,
    /// in links and names as well; a shorter one only where it is the whole value of a member or element.
    ///
    /// - Parameters:
    ///   - bytes: compact JSON.
    ///   - old: the identifier as it stands in JSON, without quotation marks.
    ///   - new: the other one.
    /// - Returns: the new bytes; `nil` when the identifier is not there.
    static func rewritten(
        _ bytes: UnsafeRawBufferPointer,
        replacing old: UnsafeRawBufferPointer,
        with new: UnsafeRawBufferPointer,
    ) -> [UInt8]? {
        guard !old.isEmpty else { return nil }
        var changed: [UInt8] = []
        var copied = 0
        var place = 0
        while let found = Self.place(of: old, in: bytes, from: place) {
            place = found + 1
            guard standsAlone(found..<found + old.count, in: bytes) else { continue }
            if changed.isEmpty { changed.reserveCapacity(bytes.count + 4 * new.count) }
            changed.append(contentsOf: bytes[copied..<found])
            changed.append(contentsOf: new)
            place = found + old.count
            copied = place
        }
        guard copied > 0 else { return nil }
        changed.append(contentsOf: bytes[copied...])
        return changed
    }

    /// The same for bytes in arrays.
    static func rewritten(_ bytes: [UInt8], replacing old: [UInt8], with new: [UInt8]) -> [UInt8]? {
        bytes.withUnsafeBytes { bytes in
            old.withUnsafeBytes { old in new.withUnsafeBytes { rewritten(bytes, replacing: old, with: $0) } }
        }
    }

    /// Where a text stands next.
    private static func place(
        of text: UnsafeRawBufferPointer,
        in bytes: UnsafeRawBufferPointer,
        from start: Int,
    ) -> Int? {
        guard let base = bytes.baseAddress, let word = text.baseAddress, start < bytes.count else { return nil }
        guard let found = memmem(base + start, bytes.count - start, word, text.count) else { return nil }
        return UnsafeRawPointer(found) - base
    }

    /// Whether what stands somewhere is an identifier of its own.
    private static func standsAlone(_ place: Range<Int>, in bytes: UnsafeRawBufferPointer) -> Bool {
        let before = place.lowerBound > 0 ? bytes[place.lowerBound - 1] : nil
        let after = place.upperBound < bytes.count ? bytes[place.upperBound] : nil
        guard place.count < unmistakable else { return before.map(isPart) != true && after.map(isPart) != true }
        let quote = UInt8(ascii: "\"")
        // A colon after it makes it a member's name.
        let next = place.upperBound + 1 < bytes.count ? bytes[place.upperBound + 1] : nil
        return before == quote && after == quote && next != UInt8(ascii: ":")
    }

    private static func isPart(_ byte: UInt8) -> Bool { byte.isLetter || byte.isDigit }
}
