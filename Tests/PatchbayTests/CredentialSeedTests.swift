import APIKit
import Store
import Testing

@testable import Patchbay

/// Credentials in seeds that nobody could send, and other rows that would do harm, are refused with their place.
@Suite struct CredentialSeedTests {
    private func findings(_ api: String, _ json: String) throws -> String {
        let service = try #require(try Catalogue.services().first { $0.name == api })
        do throws(SeedError) {
            try Store.check([SeedFile(name: "f", collections: service.collections, content: Array(json.utf8))])
            return ""
        } catch {
            return error.description
        }
    }

    @Test(arguments: [
        ("vpcep", #"{"tokens":[{"token":"","permissions":[]}]}"#, "/tokens/0/token"),
        ("vpcep", #"{"tokens":[{"token":"t"}]}"#, "permissions"),
        ("vpcep", #"{"tokens":[{"token":"t","permissions":[""]}]}"#, "/tokens/0/permissions/0"),
        ("vpcep", #"{"tokens":[{"token":"t","permissions":[],"expires_at":"soon"}]}"#, "/tokens/0/expires_at"),
        ("apig", #"{"access_keys":[{"access_key":"a","permissions":[],"domain_id":"d"}]}"#, "secret_key"),
        ("atlas", #"{"api_keys":[{"public_key":"p"}]}"#, "private_key"),
        (
            "atlas", #"{"api_keys":[{"public_key":"p","private_key":"q","roles":[{"group_id":"*","role":"X"}]}]}"#,
            "/roles/0/role"
        ),
        (
            "atlas", #"{"api_keys":[{"public_key":"p","private_key":"q","access_list":["10.0.0.0/08"]}]}"#,
            "/access_list/0"
        ),
        ("atlas", #"{"access_tokens":[{"token":"a b"}]}"#, "/access_tokens/0/token"),
        ("atlas", #"{"groups":[{"id":"5356823b3794dee37132bb7b","state":"GONE"}]}"#, "/groups/0/state"),
        ("confluent", #"{"api_keys":[{"key":"a:b","secret":"s"}]}"#, "/api_keys/0/key"),
        ("confluent", #"{"tokens":[{"token":"a|b"}]}"#, "/tokens/0/token"),
        ("cloudflare", #"{"global_keys":[{"email":"nobody","key":"cfk_x"}]}"#, "/global_keys/0/email"),
        ("cloudflare", #"{"global_keys":[{"email":"a@b","key":"x"}]}"#, "/global_keys/0/key"),
        ("cloudflare", #"{"api_tokens":[{"token":"t","accounts":["a b"]}]}"#, "/api_tokens/0/accounts/0"),
    ])
    func `What is wrong is named`(api: String, json: String, place: String) throws {
        #expect(try findings(api, json).contains(place))
    }

    @Test func `The mark of addresses is no text of a connection`() throws {
        let connection =
            #"{"name":"a","metadata":{"uid":"00000000-0000-4000-8000-000000000001","created_at":"2026-01-01T00:00:00Z","#
            + #""updated_at":"2026-01-01T00:00:00Z"},"spec":{"auth_data":{"data":""},"connection_type":"A2A","endpoint":"TEXT"}}"#
        let seeds = { (text: String) in
            #"{"organizations":[{"id":"9bb441c4-edef-46ac-8a41-c49e44a3fd9a","environments":[{"id":"e","connections":["#
                + connection.replacing("TEXT", with: text) + "]}]}]}"
        }
        #expect(try findings("confluent", seeds(#"x\ufdd0y"#)).contains("/spec/endpoint \"x"))
        #expect(try findings("confluent", seeds(#"x\ufdd1\ufffd\uefffy"#)) == "")
    }
}
