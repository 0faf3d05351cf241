#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// Numbers that look random, drawn for one request: the same for the same seed and number.
struct FaultDraw {
    let seed: UInt64
    let ordinal: Int64

    /// What is drawn, so that the draws of one request have nothing to do with each other.
    private enum Purpose: UInt64 {
        case strike, delay, angle, bytes
    }

    /// From 0 to less than 1.
    private func fraction(_ purpose: Purpose) -> Double {
        Double(word(purpose, 0) >> 11) / Double(1 << 53)
    }

    private func word(_ purpose: Purpose, _ number: UInt64) -> UInt64 {
        let key = Identifiers.mixed(seed &+ purpose.rawValue &* 0x9e37_79b9) ^ UInt64(bitPattern: ordinal)
        return Identifiers.mixed(Identifiers.mixed(key) &+ number)
    }

    /// Whether a schedule says that the request is struck.
    func strikes(_ schedule: Fault.Schedule) -> Bool {
        switch schedule {
        case .always: true
        case .nth(let number): ordinal == number
        case .first(let count): ordinal <= count
        case .every(let count): ordinal % count == 0
        case .probability(let probability): fraction(.strike) < probability
        }
    }

    /// How many microseconds.
    func length(of delay: Fault.Delay) -> Int64 {
        switch delay {
        case .fixed(let length): return length
        case .uniform(let from, let to): return from + Int64(fraction(.delay) * Double(to - from + 1))
        case .logNormal(let median, let sigma, let limit):
            // Box and Muller's way from two even draws to one that is normally distributed.
            let radius = sqrt(-2 * log(1 - fraction(.delay)))
            let normal = radius * cos(2 * Double.pi * fraction(.angle))
            return Int64(min(Double(median) * exp(sigma * normal), Double(limit)))
        }
    }

    /// Bytes that are no HTTP.
    func bytes(_ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: word(.bytes, UInt64($0))) }
    }
}
