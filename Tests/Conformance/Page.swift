import Foundation
import PatchbayJSON

/// `docs/conformance.md`: every normative statement of the vendors' documents, with the tests that prove it.
struct Page {
    /// What is read of one API.
    struct Document {
        var api: String
        var title: String
        var statements: [Statement]
        var vectors: Int
        var skipped: [(name: String, why: String)]
        var transcripts: Int
    }

    private let documents: [Document]

    /// Reads the files of the test targets.
    ///
    /// - Parameter root: the package's folder.
    /// - Throws: when one cannot be read.
    init(root: URL) throws {
        documents = try ["VPCEP", "APIG", "Identity", "Atlas", "Confluent", "Cloudflare"].map { api in
            let folder = root.appending(path: "Tests/\(api)APITests")
            let file = { (name: String) in
                try JSON(parsing: [UInt8](Data(contentsOf: folder.appending(path: "Vectors/\(name).json"))))
            }
            let statements = try file("statements")
            let files = try ["vectors", "known", "quirks", "input", "writes"].map(file)
            let vectors = files.flatMap(Vector.all)
            let rows = Set(vectors.map { Self.row($0.name) })
            let transcripts = try FileManager.default
                .contentsOfDirectory(atPath: folder.appending(path: "Transcripts").path)
            return Document(
                api: api.lowercased(),
                title: statements["document"]?.stringValue ?? "",
                statements: (statements["statements"]?.arrayValue ?? []).map { Statement($0, vectors: vectors) },
                vectors: vectors.count,
                skipped: (files[0]["skipped"]?.arrayValue ?? []).map { entry in
                    let name = entry["name"]?.stringValue ?? ""
                    let isPart = rows.contains(Self.row(name))
                    return (name, (entry["why"]?.stringValue ?? "") + (isPart ? Self.partly : ""))
                },
                transcripts: transcripts.count,
            )
        }
    }

    /// The number of a contract's row: a vector may be a part of one.
    private static func row(_ name: String) -> String { String(name.prefix { $0.isNumber }) }

    private static let partly = " (the rest of the row runs)"

    /// The page as Markdown.
    var text: String {
        (introduction + summary + documents.flatMap(section)).joined(separator: "\n") + "\n"
    }

    private let introduction = [
        "# Conformance", "",
        "What the vendors' documents say of the five list operations, statement by statement, and whether it holds here.",
        "",
        "**This is documentation-derived. Nothing here was verified against the live services.** In some places the contracts cite",
        "recorded traffic of others: Atlas's challenge, its self and next links and its error envelopes (recordings shipped with the",
        "vendor's own clients); the envelope and headers of Cloudflare's product (a published recording, whose one list was empty) and its",
        "gateway's refusals (quoted by users); the Open Telekom Cloud gateway's errors for signatures and unknown paths, and its headers",
        "(quoted in public issues); Confluent's form of times and its terse refusals (quoted by users).", "",
        "A contract is this project's own description of an API, drawn from the document, the vendor's other pages and its clients; each",
        "`why` says what matters of it.", "",
        "Written by `make docs` from `Tests/*/Vectors`: `statements.json` holds the statements, and the vectors name those that they prove.",
        "A vector is a request and what has to be answered; each runs by a call and over a socket, and in the modes `present` and `known`",
        "unless one of them stands behind its name. `make check` fails when this page is stale, when a statement that holds or deviates",
        "has no vector, and when one that does not hold has no reason.", "",
        "- **holds**: so it is, by the vectors named.",
        "- **deviates**: another behaviour was decided, for the reason given; the vectors show it.",
        "- **not modelled**: nothing that a list over HTTP could show, or part of what is not built yet, for the reason given.",
        "",
    ]

    private var summary: [String] {
        var lines = [
            "| API | statements | hold | deviate | not modelled | vectors | contract's rows not run | transcripts |",
            "|---|---|---|---|---|---|---|---|",
        ]
        for document in documents {
            let unrun = Set(document.skipped.filter { !$0.why.hasSuffix(Self.partly) }.map { Self.row($0.name) })
            let count = { (verdict: String) in document.statements.count { $0.verdict == verdict } }
            let cells = [
                document.statements.count, count("holds"), count("deviates"), count("not modelled"), document.vectors,
                unrun.count, document.transcripts,
            ]
            lines.append("| [\(document.api)](#\(document.api)) | \(cells.map(String.init).joined(separator: " | ")) |")
        }
        return lines
    }

    private func section(_ document: Document) -> [String] {
        var lines = [
            "", "## \(document.api)", "", "\(document.title)", "",
            "| statement | says | verdict | vectors, or why |", "|---|---|---|---|",
        ]
        for statement in document.statements {
            let proof = statement.vectors.map { "`\($0.name)`" + ($0.mode.map { " (\($0))" } ?? "") }
                .joined(separator: ", ")
            let reason = [statement.why, proof].filter { !$0.isEmpty }.joined(separator: " ")
            let says = "\(statement.says) (\(statement.section))"
            let cells = ["`\(statement.id)`", says, statement.verdict, reason].map(Self.cell)
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        var reasons: [(why: String, names: [String])] = []
        for (name, why) in document.skipped {
            if let index = reasons.firstIndex(where: { $0.why == why }) {
                reasons[index].names.append(name)
            } else {
                reasons.append((why, [name]))
            }
        }
        lines += ["", "Rows of the contract's table of vectors that are not run:", ""]
        return lines + reasons.map { "- \($0.names.joined(separator: ", ")): \($0.why)" }
    }

    private static func cell(_ text: String) -> String {
        text.replacing("|", with: "\\|").replacing("\n", with: " ")
    }
}
