import Foundation
import PatchbayJSON
import Testing

/// The commands that pages show, run as they stand there, give the answers that stand there.
struct DocumentedCommandTests {
    /// Commands that a server answers one after the other, and what they print.
    struct Example: Sendable, CustomTestStringConvertible {
        var page: String
        var steps: [(command: String, answer: String)]

        var testDescription: String { "\(page): \(steps.first?.command.prefix(80) ?? "")" }
    }

    /// The pages whose commands are run: every one of an API, and these.
    private static func pages() throws -> [String] {
        let folder = packageRoot.appending(path: "docs/apis").path(percentEncoded: false)
        let files = try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".md") }
        return ["README.md", "docs/control-api.md"] + files.sorted().map { "docs/apis/\($0)" }
    }

    @Test(arguments: try pages().flatMap(examples))
    func `commands answer what their page says`(_ example: Example) throws {
        let server = try RunningServer()
        let (address, own) = ("127.0.0.1:4747", server.url.replacing("http://", with: ""))
        for step in example.steps {
            let output = try Self.output(of: step.command.replacing(address, with: own))
            let answer = output.replacing(own, with: address).replacing("\r\n", with: "\n")
                .trimmingCharacters(in: .newlines)
            #expect(Self.matches(answer, step.answer), "\(step.command)\n\(answer)")
        }
    }

    /// Whether a text is what a page shows, where … stands for what is another thing each time.
    private static func matches(_ text: String, _ shown: String) -> Bool {
        var rest = text[...]
        let parts = shown.components(separatedBy: "…")
        for (number, part) in parts.enumerated() {
            guard number > 0 else {
                guard rest.hasPrefix(part) else { return false }
                rest = rest.dropFirst(part.count)
                continue
            }
            guard number < parts.count - 1 || !part.isEmpty else { return true }
            guard let range = rest.range(of: part, options: number == parts.count - 1 ? .backwards : []) else {
                return false
            }
            rest = rest[range.upperBound...]
        }
        return rest.isEmpty
    }

    @Test func `the README shows one list of each API, a life, and a test`() throws {
        #expect(try Self.examples("README.md").map(\.steps.count) == [1, 1, 1, 1, 1, 5, 6])
    }

    @Test func `the page of the control plane shows every call`() throws {
        let server = try RunningServer()
        let answer = try server.get("/_patchbay/openapi.json").text
        let body = Array(answer.split(separator: "\r\n\r\n", maxSplits: 1).last.map(String.init)?.utf8 ?? "".utf8)
        let paths = try #require(try JSON(parsing: body)["paths"]?.objectValue)
        let commands = try Self.examples("docs/control-api.md").flatMap(\.steps).map(\.command)
        for (path, item) in paths {
            for (method, _) in item.objectValue ?? [:] {
                #expect(commands.contains { Self.isCall($0, method.uppercased(), path) }, "\(method) \(path)")
            }
        }
    }

    /// Whether a command is a call of a method to a path with captures.
    private static func isCall(_ command: String, _ method: String, _ path: String) -> Bool {
        let hasBody = command.contains("--json") || command.contains(" -d ")
        let given = command.components(separatedBy: "-X ").dropFirst().first?.prefix { $0 != " " }
        guard given.map(String.init) ?? (hasBody ? "POST" : "GET") == method else { return false }
        guard let start = command.range(of: "http://127.0.0.1:4747")?.upperBound else { return false }
        let target = command[start...].prefix { !" '?".contains($0) }.split(separator: "/")
        let pattern = path.split(separator: "/")
        return target.count == pattern.count && zip(target, pattern).allSatisfy { $0 == $1 || $1.hasPrefix("{") }
    }

    @Test func `the README names every seeded tenant with its parent and its rows`() throws {
        let readme = try String(contentsOf: packageRoot.appending(path: "README.md"), encoding: .utf8)
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

    private static func examples(_ page: String) throws -> [Example] {
        let text = try String(contentsOf: packageRoot.appending(path: page), encoding: .utf8)
        return text.split(separator: "```console\n").dropFirst().map { block in
            let lines = block.prefix(upTo: block.range(of: "\n```")?.lowerBound ?? block.endIndex)
            let steps = "\n\(lines)".split(separator: "\n$ ").map { step in
                let parts = step.split(separator: "\n", maxSplits: 1).map(String.init)
                return (command: parts[0], answer: parts.count == 2 ? parts[1] : "")
            }
            return Example(page: page, steps: steps)
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
