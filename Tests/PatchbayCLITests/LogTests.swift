import Foundation
import Testing

/// What becomes of a server whose log or output is not read.
@Suite(.timeLimit(.minutes(5)))
struct LogTests {
    /// Asks for paths that nothing matches, some on each connection.
    private func ask(_ server: borrowing RunningServer, for path: String, times count: Int) throws {
        let each = 20
        for number in 0..<(count / each) {
            let requests = (1...each).map { index in
                let ending = index == each ? "Connection: close\r\n" : ""
                return "GET \(path)\(number) HTTP/1.1\r\nHost: a\r\n\(ending)\r\n"
            }
            let answers = try server.exchange(requests.joined()).split(separator: "HTTP/1.1 404 ").count
            try #require(answers == each)
        }
    }

    /// A program that logs every request.
    private static func talkative(_ format: String, _ seeds: Scratch, _ errors: ProgramPipe) throws -> RunningServer {
        try RunningServer("--log-format", format, "--log-level", "debug", "--seed", seeds.root, errors: errors)
    }

    @Test(arguments: ["text", "json"])
    func `A log that nobody reads holds up nobody, and dropped lines are counted once it is read`(format: String) throws
    {
        let errors = try ProgramPipe()
        let seeds = try Scratch.seedsWithoutRows()
        let server = try Self.talkative(format, seeds, errors)
        let path = "/" + String(repeating: "long", count: 600)
        try ask(server, for: path, times: 2_000)
        var log = errors.text()
        #expect(try server.get(path).status == 404)
        log += errors.text()
        let lines = log.split(separator: "\n")
        let dropped = lines.filter { $0.contains("lines were dropped") }
        #expect(dropped.count == 1)
        let words = dropped.first?.split { " \"".contains($0) } ?? []
        let count = words.firstIndex(of: "lines").flatMap { Int(words[$0 - 1]) } ?? 0
        #expect(count > 1_900)
        // One line more says that the server is ready, and one what was found.
        #expect(lines.count - 1 + count == 2_000 + 3)
        #expect(lines.suffix(2).first == dropped.first)
        try ask(server, for: path, times: 100)
        #expect(try server.stop().code == 0)
    }

    /// A character may be of any length: a letter with thousands of accents is one.
    @Test(arguments: ["x", "\u{301}", "\u{1F600}", "\"\\"], ["text", "json"])
    func `A line of any length is cut to what a pipe takes in one piece`(piece: String, format: String) throws {
        let errors = try ProgramPipe()
        let seeds = try Scratch.seedsWithoutRows()
        let server = try Self.talkative(format, seeds, errors)
        try ask(server, for: "/e" + String(repeating: piece, count: 24_000 / piece.utf8.count), times: 60)
        var log = errors.text()
        #expect(try server.get("/again").status == 404)
        log += errors.text()
        let lines = log.split(separator: "\n")
        #expect(lines.count > 10)
        #expect(lines.allSatisfy { $0.utf8.count < 4_096 })
        #expect(lines.contains { $0.contains("…") && $0.contains("request") })
        for line in lines where format == "json" {
            #expect((try? JSONSerialization.jsonObject(with: Data(line.utf8))) as? [String: String] != nil, "\(line)")
        }
        #expect(try server.stop().code == 0)
    }

    @Test(arguments: [[1], [2], [1, 2]])
    func `A closed standard output or error does not end the server`(closed: [Int]) throws {
        let folder = try Scratch.seedsWithoutRows()
        let pipes = try closed.map { ($0, try ProgramPipe()) }
        for (_, pipe) in pipes { pipe.stopReading() }
        let program = try Program(
            ["--port", "0", "--seed", folder.root, "--ready-file", folder.path("ready"), "--log-level", "debug"],
            output: pipes.first { $0.0 == 1 }?.1,
            errors: pipes.first { $0.0 == 2 }?.1,
        )
        try #require(Program.eventually { folder.text("ready").hasSuffix("\n") })
        let server = RunningServer(program, at: String(folder.text("ready").dropLast()))
        for _ in 0..<3 { #expect(try server.get("/nowhere").status == 404) }
        #expect(try server.stop().code == 0)
    }
}
