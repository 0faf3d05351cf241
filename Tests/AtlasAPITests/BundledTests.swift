import Patchbay
import PatchbayAPIKit
import PatchbayHTTP
import PatchbayJSON
import Testing

/// The seeds that the program carries: every state of every provider, and a walk over all of it.
struct BundledTests {
    /// One for all tests: they only read.
    private static let emulator = Result {
        let emulator = try Emulator(authentication: .off)
        try emulator.load(.bundled)
        return emulator
    }

    private static let full = "000000000000000000000257"
    private static let empty = "000000000000000000000000"
    private static let providers = ["AWS", "AZURE", "GCP"]

    @Test func `the providers' peers are 257 together`() throws {
        let totals = try Self.providers.map { try list("providerName=\($0)")["totalCount"]?.int64Value ?? 0 }
        #expect(totals.reduce(0, +) == 257)
        #expect(totals.allSatisfy { $0 > 0 })
    }

    /// The states of the contract `atlas.md`, section 4.1, less `DELETION_FAILED`, which no documented page lists.
    @Test(
        arguments: [
            (
                "AWS", "statusName",
                ["INITIATING", "PENDING_ACCEPTANCE", "FAILED", "FINALIZING", "AVAILABLE", "TERMINATING"]
            ),
            ("AWS", "errorStateName", ["REJECTED", "EXPIRED", "INVALID_ARGUMENT", "null"]),
            ("AWS", "accepterRegionName", ["eu-west-1", "null"]),
            ("AZURE", "status", ["ADDING_PEER", "AVAILABLE", "FAILED", "DELETING"]),
            ("GCP", "status", ["ADDING_PEER", "WAITING_FOR_USER", "AVAILABLE", "FAILED", "DELETING"]),
        ]
    )
    func `every state is there`(provider: String, member: String, states: [String]) throws {
        let peers = try walk(provider, size: 500)
        #expect(Set(peers.compactMap { $0[member].map { $0.stringValue ?? $0.text } }) == Set(states))
    }

    @Test(arguments: [
        ("AWS", "statusName", "errorStateName"), ("AZURE", "status", "errorState"), ("GCP", "status", "errorMessage"),
    ])
    func `exactly the failed peers say why`(provider: String, state: String, reason: String) throws {
        for peer in try walk(provider, size: 500) {
            #expect((peer[state]?.stringValue == "FAILED") == (peer[reason]?.isNull == false), "\(peer)")
        }
    }

    @Test func `exactly the initiating peers have no connection yet`() throws {
        for peer in try walk("AWS", size: 500) {
            #expect(
                (peer["statusName"]?.stringValue == "INITIATING") == (peer["connectionId"]?.isNull == true),
                "\(peer)"
            )
        }
    }

    @Test(arguments: providers, [1, 7, 64, 100, 500])
    func `a walk meets each peer once, in ascending order`(provider: String, size: Int) throws {
        let ids = try walk(provider, size: size).compactMap { $0["id"]?.stringValue }
        #expect(Int64(ids.count) == (try list("providerName=\(provider)")["totalCount"]?.int64Value))
        #expect(zip(ids, ids.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) })
    }

    @Test(arguments: providers)
    func `the empty project has no peers`(provider: String) throws {
        let body = try list("providerName=\(provider)", of: Self.empty)
        #expect(body["results"] == [])
        #expect(body["totalCount"] == 0)
    }

    /// All results, page after page for as long as there is a next link; each page has the same total and asks for no more.
    private func walk(_ provider: String, size: Int) throws -> [JSON] {
        var peers: [JSON] = []
        var next: String? = "providerName=\(provider)&itemsPerPage=\(size)"
        var totals: Set<Int64> = []
        while let query = next {
            let body = try list(query)
            let results = try #require(body["results"]?.arrayValue)
            #expect((1...size).contains(results.count))
            peers += results
            totals.insert(try #require(body["totalCount"]?.int64Value))
            let link = body["links"]?.arrayValue?.first { $0["rel"] == "next" }?["href"]?.stringValue
            next = try link.map { String(try #require($0.split(separator: "?").last)) }
        }
        #expect(totals == [Int64(peers.count)])
        return peers
    }

    private func list(_ query: String, of group: String = full) throws -> JSON {
        let target = "/api/atlas/v1.0/groups/\(group)/peers?\(query)"
        let request = try Request(parsing: "GET \(target) HTTP/1.1\r\nHost: test\r\n\r\n")
        let response = try Self.emulator.get().respond(to: request)
        #expect(response.status == .ok)
        return try JSON(parsing: response.body)
    }
}
