import PatchbayAPIKit
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// Signed requests to the Open Telekom Cloud services: their form, and what they sign.
@Suite struct SignatureTests {
    private static let paths = seededPaths.filter { ["vpcep", "apig"].contains($0.api) }

    private func answer(_ path: String, date: String?, authorization: String = Self.authorization) throws -> Answer {
        let headers = ["Authorization: \(authorization)"] + (date.map { ["X-Sdk-Date: \($0)"] } ?? [])
        return try Emulator.shared().answer("GET \(path)", headers)
    }

    private static let digits = String(repeating: "0123456789abcdef", count: 4)
    private static let authorization =
        "SDK-HMAC-SHA256 Access=AKID, SignedHeaders=host;x-sdk-date, Signature=\(digits)"

    @Test(
        arguments: paths,
        [
            "20260102T030405Z", "20240229T235959Z", "20260101T000000Z", "20261231T235959Z", "19991130T000000Z",
        ]
    )
    func `A date that there is can be signed`(route: (api: String, path: String), date: String) throws {
        #expect(try answer(route.path, date: date).status == 200)
        #expect(
            try answer(route.path, date: date, authorization: Self.authorization.replacing(",", with: " ,,")).status
                == 200
        )
    }

    @Test(
        arguments: paths,
        [
            "20261302T030405Z", "20260002T030405Z", "20260132T030405Z", "20260100T030405Z", "20260229T030405Z",
            "20260431T030405Z", "20260102T250405Z", "20260102T240000Z", "20260102T036005Z", "20260102T030461Z",
            "20260102t030405Z", "20260102T030405z", "20260102 030405Z", "2026-01-02T03:04:05Z", "20260102T030405",
            "20260102T030405ZZ", "2026010２T03040Z", "+2026102T030405Z", "", nil,
        ]
    )
    func `A date that there is not makes no signature`(route: (api: String, path: String), date: String?) throws {
        let answer = try answer(route.path, date: date)
        #expect(answer.status == 401)
        #expect(answer.json?["error_code"] == "APIGW.0301")
        #expect(isErrorOf(route.api, answer.json))
    }

    // MARK: Verified

    private static let path = paths[0].path

    /// The status of a signed request in mode `known`.
    private func status(_ target: String, _ headers: [String], method: String = "GET") throws -> Int {
        try Emulator.shared(authentication: .known).answer("\(method) \(target)", headers).status
    }

    @Test(arguments: [true, false])
    func `A header that is signed twice makes no signature`(isDerived: Bool) throws {
        let value = Array("x".utf8)
        let once = Signer(isDerived: isDerived).headers(Self.path + "/", signing: [("a", value)])
        #expect(try status(Self.path, ["A: x"] + once) == 200)
        for other in ["a", "A"] {
            let twice = Signer(isDerived: isDerived).headers(Self.path + "/", signing: [("a", value), (other, value)])
            let answer = try Emulator.shared(authentication: .known).answer("GET \(Self.path)", ["A: x"] + twice)
            #expect(answer.status == 401)
            // What should have been signed is said of signatures only; this is none.
            #expect(answer.text.utf8.count < 300)
        }
    }

    @Test(
        arguments: [
            // Names that Swift takes for the same text are two.
            ("e%CC%81=1&%C3%A9=2", "e%CC%81=1&%C3%A9=2"), ("id=%FF", "id=%FF"), ("%FF=1", "%FF=1"),
            ("id=%ED%A0%80&a", "a=&id=%ED%A0%80"), ("id=a+b%2B", "id=a%20b%2B"), ("b=2&B=1&a=3", nil), ("x=%zz", nil),
        ] as [(String, String?)]
    )
    func `Queries are signed by their bytes`(query: String, canonical: String?) throws {
        for isDerived in [true, false] {
            let sorted = canonical ?? (isDerived ? "a=3&B=1&b=2" : "B=1&a=3&b=2")
            let headers = Signer(isDerived: isDerived).headers(Self.path + "/", query: sorted)
            // An escape that is none is refused before signatures are looked at.
            #expect(try status(Self.path + "?" + query, headers) == (query.contains("zz") ? 400 : 200), "\(isDerived)")
        }
    }

    @Test(arguments: ["%FF", "a%2Fb", "%C3%A9"])
    func `Paths are signed by their bytes, and decoded ones are taken too`(segment: String) throws {
        let service = Self.path.split(separator: "/")[3]
        let target = Self.path.replacing(service, with: segment)
        #expect(try status(target, Signer().headers(target + "/")) == 404)
        #expect(try status(target, Signer().headers(target.replacing("%2F", with: "/") + "/")) == 404)
        #expect(try status(target, Signer().headers(Self.path + "/")) == 401)
    }

    @Test func `Only the derived form squeezes blanks within a value`() throws {
        let squeezed = Array("a b c".utf8)
        for value in ["a\tb c", "a \t b  c", "a b\t\tc"] {
            let headers = { (isDerived: Bool, signed: [UInt8]) in
                ["User-Agent: \(value)"]
                    + Signer(isDerived: isDerived).headers(Self.path + "/", signing: [("user-agent", signed)])
            }
            #expect(try status(Self.path, headers(true, squeezed)) == 200)
            #expect(try status(Self.path, headers(false, squeezed)) == 401)
            #expect(try status(Self.path, headers(false, Array(value.utf8))) == 200)
        }
    }

    @Test(arguments: [(-901, 401), (-900, 200), (900, 200), (901, 401)])
    func `A date may be fifteen minutes off`(seconds: Int64, expected: Int) throws {
        let date = Timestamp(seconds: Emulator.moment.seconds + seconds)
        #expect(try status(Self.path, Signer(date: date).headers(Self.path + "/")) == expected)
    }

    @Test func `The method and the algorithm's name are part of it`() throws {
        #expect(try status(Self.path, Signer().headers(Self.path + "/", method: "HEAD"), method: "HEAD") == 200)
        #expect(try status(Self.path, Signer().headers(Self.path + "/"), method: "HEAD") == 401)
        let lower = Signer().headers(Self.path + "/").map { $0.replacing("SDK-HMAC", with: "SDK-hmac") }
        #expect(try status(Self.path, lower) == 401)
    }
}
