import HTTPRules
import PatchbayHTTP
import Synchronization
import Testing

@testable import PatchbayServer

/// The rules of RFC 9110 and 9112 on the wire, and what is smuggled behind those who break them.
@Suite(.timeLimit(.minutes(5)))
struct RuleTests {
    /// How a client sends what it has to say.
    enum Sending: CaseIterable {
        case atOnce, byteByByte, halfClosed

        func send(_ bytes: [UInt8], from client: borrowing Client) throws {
            guard self == .byteByByte, bytes.count < 1000 else {
                try client.send(bytes)
                if self == .halfClosed { client.finishSending() }
                return
            }
            for byte in bytes { try client.send([byte]) }
        }
    }

    /// A server that notes what it was asked for.
    private final class Noting: Sendable {
        private let noted: Notes
        let running: Running

        final class Notes: Sendable {
            let paths = Mutex<[String]>([])
        }

        init() throws {
            let noted = Notes()
            self.noted = noted
            running = try Running({ $0.drainTimeout = .seconds(30) }) { request in
                noted.paths.withLock { $0.append(request.target.path) }
                return echo(request)
            }
        }

        /// What was asked for since the last call.
        func paths() -> [String] {
            noted.paths.withLock { paths in
                defer { paths = [] }
                return paths
            }
        }
    }

    @Test(arguments: Rule.all, Sending.allCases)
    func `RFC 9112, 11.2: a rule is kept on the wire, and nothing behind a request that breaks it is answered`(
        rule: Rule,
        sending: Sending
    ) throws {
        let server = try Noting()
        for request in rule.requests {
            var client = try Client(port: server.running.port)
            switch rule.verdict {
            case .refused(let status):
                try sending.send(Array(get("/before").utf8) + request + Array(get("/smuggled").utf8), from: client)
                #expect(try client.answer().body == Array("GET /before test ".utf8))
                try expectRefusal(try client.answer(toHead: Self.isHead(request)), status, request)
                #expect(server.paths() == ["/before"], "\(Self.text(request))")
            case .taken:
                try sending.send(Array(get("/before").utf8) + request + Array(get("/after").utf8), from: client)
                #expect(try client.answer().body == Array("GET /before test ".utf8))
                #expect(try client.answer(toHead: Self.isHead(request)).code == 200, "\(Self.text(request))")
                #expect(try client.answer().body == Array("GET /after test ".utf8), "\(Self.text(request))")
                if sending != .halfClosed {
                    try client.send(get("/later"))
                    #expect(try client.answer().body == Array("GET /later test ".utf8))
                }
                #expect(!server.paths().contains("/smuggled"), "\(Self.text(request))")
                continue
            }
            #expect(try client.isAtEnd(), "\(Self.text(request))")
        }
    }

    @Test(arguments: Rule.all.filter { if case .refused = $0.verdict { true } else { false } })
    func `RFC 9110, 9.3.2: the refusal of a HEAD has no body`(rule: Rule) throws {
        let server = try Noting()
        for request in rule.requests {
            let method = ["GET /", "POST /"].first { request.starts(with: $0.utf8) }
            guard let method, case .refused(let status) = rule.verdict else { continue }
            var client = try Client(port: server.running.port)
            try client.send(Array((get("/before") + "HEAD /").utf8) + request.dropFirst(method.utf8.count))
            #expect(try client.answer().code == 200)
            let answer = try client.answer(toHead: true)
            #expect(answer.code == status, "\(Self.text(request))")
            #expect(try client.isAtEnd(), "\(Self.text(request))")
        }
    }

    private func expectRefusal(_ answer: Client.Answer, _ status: Int, _ request: [UInt8]) throws {
        #expect(answer.code == status, "\(Self.text(request))")
        #expect(answer.head.contains("Connection: close\r\n"))
        #expect(answer.head.contains("Content-Type: application/problem+json\r\n"))
        if Self.isHead(request) { return }
        let body = String(decoding: answer.body, as: UTF8.self)
        #expect(
            body.hasPrefix("{\"type\":\"about:blank\",\"title\":\"\(Status(status).reason)\",\"status\":\(status),")
        )
    }

    private static func isHead(_ request: [UInt8]) -> Bool { request.starts(with: "HEAD ".utf8) }

    private static func text(_ request: [UInt8]) -> String {
        String(decoding: request.prefix(200), as: UTF8.self).debugDescription
    }
}
