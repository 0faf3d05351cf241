import Testing

@testable import PatchbayStore

/// What a mistyped name most likely meant.
@Suite struct NearestTests {
    @Test(arguments: [
        ("limt", "limit"), ("LIMIT", "limit"), ("ofset", "offset"), ("statuss", "status"), ("crated_at", "created_at"),
        ("sort-key", "sort_key"), ("x", nil), ("", nil), ("completely_else", nil), ("limit", "limit"),
    ])
    func `A near name is found and a far one is not`(typed: String, name: String?) {
        let names = ["limit", "offset", "status", "created_at", "sort_key"]
        #expect(Nearest.name(to: typed, in: names) == name)
        #expect(Nearest.suggestion(for: typed, in: names) == (name.map { ", did you mean \"\($0)\"?" } ?? ""))
    }

    @Test func `The first of equally near names is taken, and none of none`() {
        #expect(Nearest.name(to: "cat", in: ["bat", "car"]) == "bat")
        #expect(Nearest.name(to: "cat", in: []) == nil)
    }

    @Test(arguments: [
        ("", "", 0), ("", "abc", 3), ("abc", "", 3), ("kitten", "sitting", 3), ("flaw", "lawn", 2),
        ("é", "e\u{301}", 0),
    ])
    func `The distance counts edits, both ways alike`(left: String, right: String, distance: Int) {
        #expect(Nearest.distance(left, right) == distance)
        #expect(Nearest.distance(right, left) == distance)
    }

    @Test func `A long text takes no long time`() {
        let long = String(repeating: "x", count: 100_000)
        #expect(Nearest.distance(long, long) == 0)
        #expect(Nearest.name(to: long, in: ["short"]) == nil)
    }

    /// A single character of a million marks, which takes as long to compare as its marks are many.
    @Test func `A long character takes no long time`() {
        let long = "s" + String(repeating: "\u{301}", count: 1_000_000)
        let names = (0..<20).map { "short-\($0)" }
        let time = ContinuousClock().measure {
            #expect(Nearest.name(to: long, in: names) == nil)
            #expect(Nearest.distance(long, "short") > 0)
        }
        #expect(time < .seconds(2))
    }

    @Test func `What is quoted of a long character is short`() {
        #expect(quoted("s" + String(repeating: "\u{301}", count: 1_000)).unicodeScalars.count < 100)
        #expect(quoted(String(repeating: "s", count: 80)) == "\"" + String(repeating: "s", count: 80) + "\"")
        #expect(quoted(String(repeating: "s", count: 81)) == "\"" + String(repeating: "s", count: 80) + "…\"")
    }
}
