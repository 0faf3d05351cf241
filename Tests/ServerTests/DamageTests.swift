import HTTPRules
import PatchbayHTTP
import SeededGenerator
import Testing

@testable import PatchbayServer

/// Requests that something has happened to on their way, many at a time.
@Suite(.timeLimit(.minutes(5)))
struct DamageTests {
    /// What is sent on a connection, and how.
    private struct Attempt {
        var pieces: [ArraySlice<UInt8>]
        var isHalfClosed: Bool
        /// What has to be answered, in this order.
        var codes: [Int]
        var heads: [Bool]
        var bytes: [UInt8]

        var description: String {
            "\(isHalfClosed ? "half-closed: " : "")\(String(decoding: bytes, as: UTF8.self).debugDescription)"
        }
    }

    private static let fragments: [[UInt8]] = [
        "\r\n", "\n", "\r", "\0", " ", "\t", ":", "\r\n ", "\r\n\r\n", "HTTP/1.1", "GET / HTTP/1.1\r\n", "Host: b\r\n",
        "Content-Length: 3\r\n", "Transfer-Encoding: chunked\r\n", "Expect: 100-continue\r\n", "Connection: close\r\n",
        "0\r\n\r\n",
        "5;a=b\r\n", "FFFFFFFFFFFFFFFF", "-1", "\u{FF}",
    ].map { Array($0.utf8) }

    private static let wellFormed: [[UInt8]] = Rule.all.flatMap { rule -> [[UInt8]] in
        guard case .taken = rule.verdict else { return [] }
        return rule.requests.filter { $0.count < 1000 }
    }

    @Test
    func `RFC 9112, 8: whatever becomes of requests on their way, connections are answered in their order and closed`()
        throws
    {
        let seed = UInt64.random(in: 0...UInt64.max)
        var generator = SeededGenerator(seed: seed)
        let patient = try Running({ $0.drainTimeout = .seconds(30) })
        let hasty = try Running({ options in
            options.headerTimeout = .milliseconds(300)
            options.bodyTimeout = .milliseconds(300)
            options.idleTimeout = .seconds(1)
            options.drainTimeout = .seconds(30)
        })
        for round in 0..<5 {
            let attempts = (0..<250).map { _ in Self.attempt(using: &generator) }
            let clients = try attempts.map { attempt in
                let client = try Held(port: (attempt.isHalfClosed ? patient : hasty).port)
                for piece in attempt.pieces { try client.send(Array(piece)) }
                if attempt.isHalfClosed { client.finishSending() }
                return client
            }
            for (attempt, client) in zip(attempts, clients) {
                let context = "seed \(seed), round \(round): \(attempt.description)"
                #expect(throws: Never.self, "\(context)") {
                    for (code, isHead) in zip(attempt.codes, attempt.heads) {
                        let answer = try client.finalAnswer(toHead: isHead)
                        #expect(answer.code == code, "\(context)")
                    }
                    #expect(try client.isAtEnd(), "\(context)")
                }
            }
            for running in [patient, hasty] { try Held(port: running.port).exchange("/round/\(round)") }
        }
        for running in [patient, hasty] { #expect(Running.eventually { running.server.connectionCount == 0 }) }
    }

    /// Some good requests, one that is damaged, and another one.
    private static func attempt(using generator: inout SeededGenerator) -> Attempt {
        var damaged = wellFormed.randomElement(using: &generator) ?? []
        for _ in 0..<Int.random(in: 1...3, using: &generator) { damage(&damaged, using: &generator) }
        let before = Array(String(repeating: get("/before"), count: Int.random(in: 0...3, using: &generator)).utf8)
        let behind = Bool.random(using: &generator) ? Array(get("/behind").utf8) : []
        let bytes = before + damaged + behind
        let isHalfClosed = Bool.random(using: &generator)
        var pieces: [ArraySlice<UInt8>] = []
        // Who says that this is all is not asked to be quick.
        let longest = isHalfClosed ? Int.random(in: 1...bytes.count + 1, using: &generator) : bytes.count
        var start = 0
        while start < bytes.count {
            let end = min(bytes.count, start + longest)
            pieces.append(bytes[start..<end])
            start = end
        }
        let (codes, heads) = expected(bytes, isHalfClosed: isHalfClosed)
        return Attempt(pieces: pieces, isHalfClosed: isHalfClosed, codes: codes, heads: heads, bytes: bytes)
    }

    private static func damage(_ bytes: inout [UInt8], using generator: inout SeededGenerator) {
        guard !bytes.isEmpty else { return }
        let place = Int.random(in: 0..<bytes.count, using: &generator)
        let end = min(bytes.count, place + Int.random(in: 1...20, using: &generator))
        switch Int.random(in: 0..<6, using: &generator) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 1: bytes.insert(contentsOf: fragments.randomElement(using: &generator) ?? [], at: place)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 4: bytes.removeSubrange(place...)
        default: bytes.swapAt(place, Int.random(in: 0..<bytes.count, using: &generator))
        }
    }

    /// What the parser says that has to be answered, and whether each answer is to a HEAD.
    private static func expected(_ bytes: [UInt8], isHalfClosed: Bool) -> (codes: [Int], heads: [Bool]) {
        var parser = RequestParser()
        parser.append(bytes)
        var (codes, heads): ([Int], [Bool]) = ([], [])
        do throws(ParseError) {
            while let request = try parser.next() {
                codes.append(200)
                heads.append(request.method == .head)
                if !request.keepAlive { return (codes, heads) }
            }
            guard parser.isInRequest else { return (codes, heads) }
            codes.append(isHalfClosed ? 400 : 408)
        } catch {
            codes.append(error.status.code)
        }
        return (codes, heads + [parser.methodInProgress == .head])
    }
}
