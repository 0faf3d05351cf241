/// Bytes eight at a time, for what is done with every byte of every request.
extension Span<UInt8> {
    /// Eight bytes from an offset on, which has to have as many behind it.
    func word(at offset: Int) -> UInt64 {
        precondition(offset >= 0 && offset + 8 <= count)
        return bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// An offset at or after `start`, no byte before which is wanted: one that is, if any, is less than eight bytes behind.
    func skip(from start: Int, until isWanted: (UInt64) -> Bool) -> Int {
        var index = start
        while index + 8 <= count, !isWanted(word(at: index)) { index += 8 }
        return index
    }
}

/// What the bytes of a word are ("Bit Twiddling Hacks", <https://graphics.stanford.edu/~seander/bithacks.html>, "Determine if
/// a word has a byte").
extension UInt64 {
    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// Whether one of them is below a number, 128 at most.
    func holdsLess(than number: UInt8) -> Bool { (self &- Self.ones &* UInt64(number)) & ~self & Self.highs != 0 }

    /// Whether one of them is a control character, tabs included.
    var holdsControl: Bool { holdsLess(than: Byte.blank) || holds(Byte.delete) }

    /// Whether one of them is no character of ASCII.
    var holdsOtherThanASCII: Bool { self & Self.highs != 0 }

    /// Whether one of them is a certain byte.
    func holds(_ byte: UInt8) -> Bool { (self ^ (Self.ones &* UInt64(byte))).holdsLess(than: 1) }
}
