import Foundation
import PatchbayAPIKit
import PatchbayJSON
import PatchbayStore
import Testing

@testable import Patchbay

/// The JSON Schemas that lie beside the seeds, for editors and for programs that write seeds.
@Suite struct SchemaTests {
    static let files: [String] =
        ((try? Catalogue.services()) ?? []).flatMap { service in
            ["documented", "generated", "credentials"].map { "\(service.name)/\(service.name)-\($0).json" }
        }.filter {
            // The two Open Telekom Cloud services share their credentials; accounts are credentials and nothing else.
            !["apig/apig-credentials.json", "identity/identity-documented.json"].contains($0)
        } + ["confluent/confluent-regions.json"]

    private func schema(of api: Substring) throws -> JSON {
        try JSON(parsing: Array(text(of: "seed-data/\(api)/\(api).schema.json").utf8))
    }

    @Test func `Every bundled file is looked at`() throws {
        let bundled = try Seeds.bundled.files(for: Catalogue.services()).map(\.name)
        #expect(Set(bundled) == Set(Self.files.map { "bundled \($0.drop { $0 != "/" }.dropFirst())" }))
    }

    @Test(arguments: files)
    func `A bundled file is valid by the schema that it names`(file: String) throws {
        let seeds = try JSON(parsing: Array(text(of: "seed-data/\(file)").utf8))
        let api = file.prefix { $0 != "/" }
        #expect(seeds["$schema"] == .string("./\(api).schema.json"))
        #expect(SchemaValidator().findings(seeds, try schema(of: api)).prefix(5) == [])
    }

    /// An API, a file that is right, and changes of it (what, by what) that are wrong for the schema and the loader alike.
    static let wrong: [(what: String, by: String)] = [
        (#""id":"bbbbbbbbbbbbbbbbbbbbbbbb""#, #""id":"BBBBBBBBBBBBBBBBBBBBBBBB""#),
        (#""id":"bbbbbbbbbbbbbbbbbbbbbbbb""#, #""id":7"#), (#""id":"bbbbbbbbbbbbbbbbbbbbbbbb","#, ""),
        (#""AVAILABLE""#, #""available""#), (#""AVAILABLE""#, "null"), (#""123456789012""#, #""12345678901""#),
        (#""vpcId":"vpc-1""#, #""vpcId":"""#), (#""vpcId":"vpc-1""#, #""vpc":"vpc-1""#),
        (#""vpcId""#, #""providerName":"GCP","vpcId""#), (#""vpcId""#, #""providerName":null,"vpcId""#),
        (#""vpcId""#, #""extra":1,"vpcId""#), (#"[{"id":"bbb"#, #"[7,{"id":"bbb"#), (#""groups":["#, #""group":["#),
    ]

    static let right =
        #"{"groups":[{"id":"aaaaaaaaaaaaaaaaaaaaaaaa","peers":[{"id":"bbbbbbbbbbbbbbbbbbbbbbbb","#
        + #""containerId":"aaaaaaaaaaaaaaaaaaaaaaaa","awsAccountId":"123456789012","statusName":"AVAILABLE","#
        + #""routeTableCidrBlock":"10.0.0.0/16","vpcId":"vpc-1"}]}]}"#

    private func verdicts(_ text: String) throws -> (schema: [String], loader: [String]) {
        let collections = try #require(try Catalogue.services().first { $0.name == "atlas" }).collections
        let schema = SchemaValidator().findings(try JSON(parsing: Array(text.utf8)), try schema(of: "atlas"))
        do throws(SeedError) {
            try Store.check([SeedFile(name: "f", collections: collections, content: Array(text.utf8))])
            return (schema, [])
        } catch {
            return (schema, error.findings.map(\.description))
        }
    }

    @Test(arguments: [
        ("", ""), (#""vpcId""#, #""providerName":"AWS","vpcId""#), (#""vpcId""#, #""connectionId":null,"vpcId""#),
    ])
    func `What may be left out or null may be so by the schema`(what: String, by: String) throws {
        let verdicts = try verdicts(Self.right.replacing(what, with: by))
        #expect(verdicts.schema == [])
        #expect(verdicts.loader == [])
    }

    @Test(arguments: wrong)
    func `What is wrong is wrong by the schema as well`(what: String, by: String) throws {
        try #require(Self.right.contains(what))
        let verdicts = try verdicts(Self.right.replacing(what, with: by))
        #expect(!verdicts.schema.isEmpty)
        #expect(!verdicts.loader.isEmpty)
    }
}
