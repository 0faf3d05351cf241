import JSON
import Testing

@testable import Patchbay

/// Signed requests to the Open Telekom Cloud services, as far as their form goes.
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
}
