import Foundation
import PatchbayStore
import Testing

@testable import PatchbayAPIKit

/// Authorization headers, read as far as their grammar goes.
@Suite struct AuthorizationHeaderTests {
    @Test(arguments: [
        ("", "", ""), ("Bearer", "bearer", ""), ("Bearer ", "bearer", ""), ("BEARER x", "bearer", "x"),
        ("Bearer   x y", "bearer", "x y"),
        (" x", "", "x"), ("Bearer\tx", "bearer\tx", ""),
    ])
    func `A header is a scheme and what follows`(value: String, scheme: String, rest: String) {
        let header = AuthorizationHeader(value)
        #expect(header.scheme == scheme)
        #expect(header.rest == rest)
    }

    @Test(arguments: [
        ("Bearer abc", "abc"), ("bearer aZ0-._~+/==", "aZ0-._~+/=="), ("Bearer  abc", "abc"), ("Bearer a", "a"),
        ("Bearer =", nil),
        ("Bearer", nil), ("Bearer ", nil), ("Bearer a b", nil), ("Bearer a=b", nil), ("Bearer a,b", nil),
        ("Bearer \"a\"", nil),
        ("Bearer é", nil), ("Basic abc", nil), ("Token abc", nil), ("Bearer abc ", nil), ("Bearer abc\t", nil),
    ])
    func `A Bearer token is a token68`(value: String, token: String?) {
        #expect(AuthorizationHeader(value).bearerToken == token)
    }

    @Test(arguments: [
        ("user:password", "user", "password"), ("user:", "user", ""), (":password", "", "password"), (":", "", ""),
        ("a:b:c", "a", "b:c"), ("ü:ö", "ü", "ö"),
    ])
    func `A Basic pair is split at the first colon`(text: String, user: String, password: String) throws {
        let header = AuthorizationHeader("Basic " + Data(text.utf8).base64EncodedString())
        let pair = try #require(header.basicPair)
        #expect(pair.user == user)
        #expect(pair.password == password)
        #expect(AuthorizationHeader("Digest " + header.rest).basicPair == nil)
    }

    @Test func `A Basic pair need not be UTF-8`() throws {
        let pair = try #require(AuthorizationHeader("Basic azr//g==").basicPair)
        #expect(pair.user == "k")
        #expect(pair.password == "\u{FFFD}\u{FFFD}")
    }

    @Test(arguments: [
        "Basic", "Basic ", "Basic !", "Basic dXNlcg==", "Basic dXNlcjpw=", "Basic OjpA\n", "Basic a b",
    ])
    func `Anything else is no Basic pair`(value: String) {
        // In turn: nothing, nothing, no Base64, no colon, bad padding, a line break, two words.
        #expect(AuthorizationHeader(value).basicPair == nil)
    }

