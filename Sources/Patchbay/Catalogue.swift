internal import APIGAPI
public import APIKit
internal import AtlasAPI
internal import CloudflareAPI
internal import ConfluentAPI
internal import IdentityAPI
internal import VPCEPAPI

/// The emulated APIs.
///
/// Adding one ends with a line here (docs/adding-an-api.md).
public enum Catalogue {
    /// The APIs, in the order in which they are listed everywhere.
    public static func services() throws(RouteConflict) -> [Service] {
        [
            try Service(VPCEPAPI.self),
            try Service(APIGAPI.self),
            try Service(IdentityAPI.self),
            try Service(AtlasAPI.self),
            try Service(ConfluentAPI.self),
            try Service(CloudflareAPI.self),
        ]
    }
}
