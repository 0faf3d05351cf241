internal import Crypto
public import PatchbayStore
internal import Synchronization

/// 128 bits that no two exchanges of a run share: request identifiers, error identifiers, ray identifiers.
public struct Identifier: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    /// Bits that are the same for the same text, and with next to no doubt for no other.
    init(of text: String) {
        let digest = SHA256.hash(data: Array(text.utf8))
        (high, low) = digest.withUnsafeBytes { bytes in
            (
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 0, as: UInt64.self)),
                UInt64(bigEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self)),
            )
        }
    }

    init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// 32 lower-case hexadecimal digits.
    public var hexadecimal: String { digits() }

    /// A lower-case UUID of version 4 (RFC 9562, section 5.4).
    public var uuid: String {
        Identifier(high: high & ~0xf000 | 0x4000, low: low & ~(0xc000 << 48) | (0x8000 << 48)).dashed
    }

    /// A UUID of version 7 (RFC 9562, section 5.7), rising with the time and, at one time, with a number.
    public func uuid7(at moment: Timestamp, number: UInt64) -> String {
        let milliseconds = UInt64(bitPattern: moment.microseconds / 1_000) << 16
        let timed = Identifier(
            high: milliseconds | 0x7000 | (number >> 20) & 0xfff,
            low: 0x8000 << 48 | (number & 0xf_ffff) << 42 | low & 0x3ff_ffff_ffff,
        )
        return timed.dashed
    }

    /// As UUIDs are written.
    private var dashed: String { digits(hyphensBefore: 0x11_1100) }

    /// The digits, with hyphens before those whose bits are set.
    private func digits(_ count: Int = 32, hyphensBefore hyphens: UInt64 = 0) -> String {
        String(unsafeUninitializedCapacity: count + hyphens.nonzeroBitCount) { buffer in
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            for first in stride(from: 0, to: count, by: 8) {
                let word = first < 16 ? high : low
                let digits = Self.digits(of: UInt32(truncatingIfNeeded: word >> UInt64(first % 16 == 0 ? 32 : 0)))
                bytes.storeBytes(of: digits.bigEndian, toByteOffset: first, as: UInt64.self)
            }
            guard hyphens != 0 else { return count }
            // From the end, so that what moves makes room for itself.
            var place = buffer.count
            for number in (0..<count).reversed() {
                place -= 1
                buffer[place] = buffer[number]
                guard hyphens >> UInt64(number) & 1 == 1 else { continue }
                place -= 1
                buffer[place] = UInt8(ascii: "-")
            }
            return buffer.count
        }
    }

    /// The eight digits of a word, from the highest byte down, all at once.
    private static func digits(of word: UInt32) -> UInt64 {
        var digits = UInt64(word)
        digits = (digits | digits << 16) & 0x0000_ffff_0000_ffff
        digits = (digits | digits << 8) & 0x00ff_00ff_00ff_00ff
        digits = (digits | digits << 4) & 0x0f0f_0f0f_0f0f_0f0f
        // From ten on there are letters, which begin 39 places behind the digits' end.
        let letters = (digits + 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return digits + 0x3030_3030_3030_3030 + letters * 39
    }

    /// Another identifier of the same exchange.
    public var further: Identifier { Identifier(high: low, low: high) }

    /// One of several more identifiers of the same exchange; number 0 is ``further``.
    public func further(_ number: Int) -> Identifier {
        Identifier(high: low ^ Identifiers.mixed(UInt64(truncatingIfNeeded: number)), low: high)
    }

    /// 16 lower-case hexadecimal digits.
    public var short: String { digits(16) }
}

/// Makes identifiers that look random and are the same in each run, so that equal runs have equal answers.
public final class Identifiers: Sendable {
    private let before = CacheLine()
    private let counter: Atomic<UInt64>
    private let behind = CacheLine()
    private let numbers = Atomic<UInt64>(0)

    /// Starts a sequence.
    ///
    /// - Parameter seed: another seed gives another sequence.
    public init(seed: UInt64 = 0) {
        counter = Atomic(seed)
    }

    /// The next number of a sequence of its own, from 1.
    package func nextNumber() -> UInt64 { numbers.wrappingAdd(1, ordering: .relaxed).newValue }

    /// An identifier for what lasts longer than the run: after a restart, another time gives another one.
    func fresh(at moment: Timestamp) -> Identifier {
        let number = nextNumber()
        let time = Self.mixed(UInt64(bitPattern: moment.microseconds))
        return Identifier(high: Self.mixed(number &* 2 ^ time), low: Self.mixed((number &* 2 &+ 1) ^ time))
    }

    /// The next identifier.
    public func next() -> Identifier {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        return Identifier(high: Self.mixed(number &* 2), low: Self.mixed(number &* 2 &+ 1))
    }

    /// The output function of SplitMix64, a bijection: different numbers never give the same word.
    static func mixed(_ number: UInt64) -> UInt64 {
        var word = number &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}
