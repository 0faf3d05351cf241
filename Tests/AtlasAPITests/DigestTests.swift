import Patchbay
import PatchbayAPIKit
import PatchbayAtlasAPI
import PatchbayHTTP
import PatchbayStore
import Synchronization
import Testing

/// HTTP Digest where an answer depends on the challenge before it (contract `atlas.md`, sections 2.1 and 8.21).
///
/// No data file can hold such an answer. Mode `present` looks at its form and nonce, not at its hash.
struct DigestTests {
    private let time = MovableTime()
    private let emulator: Emulator

    init() throws {
        emulator = try Self.emulator(time)
    }

    private static let group = "5356823b3794dee37132bb7b"
    private static let path = "/api/atlas/v1.0/groups/\(group)/peers"

    private static func emulator(_ time: MovableTime) throws -> Emulator {
        let emulator = try Emulator(clock: time.clock)
        let seed = Array(#"{"groups":[{"id":"\#(group)"}]}"#.utf8)
        try emulator.world.store.load([SeedFile(name: "one group", collections: AtlasAPI.collections, content: seed)])
        emulator.world.becomeReady()
        return emulator
    }

    @Test func `two challenges have different nonces`() throws {
        let nonces = try [challenge(), challenge()].map(\.nonce)
        #expect(nonces[0] != nonces[1])
        #expect(nonces.allSatisfy { $0.utf8.count == 32 })
    }

    @Test(
        arguments: [
            // curl 7.88, the Go library of the vendor's clients, Python's requests 2.34, in their own order and quoting.
            #"Digest username="abcdwxyz", realm="MMS Public API", nonce="NONCE", uri="URI", cnonce="MmJkNzMz", "#
                + #"nc=00000001, qop=auth, response="HASH", algorithm=MD5"#,
            #"Digest username="abcdwxyz", realm="MMS Public API", nonce="NONCE", uri="URI", response="HASH", "#
                + #"algorithm=MD5, cnonce="0a4f113b", qop=auth, nc=00000001"#,
            #"Digest username="abcdwxyz", realm="MMS Public API", nonce="NONCE", uri="URI", response="HASH", "#
                + #"algorithm="MD5", qop="auth", nc=00000001, cnonce="4c1c8dc282e7d5b5""#,
            // No algorithm; then other cases, parameters that nobody reads, no blanks behind the commas.
            #"Digest username="abcdwxyz", realm="MMS Public API", nonce="NONCE", uri="URI", response="HASH", "#
                + #"cnonce="0a4f113b", qop=auth, nc=00000001"#,
            #"DIGEST USERNAME="u",Realm="MMS Public API",nonce="NONCE",uri="URI",Response="0123456789ABCDEF0123456789abcdef","#
                + #"algorithm=md5,opaque="",userhash=false,qop=auth,nc=ffFFffFF,cnonce=c"#,
        ]
    )
    func `an answer in any client's form is accepted`(form: String) throws {
        let target = Self.path + "?providerName=AWS&pretty=true"
        let answer = try challenge(to: target).answer(form, target: target)
        #expect(try ask(target, answer).status == .ok)
    }

    @Test(
        arguments: [
            ("a uri without the query", #"uri="URI""#, #"uri="\#(path)""#),
            ("another realm", "MMS Public API", "Another API"),
            ("no user", #"username="abcdwxyz", "#, ""),
            ("no realm", #"realm="MMS Public API", "#, ""),
            ("no nonce", #"nonce="NONCE", "#, ""),
            ("no uri", #"uri="URI", "#, ""),
            ("no response", #"response="HASH", "#, ""),
            ("no qop", "qop=auth, ", ""),
            ("no nc", ", nc=00000001", ""),
            ("no cnonce", #"cnonce="0a4f113b", "#, ""),
            ("an empty cnonce", "0a4f113b", ""),
            ("another qop", "qop=auth", "qop=auth-int"),
            ("another algorithm", "algorithm=MD5", "algorithm=SHA-256"),
            ("a short count", "nc=00000001", "nc=1"),
            ("a count that is no number", "nc=00000001", "nc=0000000g"),
            ("a short hash", "HASH", "83505b8bfed4b9d97cf2c84cd6ea873"),
            ("a hash that is no number", "HASH", "83505b8bfed4b9d97cf2c84cd6ea873g"),
            ("a parameter twice", "nc=00000001", "nc=00000001, nc=00000001"),
            ("an open quotation", "nc=00000001", #"nc="00000001"#),
            ("a nonce that was never issued", "NONCE", "Nfx+VMFO0sY4tpgy1sHRakvvv0NN4S91"),
            ("a nonce that is no nonce", "NONCE", "nonce"),
        ]
    )
    func `an answer that is not right in form is challenged anew`(what: String, part: String, other: String) throws {
        let target = Self.path + "?pretty=true"
        let first = try challenge(to: target)
        let wrong = Challenge.form.replacing(part, with: other)
        try #require(wrong != Challenge.form)
        let response = try ask(target, first.answer(wrong, target: target))
        #expect(response.status == .unauthorized)
        let second = try #require(Challenge(response))
        #expect(!second.isStale)
        #expect(second.nonce != first.nonce)
    }

    @Test func `one nonce serves several requests`() throws {
        let challenge = try challenge()
        for count in ["00000001", "00000002", "00000002", "00000001"] {
            let form = Challenge.form.replacing("nc=00000001", with: "nc=\(count)")
            #expect(try ask(Self.path, challenge.answer(form, target: Self.path)).status == .ok)
        }
    }

    @Test func `a nonce serves for 300 seconds and is stale after them`() throws {
        let first = try challenge()
        let answer = first.answer(target: Self.path)
        time.advance(seconds: 300)
        #expect(try ask(Self.path, answer).status == .ok)
        time.advance(seconds: 1)
        let response = try ask(Self.path, answer)
        #expect(response.status == .unauthorized)
        let second = try #require(Challenge(response))
        #expect(second.isStale)
        #expect(second.nonce != first.nonce)
        #expect(try ask(Self.path, second.answer(target: Self.path)).status == .ok)
    }

    @Test func `a stale nonce with a wrong uri is not called stale`() throws {
        let answer = try challenge().answer(target: Self.path)
        time.advance(seconds: 301)
        let response = try ask(Self.path + "?pretty=true", answer)
        #expect(try #require(Challenge(response)).isStale == false)
    }

    /// Four bytes of a nonce hold its second: less than what a clock can be set to.
    @Test(arguments: [-315_619_200, 7_258_118_400])
    func `a nonce serves at any time that a clock shows`(seconds: Int64) throws {
        time.set(seconds: seconds)
        let answer = try challenge().answer(target: Self.path)
        time.advance(seconds: 300)
        #expect(try ask(Self.path, answer).status == .ok)
        time.advance(seconds: 1)
        #expect(try ask(Self.path, answer).status == .unauthorized)
        time.advance(seconds: -302)
        #expect(try ask(Self.path, answer).status == .unauthorized)
    }

    @Test func `another emulator accepts the nonce`() throws {
        let answer = try challenge().answer(target: Self.path)
        #expect(try ask(Self.path, answer, of: Self.emulator(time)).status == .ok)
    }

    private func challenge(to target: String = path) throws -> Challenge {
        let response = try ask(target)
        #expect(response.status == .unauthorized)
        return try #require(Challenge(response))
    }

    private func ask(_ target: String, _ authorization: String? = nil, of other: Emulator? = nil) throws -> Response {
        let credentials = authorization.map { "Authorization: \($0)\r\n" } ?? ""
        let request = try Request(parsing: "GET \(target) HTTP/1.1\r\nHost: test\r\n\(credentials)\r\n")
        return (other ?? emulator).respond(to: request)
    }
}

/// What a client reads from a challenge, and what it makes of it.
private struct Challenge {
    var nonce: String
    var isStale: Bool

    /// An answer as the vendor's clients write it, with words in place of what is not known yet.
    static let form =
        #"Digest username="abcdwxyz", realm="MMS Public API", nonce="NONCE", uri="URI", response="HASH", algorithm=MD5, "#
        + #"cnonce="0a4f113b", qop=auth, nc=00000001"#

    init?(_ response: Response) {
        guard
            let header = response.headers.first(where: { $0.name == "WWW-Authenticate" })?.value,
            let parameters = AuthorizationHeader(header).parameters,
            let nonce = parameters["nonce"], let stale = parameters["stale"]
        else { return nil }
        self.nonce = nonce
        isStale = stale == "true"
    }

    func answer(_ form: String = form, target: String) -> String {
        form.replacing("NONCE", with: nonce).replacing("URI", with: target)
            .replacing("HASH", with: "83505b8bfed4b9d97cf2c84cd6ea873f")
    }
}

/// A time that moves only when it is told to.
private final class MovableTime: Sendable {
    private let seconds = Atomic<Int64>(1_767_225_600)

    var clock: Clock { Clock { Timestamp(seconds: self.seconds.load(ordering: .relaxed)) } }

    func set(seconds: Int64) {
        self.seconds.store(seconds, ordering: .relaxed)
    }

    func advance(seconds: Int64) {
        self.seconds.wrappingAdd(seconds, ordering: .relaxed)
    }
}
