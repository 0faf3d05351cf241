import Crypto
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// The credentials that the bundled seeds hold, as the README's table names them, in mode `known`.
@Suite struct KnownTests {
    /// A row of the table: who sends what, and the three credentials, each of one word or two.
    struct Row: Sendable, CustomTestStringConvertible {
        var api: String
        var scheme: String
        var credentials: [[String]]

        var testDescription: String { "\(api), \(scheme)" }
    }

    static let rows: [Row] = {
        let readme = (try? text(of: "README.md")) ?? ""
        return readme.split(separator: "\n").filter { $0.hasPrefix("| ") }.flatMap { line -> [Row] in
            let cells = line.split(separator: "|").map { $0.split(separator: " ").joined(separator: " ") }
            guard cells.count == 5, cells[2].hasPrefix("`full") || cells[2].hasPrefix("`FULL") else { return [] }
            let credentials = cells[2...].map { cell in
                cell.split(separator: "`").map(String.init).filter { $0 != " " }
            }
            return cells[0].split(separator: ", ").map { api in
                Row(api: String(api), scheme: cells[1], credentials: Array(credentials))
            }
        }
    }()

    @Test func `The table has every scheme of every API`() {
        #expect(
            Self.rows.map(\.api) == [
                "vpcep", "apig", "vpcep", "apig", "atlas", "atlas", "confluent", "confluent", "cloudflare",
                "cloudflare",
            ]
        )
        #expect(Self.rows.allSatisfy { $0.credentials.count == 3 })
    }

    @Test(arguments: rows)
    func `The first is let in, the second may nothing, the third has expired`(row: Row) throws {
        let answers = try row.credentials.map { try answer(row, $0) }
        let expected = Self.expected(row)
        #expect(answers.map(\.status) == expected.map(\.status))
        for (answer, expected) in zip(answers, expected) { #expect(answer.text.contains(expected.text)) }
        #expect(answers.dropFirst().allSatisfy { isErrorOf(row.api, $0.json) })
    }

    @Test(arguments: rows)
    func `What nobody has is refused as what has expired is`(row: Row) throws {
        let unknown = row.credentials[0].map { _ in "144c9defac04969c7bfad8efaa8ea199" }
        let words = row.scheme.hasPrefix("`X-Auth-Email`") ? ["nobody@example.com", unknown[0]] : unknown
        let expired = Self.expected(row)[2]
        let answer = try answer(row, words)
        #expect(answer.status == expired.status)
        #expect(answer.text.contains(expired.text))
    }

    @Test(arguments: rows)
    func `Mode present lets all of them in`(row: Row) throws {
        for words in row.credentials { #expect(try answer(row, words, in: .present).status == 200) }
    }

    private static func expected(_ row: Row) -> [(status: Int, text: String)] {
        switch (row.api, row.scheme.contains("secret key")) {
        case ("vpcep", false): [(200, "total_count"), (403, "EndPoint.0004"), (401, "EndPoint.0003")]
        case ("vpcep", true): [(200, "total_count"), (403, "EndPoint.0004"), (401, "ak not exist")]
        case ("apig", false): [(200, "total"), (403, "APIC.7106"), (401, "APIC.7102")]
        case ("apig", true): [(200, "total"), (403, "APIC.7106"), (401, "ak not exist")]
        case ("atlas", _): [(200, "results"), (401, "USER_UNAUTHORIZED"), (401, "You are not authorized for this")]
        case ("confluent", _): [(200, "data"), (403, "user_unauthorized"), (401, "user_unauthenticated")]
        default:
            row.scheme == "Bearer token"
                ? [(200, "result"), (403, "10000"), (401, "10000")] : [(200, "result"), (403, "10000"), (403, "9103")]
        }
    }

    private func answer(_ row: Row, _ words: [String], in mode: AuthenticationMode = .known) throws -> Answer {
        let emulator = try Emulator.shared(authentication: mode)
        let path = try #require(seededPaths.first { $0.api == row.api }?.path)
        let headers: [String]
        switch row.scheme {
        case "`X-Auth-Token`": headers = ["X-Auth-Token: \(words[0])"]
        case "access key and secret key": headers = Signer(accessKey: words[0], secretKey: words[1]).headers(path + "/")
        case "Digest with public and private key":
            let challenge = try #require(try emulator.answer("GET \(path)", [])["WWW-Authenticate"])
            headers = [try Self.digest(challenge, path, words[0], words[1])]
        case "Bearer token": headers = ["Authorization: Bearer \(words[0])"]
        case "Basic with key and secret":
            headers = ["Authorization: Basic \(Base64.encode(Array("\(words[0]):\(words[1])".utf8)))"]
        default: headers = ["X-Auth-Email: \(words[0])", "X-Auth-Key: \(words[1])"]
        }
        return try emulator.answer("GET \(path)", headers)
    }

    private static func digest(_ challenge: String, _ path: String, _ user: String, _ password: String) throws -> String
    {
        let nonce = try #require(try #/nonce="([^"]*)"/#.firstMatch(in: challenge)).1
        let md5 = { (text: String) in Signer.hexadecimal(Insecure.MD5.hash(data: Array(text.utf8))) }
        let secret = md5("\(user):MMS Public API:\(password)")
        let response = md5("\(secret):\(nonce):00000001:c:auth:\(md5("GET:\(path)"))")
        return "Authorization: Digest username=\"\(user)\", realm=\"MMS Public API\", nonce=\"\(nonce)\", "
            + "uri=\"\(path)\", qop=auth, nc=00000001, cnonce=\"c\", response=\"\(response)\""
    }
}
