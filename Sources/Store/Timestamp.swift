/// A moment in UTC, counted in microseconds since 1970, read and written in the form of RFC 3339.
public struct Timestamp: Sendable, Hashable, Comparable {
    /// Microseconds since 1970-01-01T00:00:00Z.
    public var microseconds: Int64

    /// A moment by its microseconds since 1970.
    public init(microseconds: Int64) {
        self.microseconds = microseconds
    }

    /// A moment by its whole seconds since 1970.
    public init(seconds: Int64) {
        microseconds = seconds * 1_000_000
    }

    /// Whole seconds since 1970, rounded down.
    public var seconds: Int64 { (microseconds - Self.positiveRemainder(microseconds, 1_000_000)) / 1_000_000 }

    /// The last moment that can be written, in the year 9999.
    public static let last = Self(microseconds: writable.upperBound * 1_000_000 - 1)

    /// The moment so much later; no later than the last one.
    public func advanced(byMicroseconds microseconds: Int64) -> Self {
        min(Self(microseconds: self.microseconds + microseconds), .last)
    }

    /// The moment so many seconds later; no later than the last one.
    public func advanced(bySeconds seconds: Int64) -> Self { advanced(byMicroseconds: seconds * 1_000_000) }

    /// Orders moments in time.
    public static func < (left: Self, right: Self) -> Bool { left.microseconds < right.microseconds }

    /// The moment in UTC, `2026-01-02T03:04:05Z`.
    ///
    /// - Parameter fractionDigits: how many digits may follow the second (0 to 6); trailing zeros are left out.
    /// - Returns: the text.
    public func text(fractionDigits: Int) -> String {
        let days = (seconds - Self.positiveRemainder(seconds, 86_400)) / 86_400
        let second = Self.positiveRemainder(seconds, 86_400)
        let (year, month, day) = Self.civil(fromDays: days)
        // Digit by digit: a text of pieces takes longer than everything else that is done with a row.
        return String(unsafeUninitializedCapacity: 48) { buffer in
            var count = 0
            func append(_ character: Unicode.Scalar) {
                buffer[count] = UInt8(ascii: character)
                count += 1
            }
            func append(_ number: Int64, _ width: Int) {
                var rest = number
                for place in stride(from: count + width - 1, through: count, by: -1) {
                    buffer[place] = UInt8(ascii: "0") + UInt8(rest % 10)
                    rest /= 10
                }
                count += width
            }
            // Arithmetic may lead to a year that takes more than four.
            if (0...9_999).contains(year) {
                append(year, 4)
            } else {
                for byte in padded(year, 4).utf8 { append(Unicode.Scalar(byte)) }
            }
            append("-")
            append(month, 2)
            append("-")
            append(day, 2)
            append("T")
            append(second / 3_600, 2)
            append(":")
            append(second / 60 % 60, 2)
            append(":")
            append(second % 60, 2)
            let point = count
            append(".")
            append(Self.positiveRemainder(microseconds, 1_000_000), 6)
            count -= 6 - min(max(fractionDigits, 0), 6)
            while buffer[count - 1] == UInt8(ascii: "0"), count > point + 1 { count -= 1 }
            if count == point + 1 { count = point }
            append("Z")
            return count
        }
    }

    private func padded(_ number: Int64, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }

    private static func positiveRemainder(_ number: Int64, _ divisor: Int64) -> Int64 {
        let remainder = number % divisor
        return remainder < 0 ? remainder + divisor : remainder
    }

    /// The day of the proleptic Gregorian calendar, counted from eras of 400 years that begin in March.
    private static func civil(fromDays days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let era = (shifted - positiveRemainder(shifted, 146_097)) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * marchMonth + 2) / 5 + 1)
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let marchYear = month <= 2 ? year - 1 : year
        let era = (marchYear - positiveRemainder(marchYear, 400)) / 400
        let yearOfEra = marchYear - era * 400
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }
}

extension Timestamp {
    /// Reads an RFC 3339 time (section 5.6) with any offset and at most six digits after the second.
    ///
    /// - Parameter text: `2026-01-02T03:04:05Z`, `2006-01-02T15:04:05.5-07:00`, for instance.
    public init?(_ text: String) {
        var text = text
        guard let moment = text.withUTF8({ Scanner(bytes: $0).moment() }) else { return nil }
        self = moment
    }

    /// The seconds of the years 0000 to 9999.
    private static let writable =
        days(year: 0, month: 1, day: 1) * 86_400..<days(year: 10_000, month: 1, day: 1) * 86_400

    /// Reads the parts of a time one after the other.
    private struct Scanner {
        let bytes: UnsafeBufferPointer<UInt8>
        var place = 0

        init(bytes: UnsafeBufferPointer<UInt8>) {
            self.bytes = bytes
        }

        consuming func moment() -> Timestamp? {
            guard
                let year = digits(4), skip("-"),
                let month = digits(2), (1...12).contains(month), skip("-"),
                let day = digits(2), day >= 1, skip("T"),
                let hour = digits(2), hour < 24, skip(":"),
                let minute = digits(2), minute < 60, skip(":"),
                let second = digits(2), second < 60,
                let fraction = fraction(), let offset = offset(), place == bytes.count
            else { return nil }
            let date = Timestamp.days(year: year, month: month, day: day)
            // A day that the month does not have comes back as a day of the next month.
            guard Timestamp.civil(fromDays: date) == (year, month, day) else { return nil }
            let seconds = date * 86_400 + hour * 3_600 + minute * 60 + second - offset
            // An offset may lead to a year that four digits cannot write.
            guard Timestamp.writable.contains(seconds) else { return nil }
            return Timestamp(microseconds: seconds * 1_000_000 + fraction)
        }

        private mutating func digits(_ count: Int) -> Int64? {
            guard place + count <= bytes.count else { return nil }
            var number: Int64 = 0
            for _ in 0..<count {
                guard bytes[place].isDigit else { return nil }
                number = number &* 10 &+ Int64(bytes[place] &- UInt8(ascii: "0"))
                place += 1
            }
            return number
        }

        private mutating func skip(_ character: Unicode.Scalar) -> Bool {
            guard place < bytes.count, bytes[place] == UInt8(ascii: character) else { return false }
            place += 1
            return true
        }

        /// Microseconds after the second.
        private mutating func fraction() -> Int64? {
            guard skip(".") else { return 0 }
            let count = bytes[place...].prefix(while: \.isDigit).count
            guard (1...6).contains(count), let number = digits(count) else { return nil }
            return (count..<6).reduce(number) { number, _ in number * 10 }
        }

        /// Seconds that the local time is ahead of UTC.
        private mutating func offset() -> Int64? {
            if skip("Z") { return 0 }
            let isBehind = skip("-")
            guard isBehind || skip("+"), let hours = digits(2), hours < 24, skip(":"), let minutes = digits(2),
                minutes < 60
            else { return nil }
            return (isBehind ? -1 : 1) * (hours * 3_600 + minutes * 60)
        }
    }
}
