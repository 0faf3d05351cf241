internal import Synchronization

/// 128 bits that no two exchanges of a run share: request identifiers, error identifiers, ray identifiers.
public struct Identifier: Sendable, Hashable {
    let high: UInt64
    let low: UInt64

    /// 32 lower-case hexadecimal digits.
    public var hexadecimal: String { high.hexadecimal + low.hexadecimal }

    /// A lower-case UUID of version 4 (RFC 9562, section 5.4).
    public var uuid: String {
        let versioned = high & ~0xf000 | 0x4000
        let variant = low & ~(0xc000 << 48) | (0x8000 << 48)
        let left = versioned.hexadecimal
        let right = variant.hexadecimal
        return
            "\(left.prefix(8))-\(left.dropFirst(8).prefix(4))-\(left.suffix(4))-\(right.prefix(4))-\(right.suffix(12))"
    }

    /// Another identifier of the same exchange.
    public var further: Identifier { Identifier(high: low, low: high) }

    /// 16 lower-case hexadecimal digits.
    public var short: String { high.hexadecimal }
}

/// Makes identifiers that look random and are the same in each run, so that equal runs have equal answers.
public final class Identifiers: Sendable {
    private let counter: Atomic<UInt64>

    /// Starts a sequence.
    ///
    /// - Parameter seed: another seed gives another sequence.
    public init(seed: UInt64 = 0) {
        counter = Atomic(seed)
    }

    /// The next identifier.
    public func next() -> Identifier {
        let number = counter.wrappingAdd(1, ordering: .relaxed).newValue
        return Identifier(high: Self.mixed(number &* 2), low: Self.mixed(number &* 2 &+ 1))
    }

    /// The output function of SplitMix64, a bijection: different numbers never give the same word.
    private static func mixed(_ number: UInt64) -> UInt64 {
        var word = number &* 0x9e37_79b9_7f4a_7c15
        word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
        word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
        return word ^ (word >> 31)
    }
}

extension UInt64 {
    fileprivate var hexadecimal: String {
        String(unsafeUninitializedCapacity: 16) { buffer in
            for place in 0..<16 {
                let digit = UInt8(truncatingIfNeeded: self >> UInt64(60 - place * 4)) & 0xf
                buffer[place] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
            }
            return 16
        }
    }
}
