import SeededGenerator
import Testing

@testable import PatchbayHTTP

@Suite struct `Heads that are known` {
    @Test(arguments: samples)
    func `give what reading gives, however often they come and however they are cut`(sample: String) {
        var generator = SeededGenerator(seed: 1)
        let known = KnownHeads(places: 2)
        for round in 0..<6 {
            let pieces = round == 0 ? [Array(sample.utf8)] : pieces(of: Array(sample.utf8), &generator)
            #expect(Outcome(pieces, known: known) == Outcome(pieces), "seed 1, round \(round)")
        }
    }

    @Test func `give what reading gives for a mixture of heads that differ little`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let known = KnownHeads(places: 4)
        let paths = ["/a", "/b", "/a?x=1", "/a?x=2", "/" + String(repeating: "long/", count: 30)]
        let fields = ["Host: a\r\n", "Host: b\r\n", "Host: a\r\nX: 1\r\n", "Host: a\r\nContent-Length: 3\r\n", ""]
        for round in 0..<2_000 {
            var text = ""
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let (path, field) = (
                    paths.randomElement(using: &generator) ?? "", fields.randomElement(using: &generator) ?? ""
                )
                text +=
                    "GET \(path) HTTP/1.\(field.isEmpty ? 0 : 1)\r\n\(field)\r\n" + (field.contains("3") ? "abc" : "")
            }
            let pieces = pieces(of: Array(text.utf8), &generator)
            #expect(Outcome(pieces, known: known) == Outcome(pieces), "seed \(seed), round \(round)")
        }
    }

    @Test func `are shared by requests from the second time on, and have a memory then`() throws {
        let known = KnownHeads()
        let heads = try (0..<4).map { _ in try head("GET /a HTTP/1.1\r\nHost: a\r\n\r\n", known) }
        #expect(heads[0] !== heads[1] && heads[0].memory == nil)
        #expect(heads[1] === heads[2] && heads[2] === heads[3] && heads[1].memory != nil)
        let other = try head("GET /a HTTP/1.1\r\nHost: b\r\n\r\n", known)
        #expect(other !== heads[1] && other.memory == nil)
    }

    @Test func `lose what was kept with them when others take their place`() throws {
        let known = KnownHeads(places: 1)
        let texts = ["/a", "/b", "/c"].map { "GET \($0) HTTP/1.1\r\nHost: a\r\n\r\n" }
        var heads: [RequestHead] = []
        for text in texts {
            _ = try head(text, known)
            let taken = try head(text, known)
            taken.memory?.content = Memory.Content()
            heads.append(taken)
        }
        #expect(heads.map { $0.memory?.content != nil } == [false, true, true])
        #expect(try head(texts[2], known) === heads[2])
        #expect(try head(texts[1], known) === heads[1])
        #expect(try head(texts[0], known) !== heads[0])
    }

    @Test func `are not kept when they are large`() throws {
        let known = KnownHeads()
        let text = "GET /a HTTP/1.1\r\nHost: a\r\nX: \(String(repeating: "x", count: 5_000))\r\n\r\n"
        for _ in 0..<3 { #expect(try head(text, known).memory == nil) }
    }

    @Test(arguments: samples)
    func `are read again from what was kept of them`(sample: String) {
        var parser = RequestParser()
        parser.append(Array(sample.utf8))
        while let request = try? parser.next() {
            #expect(Outcome.summary(RecordedRequest(request).request) == Outcome.summary(request))
            #expect(RecordedRequest(request, keepsBody: false).request.body.isEmpty)
        }
    }

    private func head(_ text: String, _ known: KnownHeads) throws -> RequestHead {
        var parser = RequestParser(known: known)
        parser.append(Array(text.utf8))
        return try #require(try parser.next()).head
    }

    private func pieces(of bytes: [UInt8], _ generator: inout SeededGenerator) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = Bool.random(using: &generator) ? rest.count : Int.random(in: 1...rest.count, using: &generator)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
