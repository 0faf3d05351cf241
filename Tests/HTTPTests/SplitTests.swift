import HTTPRules
import PatchbayHTTP
import SeededGenerator
import Testing

/// However the network cuts the bytes, the parser's results are the same.
struct SplitTests {
    @Test(arguments: samples)
    func `a text split at every offset parses the same`(text: String) {
        let bytes = Array(text.utf8)
        let whole = Outcome([bytes])
        for offset in 0...bytes.count {
            #expect(Outcome([Array(bytes[..<offset]), Array(bytes[offset...])]) == whole, "split at \(offset)")
        }
    }

    @Test(arguments: Rule.all)
    func `what a rule of RFC 9110 or 9112 is shown by parses the same, cut anywhere and byte by byte`(rule: Rule) {
        for request in rule.requests {
            let whole = Outcome([request])
            #expect(Outcome(request.map { [$0] }) == whole)
            // Those are long whose length is what matters.
            guard request.count < 1000 else { continue }
            for offset in 0...request.count {
                #expect(Outcome([Array(request[..<offset]), Array(request[offset...])]) == whole, "split at \(offset)")
            }
        }
    }

    @Test(arguments: samples)
    func `a text sent byte by byte parses the same`(text: String) {
        #expect(Outcome(text.utf8.map { [$0] }) == Outcome(text))
    }

    @Test func `a text split at every pair of offsets parses the same`() {
        let bytes = Array(samples[5].utf8)
        let whole = Outcome([bytes])
        for first in 0...bytes.count {
            for second in first...bytes.count {
                let pieces = [Array(bytes[..<first]), Array(bytes[first..<second]), Array(bytes[second...])]
                #expect(Outcome(pieces) == whole, "split at \(first) and \(second)")
            }
        }
    }

    @Test func `random pipelines in random pieces parse the same`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<200 {
            let count = Int.random(in: 1...6, using: &generator)
            let text = (0..<count).map { _ in samples.randomElement(using: &generator) ?? "" }.joined()
            let bytes = Array(text.utf8)
            var pieces: [[UInt8]] = []
            var start = 0
            while start < bytes.count {
                let end = min(bytes.count, start + Int.random(in: 1...40, using: &generator))
                pieces.append(Array(bytes[start..<end]))
                start = end
            }
            #expect(Outcome(pieces) == Outcome([bytes]), "seed \(seed), round \(round)")
        }
    }

    @Test func `random damage gives an error or requests but never a difference between splits`() {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        for round in 0..<2000 {
            var bytes = Array((samples.randomElement(using: &generator) ?? "").utf8)
            for _ in 0..<Int.random(in: 1...3, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                bytes[place] = UInt8.random(in: 0...255, using: &generator)
            }
            #expect(Outcome(bytes.map { [$0] }) == Outcome([bytes]), "seed \(seed), round \(round)")
        }
    }

    @Test func `limits hit at the same byte however the text is split`() {
        var limits = Limits()
        limits.requestLine = 20
        limits.head = 60
        limits.chunkLine = 8
        limits.body = 10
        for text in [
            "GET /aaaaaaaaaaaaaaaaaaaaaaaaaaaaa HTTP/1.1\r\nHost: a\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: a\r\nX: bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5;aaaaaaaaaaaa\r\nhello\r\n0\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n6\r\nhello!\r\n0\r\n\r\n",
            "PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: "
                + String(repeating: "c", count: 70) + "\r\n\r\n",
        ] {
            let whole = Outcome(text, limits: limits)
            #expect(whole.error != nil)
            #expect(Outcome(text.utf8.map { [$0] }, limits: limits) == whole)
        }
    }
}
