import Foundation
import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore

/// What a request was answered with.
struct Answer {
    let response: Response

    var status: Int { response.status.code }

    var text: String { String(decoding: response.body, as: UTF8.self) }

    subscript(header: String) -> String? {
        response.headers.first { $0.name.lowercased() == header.lowercased() }?.value
    }

    /// The body as JSON; `nil` when it is none.
    var json: JSON? { try? JSON(parsing: response.body) }

    /// All of it, to compare with another one.
    var whole: String {
        "\(status)\n" + response.headers.map { "\($0.name): \($0.value)\n" }.joined() + text
    }
}

extension Emulator {
    /// An emulator with the bundled seeds, and a clock that stands still.
    static func loaded(authentication: AuthenticationMode = .present, publicURL: String? = nil) throws -> Emulator {
        let emulator = try Emulator(authentication: authentication, publicURL: publicURL, clock: .frozen(at: moment))
        try emulator.load(.bundled)
        return emulator
    }

    /// An emulator that tests share which only read.
    static func shared(authentication: AuthenticationMode = .present) throws -> Emulator {
        switch authentication {
        case .off: try openEmulator.get()
        case .present: try presentEmulator.get()
        case .known: try knownEmulator.get()
        }
    }

    private static let presentEmulator = Result { try loaded() }
    private static let knownEmulator = Result { try loaded(authentication: .known) }
    private static let openEmulator = Result { try loaded(authentication: .off) }

    static let moment = Timestamp(seconds: 1_800_000_000)

    /// Answers a request made of its first line without the version, and its header lines.
    func answer(_ line: String, _ headers: [String] = credentials, host: String? = "localhost:4747") throws -> Answer {
        // Only HTTP/1.0 may leave out the host.
        let lines = host.map { ["\(line) HTTP/1.1", "Host: \($0)"] } ?? ["\(line) HTTP/1.0"]
        let text = (lines + headers).joined(separator: "\r\n") + "\r\n\r\n"
        return Answer(response: respond(to: try Request(parsing: text)))
    }
}

extension Emulator {
    /// Answers a request with a body, made of its first line without the version.
    func call(_ line: String, _ body: String = "", _ headers: [String] = []) throws -> Answer {
        let lines = ["\(line) HTTP/1.1", "Host: localhost", "Content-Length: \(body.utf8.count)"] + headers
        return Answer(response: respond(to: try Request(parsing: lines.joined(separator: "\r\n") + "\r\n\r\n" + body)))
    }
}

/// Headers that satisfy all five APIs.
let credentials = ["X-Auth-Token: t", "Authorization: Bearer t"]

/// A path that each of the five has an endpoint for, and rows behind it.
let seededPaths: [(api: String, path: String)] = [
    (
        "vpcep",
        "/v1/00000000000000000000000000000257/vpc-endpoint-services/00000000-0000-4000-8000-000000000257/connections"
    ),
    (
        "apig",
        "/v2/00000000000000000000000000000257/apigw/instances/00000000000000000000000000000257/vpc-endpoint/connections"
    ),
    ("atlas", "/api/atlas/v1.0/groups/000000000000000000000257/peers"),
    ("confluent", "/sql/v1/organizations/00000000-0000-4000-8000-000000000257/environments/env-257/connections"),
    ("cloudflare", "/client/v4/accounts/00000000000000000000000000000257/connectivity/directory/services"),
]

/// Whether a body is an error in the envelope of an API, and in no other's.
func isErrorOf(_ api: String, _ json: JSON?) -> Bool {
    let names = json?.objectValue?.keys ?? []
    return switch api {
    case "vpcep", "apig": names == ["error_code", "error_msg"] || names == ["error_msg", "error_code", "request_id"]
    case "identity": names == ["error"] && json?["error"]?.objectValue?.keys == ["code", "message", "title"]
    case "atlas":
        json?["error"]?.int64Value != nil && names.contains("errorCode") && names.contains("reason")
            // The token endpoint has OAuth's own.
            || names == ["error_description", "error"]
    case "confluent": names == ["errors"] && json?["errors"]?[0]?["status"]?.stringValue != nil
    case "cloudflare": json?["success"] == false && json?["errors"]?[0]?["code"]?.int64Value != nil
    default: false
    }
}

/// The package's folder.
let packageRoot = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..").standardizedFileURL

/// The names in a folder of the package.
func names(in folder: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: packageRoot.appending(path: folder).path).sorted()
}

/// The text of a file of the package.
func text(of file: String) throws -> String {
    try String(contentsOf: packageRoot.appending(path: file), encoding: .utf8)
}

/// A folder of its own, removed at the end of a test.
final class Folder: Sendable {
    private let url = FileManager.default.temporaryDirectory.appending(path: "patchbay-\(UUID().uuidString)")

    var path: String { url.path }

    /// A file for a store.
    var file: String { url.appending(path: "store.db").path }

    init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { removeAll() }

    /// Writes a file at once, with the folders above it.
    func write(_ name: String, _ text: String) throws {
        let file = url.appending(path: name)
        try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: file, options: .atomic)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(at: url.appending(path: name)) }

    func removeAll() { try? FileManager.default.removeItem(at: url) }
}
