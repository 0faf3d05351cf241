import Foundation
import Testing

/// All Markdown pages: links lead somewhere, and what they show as run is run.
struct PageTests {
    /// The pages, by their paths; what was built is none.
    private static let pages: [String] = {
        let tops = (try? FileManager.default.contentsOfDirectory(atPath: packageRoot.path)) ?? []
        return tops.filter { !$0.hasPrefix(".") }.flatMap { top in
            let below = FileManager.default.enumerator(atPath: packageRoot.appending(path: top).path)
            let files = [top] + (below?.compactMap { $0 as? String } ?? []).map { "\(top)/\($0)" }
            return files.filter { $0.hasSuffix(".md") && !$0.contains("/.") && !$0.contains(".docc/") }
        }
        .sorted()
    }()

    private static func text(_ file: String) throws -> String {
        try String(contentsOf: packageRoot.appending(path: file), encoding: .utf8)
    }

    @Test(arguments: pages)
    func `links of a page lead to files, and to headings in them`(_ page: String) throws {
        let folder = packageRoot.appending(path: page).deletingLastPathComponent()
        let links = try Self.text(page).components(separatedBy: "](").dropFirst().compactMap {
            $0.split(separator: ")", omittingEmptySubsequences: false).first
        }
        for link in links where !link.hasPrefix("http") {
            let parts = link.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
            let file = parts[0].isEmpty ? packageRoot.appending(path: page) : folder.appending(path: parts[0])
            #expect(FileManager.default.fileExists(atPath: file.standardizedFileURL.path), "\(link)")
            guard parts.count == 2 else { continue }
            let target = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
            let anchors = target.split(separator: "\n").filter { $0.hasPrefix("#") }.map(Self.anchor)
            #expect(anchors.contains(parts[1]), "\(link)")
        }
    }

    /// What links to a heading end in: its letters and digits in lower case, with dashes for blanks.
    private static func anchor(_ heading: Substring) -> String {
        heading.drop { $0 == "#" }.drop { $0 == " " }.lowercased()
            .filter { $0.isLetter || $0.isNumber || "-_ ".contains($0) }.replacing(" ", with: "-")
    }

    @Test func `a block of commands stands in a page whose commands are run`() throws {
        #expect(Self.pages.count > 40)
        let makefile = try Self.text("Makefile").split(separator: "\n")
        let words = makefile.filter { $0.hasPrefix("PAGES = ") || $0.contains("Examples/run.py") }
            .flatMap { $0.split(separator: " ").map(String.init) }
        // `DocumentedCommandTests` runs those of the first three, `make examples` the others.
        let run: (String) -> Bool = { page in
            page == "README.md" || page == "docs/control-api.md" || page.hasPrefix("docs/apis/") || words.contains(page)
                || words.contains { page == "Examples/\($0)/README.md" }
        }
        let shown = try Self.pages.filter { try Self.text($0).contains("```console") }
        #expect(shown.filter { !run($0) } == [])
        for page in words where page.hasSuffix(".md") { #expect(shown.contains(page), "\(page)") }
    }

    @Test func `the program in the README is one that getting started runs`() throws {
        let readme = try Self.text("README.md").components(separatedBy: "```python\n").dropFirst()
        let program = try #require(readme.first?.components(separatedBy: "```").first)
        #expect(try Self.text("docs/getting-started.md").contains("<!-- file: peek.py -->\n\n```python\n\(program)```"))
    }
}
