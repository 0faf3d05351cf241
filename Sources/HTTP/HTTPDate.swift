/// A time as the Date field shows it, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7).
public struct HTTPDate: Sendable, CustomStringConvertible {
    /// The 29 bytes.
    public let bytes: [UInt8]

    /// Formats a time given in seconds since 1970.
    public init(secondsSince1970 seconds: Int) {
        let days = seconds >= 0 ? seconds / 86_400 : -((86_399 - seconds) / 86_400)
        let second = seconds - days * 86_400
        let (year, month, day) = Self.civil(days: days)
        let weekday = ((days % 7) + 11) % 7
        var text = "\(Self.weekdays[weekday]), \(Self.padded(day)) \(Self.months[month - 1]) "
        text += "\(Self.padded(year, to: 4)) "
        text += "\(Self.padded(second / 3600)):\(Self.padded(second / 60 % 60)):\(Self.padded(second % 60)) GMT"
        bytes = Array(text.utf8)
    }

    /// The date as text.
    public var description: String { String(decoding: bytes, as: UTF8.self) }

    private static let weekdays = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"]
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    private static func padded(_ number: Int, to width: Int = 2) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.utf8.count)) + digits
    }

    /// The Gregorian date of a day counted from 1970-01-01, in eras of 400 years that begin on 1 March
    /// (Hinnant, "chrono-Compatible Low-Level Date Algorithms", civil_from_days).
    private static func civil(days: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
