public import Foundation
internal import Patchbay
internal import PatchbayAPIKit
internal import PatchbayJSON
internal import PatchbayStore

/// An example of a vendor's document: a request, and the answer that stands there.
///
/// The emulator has the bundled seeds. `README.md` beside this file describes the form.
public struct Transcript: Sendable, CustomStringConvertible {
    private let name: String
    private var options: [(name: String, value: String)] = []
    private let request: String
    private let status: String
    private let headers: [(name: String, value: String)]
    private let body: String

    /// The file's name.
    public var description: String { name }

    /// The transcripts of a test target.
    ///
    /// - Parameter bundle: the target's `Bundle.module`.
    /// - Returns: one for each file, by name.
    /// - Throws: when a file has another form.
    public static func all(in bundle: Bundle) throws -> [Transcript] {
        let folder = (bundle.resourcePath ?? "") + "/Transcripts"
        return try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map { name in
            let text = try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
            return try Transcript(text, name: name)
        }
    }

    private init(_ text: String, name: String) throws(FormatError) {
        self.name = name
        let parts = text.split(separator: "\n----\n", maxSplits: 1).map(String.init)
        guard parts.count == 2 else { throw FormatError("\(name) has no line ---- between request and answer") }
        var lines = parts[0].split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        while let line = lines.first, line.hasPrefix("# "), let colon = line.firstIndex(of: ":") {
            let value = line[colon...].dropFirst().drop { $0 == " " }
            options.append((String(line[..<colon].dropFirst(2)), String(value)))
            lines.removeFirst()
        }
        for (option, _) in options
        where !["document", "ours", "digest", "quirk", "public-url", "auth", "at"].contains(option) {
            throw FormatError("\(name): \(option) means nothing here")
        }
        request = lines.joined(separator: "\r\n") + "\r\n"
        let answer = parts[1].split(separator: "\n\n", maxSplits: 1).map(String.init)
        guard answer.count == 2 else { throw FormatError("\(name): the answer has no body") }
        let head = answer[0].split(separator: "\n").map(String.init)
        status = head[0]
        headers = head.dropFirst().compactMap { line in
            line.firstIndex(of: ":").map { (String(line[..<$0]), String(line[$0...].dropFirst(2))) }
        }
        body = answer[1]
    }

    private func options(_ name: String) -> [String] { options.filter { $0.name == name }.map(\.value) }

    /// Sends the request, and says what is not as the document has it.
    ///
    /// - Parameter transport: how the request gets there.
    /// - Returns: what is not as expected.
    /// - Throws: when the request does not get there.
    public func mismatches(over transport: Transport) throws -> [String] {
        guard !options("document").isEmpty else { return ["does not say where it stands"] }
        let emulator = try Emulator(
            authentication: options("auth").first.flatMap(AuthenticationMode.init(rawValue:)) ?? .present,
            quirks: options("quirk"),
            publicURL: options("public-url").first,
            clock: .frozen(at: Timestamp(seconds: 1_767_225_600)),
        )
        try emulator.load(.bundled)
        let link = try transport.link(to: emulator)
        defer { link.close() }
        return check(try exchange(over: link))
    }

    private func exchange(over link: any Link) throws -> Answer {
        guard let keys = options("digest").first?.split(separator: " ").map(String.init), keys.count == 2 else {
            return try link.exchange(request, isHead: false)
        }
        let pair: JSON = ["user": .string(keys[0]), "password": .string(keys[1])]
        let form = try DigestForm(pair, words: Words(), at: name)
        let words = request.split(separator: " ").map(String.init)
        let nonce = DigestForm.nonce(in: try link.exchange(request, isHead: false)["WWW-Authenticate"]) ?? ""
        let header = form.authorization(method: words[0], target: words[1], nonce: nonce)
        // The text ends with the empty line, before which the header goes.
        return try link.exchange(request.dropLast() + "Authorization: \(header)\r\n\r\n", isHead: false)
    }

    private func check(_ answer: Answer) -> [String] {
        guard status.hasPrefix("HTTP/1.1 \(answer.status) ") else { return ["\(answer.status) with \(answer.text)"] }
        var found = headers.filter { answer[$0.name] != $0.value }.map {
            "\($0.name) is \(answer[$0.name] ?? "absent")"
        }
        guard let expected = try? JSON(parsing: body), var actual = answer.json else {
            return found + ["one of the bodies is no JSON"]
        }
        if let place = options("at").first.flatMap({ try? JSON.Pointer(parsing: $0) }) {
            actual = actual[place] ?? .null
        }
        if !Self.isEqual(expected, actual) { found.append("the body is \(actual.text)") }
        return found
    }

    /// Whether two values are the same, order of members and text of numbers included; `{any}` is any text.
    private static func isEqual(_ expected: JSON, _ actual: JSON) -> Bool {
        switch (expected, actual) {
        case (.string("{any}"), .string): true
        case (.array(let left), .array(let right)):
            left.count == right.count && zip(left, right).allSatisfy(isEqual)
        case (.object(let left), .object(let right)):
            left.keys == right.keys && zip(left, right).allSatisfy { isEqual($0.value, $1.value) }
        default: expected.text == actual.text
        }
    }
}
