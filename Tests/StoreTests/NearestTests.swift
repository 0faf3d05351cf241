import Store
import Testing

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
}
