import Foundation
import JSON
import Testing

/// The commands that the README shows, run as they stand there, give the answers that stand there.
struct ReadmeTests {
    /// Commands that a server answers one after the other, and what they print.
    struct Example: Sendable, CustomTestStringConvertible {
        var steps: [(command: String, answer: String)]

        var testDescription: String { String(steps.first?.command.prefix(80) ?? "") }
    }

    @Test(arguments: try Self.examples())
    func `commands of the README answer what the README says`(_ example: Example) throws {
        let server = try RunningServer()
        let address = "http://127.0.0.1:4747"
        for step in example.steps {
            let output = try Self.output(of: step.command.replacing(address, with: server.url))
            #expect(output.replacing(server.url, with: address).trimmingCharacters(in: .newlines) == step.answer)
        }
    }

    @Test func `the README shows one list of each API, and a life`() throws {
        #expect(try Self.examples().map(\.steps.count) == [1, 1, 1, 1, 1, 5])
    }

    @Test func `the README names every seeded tenant with its parent and its rows`() throws {
        let readme = try String(contentsOf: Self.root.appending(path: "README.md"), encoding: .utf8)
        let rows = readme.split(separator: "\n").filter { $0.hasPrefix("| ") }
        let server = try RunningServer()
        let answer = try server.get("/_patchbay/tenants").text
        let body = Array(answer.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init)?.utf8 ?? "".utf8)
        let tenants = try #require(try JSON(parsing: body)["tenants"]?.arrayValue)
        #expect(tenants.count == 18)
        for tenant in tenants {
            let api = try #require(tenant["api"]?.stringValue)
            let count = try #require(tenant["rows"]?.int64Value)
            let values = tenant["parameters"]?.objectValue?.compactMap(\.value.stringValue) ?? []
            let isNamed = rows.contains { row in
                row.hasPrefix("| \(api) |") && values.allSatisfy { row.contains("`\($0)`") }
                    && (row.hasSuffix("| \(count) |") || row.contains("| \(count): "))
            }
            #expect(isNamed, "\(tenant)")
        }
    }

    private static let root = URL(filePath: #filePath).appending(path: "../../..").standardizedFileURL

    private static func examples() throws -> [Example] {
        let readme = try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
        return readme.split(separator: "```console\n").dropFirst().map { block in
            let lines = block.prefix(upTo: block.range(of: "\n```")?.lowerBound ?? block.endIndex)
            let steps = "\n\(lines)".split(separator: "\n$ ").map { step in
                let parts = step.split(separator: "\n", maxSplits: 1).map(String.init)
                return (command: parts[0], answer: parts.count == 2 ? parts[1] : "")
            }
            return Example(steps: steps)
        }
    }

    private static func output(of command: String) throws -> String {
        let process = Process()
        let pipe = Pipe()
        process.executableURL = URL(filePath: "/bin/sh")
        process.arguments = ["-c", command]
        process.standardOutput = pipe
        try process.run()
        let output = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        return String(decoding: output, as: UTF8.self)
    }
}
