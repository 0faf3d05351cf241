/// The seed files of this folder, carried by the program.
package enum BundledSeeds {
    /// The files: the documents' own examples, and rows enough to page through.
    package static let files: [(api: String, name: String, content: [UInt8])] = [
        ("vpcep", "vpcep-documented.json", PackageResources.vpcep_documented_json),
        ("vpcep", "vpcep-generated.json", PackageResources.vpcep_generated_json),
        ("apig", "apig-documented.json", PackageResources.apig_documented_json),
        ("apig", "apig-generated.json", PackageResources.apig_generated_json),
        ("atlas", "atlas-documented.json", PackageResources.atlas_documented_json),
        ("atlas", "atlas-generated.json", PackageResources.atlas_generated_json),
        ("confluent", "confluent-documented.json", PackageResources.confluent_documented_json),
        ("confluent", "confluent-generated.json", PackageResources.confluent_generated_json),
        ("cloudflare", "cloudflare-documented.json", PackageResources.cloudflare_documented_json),
        ("cloudflare", "cloudflare-generated.json", PackageResources.cloudflare_generated_json),
    ]
}
