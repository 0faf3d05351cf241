import Foundation
import SeededGenerator
import Testing

@testable import PatchbayStore

/// Moments and their RFC 3339 texts.
@Suite struct TimestampTests {
    @Test(arguments: [
        ("1970-01-01T00:00:00Z", 0), ("1969-12-31T23:59:59Z", -1_000_000), ("1969-12-31T23:59:59.999999Z", -1),
        ("2026-01-02T03:04:05Z", 1_767_323_045_000_000), ("2000-02-29T00:00:00Z", 951_782_400_000_000),
        ("2024-02-29T12:00:00Z", 1_709_208_000_000_000), ("0000-01-01T00:00:00Z", -62_167_219_200_000_000),
        ("9999-12-31T23:59:59.999999Z", 253_402_300_799_999_999), ("2026-01-02T03:04:05.5Z", 1_767_323_045_500_000),
        ("2026-01-02T03:04:05.000001Z", 1_767_323_045_000_001), ("2026-01-02T05:04:05+02:00", 1_767_323_045_000_000),
        ("2026-01-01T20:04:05-07:00", 1_767_323_045_000_000), ("2026-01-02T03:04:05+00:00", 1_767_323_045_000_000),
        ("2026-01-02T03:04:05-00:00", 1_767_323_045_000_000), ("2026-01-02T08:49:05+05:45", 1_767_323_045_000_000),
        ("2023-12-31T23:59:59-00:01", 1_704_067_259_000_000),
    ])
    func `A text is a moment`(text: String, microseconds: Int64) {
        #expect(Timestamp(text)?.microseconds == microseconds)
    }

    @Test(arguments: [
        "", "2026", "2026-01-02", "2026-01-02T03:04:05", "2026-01-02 03:04:05Z", "2026-1-2T03:04:05Z",
        "2026-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "2026-00-01T00:00:00Z",
        "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-02T24:00:00Z",
        "2026-01-02T03:60:00Z", "2026-01-02T03:04:60Z", "2026-01-02T03:04:05.Z", "2026-01-02T03:04:05.1234567Z",
        "2026-01-02T03:04:05,5Z", "2026-01-02T03:04:05+2:00", "2026-01-02T03:04:05+0200", "2026-01-02T03:04:05+24:00",
        "2026-01-02T03:04:05+02:60", "2026-01-02T03:04:05Z ", " 2026-01-02T03:04:05Z", "2026-01-02T03:04:05ZZ",
        "+026-01-02T03:04:05Z", "-026-01-02T03:04:05Z", "12026-01-02T03:04:05Z", "２026-01-02T03:04:05Z",
        "2026\u{301}-01-02T03:04:05Z", "2026-01-02T03:04:05\u{301}Z", "2026-01-02T03:04:05.5\u{301}Z",
        "2026-01-02T03:04:05Z\0", "2026-01-02T03:04:0\u{FE0F}5Z",
        // Moments of years that four digits cannot write.
        "0000-01-01T00:59:59+01:00", "9999-12-31T23:00:00-01:00",
    ])
    func `Another text is none`(text: String) {
        #expect(Timestamp(text) == nil)
    }

    @Test(arguments: [
        (1_767_323_045_123_456, 6, "2026-01-02T03:04:05.123456Z"),
        (1_767_323_045_123_456, 3, "2026-01-02T03:04:05.123Z"),
        (1_767_323_045_123_456, 0, "2026-01-02T03:04:05Z"), (1_767_323_045_120_000, 6, "2026-01-02T03:04:05.12Z"),
        (1_767_323_045_000_000, 6, "2026-01-02T03:04:05Z"), (1_767_323_045_000_456, 3, "2026-01-02T03:04:05Z"),
        (-1, 6, "1969-12-31T23:59:59.999999Z"), (-1, 0, "1969-12-31T23:59:59Z"),
        (-62_167_219_200_000_000, 0, "0000-01-01T00:00:00Z"), (951_868_799_000_000, 0, "2000-02-29T23:59:59Z"),
    ])
    func `A moment is written with at most so many digits`(microseconds: Int64, digits: Int, text: String) {
        #expect(Timestamp(microseconds: microseconds).text(fractionDigits: digits) == text)
    }

    @Test(arguments: [UInt64.random(in: 0...(.max))])
    func `Random moments survive being written and read`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let range = Int64(-62_167_219_200_000_000)...253_402_300_799_999_999
        for _ in 0..<2_000 {
            let moment = Timestamp(microseconds: .random(in: range, using: &generator))
            let text = moment.text(fractionDigits: 6)
            #expect(Timestamp(text) == moment, "seed \(seed)")
            let date = Date(timeIntervalSince1970: TimeInterval(moment.seconds))
            // Foundation switches to the Julian calendar for days before 1582-10-15.
            if moment.seconds > -12_219_292_800 {
                #expect(
                    date.formatted(.iso8601) == Timestamp(seconds: moment.seconds).text(fractionDigits: 0),
                    "seed \(seed)"
                )
            }
            let offset = Int64.random(in: -1_439...1_439, using: &generator)
            let shifted = Timestamp(microseconds: moment.microseconds + offset * 60_000_000)
            guard range.contains(shifted.microseconds) else { continue }
            let sign = offset < 0 ? "-" : "+"
            let zone =
                sign
                + [abs(offset) / 60, abs(offset) % 60].map { ($0 < 10 ? "0" : "") + "\($0)" }.joined(separator: ":")
            #expect(Timestamp(shifted.text(fractionDigits: 6).dropLast() + zone) == moment, "seed \(seed)")
        }
    }

    @Test func `Moments are ordered in time and their seconds rounded down`() {
        #expect(Timestamp(seconds: -1) < Timestamp(seconds: 0))
        #expect(Timestamp(microseconds: -1).seconds == -1)
        #expect(Timestamp(microseconds: -1_000_000).seconds == -1)
        #expect(Timestamp(microseconds: 1_999_999).seconds == 1)
    }
}
