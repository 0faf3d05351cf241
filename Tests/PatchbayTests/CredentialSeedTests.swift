import PatchbayAPIKit
import PatchbayStore
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
        ("vpcep", #"{"tokens":[{"token":"x\n","permissions":[]}]}"#, "/tokens/0/token"),
        (
            "apig", #"{"access_keys":[{"access_key":"a/b","secret_key":"s","permissions":[],"domain_id":"d"}]}"#,
            "/access_key"
        ),
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
        ("cloudflare", #"{"api_tokens":[{"token":"t","\u001b[31m":1}]}"#, #"/api_tokens/0/\u001b[31m is not"#),
        ("vpcep", #"{"tokens":[{"token":"t","permissions":[],"expires_at":"\n"}]}"#, #""\u000a" is not"#),
    ])
    func `What is wrong is named`(api: String, json: String, place: String) throws {
        #expect(try findings(api, json).contains(place))
    }

    @Test func `A member that has to be unique holds no NUL, at which the database ends it`() throws {
        let service = { (name: String) in
            #"{"service_id":"00000000-0000-4000-8000-000000000001","type":"tcp","name":"\#(name)","host":{"ipv4":"10.0.0.1","#
                + #""network":{"tunnel_id":"0191dce4-9ab4-7fce-b660-8e5dec5172da"}},"created_at":"2026-01-01T00:00:00Z","#
                + #""updated_at":"2026-01-01T00:00:00Z"}"#
        }
        let seeds = { (name: String) in #"{"accounts":[{"id":"a","services":[\#(service(name))]}]}"# }
        #expect(try findings("cloudflare", seeds("a")) == "")
        #expect(try findings("cloudflare", seeds(#"a\u0000b"#)).contains("/name holds a NUL"))
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