    @Test(
        arguments: [
            ("", [:]), ("a=b", ["a": "b"]), ("a=b, c=d", ["a": "b", "c": "d"]), ("A=b,C=D", ["a": "b", "c": "D"]),
            (#"a="b""#, ["a": "b"]), (#"a="b, c=d""#, ["a": "b, c=d"]), (#"a="""#, ["a": ""]),
            (#"a="\"\\x""#, ["a": "\"\\x"]),
            (#"a = "b" ,\#tc\#t=\#td"#, ["a": "b", "c": "d"]), ("a=b=c", ["a": "b=c"]), (#"a="é""#, ["a": "é"]),
            ("a=/p?q=1&r", ["a": "/p?q=1&r"]),
            (",", [:]), (" ,\t, ", [:]), (",a=b", ["a": "b"]), (" , a=b", ["a": "b"]), ("a=b,", ["a": "b"]),
            ("a=b , \t", ["a": "b"]), ("a=b,,c=d", ["a": "b", "c": "d"]), ("a=b, ,c=d", ["a": "b", "c": "d"]),
            (#",,a="b,", , ,c=d,,"#, ["a": "b,", "c": "d"]),
            ("a", nil), ("=b", nil), ("a=", nil), ("a=,b=c", nil), ("a=b c=d", nil), ("a=b, A=c", nil), (#"a="b"#, nil),
            (#"a="b\"#, nil),
            (#"a="b"c=d"#, nil), (#"a="b" c=d"#, nil), ("a=b,,A=c", nil), (",,a", nil), (#"a=b"c""#, nil),
            ("a=b, c", nil), ("a, b=c", nil), ("a b=c", nil),
        ] as [(String, [String: String]?)]
    )
    func `Parameters are pairs with tokens or quoted texts`(text: String, parameters: [String: String]?) {
        #expect(AuthorizationHeader("Digest " + text).parameters == parameters)
    }
}

/// HTTP Digest.
@Suite struct DigestTests {
    static let moment = Timestamp(seconds: 1_800_000_000)

    private func nonce(_ moment: Timestamp = Self.moment) -> DigestNonce {
        DigestNonce(issuedAt: moment, id: Identifiers().next())
    }

    @Test func `A nonce is accepted as long as it lives, anywhere`() throws {
        let text = nonce().text
        #expect(text.utf8.count == 32)
        let nonce = try #require(DigestNonce(text))
        #expect(nonce.text == text)
        for (seconds, isStale) in [(0, false), (1, false), (300, false), (301, true), (-1, true), (100_000, true)]
            as [(Int64, Bool)]
        {
            #expect(nonce.isStale(at: Timestamp(seconds: Self.moment.seconds + seconds)) == isStale, "\(seconds)")
        }
    }

    @Test func `Nonces of one second differ`() {
        let identifiers = Identifiers()
        let nonces = (0..<1_000).map { _ in DigestNonce(issuedAt: Self.moment, id: identifiers.next()).text }
        #expect(Set(nonces).count == nonces.count)
    }

    @Test func `A nonce that was changed or made up is refused`() throws {
        let text = nonce().text
        for place in text.indices {
            let other = text[place] == "A" ? "B" : "A"
            #expect(DigestNonce(text.replacingCharacters(in: place...place, with: other)) == nil)
        }
        for made in [
            "", "x", String(text.dropLast()), text + "A", text + "====", String(repeating: "A", count: 32), " " + text,
        ] {
            #expect(DigestNonce(made) == nil)
        }
    }

    static let right = [
        "username": #""user""#, "realm": #""R""#, "nonce": #""n""#, "uri": #""/p?q""#, "qop": "auth", "nc": "00000001",
        "cnonce": #""c""#, "response": #""0123456789abcdefABCDEF0123456789""#, "algorithm": "MD5",
    ]

    private func response(_ changes: [String: String?]) -> DigestResponse? {
        var parameters = Self.right
        for (name, value) in changes { parameters[name] = value }
        let text = parameters.map { "\($0)=\($1)" }.joined(separator: ", ")
        return DigestResponse(AuthorizationHeader("Digest " + text), realm: "R", target: "/p?q")
    }

    @Test(
        arguments: [
            [:], ["algorithm": nil], ["algorithm": "md5"], ["algorithm": #""MD5""#], ["qop": #""auth""#],
            ["nc": "ffffFFFF"],
            ["opaque": #""x""#], ["username": #""ü ,""#],
        ] as [[String: String?]]
    )
    func `An answer of the right form is taken`(changes: [String: String?]) {
        let response = response(changes)
        #expect(response != nil)
        #expect(response?.nonce == "n")
    }

    @Test(
        arguments: [
            ["username": nil], ["username": #""""#], ["realm": nil], ["realm": #""r""#], ["nonce": nil], ["uri": nil],
            ["uri": #""/p""#],
            ["uri": #""/p?Q""#], ["uri": #""/p\u{37E}q""#], ["qop": nil], ["qop": "auth-int"], ["algorithm": "SHA-256"],
            ["nc": nil], ["nc": "1"],
            ["nc": "0000000g"],
            ["cnonce": nil], ["cnonce": #""""#], ["response": nil], ["response": #""0123""#],
            ["response": #""0123456789abcdefABCDEF012345678g""#],
        ] as [[String: String?]]
    )
    func `An answer of another form is not`(changes: [String: String?]) {
        #expect(response(changes) == nil)
    }

    @Test func `Another scheme is not`() {
        let text = Self.right.map { "\($0)=\($1)" }.joined(separator: ", ")
        #expect(DigestResponse(AuthorizationHeader("Bearer " + text), realm: "R", target: "/p?q") == nil)
        #expect(DigestResponse(AuthorizationHeader("DIGEST " + text), realm: "R", target: "/p?q")?.username == "user")
    }
}

/// Lists of addresses from which a credential may be used.
@Suite struct AccessListTests {
    @Test(
        arguments: [
            (["192.0.2.0/24"], "192.0.2.255", true), (["192.0.2.0/24"], "192.0.3.0", false),
            (["0.0.0.0/0"], "8.8.8.8", true),
            (["10.0.0.1"], "10.0.0.1", true), (["10.0.0.1"], "10.0.0.2", false), (["10.0.0.1/32"], "10.0.0.1", true),
            (["10.0.0.0/31"], "10.0.0.1", true), (["10.0.0.0/31"], "10.0.0.2", false), (["::1"], "::1", true),
            (["2001:db8::/33"], "2001:db8:7fff::1", true), (["2001:db8::/33"], "2001:db8:8000::1", false),
            (["0.0.0.0/0"], "::1", false), (["::/0"], "127.0.0.1", false), (["10.0.0.1", "::1"], "::1", true),
            ([], "10.0.0.1", false), (["10.0.0.0/8"], "", false), (["10.0.0.0/8"], "10.0.0.1\0", false),
        ] as [([String], String, Bool)]
    )
    func `An address is on the list or not`(list: [String], address: String, isAdmitted: Bool) {
        #expect(AccessList(list).admits(address) == isAdmitted)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.1/", "10.0.0.1/33", "10.0.0.1/-1", "10.0.0.0/+8", "10.0.0.0/08", "10.0.0.1/8/8", "/8",
        "10.0.0.1\0", "10.0.0.1\0/8", "::1/129", "localhost", " 10.0.0.1", "10.0.0.1 ",
    ])
    func `What is no range is refused in seeds`(text: String) {
        #expect(!AccessList.form.matches(text))
    }
}
